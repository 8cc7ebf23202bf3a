"""The search for the surface temperature while the soil follows it (options.brent off; see soil_heat.py).

    root = root_begin(lower, upper, start, ceiling)
    for _ in range(MOST + 1):
        soil = heat_turn(parameter, temperature, flux, i, root.x, upper)
        value, slope = balance of the surface, falling with its temperature
        step = surface_step(parameter, temperature, flux, i, root.x, upper, value, slope)
        root = joint_next(root, value, step, soil.size, soil.fallback)
        (a last turn at root.x once root.done > 0: after JOINT_MOST turns at the latest)

Fusion in the first layer makes the balance steep where the layer's mean temperature passes the freezing point: Newton's
step then takes the fusion of that layer as the function it is, and the rest of the balance as a line.
"""

from .heat import LATENT
from .node_rows import FACTOR, MOISTURE, OLD, POINT, POWER, node
from .options import options
from .parameters import L
from .root import CLOSE, FAR, LARGEST_STEP, Root
from .rows import derived_node_row, layer_row, node_row
from .soil_heat import EXTREME, SETTLED
from .unfrozen import ice_at, ice_slope

JOINT_MOST = 40.0  # turns; five are usual
KNOWN = 0.5  # K; with a soil that is farther from its solution the balance's sign says nothing
NARROW = 0.02  # K; unsettled values may enclose no root: a bracket of theirs that gets this narrow is opened again
INNER = 12
FLATTEST = -0.5  # W m-2 K-1


def balanced():
    """Largest residual (W m-2) of a balance that is found: where fusion makes it steep, a small step is not enough."""
    return 1e-6


def balanced_float32():
    """The same in float32, where rounding leaves more."""
    return 0.003


def jump():
    """Settled values of both signs so near (K): a jump of the balance (thin snow at 0 degC), or as good as a root."""
    return 1e-8


def jump_float32():
    """The same in float32."""
    return 1e-5


def surface_step(parameter, temperature, flux, i, surface, upper, value, slope):
    """Change of the surface temperature (K) that balances the surface, from its value (W m-2) and total slope there."""
    depth = parameter[layer_row(L.depth, 0), i]
    first = parameter[derived_node_row(1), i]
    share = min(depth / first, 1.0)
    point = flux[node(POINT, 0), i]
    step = limited(-value / min(slope, FLATTEST))
    mean = surface + 0.5 * share * (temperature[node_row(1), i] - surface)
    mean_slope = 1.0 + 0.5 * share * (flux[node(FACTOR, 1), i] - 1.0)
    old = surface
    old_slope = 0.0
    if options.compat:
        before = flux[node(OLD, 0), i]
        old = 0.5 * (surface + before + share * (flux[node(OLD, 1), i] - before))
        old_slope = 0.5
    frozen = min(mean, mean + mean_slope * step) < point
    frozen = frozen or (options.compat and min(old, old + old_slope * step) < point)
    if frozen:
        moisture = flux[node(MOISTURE, 0), i]
        power = flux[node(POWER, 0), i]
        scale = LATENT * share * first / upper.dt
        constant = ice_at(mean, moisture, point, power)
        by_surface = mean_slope * ice_slope(mean, moisture, point, power)
        if options.compat:
            constant -= ice_at(old, moisture, point, power)
            by_surface -= old_slope * ice_slope(old, moisture, point, power)
        rest = min(slope - scale * by_surface, FLATTEST)
        step = limited(-value / rest)
        low, high = min(step, 0.0), max(step, 0.0)
        for _ in range(INNER):
            ice = ice_at(mean + mean_slope * step, moisture, point, power)
            change = mean_slope * ice_slope(mean + mean_slope * step, moisture, point, power)
            if options.compat:
                ice -= ice_at(old + old_slope * step, moisture, point, power)
                change -= old_slope * ice_slope(old + old_slope * step, moisture, point, power)
            left = value + rest * step + scale * (ice - constant)
            low = step if left > 0.0 else low
            high = step if left < 0.0 else high
            trial = step - left / min(rest + scale * change, FLATTEST)
            step = trial if trial > low and trial < high else 0.5 * (low + high)
    return step


def limited(step):
    """The step, at most LARGEST_STEP."""
    return min(max(step, -LARGEST_STEP), LARGEST_STEP)


def joint_next(root, value, step, unsettled, lagged):
    """The search after the balance at root.x was found to be value; step: from surface_step.

    unsettled: soil.size; lagged: soil.fallback, whose change makes another balance. root.fa and root.fc: 1 where the
    soil was settled at the lower and the upper end of the bracket; root.d: lagged of the last turn.
    """
    x = root.x
    known = unsettled <= KNOWN
    sure = 1.0 if unsettled <= SETTLED else 0.0
    same = lagged == root.d
    low = x if value > 0.0 and known else root.a
    sure_low = sure if value > 0.0 and known else (root.fa if same else 0.0)
    high = x if value < 0.0 and known else root.c
    sure_high = sure if value < 0.0 and known else (root.fc if same else 0.0)
    size = step if step >= 0.0 else -step
    if high - low < NARROW and size > CLOSE and sure_low * sure_high == 0.0:
        low = x if value > 0.0 else -FAR
        high = x if value < 0.0 else FAR
        sure_low = sure if value > 0.0 else 0.0
        sure_high = sure if value < 0.0 else 0.0
    settled = unsettled <= SETTLED and value <= balanced() and value >= -balanced()
    trial = x + step
    closed = low > -FAR and high < FAR
    slow = closed and root.phase > 0.0 and size > 0.5 * root.e
    if settled:
        trial = min(max(trial, low), high)
    elif trial > high or trial < low or slow:
        trial = 0.5 * (low + high) if closed else (high if trial > high else low)
    trial = min(max(trial, -EXTREME), EXTREME)
    size = trial - x if trial >= x else x - trial
    turn = root.phase + 1.0
    jumps = sure_low * sure_high > 0.0 and high - low <= jump()
    done = 1.0 if size <= CLOSE and (settled or jumps) else 0.0
    failed = 1.0 if done == 0.0 and turn >= JOINT_MOST else 0.0
    x = root.b if failed > 0.0 else trial
    return Root(turn, x, low, root.b, high, sure_low, value, sure_high, lagged, size, max(done, failed), failed)
