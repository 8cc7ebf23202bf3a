"""The states after a step, and the temperatures of the soil's layers (vic.md, 4.4 and 6)."""

from .derived import DL
from .fluxes import XL, X
from .options import options
from .quick_flux import deep_node, layer_temperature
from .rows import derived_layer_row, flux_layer_row, node_row
from .states import S


def store(tile, soil, parameter, new_state, flux, i):
    """Write the states after a step, but for upward longwave and the soil's water."""
    store_cover(tile, new_state, flux, i)
    new_state[node_row(0), i] = tile.surface
    new_state[node_row(1), i] = tile.interface
    new_state[node_row(2), i] = deep_node(tile.interface, soil.deep, soil.damped)
    flux[flux_layer_row(XL.layer_temperature, 0), i] = 0.5 * (tile.surface + tile.interface)
    for k in range(1, options.layers):
        share = parameter[derived_layer_row(DL.temperature_share, k), i]
        flux[flux_layer_row(XL.layer_temperature, k), i] = layer_temperature(tile.interface, soil.deep, share)


def store_frozen(tile, soil, parameter, new_state, flux, i):
    """As store where soil can freeze: the heat solution has written the soil's temperatures."""
    store_cover(tile, new_state, flux, i)


def store_cover(tile, new_state, flux, i):
    """Snow and canopy."""
    pack, canopy = tile.pack, tile.canopy
    new_state[S.snow_water_equivalent, i] = pack.water
    new_state[S.snow_surface_liquid, i] = pack.surface_liquid
    new_state[S.snow_pack_liquid, i] = pack.pack_liquid
    new_state[S.snow_surface_temperature, i] = pack.surface_temperature
    new_state[S.snow_pack_temperature, i] = pack.pack_temperature
    new_state[S.snow_cold_content, i] = pack.cold_content
    new_state[S.snow_density, i] = pack.density
    new_state[S.snow_depth, i] = pack.depth
    new_state[S.snow_albedo, i] = pack.albedo
    new_state[S.snow_age, i] = pack.age
    new_state[S.snow_melting, i] = pack.melting
    new_state[S.canopy_snow, i] = canopy.snow
    new_state[S.canopy_melt, i] = canopy.melt
    new_state[S.canopy_water, i] = canopy.water
    new_state[S.foliage_temperature, i] = canopy.temperature
    flux[X.covered_albedo, i] = flux[X.snow_cover, i] * pack.albedo
    flux[X.covered_surface_temperature, i] = flux[X.snow_cover, i] * pack.surface_temperature
    flux[X.covered_pack_temperature, i] = flux[X.snow_cover, i] * pack.pack_temperature
