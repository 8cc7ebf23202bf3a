"""Transpiration and evaporation of bare soil, from the root zone (Stacke & Hagemann, 2021, sect. 2.3)."""

TINY = 1e-12


def transpiration(moisture, potential, taken, fraction, wcap, wava, rm_crit):
    """Plants transpire what the canopy has left of the demand, less between rm_crit wcap and the wilting point.

    t = fraction min(left clip((w - wilt)/(rm_crit wcap - wilt), 0, 1), (w - wilt)+)
    with wilt = wcap - wava, left = (potential - taken/fraction)+
    """
    left = max(potential - taken / max(fraction, TINY), 0.0)
    excess = max(moisture - (wcap - wava), 0.0)
    range_ = rm_crit * wcap - (wcap - wava)
    stress = min(excess / max(range_, TINY), 1.0)
    return (left * stress if left <= max(excess, range_) else excess) * fraction


def transpiration_adjoint(moisture, potential, taken, fraction, wcap, wava, rm_crit, d_transpired):
    """Reverse of transpiration; at the critical moisture the gradient passes, at the wilting point too."""
    share = max(fraction, TINY)
    rest = potential - taken / share
    left = max(rest, 0.0)
    above = moisture - (wcap - wava)
    excess = max(above, 0.0)
    range_ = rm_crit * wcap - (wcap - wava)
    span = max(range_, TINY)
    wetness = excess / span
    stress = min(wetness, 1.0)
    limited = left <= max(excess, range_)
    # transpired = fraction (left stress, or excess)
    d_fraction = d_transpired * (left * stress if limited else excess)
    d_limited = d_transpired * fraction if limited else 0.0
    d_excess = d_transpired * fraction - d_limited
    # stress = min(excess/span, 1);  excess = (w - wcap + wava)+;  span = rm_crit wcap - wcap + wava
    d_wetness = d_limited * left / span if wetness <= 1.0 else 0.0
    d_above = d_excess + d_wetness if above >= 0.0 else 0.0
    d_span = -d_wetness * wetness if range_ >= TINY else 0.0
    # left = (potential - taken/fraction)+
    d_rest = d_limited * stress if rest >= 0.0 else 0.0
    d_taken = -d_rest / share
    d_fraction = d_fraction - (d_taken * (taken / share) if fraction >= TINY else 0.0)
    return (
        d_above,
        d_rest,
        d_taken,
        d_fraction,
        d_span * (rm_crit - 1.0) - d_above,
        d_above + d_span,
        d_span * wcap,
    )


def soil_evaporation(moisture, potential, taken, fraction, wcap, sevap_low):
    """Bare soil evaporates what the skin has left of the demand, less the drier it is.

    s = fraction min(left (w - low)+/(wcap - low), (w - low)+) with low = sevap_low wcap
    """
    left = max(potential - taken / max(fraction, TINY), 0.0)
    excess = max(moisture - sevap_low * wcap, 0.0)
    range_ = max(wcap - sevap_low * wcap, TINY)
    return (left * (excess / range_) if left <= range_ else excess) * fraction


def soil_evaporation_adjoint(moisture, potential, taken, fraction, wcap, sevap_low, d_evaporated):
    """Reverse of soil_evaporation; at the lower limit the gradient passes."""
    share = max(fraction, TINY)
    rest = potential - taken / share
    left = max(rest, 0.0)
    above = moisture - sevap_low * wcap
    excess = max(above, 0.0)
    range_ = wcap - sevap_low * wcap
    span = max(range_, TINY)
    wetness = excess / span
    limited = left <= span
    # evaporated = fraction (left excess/span, or excess)
    d_fraction = d_evaporated * (left * wetness if limited else excess)
    d_limited = d_evaporated * fraction if limited else 0.0
    d_wetness = d_limited * left / span
    d_above = (d_evaporated * fraction - d_limited) + d_wetness if above >= 0.0 else 0.0
    d_span = -d_wetness * wetness if range_ >= TINY else 0.0
    # left = (potential - taken/fraction)+
    d_rest = d_limited * wetness if rest >= 0.0 else 0.0
    d_taken = -d_rest / share
    d_fraction = d_fraction - (d_taken * (taken / share) if fraction >= TINY else 0.0)
    return (
        d_above,
        d_rest,
        d_taken,
        d_fraction,
        d_span * (1.0 - sevap_low) - d_above * sevap_low,
        -(d_above + d_span) * wcap,
    )
