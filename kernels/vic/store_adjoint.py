"""Reverse of surface.py's store and tile_of: between rows and the Tile of gradients."""

from .derived import DL, D
from .fluxes import XL, X
from .interception import Canopy
from .options import options
from .quick_flux import deep_node_adjoint, layer_temperature_adjoint
from .rows import derived_layer_row, derived_row, flux_layer_row, node_row
from .snow_pack import Pack
from .soil_heat_line import Soil
from .states import S
from .surface_bundles import Tile


def store_adjoint(cover, interface, soil, parameter, d_new_state, d_flux, d_parameter, i):
    """The Tile and the Soil of gradients of the states after a step and of the layers' temperatures."""
    pack, canopy = cover_gradient(cover, d_new_state, d_flux, i)
    d_interface, d_deep, d_damped = deep_node_adjoint(interface, soil.deep, soil.damped, d_new_state[node_row(2), i])
    d_interface = d_interface + d_new_state[node_row(1), i]
    d_first = 0.5 * d_flux[flux_layer_row(XL.layer_temperature, 0), i]
    for k in range(1, options.layers):
        share = parameter[derived_layer_row(DL.temperature_share, k), i]
        d_upper, d_lower, d_share = layer_temperature_adjoint(
            interface, soil.deep, share, d_flux[flux_layer_row(XL.layer_temperature, k), i]
        )
        d_interface = d_interface + d_upper
        d_deep = d_deep + d_lower
        d_parameter[derived_layer_row(DL.temperature_share, k), i] += d_share
    zero = 0.0 * d_deep
    d_soil = Soil(zero, zero, d_damped, d_deep, zero, zero, zero, zero)
    return Tile(
        pack, canopy, d_new_state[node_row(0), i] + d_first, d_interface + d_first, zero, zero, zero, zero, zero
    ), d_soil


def store_adjoint_frozen(cover, interface, soil, parameter, d_new_state, d_flux, d_parameter, i):
    """As store_adjoint where soil can freeze: the gradients of the soil's temperatures stay in their rows."""
    pack, canopy = cover_gradient(cover, d_new_state, d_flux, i)
    zero = 0.0 * cover
    d_soil = Soil(zero, zero, zero, zero, zero, zero, zero, zero)
    return Tile(pack, canopy, zero, zero, zero, zero, zero, zero, zero), d_soil


def cover_gradient(cover, d_new_state, d_flux, i):
    """Gradients of snow and canopy after a step."""
    pack = Pack(
        d_new_state[S.snow_water_equivalent, i], d_new_state[S.snow_surface_liquid, i],
        d_new_state[S.snow_pack_liquid, i],
        d_new_state[S.snow_surface_temperature, i] + cover * d_flux[X.covered_surface_temperature, i],
        d_new_state[S.snow_pack_temperature, i] + cover * d_flux[X.covered_pack_temperature, i],
        d_new_state[S.snow_cold_content, i], d_new_state[S.snow_density, i], d_new_state[S.snow_depth, i],
        d_new_state[S.snow_albedo, i] + cover * d_flux[X.covered_albedo, i], 0.0 * cover, 0.0 * cover,
    )  # fmt: skip
    canopy = Canopy(
        d_new_state[S.canopy_snow, i], d_new_state[S.canopy_melt, i], d_new_state[S.canopy_water, i],
        d_new_state[S.foliage_temperature, i],
    )  # fmt: skip
    return pack, canopy


def add_tile(d_tile, d_ground_temperature, d_state, d_parameter, i):
    """Reverse of tile_of: adds to the rows of the states before the step."""
    pack, canopy = d_tile.pack, d_tile.canopy
    d_state[S.snow_water_equivalent, i] += pack.water
    d_state[S.snow_surface_liquid, i] += pack.surface_liquid
    d_state[S.snow_pack_liquid, i] += pack.pack_liquid
    d_state[S.snow_surface_temperature, i] += pack.surface_temperature
    d_state[S.snow_pack_temperature, i] += pack.pack_temperature
    d_state[S.snow_cold_content, i] += pack.cold_content
    d_state[S.snow_density, i] += pack.density
    d_state[S.snow_depth, i] += pack.depth
    d_state[S.snow_albedo, i] += pack.albedo
    d_state[S.canopy_snow, i] += canopy.snow
    d_state[S.canopy_melt, i] += canopy.melt
    d_state[S.canopy_water, i] += canopy.water
    d_state[S.foliage_temperature, i] += canopy.temperature
    d_state[S.upward_longwave, i] += d_tile.longwave_up
    d_state[node_row(0), i] += d_tile.surface + d_ground_temperature
    d_state[node_row(1), i] += d_tile.interface
    d_parameter[derived_row(D.transmission), i] += d_tile.transmission
