"""VIC's own iteration for the heat equation at a given surface temperature (vic.md, 7): what parity needs.

Newton's method from the old temperatures with forward differences, at most 150 turns; it is damped between -5 and
2 degC from turn 11 on, and done when the residuals add up to at most 0.1 W m-3 or the corrections to 1e-4 K.

The sum of 0.1 W m-3 leaves up to 1e-4 K, so the differences matter. Where ice equals the old one conductivity and
capacity are the old ones in each turn's residuals; in its differences, where VIC evaluates a node as it or a neighbour
is shifted, they stay as they were last. In the first turn, which starts from the old temperatures, a node so keeps the
values of its own shift while the next one is shifted.
"""

from .heat import NodeHeat, bottom_conductivity, node_heat, residual
from .node_rows import (
    CAPACITY,
    CONDUCTIVITY,
    DIAGONAL,
    FACTOR,
    ICE,
    LOWER,
    OLD,
    RIGHT,
    SENSITIVITY,
    SLOPE,
    SPARE,
    TEMPERATURE,
    UPPER,
    node,
)
from .options import options
from .rows import derived_node_row

MOST_TURNS = 150
LEAST_RESIDUAL = 0.1  # W m-3, sum over the nodes
LEAST_CORRECTION = 1e-4  # K, sum over the nodes
DIFFERENCE = 1e-4
HOTTEST = 1e4  # degC; such a turn never converges, but must stay a number
SINGULAR = 1e-6
ZERO = 0.0

# Blocks that hold other things here: ice, conductivity and capacity of each node as last evaluated.
NOW_ICE, NOW_CONDUCTIVITY, NOW_CAPACITY = SPARE, SLOPE, SENSITIVITY


def newton(parameter, flux, i, surface, spacing, dt):
    """Solve for the temperatures of the inner nodes (block TEMPERATURE); 1 where it converged, otherwise 0."""
    last = options.nodes - 1
    for n in range(options.nodes):
        flux[node(TEMPERATURE, n), i] = surface if n == 0 else flux[node(OLD, n), i]
        flux[node(NOW_CONDUCTIVITY, n), i] = flux[node(CONDUCTIVITY, n), i]
        flux[node(NOW_CAPACITY, n), i] = flux[node(CAPACITY, n), i]
    flux[node(NOW_CONDUCTIVITY, last), i] = bottom_conductivity(flux, i, ZERO)
    found = 0.0
    for turn in range(MOST_TURNS):
        if differentiate(parameter, flux, i, spacing, dt) <= LEAST_RESIDUAL:
            found = 1.0
            break
        if correct(flux, i, turn) <= LEAST_CORRECTION:
            found = 1.0
            break
    return found


def damping(turn, temperature):
    """Share of the correction that is added."""
    share = 1.0
    if temperature > -5.0 and temperature < 2.0:
        if turn > 60:
            share = 0.2
        elif turn > 20:
            share = 0.7
        elif turn > 10:
            share = 0.9
    return share


def differentiate(parameter, flux, i, spacing, dt):
    """Residuals (RIGHT) and their differences with each node's temperature, unless they are small; returns their sum.

    Column 0 stands for the nodes as they are, the others for a shift of one node.
    """
    last = options.nodes - 1
    total = 0.0
    for column in range(last):
        first = max(column - 1, 1)
        end = last if column == 0 else min(column + 2, last)
        before = flux[node(TEMPERATURE, column), i]
        size = before if before >= 0.0 else -before
        shift = DIFFERENCE * size if size > 0.0 else DIFFERENCE
        if column > 0:
            flux[node(TEMPERATURE, column), i] = before + shift
        for n in range(first, end):
            heat = node_heat(flux, n, i, flux[node(TEMPERATURE, n), i], ZERO)
            flux[node(NOW_ICE, n), i] = heat.ice
            if heat.ice != flux[node(ICE, n), i]:
                flux[node(NOW_CONDUCTIVITY, n), i] = heat.conductivity
                flux[node(NOW_CAPACITY, n), i] = heat.capacity
            elif column == 0:
                flux[node(NOW_CONDUCTIVITY, n), i] = flux[node(CONDUCTIVITY, n), i]
                flux[node(NOW_CAPACITY, n), i] = flux[node(CAPACITY, n), i]
        for n in range(first, end):
            value = row_residual(parameter, flux, n, i, spacing, dt)
            if column == 0:
                flux[node(RIGHT, n), i] = value
                total += value if value >= 0.0 else -value
            else:
                change = (value - flux[node(RIGHT, n), i]) / shift
                row = DIAGONAL
                if n < column:
                    row = UPPER
                if n > column:
                    row = LOWER
                flux[node(row, n), i] = change
        flux[node(TEMPERATURE, column), i] = before
        if column == 0 and total <= LEAST_RESIDUAL:
            break
    return total


def row_residual(parameter, flux, n, i, spacing, dt):
    """Residual of node n with the temperatures and properties of the rows."""
    zero = ZERO
    return residual(
        NodeHeat(
            flux[node(TEMPERATURE, n - 1), i], zero, zero, flux[node(NOW_CONDUCTIVITY, n - 1), i], zero, zero, zero
        ),
        NodeHeat(
            flux[node(TEMPERATURE, n), i], flux[node(NOW_ICE, n), i], zero, flux[node(NOW_CONDUCTIVITY, n), i], zero,
            flux[node(NOW_CAPACITY, n), i], zero,
        ),
        NodeHeat(
            flux[node(TEMPERATURE, n + 1), i], zero, zero, flux[node(NOW_CONDUCTIVITY, n + 1), i], zero, zero, zero
        ),
        flux[node(OLD, n), i], flux[node(ICE, n), i], flux[node(CAPACITY, n), i],
        spacing, parameter[derived_node_row(n), i] + 1.0, dt,
    )  # fmt: skip


def correct(flux, i, turn):
    """Newton's step of all inner nodes; the sum of the corrections before their damping, K."""
    last = options.nodes - 1
    before = 0.0
    solved = 0.0
    for j in range(1, last):
        lower = flux[node(LOWER, j), i] if j > 1 else 0.0
        pivot = flux[node(DIAGONAL, j), i] - lower * before
        pivot = pivot if pivot > SINGULAR or pivot < -SINGULAR else -SINGULAR
        before = flux[node(UPPER, j), i] / pivot if j + 1 < last else 0.0
        solved = (-flux[node(RIGHT, j), i] - lower * solved) / pivot
        flux[node(FACTOR, j), i] = before
        flux[node(RIGHT, j), i] = solved
    total = 0.0
    correction = 0.0
    for k in range(1, last):
        j = last - k
        correction = flux[node(RIGHT, j), i] - flux[node(FACTOR, j), i] * correction
        total += correction if correction >= 0.0 else -correction
        now = flux[node(TEMPERATURE, j), i]
        now += correction * damping(turn, now)
        flux[node(TEMPERATURE, j), i] = min(max(now, -HOTTEST), HOTTEST)
    return total
