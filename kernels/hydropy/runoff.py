"""Surface runoff of a cell whose storage capacities differ from point to point: improved ARNO (Hagemann, 2003)."""

from ..elementary import exp, log

TINY = 1e-12
THIN = 1e-3  # mm; where wcap - wmin is less, the soil is a bucket of one capacity
EMPTY = 1e-20  # smallest argument of a logarithm


def surface_runoff(moisture, water, frozen, size, wcap, wmin, wmax, beta_oro):
    """Water that the soil cannot take, where capacities lie between wmin and wmax.

    h = (water - (wmin - w)+)+ is what is left after the soil is filled to wmin, c = 1 - (w - wmin)+/(wcap - wmin) the
    share of the cell that is not full, and (wmax - wmin) u with u = c^(1/(1 + b)) the room of its deepest part:
    c > 0 and h < room: runoff = h - size c (1 - (1 - h/room)^(1 + b));  else (h - c (wcap - wmin))+.
    In the original size = (wmax - wmin)/(1 + b). On frozen ground all water runs off.
    c is below 0 only in soil above wcap, which has no day's end but in the neighbourhood of a full soil's derivatives.
    The form with c avoids c^(1/(1 + b))^(1 + b), whose slope at w = wcap would be infinity times 0.
    """
    above = max(moisture - wmin, 0.0)
    depth = max(wcap - wmin, THIN)
    unfilled = 1.0 - above / depth if wcap - wmin >= THIN else 1.0
    free = max(unfilled, 0.0)
    power = 1.0 / (1.0 + beta_oro)
    room = (wmax - wmin) * exp(log(max(free, EMPTY)) * power)
    surplus = max(water - max(0.0, wmin - moisture), 0.0)
    ratio = max(1.0 - surplus / max(room, TINY), 0.0)
    curve = ratio * exp(beta_oro * log(max(ratio, EMPTY)))
    partly = surplus - size * free * (1.0 - curve)
    lets_run = partly > 0.0 or (partly >= 0.0 and size * free <= room * power)
    wholly = max(0.0, surplus - unfilled * (wcap - wmin))
    runoff = (partly if lets_run else 0.0) if surplus < room and unfilled > 0.0 else wholly
    return frozen * water + (1.0 - frozen) * runoff


def surface_runoff_adjoint(moisture, water, frozen, size, wcap, wmin, wmax, beta_oro, d_runoff):
    """Reverse of surface_runoff; a full soil runs off with what it would get, not with what it has.

    Without water a soil that is not full has the slope of the first drop: none where the smooth form lets all of it in.
    """
    above = max(moisture - wmin, 0.0)
    depth = max(wcap - wmin, THIN)
    is_graded = wcap - wmin >= THIN
    unfilled = 1.0 - above / depth if is_graded else 1.0
    free = max(unfilled, 0.0)
    power = 1.0 / (1.0 + beta_oro)
    log_free = log(max(free, EMPTY))
    spread = wmax - wmin
    room = spread * exp(log_free * power)
    rain = water - max(0.0, wmin - moisture)
    surplus = max(rain, 0.0)
    inverse = 1.0 / max(room, TINY)
    ratio = max(1.0 - surplus * inverse, 0.0)
    log_ratio = log(max(ratio, EMPTY))
    slope = exp(beta_oro * log_ratio)
    curve = ratio * slope
    partly = surplus - size * free * (1.0 - curve)
    wholly = surplus - unfilled * (wcap - wmin)
    is_partly = surplus < room and unfilled > 0.0
    runoff = max(partly, 0.0) if is_partly else max(0.0, wholly)
    # runoff' = frozen water + (1 - frozen) runoff
    d_frozen = d_runoff * (water - runoff)
    d_water = d_runoff * frozen
    d_thawed = d_runoff * (1.0 - frozen)
    lets_run = partly > 0.0 or (partly >= 0.0 and size * free <= room * power)
    d_partly = (d_thawed if lets_run else 0.0) if is_partly else 0.0
    d_wholly = 0.0 if is_partly else (d_thawed if wholly > 0.0 else 0.0)
    # partly = surplus - size free (1 - ratio^(1 + b));  wholly = surplus - free (wcap - wmin)
    d_surplus = d_partly + d_wholly
    d_size = -d_partly * free * (1.0 - curve)
    d_free = -d_partly * size * (1.0 - curve)
    d_depth = -d_wholly * unfilled
    # ratio = 1 - surplus/room;  room = spread free^power
    lost = d_partly * size * slope * (1.0 - ratio) if free >= EMPTY else 0.0
    d_ratio = d_partly * size * free * slope / power
    d_surplus = d_surplus - d_ratio * inverse
    d_spread = d_ratio * (1.0 - ratio) / max(spread, TINY)
    d_free = d_free + lost
    d_beta = d_partly * size * free * (curve * log_ratio - power * slope * (1.0 - ratio) * log_free)
    # surplus = (water - (wmin - w)+)+;  free = (1 - above/(wcap - wmin))+;  above = (w - wmin)+
    d_rain = d_surplus if rain >= 0.0 else 0.0
    d_filled = d_rain if wmin > moisture else 0.0
    d_unfilled = ((d_free if unfilled >= 0.0 else 0.0) - d_wholly * (wcap - wmin)) / depth if is_graded else 0.0
    d_above = -d_unfilled if moisture >= wmin else 0.0
    d_depth = d_depth + d_unfilled * (above / depth)
    return (
        d_above + d_filled,
        d_water + d_rain,
        d_frozen,
        d_size,
        d_depth,
        -d_above - d_filled - d_depth - d_spread,
        d_spread,
        d_beta,
    )
