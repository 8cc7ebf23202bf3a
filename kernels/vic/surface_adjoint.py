"""Reverse of surface.py: the sub-steps are stepped again, their beginnings kept in scratch rows, then reversed."""

from .atmosphere import mean_wind
from .fluxes import X
from .options import options
from .parameters import F, P
from .rows import forcing_row, moisture_row, node_row, state_rows
from .scratch import tile_row
from .site import add_site_adjoint, site_of
from .soil_gradient import hand_back, restore, soil_gradient
from .soil_heat_line import add_soil, add_soil_adjoint, soil_of
from .step_means import begin_means_adjoint, end_means_adjoint
from .store_adjoint import add_tile, store_adjoint
from .substep import substep
from .substep_adjoint import substep_adjoint
from .surface import is_snowing, tile_of
from .surface_bundles import Tile, add_site, no_site
from .tile_rows import keep_soil, keep_tile, kept_tile, take_soil


def surface_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of surface_pass: adds to d_state, d_forcing and d_parameter."""
    if parameter[P.area, i] > 0.0:
        reverse(
            state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing,
            d_parameter, i, j,
        )  # fmt: skip
    else:
        for row in range(moisture_row(0)):
            d_state[row, i] += d_new_state[row, i]
        for row in range(node_row(0), state_rows()):
            d_state[row, i] += d_new_state[row, i]


def reverse(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """The step of a tile-band, reversed."""
    cover, interface = flux[X.snow_cover, i], new_state[node_row(1), i]
    if options.compat and options.substeps > 1:
        d_joint = end_means_adjoint(flux, d_new_state, d_flux, i)
    restore(state, new_state, d_new_state, i)
    wind = mean_wind(forcing, j)
    site = site_of(parameter, wind, i)
    soil = soil_of(state, parameter, moisture_row(0), i)
    tile = tile_of(state, parameter, i)
    snowing = is_snowing(state, forcing, geometry, i, j)
    ground_temperature = tile.surface
    count = options.substeps if snowing else 1
    if options.substeps > 1:
        for k in range(count - 1):
            keep_tile(tile, flux, tile_row(k), i)
            keep_soil(new_state, flux, tile_row(k), i)
            tile = substep(
                tile, site, soil, ground_temperature, snowing, k, forcing, geometry, parameter, new_state, flux, i, j
            )
    d_tile, d_soil = store_adjoint(cover, interface, soil, parameter, d_new_state, d_flux, d_parameter, i)
    if options.compat and options.substeps > 1:
        d_tile = Tile(
            d_tile.pack, d_tile.canopy, d_tile.surface, d_tile.interface, d_tile.longwave_up, d_tile.transmission,
            d_joint.advection, d_joint.cold, d_joint.refreeze,
        )  # fmt: skip
    d_site, d_ground = no_site(wind), 0.0 * wind
    for back in range(count):
        k = count - 1 - back
        if options.substeps > 1 and back > 0:
            tile = kept_tile(flux, tile_row(k), i)
            take_soil(new_state, flux, tile_row(k), i)
        found = substep_adjoint(
            tile, site, soil, ground_temperature, snowing, k, 1.0 if back == 0 else 0.0, forcing, geometry, parameter,
            new_state, flux, i, j, d_tile, d_new_state, d_flux, soil_gradient(d_state, d_new_state), d_forcing,
            d_parameter,
        )  # fmt: skip
        d_tile = found.tile
        d_site, d_soil = add_site(d_site, found.site), add_soil(d_soil, found.soil)
        d_ground = d_ground + found.ground_temperature
    if options.compat and options.substeps > 1:
        begin_means_adjoint(d_flux, d_state, i)
    hand_back(d_new_state, d_state, i)
    add_tile(d_tile, d_ground, d_state, d_parameter, i)
    add_soil_adjoint(state, parameter, moisture_row(0), i, d_soil, d_state, d_parameter)
    d_wind = add_site_adjoint(parameter, wind, i, d_site, d_parameter)
    for k in range(options.substeps):
        d_forcing[forcing_row(F.wind, k), i] += d_wind / options.substep_count
