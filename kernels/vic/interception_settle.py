"""What remains on a tall canopy with snow, and what reaches the ground (VIC 5.1, Hamman et al., 2018). Water in m."""

from .interception_update import WATER, freeze, freeze_adjoint, thaw, thaw_adjoint
from .options import options


def residue():
    """Canopy snow [m] that is nothing but rounding: see settle."""
    return 1e-12


def residue_float32():
    """The same in float32."""
    return 1e-8


def settle(snow, melt, water, rain, snowfall, entry, temperature, refreeze, vapour, capacity, dt):
    """Snow, stored melt, water, rain and snow to the ground, and vapour exchanged (m), from the canopy's temperature.

    rain, snowfall: what has passed so far; entry: the snow at the start; refreeze: W m-2; vapour: kg m-2 s-1.
    Snow that has just melted away can leave a rounding error instead of 0, with which VIC 5.1 makes the next sub-step
    one of snow: no transpiration, ten times the resistance. Without options.compat that much drips.
    """
    vapour = vapour * dt / WATER
    if temperature == 0.0:
        snow, melt, water, drip, slid, vapour = thaw(
            snow, melt, water, entry, snowfall, refreeze, vapour, capacity, dt
        )  # fmt: skip
    else:
        snow, water, vapour = freeze(snow, water, refreeze, vapour, dt)
        melt = 0.0
        drip = 0.0
        slid = 0.0
    if not options.compat and snow < residue():
        drip = drip + snow
        snow = 0.0
    if snow <= 0.0 and water > capacity:
        drip = drip + (water - capacity)
        water = capacity
    return snow, melt, water, rain + drip, snowfall + slid, vapour


def settle_adjoint(
    snow, melt, water, rain, snowfall, entry, temperature, refreeze, vapour, capacity, dt,
    d_snow, d_melt, d_water, d_rain, d_snowfall, d_vapour,
):  # fmt: skip
    """Reverse of settle; entry and temperature are only compared: their gradients are 0."""
    condensed = vapour * dt / WATER
    if temperature == 0.0:
        left, _, full, _, _, _ = thaw(snow, melt, water, entry, snowfall, refreeze, condensed, capacity, dt)
    else:
        left, full, _ = freeze(snow, water, refreeze, condensed, dt)
    gone = not options.compat and left < residue()
    # drip += water - capacity;  water = capacity
    over = (gone or left <= 0.0) and full > capacity
    d_spill = d_rain - d_water if over else 0.0
    # drip += snow;  snow = 0
    d_snow = d_rain if gone else d_snow
    if temperature == 0.0:
        d_snow, d_melt, d_water, _, _, d_refreeze, d_vapour, d_capacity, _ = thaw_adjoint(
            snow, melt, water, entry, snowfall, refreeze, condensed, capacity, dt,
            d_snow, d_melt, d_water + d_spill, d_rain, d_snowfall, d_vapour,
        )  # fmt: skip
    else:
        d_snow, d_water, d_refreeze, d_vapour, _ = freeze_adjoint(
            snow, water, refreeze, condensed, dt, d_snow, d_water + d_spill, d_vapour
        )
        d_melt = 0.0
        d_capacity = 0.0
    return (
        d_snow, d_melt, d_water, d_rain, d_snowfall, 0.0, 0.0, d_refreeze, d_vapour * dt / WATER,
        d_capacity - d_spill, 0.0,
    )  # fmt: skip
