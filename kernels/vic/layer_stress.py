"""How much plants can take from each soil layer: stress factors, limits, and when layers share (VIC 5.1).

The factor of a layer is g = (W - wilting)/(critical - wilting) within [0, 1], of its liquid water W (Liang et al.,
1994; Hamman et al., 2018). Rows are those of layer 1; ice is read where options.frozen.
"""

from .options import options

HALF = 0.5  # share of roots in the deepest layer from which it decides alone
LEAST_SPAN = 1e-3  # mm between critical and wilting moisture; bounds the slope of the stress factor


def liquid_of(state, moisture_row, ice_row, k, i):
    """Liquid water of layer k, mm."""
    if options.frozen:
        return state[moisture_row + k, i] - state[ice_row + k, i]
    return state[moisture_row + k, i]


def counted_of(state, moisture_row, ice_row, root, k, i):
    """Liquid water of layer k as far as it counts, mm: an upper layer without roots counts as empty."""
    return liquid_of(state, moisture_row, ice_row, k, i) if (k == options.layers - 1) | (root > 0.0) else 0.0


def stress_of(water, critical, wilting):
    """Stress factor of a layer: 0 at the wilting point, 1 at the critical one."""
    return min(max((water - wilting) / max(critical - wilting, LEAST_SPAN), 0.0), 1.0)


def stress_adjoint(water, critical, wilting, d_stress):
    """Reverse of stress_of; at both ends the gradient passes."""
    span = max(critical - wilting, LEAST_SPAN)
    part = (water - wilting) / span
    d_above = d_stress / span if (part >= 0.0) & (part <= 1.0) else 0.0
    d_span = -d_above * part if critical - wilting >= LEAST_SPAN else 0.0
    return d_above, d_span, -d_above - d_span


def limit_of(state, moisture_row, ice_row, k, i, wilting):
    """Most that layer k can give, mm: what is above the wilting point, or the liquid where ice alone reaches it."""
    if options.frozen:
        ice = state[ice_row + k, i]
        held = (ice > 0.0) & (ice >= wilting)
        return state[moisture_row + k, i] - (ice if held else wilting)
    return state[moisture_row + k, i] - wilting


def sharing(state, moisture_row, ice_row, parameter, root_row, critical_row, wilting_row, i):
    """Whether layers share; what dry ones miss, as a share of the transpiration; and the roots of wet ones.

    They share where the upper layers with roots and the deepest layer are above their critical moisture, or only the
    one of the two that has most of the roots.
    """
    last = options.layers - 1
    upper = 0.0
    needed = 0.0
    missing = 0.0
    wet_roots = 0.0
    for k in range(options.layers):
        root, critical = parameter[root_row + k, i], parameter[critical_row + k, i]
        water = counted_of(state, moisture_row, ice_row, root, k, i)
        if k < last:
            upper = upper + water
            needed = needed + (critical if root > 0.0 else 0.0)
        wet = water >= critical
        lost = root * (1.0 - stress_of(water, critical, parameter[wilting_row + k, i]))
        kept = 0.0 if options.compat else missing
        missing = missing if wet else kept + lost
        wet_roots = wet_roots + (root if wet else 0.0)
    root = parameter[root_row + last, i]
    deep = liquid_of(state, moisture_row, ice_row, last, i) >= parameter[critical_row + last, i]
    moist = upper >= needed
    shared = (moist & deep & (needed > 0.0)) | (moist & (root <= HALF)) | (deep & (root >= HALF))
    return shared, missing, wet_roots
