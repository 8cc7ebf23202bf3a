"""Baseflow of the lowest soil layer: the ARNO curve (Todini, 1996; Liang et al., 1994; vic.md, 5.3)."""

from ..elementary import exp, log

LEAST = 1e-30  # smallest argument of a logarithm


def baseflow(wetness, Dsmax, Ds, Ws, c):
    """Linear in the wetness w = (W - Wr)/(Wm - Wr), and steeper above Ws; never negative.

    B = Dsmax Ds/Ws w + [w > Ws] Dsmax (1 - Ds/Ws) ((w - Ws)/(1 - Ws))^c, in the unit of Dsmax: mm per step.
    """
    slope = Dsmax * Ds / Ws
    above = (wetness - Ws) / (1.0 - Ws)
    curve = exp(c * log(max(above, LEAST))) if wetness > Ws else 0.0
    return max(slope * wetness + (Dsmax - slope) * curve, 0.0)


def baseflow_adjoint(wetness, Dsmax, Ds, Ws, c, d_baseflow):
    """Reverse of baseflow; c >= 1, so that the slope at w = Ws is finite."""
    per_Ws, room = 1.0 / Ws, 1.0 / (1.0 - Ws)
    slope = Dsmax * Ds * per_Ws
    above = max((wetness - Ws) * room, LEAST)
    log_above = log(above)
    curve = exp(c * log_above) if wetness > Ws else 0.0
    d = d_baseflow if slope * wetness + (Dsmax - slope) * curve >= 0.0 else 0.0
    # baseflow = slope w + (Dsmax - slope) curve
    d_slope = d * (wetness - curve)
    d_curve = d * (Dsmax - slope)
    # curve = above^c;  above = (w - Ws)/(1 - Ws)
    d_above = d_curve * c * curve / above
    d_wetness = d * slope + d_above * room
    # slope = Dsmax Ds/Ws
    d_Ws = -d_slope * slope * per_Ws + d_above * (above - 1.0) * room
    d_Dsmax = d * curve + d_slope * Ds * per_Ws
    return d_wetness, d_Dsmax, d_slope * Dsmax * per_Ws, d_Ws, d_curve * curve * log_above
