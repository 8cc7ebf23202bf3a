"""Degree-day snow with liquid storage (lines 1 to 4 of a day of HBV; Lindström et al., 1997; Seibert & Vis, 2012)."""


def snow(pack, liquid, precipitation, temperature, threshold, cfmax, cfr, cwh):
    """Snow falls below the threshold; melt above, refreezing below it; release of what the pack cannot hold.

    melt = min(cfmax (T - TT)+, pack)    freeze = min(cfr cfmax (TT - T)+, liquid)    release = (liquid - cwh pack)+
    At a tie melt and refreezing take the potential, whose gradient is then nothing: given to the storage instead,
    rounding noise would grow by (1 + cwh) on every snow-free day. Release passes a gradient only where it is > 0.
    """
    fall = precipitation if temperature < threshold else 0.0
    rain = precipitation - fall
    pack = pack + fall
    melt = min(cfmax * max(temperature - threshold, 0.0), pack)
    liquid = liquid + melt
    pack = pack - melt
    freeze = min(cfr * cfmax * max(threshold - temperature, 0.0), liquid)
    pack = pack + freeze
    liquid = liquid - freeze
    release = max(liquid - cwh * pack, 0.0)
    return pack, liquid - release, rain, fall, melt, freeze, release


def snow_adjoint(
    pack, liquid, precipitation, temperature, threshold, cfmax, cfr, cwh,
    d_pack, d_liquid, d_rain, d_fall, d_melt, d_freeze, d_release,
):  # fmt: skip
    """Reverse of snow; no gradient passes through the choice between rain and snow."""
    cold = temperature < threshold
    pack_full = pack + (precipitation if cold else 0.0)
    warmth = max(temperature - threshold, 0.0)
    frost = max(threshold - temperature, 0.0)
    melt_potential = cfmax * warmth
    melt = min(melt_potential, pack_full)
    liquid_full = liquid + melt
    freeze_potential = cfr * cfmax * frost
    freeze = min(freeze_potential, liquid_full)
    pack_new = pack_full - melt + freeze
    # liquid' = liquid - release;  release = max(liquid - cwh pack, 0)
    d_release = d_release - d_liquid
    d_release = d_release if (liquid_full - freeze) - cwh * pack_new > 0.0 else 0.0
    d_liquid = d_liquid + d_release
    d_cwh = -d_release * pack_new
    d_pack = d_pack - d_release * cwh
    # pack += freeze;  liquid -= freeze;  freeze = min(cfr cfmax (TT - T)+, liquid)
    d_freeze = d_freeze + d_pack - d_liquid
    d_potential = d_freeze if freeze_potential <= liquid_full else 0.0
    d_liquid = d_liquid + (d_freeze - d_potential)
    d_cfr = d_potential * cfmax * frost
    d_cfmax = d_potential * cfr * frost
    d_threshold = d_potential * cfr * cfmax if threshold > temperature else 0.0
    # liquid += melt;  pack -= melt;  melt = min(cfmax (T - TT)+, pack)
    d_melt = d_melt + d_liquid - d_pack
    d_potential = d_melt if melt_potential <= pack_full else 0.0
    d_pack = d_pack + (d_melt - d_potential)
    d_cfmax = d_cfmax + d_potential * warmth
    d_threshold = d_threshold - (d_potential * cfmax if temperature > threshold else 0.0)
    # pack += fall;  rain = precipitation - fall;  fall = precipitation where T < TT, else 0
    d_precipitation = d_fall + d_pack if cold else d_rain
    return d_pack, d_liquid, d_precipitation, -d_threshold, d_threshold, d_cfmax, d_cfr, d_cwh
