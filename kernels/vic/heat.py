"""Finite-difference heat equation of the soil with freezing (Cherkauer & Lettenmaier, 1999; VIC 5.1; vic.md, 7).

With y = z + 1 and B the spacing of the nodes on the logarithmic scale, the residual of an inner node is (W m-3)

    (k+ - k-)/2 (T+ - T-)/2/(B y)^2 + k [(T+ - 2 T + T-)/(B y)^2 - (T+ - T-)/(2 B y^2)]
    + rho_i Lf (ice - ice_o)/dt - C (T - T_o)/dt - T (C - C_o)/dt

Ice, conductivity k and capacity C follow T where ice differs from the old one. k of the surface is the old one, and so
is that of the bottom, which counts as 0 with VIC's quirks (options.compat). Lagged: k and C stay the old ones, the
equation of VIC's explicit scheme; it is used where the jump of k at the freezing point leaves the other no solution.
"""

from collections import namedtuple

from ..elementary import exp, log
from .node_rows import (
    CAPACITY,
    CONDUCTIVITY,
    DIAGONAL,
    DRY,
    FACTOR,
    ICE,
    LOWER,
    MOISTURE,
    OLD,
    POINT,
    POROSITY,
    POWER,
    RIGHT,
    SLOPE,
    SOLIDS,
    TEMPERATURE,
    UPPER,
    node,
)
from .options import options
from .rows import derived_node_row
from .thermal import ICE as ICE_HEAT
from .thermal import WATER as WATER_HEAT
from .thermal import conductivity_with_ice, conductivity_with_ice_adjoint, heat_capacity

LATENT = 917.0 * 3.337e5  # J m-3 of ice: rho_i Lf

# A node at a temperature, and slopes with it.
NodeHeat = namedtuple("NodeHeat", "temperature ice ice_slope conductivity conductivity_slope capacity capacity_slope")


def node_heat(flux, n, i, temperature, lagged):
    """Ice, conductivity and capacity of node n at a temperature (degC); lagged > 0: the latter two are the old ones."""
    moisture = flux[node(MOISTURE, n), i]
    old_ice = flux[node(ICE, n), i]
    conductivity = flux[node(CONDUCTIVITY, n), i]
    capacity = flux[node(CAPACITY, n), i]
    point = flux[node(POINT, n), i]
    ice = 0.0
    ice_slope = 0.0
    conductivity_slope = 0.0
    capacity_slope = 0.0
    if temperature < point:
        power = flux[node(POWER, n), i]
        left = moisture * exp(-power * log(temperature / point))
        ice = moisture - left
        ice_slope = power * left / temperature
    if lagged == 0.0 and (ice > 0.0 or old_ice > 0.0):
        porosity = flux[node(POROSITY, n), i]
        dry = flux[node(DRY, n), i]
        solids = flux[node(SOLIDS, n), i]
        saturation = moisture / porosity
        liquid = moisture - ice
        conductivity = conductivity_with_ice(saturation, liquid, ice, porosity, dry, solids)
        slopes = conductivity_with_ice_adjoint(saturation, liquid, ice, porosity, dry, solids, 1.0)
        conductivity_slope = -slopes[1] * ice_slope
        capacity = heat_capacity(liquid, ice, porosity)
        capacity_slope = (ICE_HEAT - WATER_HEAT) * ice_slope
    return NodeHeat(temperature, ice, ice_slope, conductivity, conductivity_slope, capacity, capacity_slope)


def bottom_conductivity(flux, i, lagged):
    """Conductivity of the bottom node in the gradient: with VIC's quirks 0, but for the explicit scheme."""
    return 0.0 if options.compat and lagged == 0.0 else flux[node(CONDUCTIVITY, options.nodes - 1), i]


def fixed_node(temperature, conductivity):
    """A node at the end of the column, whose temperature is given."""
    zero = 0.0
    return NodeHeat(temperature, zero, zero, conductivity, zero, zero, zero)


def residual(lower, middle, upper, old, old_ice, old_capacity, spacing, stretch, dt):
    """Residual of the node `middle` (W m-3); stretch: y = z + 1; old: its old temperature."""
    scale = spacing * stretch
    scale = scale * scale
    step = upper.temperature - lower.temperature
    gradient = (upper.conductivity - lower.conductivity) * 0.5 * step * 0.5 / scale
    curvature = (upper.temperature - 2.0 * middle.temperature + lower.temperature) / scale
    curvature = curvature - step / (2.0 * spacing * stretch * stretch)
    return (
        gradient
        + middle.conductivity * curvature
        + LATENT * (middle.ice - old_ice) / dt
        - middle.capacity * (middle.temperature - old) / dt
        - middle.temperature * (middle.capacity - old_capacity) / dt
    )


def slopes(lower, middle, upper, old, old_capacity, spacing, stretch, dt):
    """Slopes of residual with the temperatures of the three nodes, the third bounded away from 0."""
    scale = spacing * stretch
    scale = scale * scale
    bend = 2.0 * spacing * stretch * stretch
    step = upper.temperature - lower.temperature
    curvature = (upper.temperature - 2.0 * middle.temperature + lower.temperature) / scale - step / bend
    gradient = (upper.conductivity - lower.conductivity) * 0.25 / scale
    by_gradient = 0.25 * step / scale
    by_lower = -gradient + middle.conductivity * (1.0 / scale + 1.0 / bend) - by_gradient * lower.conductivity_slope
    by_upper = gradient + middle.conductivity * (1.0 / scale - 1.0 / bend) + by_gradient * upper.conductivity_slope
    heating = (
        (middle.capacity - LATENT * middle.ice_slope)
        + middle.capacity_slope * (2.0 * middle.temperature - old)
        + (middle.capacity - old_capacity)
    )
    by_middle = -2.0 * middle.conductivity / scale + middle.conductivity_slope * curvature - heating / dt
    return by_lower, min(by_middle, -0.1 * middle.capacity / dt), by_upper


def linearise(parameter, flux, i, surface, spacing, lagged, dt):
    """Write the Jacobian and the negative residual of all inner nodes at TEMPERATURE into their rows.

    SLOPE of each node gets the heat that warms it by 1 K, of freezing included (J m-3 K-1). Returns the sum of the
    residuals' sizes (W m-3).
    """
    last = options.nodes - 1
    lower = fixed_node(surface, flux[node(CONDUCTIVITY, 0), i])
    middle = lower
    upper = lower
    total = 0.0
    for n in range(1, options.nodes):
        if n < last:
            upper = node_heat(flux, n, i, flux[node(TEMPERATURE, n), i], lagged)
        else:
            upper = fixed_node(flux[node(OLD, last), i], bottom_conductivity(flux, i, lagged))
        if n > 1:
            j = n - 1
            stretch = parameter[derived_node_row(j), i] + 1.0
            old = flux[node(OLD, j), i]
            old_capacity = flux[node(CAPACITY, j), i]
            value = residual(lower, middle, upper, old, flux[node(ICE, j), i], old_capacity, spacing, stretch, dt)
            by_lower, by_middle, by_upper = slopes(lower, middle, upper, old, old_capacity, spacing, stretch, dt)
            flux[node(LOWER, j), i] = by_lower
            flux[node(DIAGONAL, j), i] = by_middle
            flux[node(UPPER, j), i] = by_upper
            flux[node(RIGHT, j), i] = -value
            flux[node(SLOPE, j), i] = old_capacity - LATENT * middle.ice_slope
            total += value if value >= 0.0 else -value
        lower = middle
        middle = upper
    return total


def inverse(diagonal, eliminated):
    """1/(diagonal - eliminated), the pivot bounded away from 0 by a tenth of the diagonal, which is negative."""
    return 1.0 / min(diagonal - eliminated, 0.1 * diagonal)


def solve(flux, i, right, out):
    """Solve the tridiagonal system of the rows for the right-hand side in block `right`; the solution goes to `out`.

    Both ends of the column count as known: 0.
    """
    last = options.nodes - 1
    before = 0.0
    solved = 0.0
    for j in range(1, last):
        lower = flux[node(LOWER, j), i]
        pivot = inverse(flux[node(DIAGONAL, j), i], lower * before)
        before = flux[node(UPPER, j), i] * pivot
        solved = (flux[node(right, j), i] - lower * solved) * pivot
        flux[node(FACTOR, j), i] = before
        flux[node(out, j), i] = solved
    found = 0.0
    for k in range(1, last):
        j = last - k
        found = flux[node(out, j), i] - flux[node(FACTOR, j), i] * found
        flux[node(out, j), i] = found


def solve_transposed(flux, i, right, out):
    """As solve, with the transposed system."""
    last = options.nodes - 1
    before = 0.0
    solved = 0.0
    for j in range(1, last):
        # entry (j, j - 1) of the transposed is (j - 1, j) of the system
        lower = flux[node(UPPER, j - 1), i] if j > 1 else 0.0
        pivot = inverse(flux[node(DIAGONAL, j), i], lower * before)
        before = flux[node(LOWER, j + 1), i] * pivot if j + 1 < last else 0.0
        solved = (flux[node(right, j), i] - lower * solved) * pivot
        flux[node(FACTOR, j), i] = before
        flux[node(out, j), i] = solved
    found = 0.0
    for k in range(1, last):
        j = last - k
        found = flux[node(out, j), i] - flux[node(FACTOR, j), i] * found
        flux[node(out, j), i] = found
