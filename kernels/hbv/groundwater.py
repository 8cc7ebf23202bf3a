"""The two groundwater zones of HBV, capillary rise and regional flow (lines 8 to 11; Song et al., 2024, 2025)."""

from ..elementary import exp

FLOOR = 1e-5  # mm; lower limit of soil and lower zone where there is capillary rise


def capillary(soil, lower, fc, c):
    """Capillary rise into a dry soil: rise = min(lower, c lower (1 - min(soil/fc, 1))); both stores have a floor."""
    rise = min(lower, c * lower * (1.0 - min(soil * (1.0 / fc), 1.0)))
    wetter = soil + rise
    drained = lower - rise
    soil = max(wetter, FLOOR)
    lower = max(drained, FLOOR)
    return soil, lower, rise, (soil - wetter) + (lower - drained)


def capillary_adjoint(soil, lower, fc, c, d_soil, d_lower, d_rise, d_gain):
    """Reverse of capillary; at soil = fc the gradient passes, at the floors it stops."""
    inverse = 1.0 / fc
    wetness = soil * inverse
    dryness = 1.0 - min(wetness, 1.0)
    potential = c * lower * dryness
    rise = min(lower, potential)
    # gain = soil' - wetter + lower' - drained;  soil' = max(wetter, FLOOR);  lower' = max(drained, FLOOR)
    d_wetter = d_soil if soil + rise > FLOOR else -d_gain
    d_drained = d_lower if lower - rise > FLOOR else -d_gain
    # wetter = soil + rise;  drained = lower - rise;  rise = min(lower, c lower dryness)
    d_rise = d_rise + d_wetter - d_drained
    d_potential = d_rise if potential <= lower else 0.0
    d_lower = d_drained + (d_rise - d_potential) + d_potential * c * dryness
    d_c = d_potential * lower * dryness
    # dryness = 1 - min(soil / fc, 1)
    d_wetness = -d_potential * c * lower if wetness <= 1.0 else 0.0
    return d_wetter + d_wetness * inverse, d_lower, -d_wetness * wetness * inverse, d_c


def upper_zone(upper, inflow, perc, k0, uzl, k1):
    """Percolation min(upper, perc), quick flow k0 (upper - uzl)+, interflow k1 upper, one after the other."""
    upper = upper + inflow
    percolation = min(upper, perc)
    upper = upper - percolation
    quick = k0 * max(upper - uzl, 0.0)
    upper = upper - quick
    slow = k1 * upper
    return upper - slow, percolation, quick, slow


def upper_zone_adjoint(upper, inflow, perc, k0, uzl, k1, d_upper, d_percolation, d_quick, d_slow):
    """Reverse of upper_zone; an upper zone equal to perc percolates as a whole."""
    filled = upper + inflow
    drained = filled - min(filled, perc)
    above = max(drained - uzl, 0.0)
    left = drained - k0 * above
    # upper' = left - slow;  slow = k1 left
    d_slow = d_slow - d_upper
    d_k1 = d_slow * left
    d_left = d_upper + d_slow * k1
    # left = drained - quick;  quick = k0 max(drained - uzl, 0)
    d_quick = d_quick - d_left
    d_k0 = d_quick * above
    d_above = d_quick * k0 if drained > uzl else 0.0
    d_drained = d_left + d_above
    # drained = filled - percolation;  percolation = min(filled, perc)
    d_percolation = d_percolation - d_drained
    d_perc = d_percolation if filled > perc else 0.0
    d_filled = d_drained + (d_percolation - d_perc)
    return d_filled, d_filled, d_perc, d_k0, -d_above, d_k1


def regional(lower, area, rt, ac):
    """Regional flow rt clip((area - ac)/1000, -1, 1) below 2500 km2, dying out above; the store stays >= 0."""
    small = min(max((area - ac) * 0.001, -1.0), 1.0)
    large = exp(min(max((2500.0 - area) * 0.02, -10.0), 0.0))
    flow = (small if area < 2500.0 else large) * rt
    filled = max(lower + flow, 0.0)
    return filled, filled - lower


def regional_adjoint(lower, area, rt, ac, d_lower, d_flow):
    """Reverse of regional; the area is fixed geometry and gets no gradient, an emptied store passes none."""
    slope = (area - ac) * 0.001
    small = min(max(slope, -1.0), 1.0)
    large = exp(min(max((2500.0 - area) * 0.02, -10.0), 0.0))
    share = small if area < 2500.0 else large
    # flow' = filled - lower;  filled = max(lower + share rt, 0)
    d_filled = d_lower + d_flow if lower + share * rt > 0.0 else 0.0
    d_share = d_filled * rt
    d_ac = -d_share * 0.001 if area < 2500.0 and slope >= -1.0 and slope <= 1.0 else 0.0
    return d_filled - d_flow, 0.0, d_filled * share, d_ac


def lower_zone(lower, k2):
    """Baseflow k2 lower."""
    flow = k2 * lower
    return lower - flow, flow


def lower_zone_adjoint(lower, k2, d_lower, d_flow):
    """Reverse of lower_zone."""
    d_flow = d_flow - d_lower
    return d_lower + d_flow * k2, d_flow * lower
