"""Temperatures of the soil below a given surface temperature, and what they give to the surface (vic.md, 7).

    node_properties(...)                     once in a sub-step
    heat_begin(flux, i)
    for _ in range(MOST):                    the search for the surface temperature
        soil = heat_turn(parameter, temperature, flux, i, surface, upper)
        value, slope = balance of the surface with soil.ground + soil.storage + soil.fusion and their slopes
        surface = ... next trial

With options.brent each turn solves the soil at its surface temperature as VIC does. Without it a turn is one Newton
step of the soil, which starts from where the last turn led it and follows the change of the surface temperature:
surface and soil converge together, as the slopes hold the answer of the soil. The search has ended when the surface's
step is small and soil.size is below SETTLED.
"""

from ..elementary import exp, log
from .cold_nose import smooth_noses
from .derived import D
from .heat import LATENT, linearise, solve
from .heat_explicit import explicit
from .heat_flux import heat_flux
from .heat_newton import newton
from .node_rows import (
    CAPACITY,
    FULL,
    ICE,
    KEPT,
    LAGGED,
    LOWER,
    MOISTURE,
    OLD,
    POINT,
    POWER,
    RIGHT,
    SENSITIVITY,
    SLOPE,
    SPARE,
    TEMPERATURE,
    mode_row,
    node,
    turns_row,
)
from .options import options
from .rows import derived_row
from .unfrozen import ice_at

SETTLED = 1e-3  # K; Newton's steps square the error, so what is left is far smaller
PATIENCE = 6.0  # unsettled turns in which conductivity and capacity follow the temperature; then they stay the old ones
SMALL = 0.02  # relative change of a freezing node's temperature that needs no care
INVERSIONS = 3
EXTREME = 150.0  # degC; a search that strays must find back
LINEAR = -1.0  # of turns_row: no node freezes or thaws, the last solution is exact for all surface temperatures


def heat_begin(flux, i):
    """Start a search: the joint solution from the old temperatures."""
    if not options.brent:
        for n in range(options.nodes):
            flux[node(TEMPERATURE, n), i] = flux[node(OLD, n), i]
            flux[node(SENSITIVITY, n), i] = 0.0
        for n in range(1, options.nodes - 1):
            flux[node(SLOPE, n), i] = flux[node(CAPACITY, n), i]
        flux[turns_row(), i] = 0.0
        flux[mode_row(), i] = FULL


def heat_turn(parameter, temperature, flux, i, surface, upper):
    """SoilHeat at a surface temperature (degC); the nodes' temperatures go to the states `temperature`."""
    spacing = parameter[derived_row(D.node_spacing), i]
    size = 0.0
    if options.brent:
        solve_as_vic(parameter, flux, i, surface, spacing, upper.dt)
    else:
        size = joint_turn(parameter, flux, i, surface, spacing, upper.dt)
    smooth_noses(flux, temperature, i, surface)
    fallback = 1.0 if flux[mode_row(), i] != FULL else 0.0
    return heat_flux(parameter, temperature, flux, i, surface, upper, size, fallback)


def solve_as_vic(parameter, flux, i, surface, spacing, dt):
    """Newton's method, or the explicit scheme where it does not converge."""
    mode = FULL
    if newton(parameter, flux, i, surface, spacing, dt) == 0.0:
        mode = LAGGED if explicit(parameter, flux, i, surface, spacing, dt) > 0.0 else KEPT
    flux[mode_row(), i] = mode
    for n in range(options.nodes):
        flux[node(SENSITIVITY, n), i] = 0.0


def joint_turn(parameter, flux, i, surface, spacing, dt):
    """One turn of the joint solution; the largest correction, K."""
    turn = flux[turns_row(), i]
    change = surface - flux[node(TEMPERATURE, 0), i]
    flux[node(TEMPERATURE, 0), i] = surface
    thawed = True
    if turn != 0.0:
        thawed = move(flux, i, SENSITIVITY, change)
    if turn == LINEAR and thawed:
        return 0.0
    turn = turn + 1.0 if turn != LINEAR else 2.0
    mode = LAGGED if turn > PATIENCE else flux[mode_row(), i]
    linearise(parameter, flux, i, surface, spacing, mode, dt)
    solve(flux, i, RIGHT, SPARE)
    thawed = never_frozen(flux, i)
    # the answer to the surface: the first inner node's residual has the slope LOWER with its temperature
    for j in range(1, options.nodes - 1):
        flux[node(RIGHT, j), i] = -flux[node(LOWER, 1), i] if j == 1 else 0.0
    solve(flux, i, RIGHT, SENSITIVITY)
    flux[node(SENSITIVITY, 0), i] = 1.0
    size = 0.0
    for j in range(1, options.nodes - 1):
        size = max(size, absolute(flux[node(SPARE, j), i]))
    thawed = move(flux, i, SPARE, 1.0) and thawed
    flux[turns_row(), i] = LINEAR if thawed else (1.0 if size <= SETTLED else turn)
    flux[mode_row(), i] = mode
    return 0.0 if thawed else size


def never_frozen(flux, i):
    """Whether no inner node has old ice, nor ice now."""
    thawed = True
    for j in range(1, options.nodes - 1):
        thawed = thawed and flux[node(ICE, j), i] == 0.0
        thawed = thawed and flux[node(TEMPERATURE, j), i] >= flux[node(POINT, j), i]
    return thawed


def move(flux, i, block, factor):
    """Change the inner nodes' temperatures by a block of corrections times a factor; whether all are thawed then.

    What freezes or thaws on the way moves by the heat that the correction stands for. SENSITIVITY and SLOPE follow.
    """
    thawed = True
    for j in range(1, options.nodes - 1):
        now = flux[node(TEMPERATURE, j), i]
        point = flux[node(POINT, j), i]
        correction = factor * flux[node(block, j), i]
        trial = now + correction
        easy = trial >= point if now >= point else trial < point and absolute(correction) < -SMALL * now
        if not easy:
            slope = flux[node(SLOPE, j), i]
            moisture, power = flux[node(MOISTURE, j), i], flux[node(POWER, j), i]
            capacity = flux[node(CAPACITY, j), i]
            trial, new_slope = warm(now, correction * slope, moisture, point, power, capacity)
            flux[node(SENSITIVITY, j), i] *= slope / new_slope
            flux[node(SLOPE, j), i] = new_slope
        flux[node(TEMPERATURE, j), i] = min(max(trial, -EXTREME), EXTREME)
        thawed = thawed and trial >= point
    return thawed


def warm(now, heat, moisture, point, power, capacity):
    """Temperature of a node near freezing after it got heat (J m-3), and the heat of 1 K there.

    Below the freezing point T* the heat that was lost is h(v) = Lf rho_i m (1 - e^(-p v)) + C |T*| (e^v - 1) with
    v = ln(T/T*). The inverse takes INVERSIONS of Newton's steps between 0 and where one of the two terms is enough.
    """
    latent = LATENT * moisture
    sensible = -capacity * point
    start = log(max(now / point, 1.0))
    lost = capacity * (point - now) + LATENT * ice_at(now, moisture, point, power) - heat
    if lost <= 0.0:
        return point - lost / capacity, capacity
    most = log(1.0 + lost / sensible)
    if lost < 0.9 * latent:
        most = min(most, -log(1.0 - lost / latent) / power)
    value = min(start, most) if start > 0.0 else most
    for _ in range(INVERSIONS):
        left = latent * exp(-power * value)
        warmth = sensible * exp(value)
        value += (lost - (latent - left) - (warmth - sensible)) / (power * left + warmth)
        value = min(max(value, 0.0), most)
    found = point * exp(value)
    return found, capacity - power * latent * exp(-power * value) / found


def absolute(x):
    """|x|."""
    return x if x >= 0.0 else -x
