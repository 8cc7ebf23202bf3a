"""Reverse of above_ground.py and of ground.py."""

from collections import namedtuple

from .bundles import Air
from .ground_snow_adjoint import ground_snow_adjoint
from .interception import Canopy, CanopyFluxes
from .interception_adjoint import intercept_adjoint
from .parameters import C, G, P
from .snow_pack import Pack

# Gradients: canopy, air, rain, snowfall, longwave from below and transmission before; of the site: albedo, leaf area,
# capacity, resistance and wind of the canopy
Canopied = namedtuple(
    "Canopied",
    "canopy air rain snowfall longwave_up transmission albedo leaf_area capacity resistance wind",
)
# Gradients: pack, air, rain, snowfall, shortwave, longwave, ground temperature, resistance, wind and roughness of snow
Snowed = namedtuple("Snowed", "pack air rain snowfall shortwave longwave ground_temperature resistance wind rough")


def above_ground_adjoint(
    tile, above, site, air, rain, snowfall, parameter, geometry, dt, i, j, d_above, d_parameter
):  # fmt: skip
    """The Canopied of gradients; d_above: an Above of gradients."""
    zero = 0.0 * rain
    d, f = d_above.canopy, d_above.fluxes
    if above.caught > 0.0:
        passed = tile.transmission * air.shortwave
        d_fluxes = CanopyFluxes(
            f.rain_to_ground + d_above.rain, f.snow_to_ground + d_above.snowfall, f.evaporation, f.sublimation,
            f.latent, f.latent_sublimation, f.sensible, f.longwave_net, f.shortwave_net,
            f.longwave_down + d_above.longwave, f.refreeze, f.advection, f.albedo, f.resistance, zero,
        )  # fmt: skip
        (
            d_canopy, d_air, d_rain, d_snowfall, d_shortwave, d_albedo, d_up, d_resistance, d_rarc, d_wind, d_leaves,
            d_capacity,
        ) = intercept_adjoint(
            tile.canopy, air, rain, snowfall, air.shortwave - passed, site.albedo, tile.longwave_up,
            site.aero.resistance_canopy, parameter[P.rarc, i], site.aero.wind_canopy, site.leaf_area, site.capacity,
            geometry[G.elevation, j], dt, d, d_fluxes,
        )  # fmt: skip
        d_parameter[P.rarc, i] += d_rarc
        d_passed = d_above.shortwave - d_shortwave
        d_air = Air(
            d_air.temperature, d_air.pressure, d_air.vapour_pressure, d_air.deficit, d_air.density, d_air.wind,
            d_air.shortwave + d_shortwave + d_passed * tile.transmission, d_air.longwave,
        )  # fmt: skip
        return Canopied(
            d_canopy, d_air, d_rain, d_snowfall, d_up, d_above.transmission + d_passed * air.shortwave, d_albedo,
            d_leaves, d_capacity, d_resistance, d_wind,
        )  # fmt: skip
    snowing = above.snowing > 0.0
    wet = snowing and site.vegetated > 0.0 and snowfall > 0.0 and tile.canopy.water > 0.0
    taken = site.vegetated > 0.0 or not snowing
    d_canopy = Canopy(
        d.snow, d.melt, d_above.rain if wet else d.water, zero if taken else d.temperature
    )  # fmt: skip
    d_air = Air(d.temperature if taken else zero, zero, zero, zero, zero, zero, d_above.shortwave, d_above.longwave)
    return Canopied(
        d_canopy, d_air, d_above.rain, d_above.snowfall, zero, zero if snowing else d_above.transmission, zero, zero,
        zero, f.resistance, zero,
    )  # fmt: skip


def ground_adjoint(
    pack, above, below, site, air, snowfall, ground_temperature, parameter, forcing, geometry, dt, i, j, d_pack,
    d_fluxes, d_rain,
):  # fmt: skip
    """The Snowed of gradients; d_rain: of the rain that reached the soil past the snow."""
    zero = 0.0 * d_rain
    if below.present > 0.0:
        g = ground_snow_adjoint(
            pack, air, above.rain, above.snowfall, snowfall, above.shortwave, above.longwave, ground_temperature,
            site.aero.resistance_snow, site.aero.wind_snow, parameter[P.snow_rough, i], dt, forcing[C.day_of_year, j],
            geometry[G.latitude, j], d_pack, d_fluxes,
        )  # fmt: skip
        return Snowed(g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8], g[9])
    d_pack = Pack(
        d_pack.water, d_pack.surface_liquid, d_pack.pack_liquid, d_pack.surface_temperature, d_pack.pack_temperature,
        d_pack.cold_content, d_pack.density, d_pack.depth, d_pack.albedo if above.snowing > 0.0 else zero, zero, zero,
    )  # fmt: skip
    d_air = Air(zero, zero, zero, zero, zero, zero, zero, zero)
    return Snowed(d_pack, d_air, d_rain, zero, zero, zero, zero, zero, zero, zero)
