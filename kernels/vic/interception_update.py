"""Melt, freezing and sublimation of the snow on a tall canopy, once its temperature is known (VIC 5.1). Water in m.

refreeze: energy of refreezing of the foliage balance, W m-2, negative where snow melts; vapour: water that condenses on
the canopy, or leaves where negative; capacity: water that the leaves hold; dt in s.
"""

from .interception_load import LIQUID
from .interception_release import KEPT, release, release_adjoint
from .options import options

LATENT_FUSION = 3.337e5  # J kg-1
WATER = 1000.0  # kg m-3


def thaw(snow, melt, water, entry, through, refreeze, vapour, capacity, dt):
    """Canopy at 0 degC: snow, stored melt, water, drip, snow that slid, vapour that was exchanged with the water.

    Melt fills the water that the snow holds; the rest drips where snow falls through a canopy that had at most 5 mm
    (entry), otherwise it is stored as what makes snow slide.
    """
    vapour = max(vapour, -water)
    water = water + vapour
    held = LIQUID * snow + capacity
    melted = min(((-refreeze * dt) / LATENT_FUSION) / WATER, snow) if refreeze < 0.0 else 0.0
    drip = 0.0
    slid = 0.0
    if water + melted <= held:
        snow = snow - melted
        water = water + melted
    else:
        excess = (melted + water) - held
        snow = max(snow - (held - water), 0.0)
        water = held
        if through > 0.0 and entry <= KEPT:
            drip = excess
            snow = max(snow - excess, 0.0)
        else:
            melt = melt + excess
        snow, melt, dripped, slid = release(snow, melt)
        drip = drip + dripped
    held = LIQUID * snow + capacity
    over = water - held if water > held else 0.0
    return snow, melt, held if water > held else water, drip + over, slid, vapour


def thaw_adjoint(
    snow, melt, water, entry, through, refreeze, vapour, capacity, dt,
    d_snow, d_melt, d_water, d_drip, d_slid, d_vapour,
):  # fmt: skip
    """Reverse of thaw; entry, through and dt are only compared or fixed: their gradients are 0. At a tie all melts."""
    exchanged = max(vapour, -water)
    wet = water + exchanged
    held = LIQUID * snow + capacity
    energy = ((-refreeze * dt) / LATENT_FUSION) / WATER
    melted = min(energy, snow) if refreeze < 0.0 else 0.0
    fits = wet + melted <= held
    drips = through > 0.0 and entry <= KEPT
    excess = 0.0 if fits else (melted + wet) - held
    left = max(snow - (held - wet), 0.0)
    left = max(left - excess, 0.0) if drips else left
    stored = melt if drips else melt + excess
    after, _, _, _ = release(left, stored)
    after = snow - melted if fits else after
    full = wet + melted if fits else held
    # over = max(water - held', 0);  held' = 0.035 snow + capacity
    over = full > LIQUID * after + capacity
    d_capacity = d_water - d_drip if over else 0.0
    d_snow = d_snow + LIQUID * d_capacity
    d_full = d_drip if over else d_water
    d_after, d_stored = release_adjoint(left, stored, d_snow, d_melt, d_drip, d_slid)
    if fits:
        # snow' = snow - melted;  water' = water + melted
        d_wet = d_full
        d_melted = d_full - d_snow
    else:
        # water' = held;  snow' = snow - (held - water), less the excess where it drips;  else melt' = melt + excess
        d_excess = d_drip - d_after if drips else d_stored
        d_held = d_full - d_after - d_excess
        d_wet = d_after + d_excess
        d_melted = d_excess
        d_melt = d_stored
        # held = 0.035 snow + capacity
        d_snow = d_after + LIQUID * d_held
        d_capacity = d_capacity + d_held
    # melted = min(-refreeze dt/(Lf rho), snow)
    d_snow = d_snow + (d_melted if refreeze < 0.0 and energy >= snow else 0.0)
    d_refreeze = -d_melted * dt / (LATENT_FUSION * WATER) if refreeze < 0.0 and energy < snow else 0.0
    # water = water + vapour;  vapour = max(vapour, -water)
    d_exchanged = d_vapour + d_wet
    d_water = d_wet if vapour > -water else d_wet - d_exchanged
    return d_snow, d_melt, d_water, 0.0, 0.0, d_refreeze, d_exchanged if vapour > -water else 0.0, d_capacity, 0.0


def freeze(snow, water, refreeze, vapour, dt):
    """Canopy below 0 degC: snow, water and the vapour exchanged with the snow, after water froze with energy refreeze.

    VIC compares J m-2 with a number that is a factor 1000 too small (density left out): all water freezes, the rain of
    this sub-step too, whose heat the foliage balance did not have. Without options.compat only as much freezes as the
    energy says: the water that was on the canopy before; rain of this sub-step stays liquid until the next.
    """
    unit = LATENT_FUSION if options.compat else LATENT_FUSION * WATER
    frozen = refreeze * dt / unit if refreeze * dt < water * unit else water
    snow = snow + frozen
    vapour = max(vapour, -snow)
    return snow + vapour, water - frozen, vapour


def freeze_adjoint(snow, water, refreeze, vapour, dt, d_snow, d_water, d_vapour):
    """Reverse of freeze; without energy (no water at first) none freezes, with no slope: VIC's, 1000, ends at once."""
    unit = LATENT_FUSION if options.compat else LATENT_FUSION * WATER
    part = refreeze * dt < water * unit
    full = snow + (refreeze * dt / unit if part else water)
    # snow' = full + vapour;  vapour = max(vapour, -full)
    d_exchanged = d_snow + d_vapour
    d_full = d_snow if vapour > -full else d_snow - d_exchanged
    # full = snow + frozen;  water' = water - frozen
    d_frozen = d_full - d_water
    return (
        d_full,
        d_water if part else d_water + d_frozen,
        d_frozen * dt / unit if part and (refreeze != 0.0 or not options.compat) else 0.0,
        d_exchanged if vapour > -full else 0.0,
        0.0,
    )
