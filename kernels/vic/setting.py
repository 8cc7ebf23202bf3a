"""What the understorey's balance is made of in a sub-step, before its temperature is known (vic.md, 4.5)."""

from collections import namedtuple

from .arno import bare_soil_share
from .canopy_water import wetness
from .derived import DL
from .jarvis import unstressed_resistance
from .options import options
from .parameters import G, P
from .penman import evaporative, penman_line
from .rows import derived_layer_row, ice_row, moisture_row
from .scratch import transpiration_row
from .surface_bundles import Understorey
from .transpiration import transpiration_terms

DAY = 86400.0
CONDUCTIVITY = 2.9302e-6  # of snow, times the density squared, W m-1 K-1
SNOW_REFERENCE = 2.0  # m
LEAST_DEPTH = 1e-8  # m of snow: less conducts as much

# cover, lost: share under snow after the sub-step, and share that lost its snow in it; factor: of the soil's heat flux;
# albedo: of the understorey; potential: what evaporates from open water and soil
Scene = namedtuple("Scene", "under cover lost albedo soil_factor")


def setting(tile, above, below, site, soil, air, parameter, geometry, new_state, flux, dt, i, j):
    """The Scene of a sub-step; writes the terms of transpiration to their rows."""
    pack, snow = below.pack, below.fluxes
    thin = snow.thin > 0.0 and pack.water > 0.0
    cover, lost = snow.coverage, snow.coverage_lost
    touched = cover + lost
    albedo = (1.0 - touched) * site.albedo + touched * pack.albedo
    if thin:
        shortwave = snow.shortwave_net
    else:
        shortwave = above.shortwave * ((1.0 - touched) * (1.0 - site.albedo) + lost * (1.0 - pack.albedo))
    extra = snow.melt_energy + tile.joint_advection - tile.joint_cold
    mean_depth = max(0.5 * (snow.depth_before + pack.depth), LEAST_DEPTH)
    conduction = CONDUCTIVITY * pack.density * pack.density / mean_depth if cover > 0.0 and not thin else 0.0
    on_snow = above.snow_surface > 0.0
    if site.green > 0.0:
        resistance = site.aero.resistance_snow if on_snow else site.aero.resistance_surface
        wind = site.aero.wind_snow if on_snow else site.aero.wind_surface
        height = SNOW_REFERENCE + parameter[P.snow_rough, i] if on_snow else site.height
        logarithm = site.snow_logarithm if on_snow else site.logarithm
    else:
        resistance, wind, height, logarithm = (
            site.resistance_bare, site.wind_bare, site.bare_height, site.bare_logarithm
        )  # fmt: skip
    dry = above.snowing == 0.0
    air_terms = evaporative(air.temperature, geometry[G.elevation, j])
    zero = 0.0 * shortwave
    factor, offset, wet, share, liquid, residual = zero, zero, zero, zero, zero, zero
    if dry and site.green > 0.0:
        rarc = parameter[P.rarc, i]
        factor, offset = penman_line(air_terms, air.deficit, site.aero.resistance_canopy, 0.0, rarc)
        factor, offset = factor * (dt / DAY), offset * (dt / DAY)
        wet = wetness(tile.canopy.water, site.capacity)
        transpiration_terms(
            new_state, moisture_row(0), ice_row(0), parameter, derived_layer_row(DL.roots, 0),
            derived_layer_row(DL.critical, 0), derived_layer_row(DL.wilting, 0), flux, transpiration_row(), i,
            air_terms, air.deficit, site.aero.resistance_canopy, rarc,
            unstressed_resistance(
                parameter[P.rmin, i], site.leaf_area, air.temperature, air.deficit, shortwave, parameter[P.RGL, i]
            ), dt,
        )  # fmt: skip
    elif dry:
        capacity = parameter[derived_layer_row(DL.capacity, 0), i]
        liquid = new_state[moisture_row(0), i]
        if options.frozen:
            liquid = liquid - new_state[ice_row(0), i]
        share = bare_soil_share(liquid, capacity, parameter[P.infilt, i])
        residual = parameter[derived_layer_row(DL.residual, 0), i]
    under = Understorey(
        air, cover, 1.0 if thin else 0.0, shortwave, above.longwave, extra, conduction, pack.surface_temperature,
        resistance, wind, height, logarithm, 1.0 if dry else 0.0, site.green, factor, offset, wet, tile.canopy.water,
        above.rain, site.capacity, air_terms, share, liquid, residual, pack.water, pack.surface_liquid, pack.density,
        pack.surface_temperature, snow.advection,
    )  # fmt: skip
    return Scene(under, cover, lost, albedo, cover + (1.0 - cover) * above.transmission)
