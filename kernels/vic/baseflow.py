"""Baseflow of the lowest soil layer: the ARNO curve (Todini, 1996; Liang et al., 1994; vic.md, 5.3)."""

from ..elementary import exp, log

LEAST = 1e-30  # smallest argument of a logarithm


def baseflow(wetness, dsmax, ds, ws, c):
    """Linear in the wetness w = (W - Wr)/(Wm - Wr), and steeper above ws; never negative.

    B = dsmax ds/ws w + [w > ws] dsmax (1 - ds/ws) ((w - ws)/(1 - ws))^c, in the unit of dsmax: mm per step.
    """
    slope = dsmax * ds / ws
    above = (wetness - ws) / (1.0 - ws)
    curve = exp(c * log(max(above, LEAST))) if wetness > ws else 0.0
    return max(slope * wetness + (dsmax - slope) * curve, 0.0)


def baseflow_adjoint(wetness, dsmax, ds, ws, c, d_baseflow):
    """Reverse of baseflow; c >= 1, so that the slope at w = ws is finite."""
    per_ws, room = 1.0 / ws, 1.0 / (1.0 - ws)
    slope = dsmax * ds * per_ws
    above = max((wetness - ws) * room, LEAST)
    log_above = log(above)
    curve = exp(c * log_above) if wetness > ws else 0.0
    d = d_baseflow if slope * wetness + (dsmax - slope) * curve >= 0.0 else 0.0
    # baseflow = slope w + (dsmax - slope) curve
    d_slope = d * (wetness - curve)
    d_curve = d * (dsmax - slope)
    # curve = above^c;  above = (w - ws)/(1 - ws)
    d_above = d_curve * c * curve / above
    d_wetness = d * slope + d_above * room
    # slope = dsmax ds/ws
    d_ws = -d_slope * slope * per_ws + d_above * (above - 1.0) * room
    d_dsmax = d * curve + d_slope * ds * per_ws
    return d_wetness, d_dsmax, d_slope * dsmax * per_ws, d_ws, d_curve * curve * log_above
