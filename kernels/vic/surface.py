"""The pass over the surface of a tile-band: canopy, snow, the surface's balance and what the soil gives to the air.

vic.md, sections 3 and 6. Soil water follows in the next pass (soil_water.py); the reverse is in surface_adjoint.py.
"""

from .atmosphere import mean_wind
from .derived import D
from .interception import Canopy
from .options import options
from .parameters import F, G, P
from .rows import (
    FLUXES,
    LAYERED_FLUXES,
    derived_row,
    forcing_row,
    moisture_row,
    node_row,
    state_rows,
)
from .site import site_of
from .snow_pack import Pack
from .soil_heat_line import soil_of
from .states import S
from .step_means import begin_means, end_means
from .store import store
from .substep import substep
from .surface_bundles import Tile

COLDEST_RAIN = 0.5  # degC of the coldest band; where it is colder, precipitation makes a step one of snow


def surface_pass(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Step the surface of cell i in place j; nothing is done where its area is 0."""
    begin(state, new_state, flux, i)
    if parameter[P.area, i] > 0.0:
        site = site_of(parameter, mean_wind(forcing, j), i)
        soil = soil_of(state, parameter, moisture_row(0), i)
        tile = tile_of(state, parameter, i)
        new_state[S.upward_longwave, i] = 0.0
        snowing = is_snowing(state, forcing, geometry, i, j)
        ground_temperature = tile.surface
        if options.compat and options.substeps > 1:
            begin_means(state, flux, i)
        for k in range(options.substeps if snowing else 1):
            tile = substep(
                tile, site, soil, ground_temperature, snowing, k, forcing, geometry, parameter, new_state, flux, i, j
            )
        if options.compat and options.substeps > 1:
            end_means(tile, new_state, flux, i)
        store(tile, soil, parameter, new_state, flux, i)


def begin(state, new_state, flux, i):
    """Carry the states on and clear the sums."""
    for row in range(state_rows()):
        new_state[row, i] = state[row, i]
    for row in range(FLUXES + LAYERED_FLUXES * options.layers):
        flux[row, i] = 0.0


def is_snowing(state, forcing, geometry, i, j):
    """Whether the step is one of snow: there is some, or precipitation in a sub-step may fall as snow in any band."""
    snowing = state[S.snow_water_equivalent, i] > 0.0 or state[S.canopy_snow, i] > 0.0
    for k in range(options.substeps):
        coldest = forcing[forcing_row(F.air_temperature, k), j] + geometry[G.smallest_offset, j]
        if forcing[forcing_row(F.precipitation, k), j] > 0.0 and coldest < COLDEST_RAIN:
            snowing = True
    return snowing


def tile_of(state, parameter, i):
    """What the states of cell i are before a step."""
    pack = Pack(
        state[S.snow_water_equivalent, i], state[S.snow_surface_liquid, i], state[S.snow_pack_liquid, i],
        state[S.snow_surface_temperature, i], state[S.snow_pack_temperature, i], state[S.snow_cold_content, i],
        state[S.snow_density, i], state[S.snow_depth, i], state[S.snow_albedo, i], state[S.snow_age, i],
        state[S.snow_melting, i],
    )  # fmt: skip
    canopy = Canopy(
        state[S.canopy_snow, i], state[S.canopy_melt, i], state[S.canopy_water, i], state[S.foliage_temperature, i]
    )
    surface = state[node_row(0), i]
    none = 0.0 * surface
    return Tile(
        pack, canopy, surface, state[node_row(1), i], state[S.upward_longwave, i],
        parameter[derived_row(D.transmission), i], none, none, none,
    )  # fmt: skip
