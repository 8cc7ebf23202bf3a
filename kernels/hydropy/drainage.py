"""Drainage of the root zone to the groundwater (Stacke & Hagemann, 2021; Dümenil & Todini, 1992)."""

from ..elementary import exp, log

TINY = 1e-12
THIN = 1e-3  # mm; no soil is taken to be thinner
EMPTY = 1e-20  # smallest argument of a logarithm
STEEPEST = 2.0  # a root zone is at most full, 1; more can only come from a capacity that shrank


def drainage(moisture, passing, wcap, qsb_min, qsb_max, qsb_hig, qsb_exp):
    """Slow drainage in proportion to moisture, and a fast one above qsb_hig wcap; `passing` is the share let through.

    d = min(passing (qsb_min w/wcap + (qsb_max - qsb_min)+ ((w - qsb_hig wcap)+/(wcap - qsb_hig wcap))^qsb_exp), w)
    """
    part = min(max(0.0, (moisture - qsb_hig * wcap) / max(wcap - qsb_hig * wcap, TINY)), STEEPEST)
    curve = part * exp((qsb_exp - 1.0) * log(max(part, EMPTY)))
    whole = max(wcap, THIN)
    flow = passing * (qsb_min * (moisture / whole) + max(qsb_max - qsb_min, 0.0) * curve)
    enough = flow <= moisture if moisture > 0.0 else passing * qsb_min <= whole
    return flow if enough else moisture


def drainage_adjoint(moisture, passing, wcap, qsb_min, qsb_max, qsb_hig, qsb_exp, d_drained):
    """Reverse of drainage; at the threshold qsb_hig it is still slow, and an empty soil has its slope from above."""
    depth = max(wcap - qsb_hig * wcap, TINY)
    raw = (moisture - qsb_hig * wcap) / depth
    part = min(max(0.0, raw), STEEPEST)
    logarithm = log(max(part, EMPTY))
    slope = exp((qsb_exp - 1.0) * logarithm)
    curve = part * slope
    whole = max(wcap, THIN)
    wetness = moisture / whole
    faster = max(qsb_max - qsb_min, 0.0)
    flow = qsb_min * wetness + faster * curve
    enough = passing * flow <= moisture if moisture > 0.0 else passing * qsb_min <= whole
    # drained = min(passing flow, moisture)
    d_limited = d_drained if enough else 0.0
    d_moisture = d_drained - d_limited
    d_flow = d_limited * passing
    # flow = qsb_min wetness + (qsb_max - qsb_min)+ curve
    d_wetness = d_flow * qsb_min / whole
    d_faster = d_flow * curve if qsb_max >= qsb_min else 0.0
    d_curve = d_flow * faster
    # curve = part^qsb_exp;  part = clip((w - hig wcap)/(wcap - hig wcap), 0, STEEPEST)
    d_raw = d_curve * qsb_exp * slope / depth if raw > 0.0 and raw <= STEEPEST else 0.0
    d_depth = -d_raw * raw if wcap - qsb_hig * wcap >= TINY else 0.0
    d_wcap = d_depth * (1.0 - qsb_hig) - d_raw * qsb_hig - (d_wetness * wetness if wcap >= THIN else 0.0)
    return (
        d_moisture + d_wetness + d_raw,
        d_limited * flow,
        d_wcap,
        d_flow * wetness - d_faster,
        d_faster,
        -(d_raw + d_depth) * wcap,
        d_curve * curve * logarithm,
    )
