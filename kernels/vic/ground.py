"""Snow on the ground in a sub-step, where there is or falls any (vic.md, 3.1 A)."""

from collections import namedtuple

from .ground_snow import PackFluxes, ground_snow
from .snow_pack import Pack

# present: 1 where there was snow on the ground; water: what reaches the soil, mm, where there was; rain: what else does
Ground = namedtuple("Ground", "present rain pack fluxes")
FRESH_ALBEDO = 0.85


def ground(
    pack, above, site, air, snowfall, ground_temperature, snow_rough, dt, day_of_year, latitude
):  # fmt: skip
    """The snow on the ground after dt seconds; above: what reaches it; snowfall: from the sky, mm."""
    zero = 0.0 * above.rain
    present = pack.water > 0.0 or above.snowfall > 0.0
    if present:
        pack, fluxes = ground_snow(
            pack, air, above.rain, above.snowfall, snowfall, above.shortwave, above.longwave, ground_temperature,
            site.aero.resistance_snow, site.aero.wind_snow, snow_rough, dt, day_of_year, latitude,
        )  # fmt: skip
        return Ground(1.0, zero, pack, fluxes)
    pack = Pack(
        pack.water, pack.surface_liquid, pack.pack_liquid, pack.surface_temperature, pack.pack_temperature,
        pack.cold_content, pack.density, pack.depth, pack.albedo if above.snowing > 0.0 else FRESH_ALBEDO, zero, zero,
    )  # fmt: skip
    fluxes = PackFluxes(
        zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero
    )
    return Ground(0.0, above.rain, pack, fluxes)
