"""Water that the soil does not take: the variable infiltration curve (Liang et al., 1994, eqs. 13-15; vic.md, 5.2)."""

from ..elementary import exp, expm1, log, log1p

FULL = 1e-20  # smallest unfilled share in a logarithm
NEARLY_FULL = 1e-6  # unfilled share below which the saturated fraction's slope grows no more


def below_one():
    """Largest number below 1."""
    return 0.9999999999999999


def below_one_float32():
    """Largest float32 below 1."""
    return 0.99999994


def infiltration(moisture, capacity, water, infilt):
    """Surface runoff Q (mm) of what reaches the soil in a step, where its storage capacity varies within the cell.

    moisture W <= capacity Wm of the upper layers (mm, with ice), water P (mm), infilt b > 0. r = (1 - W/Wm)^(1/(1+b))
    is the free share of the largest capacity (1+b) Wm. Q = P - Wm + W + Wm (r - P/((1+b) Wm))^(1+b), and P - Wm + W
    where that is filled. Written as P + (Wm - W) ((1 - u)^(1+b) - 1), u = P/((1+b) Wm r): accurate for the smallest P,
    and without a jump at u = 1.
    """
    free = max(1.0 - moisture / capacity, 0.0)
    shape = 1.0 + infilt
    share = exp(log(max(free, FULL)) / shape)
    filled = min(water / (shape * capacity * share), below_one())
    return max(water + free * capacity * expm1(shape * log1p(-filled)), 0.0)


def infiltration_adjoint(moisture, capacity, water, infilt, d_runoff):
    """Reverse of infiltration: dQ/dP = 1 - l^b and dQ/dW = 1 - (l/r)^b, where l = r (1 - u): both between 0 and 1.

    A full soil has the slopes of one that is nearly full.
    """
    free = max(1.0 - moisture / capacity, 0.0)
    shape = 1.0 + infilt
    log_share = log(max(free, FULL)) / shape
    share = exp(log_share)
    part = water / (shape * capacity)
    ratio = part / share
    filled = min(ratio, below_one())
    log_rest = log1p(-filled)
    is_partly = ratio < below_one()
    # (l/r)^b, l^b and l^(1+b), none where all capacity is filled
    relative = exp(infilt * log_rest) if is_partly else 0.0
    left = relative * exp(infilt * log_share)
    whole = left * share * (1.0 - filled)
    d_moisture = d_runoff * (1.0 - relative)
    d_capacity = d_runoff * (whole - 1.0 + relative * (1.0 - free) + left * part * shape)
    rest = share * (1.0 - filled)
    d_infilt = d_runoff * capacity * left * (rest * (log_rest + log_share) - share * log_share + part)
    return d_moisture, d_capacity, d_runoff * (1.0 - left), d_infilt


def saturated_fraction(moisture, capacity, infilt):
    """Share of the cell that is saturated: A = 1 - (1 - W/Wm)^(b/(1+b))."""
    free = max(1.0 - moisture / capacity, 0.0)
    return 1.0 - exp(infilt / (1.0 + infilt) * log(max(free, FULL)))


def saturated_fraction_adjoint(moisture, capacity, infilt, d_fraction):
    """Reverse of saturated_fraction; its slope, infinite where W = Wm, is at most that at 1 - W/Wm = NEARLY_FULL."""
    free = max(1.0 - moisture / capacity, 0.0)
    power = infilt / (1.0 + infilt)
    log_free = log(max(free, FULL))
    rest = exp(power * log_free)
    d_free = -d_fraction * power * rest / max(free, NEARLY_FULL)
    d_power = -d_fraction * rest * log_free
    d_moisture = -d_free / capacity
    d_infilt = d_power / ((1.0 + infilt) * (1.0 + infilt))
    return d_moisture, -d_moisture * moisture / capacity, d_infilt
