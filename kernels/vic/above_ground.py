"""What the canopy does to rain, snow and light before they reach the ground (vic.md, 3.1 A and B)."""

from collections import namedtuple

from .interception import Canopy, CanopyFluxes, intercept
from .options import options
from .parameters import G, P

# snowing: 1 where there is snow or snow falls; caught: 1 where a tall canopy took part; snow_surface: 1 where snow is
# on the ground, falls from the sky or from the canopy, which decides about the understorey's roughness. rain, snowfall:
# to the ground, mm; shortwave, longwave: incoming at the ground, W m-2; transmission: share of shortwave that passes
# the canopy.
Above = namedtuple("Above", "snowing caught snow_surface rain snowfall shortwave longwave transmission canopy fluxes")


def above_ground(tile, site, air, rain, snowfall, parameter, geometry, dt, i, j):
    """The canopy after dt seconds of rain and snowfall (mm), and what reaches the ground.

    VIC lets all light through to the soil below short vegetation for the rest of the step once there was snow; mended:
    while there is snow.
    """
    canopy = tile.canopy
    snowing = tile.pack.water > 0.0 or snowfall > 0.0 or (site.tall > 0.0 and canopy.snow > 0.0)
    zero = 0.0 * rain
    rough = 1.0 if tile.pack.water > 0.0 or snowfall > 0.0 else 0.0
    if snowing and site.tall > 0.0:
        passed = tile.transmission * air.shortwave
        canopy, fluxes = intercept(
            canopy, air, rain, snowfall, air.shortwave - passed, site.albedo, tile.longwave_up,
            site.aero.resistance_canopy, parameter[P.rarc, i], site.aero.wind_canopy, site.leaf_area, site.capacity,
            geometry[G.elevation, j], dt,
        )  # fmt: skip
        return Above(
            1.0, 1.0, 1.0 if fluxes.snow_to_ground > 0.0 else rough,
            fluxes.rain_to_ground, fluxes.snow_to_ground, passed, fluxes.longwave_down, tile.transmission,
            canopy, fluxes,
        )  # fmt: skip
    wet = snowing and site.vegetated > 0.0 and snowfall > 0.0 and canopy.water > 0.0
    canopy = Canopy(
        canopy.snow, canopy.melt, zero if wet else canopy.water,
        air.temperature if site.vegetated > 0.0 or not snowing else canopy.temperature,
    )  # fmt: skip
    fluxes = CanopyFluxes(
        zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, site.aero.resistance_canopy, zero
    )
    rain = rain + tile.canopy.water if wet else rain
    return Above(
        1.0 if snowing else 0.0, 0.0, rough, rain, snowfall, air.shortwave, air.longwave,
        1.0 if snowing else tile.transmission, canopy, fluxes,
    )  # fmt: skip


def remembered(above, tile):
    """The transmission that the next sub-step begins with."""
    return above.transmission if options.compat else tile.transmission
