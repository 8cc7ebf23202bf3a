"""VIC's explicit scheme, taken where Newton's method does not converge (vic.md, 7).

Old conductivities and capacities, sweeps from the top to the bottom until no node changes by more than 0.01 K. A node
whose present temperature is below 0 degC is a root search of its own.
"""

from .heat import LATENT
from .node_rows import CAPACITY, CONDUCTIVITY, ICE, MOISTURE, OLD, POINT, POWER, TEMPERATURE, node
from .options import options
from .root import MOST, root_begin, root_next
from .rows import derived_node_row
from .unfrozen import ice_at, ice_slope

MOST_SWEEPS = 1000
CLOSE = 0.01  # K
REACH = 0.25  # K: first bracket around the old temperature
STEEP = 5.0  # K
HOTTEST = 1e30
EXTREME = 1e4  # degC; such sweeps never end, but must stay numbers


def explicit(parameter, flux, i, surface, spacing, dt):
    """Temperatures of the inner nodes (TEMPERATURE); 1, or 0 where the sweeps do not end: the old temperatures."""
    last = options.nodes - 1
    for n in range(options.nodes):
        flux[node(TEMPERATURE, n), i] = surface if n == 0 else flux[node(OLD, n), i]
    for _ in range(MOST_SWEEPS):
        largest = 0.0
        for j in range(1, last):
            before = flux[node(TEMPERATURE, j), i]
            now = balanced(parameter, flux, j, i, spacing, dt)
            now = min(max(now, -EXTREME), EXTREME)
            flux[node(TEMPERATURE, j), i] = now
            largest = max(largest, now - before if now >= before else before - now)
        if largest <= CLOSE:
            return 1.0
    for j in range(1, last):
        flux[node(TEMPERATURE, j), i] = flux[node(OLD, j), i]
    return 0.0


def balanced(parameter, flux, j, i, spacing, dt):
    """Temperature of node j between its neighbours' present ones."""
    old = flux[node(OLD, j), i]
    now = flux[node(TEMPERATURE, j), i]
    lower = flux[node(TEMPERATURE, j - 1), i]
    upper = flux[node(TEMPERATURE, j + 1), i]
    conductivity = flux[node(CONDUCTIVITY, j), i]
    old_ice = flux[node(ICE, j), i]
    moisture = flux[node(MOISTURE, j), i]
    point = flux[node(POINT, j), i]
    power = flux[node(POWER, j), i]
    stretch = parameter[derived_node_row(j), i] + 1.0
    scale = 4.0 * spacing * spacing * stretch * stretch
    inertia = scale * flux[node(CAPACITY, j), i]
    freezing = scale * LATENT
    drift = (flux[node(CONDUCTIVITY, j + 1), i] - flux[node(CONDUCTIVITY, j - 1), i]) * dt
    flow = 4.0 * dt * conductivity
    bend = 2.0 * dt * conductivity * spacing
    step = upper - lower
    if now >= 0.0:
        if j == 1 and is_steep(lower, now, upper, drift * step, flow, bend):
            drift = 0.0
        return (inertia * old + (drift - bend) * step + flow * (upper + lower) - freezing * old_ice) / (
            inertia + 2.0 * flow
        )
    root = root_begin(old - REACH, old + REACH, old, HOTTEST)
    for _ in range(MOST):
        trial = root.x
        gradient = drift * step
        if j == 1 and is_steep(lower, trial, upper, gradient, flow, bend):
            gradient = 0.0
        value = (
            -inertia * (trial - old)
            + gradient
            + flow * (upper - 2.0 * trial + lower)
            - bend * step
            + freezing * (ice_at(trial, moisture, point, power) - old_ice)
        )
        slope = -inertia - 2.0 * flow + freezing * ice_slope(trial, moisture, point, power)
        root = root_next(root, value, slope)
        if root.done > 0.0:
            break
    return old if root.failed > 0.0 else root.x


def is_steep(lower, now, upper, gradient, flow, bend):
    """Whether the term of the conductivities' gradient at the first node would cool it below both neighbours."""
    step = upper - lower
    rest = flow * (upper - 2.0 * now + lower) - bend * step
    below = now < lower and now < upper
    return (step > STEEP or step < -STEEP) and below and gradient < 0.0 and rest > 0.0 and rest < -gradient
