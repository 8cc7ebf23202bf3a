"""Snow of HydroPy: a degree-day pack that holds liquid water (Stacke & Hagemann, 2021, sect. 2.2)."""

TINY = 1e-12


def melt_factor(day_length):
    """Melt rate [mm K-1 d-1] that follows the length of the day: 8.3 D + 0.7."""
    return 8.3 * day_length + 0.7


def melt_factor_adjoint(day_length, d_factor):
    """Reverse of melt_factor."""
    return 8.3 * d_factor


def melt_factor_of_both(day_length, ddfac):
    """Melt rate that follows the length of the day and the cell's own factor: max(1.33 D ddfac, 0.7)."""
    return max(1.33 * day_length * ddfac, 0.7)


def melt_factor_of_both_adjoint(day_length, ddfac, d_factor):
    """Reverse of melt_factor_of_both; at the limit the gradient passes."""
    d_product = d_factor if 1.33 * day_length * ddfac >= 0.7 else 0.0
    return 1.33 * ddfac * d_product, 1.33 * day_length * d_product


def snow(
    pack, liquid, precipitation, temperature, factor, refrozen, rainf_lower, snowf_upper, melt_crit, frc_liquid
):  # fmt: skip
    """Snow falls below snowf_upper, all of it below rainf_lower; a share refreezes; what the pack cannot hold leaves.

    fall = P clip((upper - T)/(upper - lower), 0, 1)    melt = min(factor (T - melt_crit)+, pack)
    release = (liquid - frc_liquid pack)+, where the pack has the liquid that froze, the fall, and lost the melt.
    """
    water = max(precipitation, 0.0)
    fall = water * min(max((snowf_upper - temperature) / max(snowf_upper - rainf_lower, TINY), 0.0), 1.0)
    freeze = refrozen * liquid
    pack = pack + freeze + fall
    potential = factor * max(0.0, temperature - melt_crit)
    melt = min(potential, pack)
    pack = pack - melt
    liquid = liquid - freeze + melt
    excess = liquid - frc_liquid * pack
    release = excess if excess >= (0.0 if potential > 0.0 else TINY) else 0.0
    return pack, liquid - release, water - fall, fall, release


def snow_adjoint(
    pack, liquid, precipitation, temperature, factor, refrozen, rainf_lower, snowf_upper, melt_crit, frc_liquid,
    d_pack, d_liquid, d_rain, d_fall, d_release,
):  # fmt: skip
    """Reverse of snow.

    At a tie melt takes the potential, and an empty pack releases whatever it would get where it is warm enough to melt.
    A change from snow to rain at one temperature has no slope.
    """
    water = max(precipitation, 0.0)
    width = max(snowf_upper - rainf_lower, TINY)
    part = (snowf_upper - temperature) / width
    share = min(max(part, 0.0), 1.0)
    freeze = refrozen * liquid
    full = pack + freeze + water * share
    warmth = max(0.0, temperature - melt_crit)
    potential = factor * warmth
    melt = min(potential, full)
    left = full - melt
    excess = (liquid - freeze + melt) - frc_liquid * left
    # liquid' = liquid - release;  release = (liquid - frc_liquid pack)+
    d_excess = d_release - d_liquid if excess >= (0.0 if potential > 0.0 else TINY) else 0.0
    d_held = d_liquid + d_excess
    d_frc = -d_excess * left
    d_left = d_pack - d_excess * frc_liquid
    # liquid' = liquid - freeze + melt;  pack' = pack - melt;  melt = min(factor (T - melt_crit)+, pack)
    d_melt = d_held - d_left
    d_potential = d_melt if potential <= full else 0.0
    d_full = d_left + (d_melt - d_potential)
    d_warmth = d_potential * factor if temperature > melt_crit else 0.0
    # pack' = pack + freeze + fall;  freeze = refrozen liquid
    d_freeze = d_full - d_held
    # rain = water - fall;  fall = water share;  share = clip((upper - T)/width, 0, 1)
    d_fall = d_fall + d_full - d_rain
    d_water = d_rain + d_fall * share
    d_part = d_fall * water / width if part >= 0.0 and part <= 1.0 and snowf_upper - rainf_lower >= TINY else 0.0
    d_width = -d_part * part
    return (
        d_full,
        d_held + d_freeze * refrozen,
        d_water if precipitation >= 0.0 else 0.0,
        d_warmth - d_part,
        d_potential * warmth,
        d_freeze * liquid,
        -d_width,
        d_part + d_width,
        -d_warmth,
        d_frc,
    )
