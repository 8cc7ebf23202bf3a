"""The last pass of a step: sums over the layers and over what the passes before it left (vic.md, 6)."""

from .derived import DL
from .fluxes import XL, X
from .options import options
from .rows import derived_layer_row, flux_layer_row, moisture_row
from .states import S

LEAST_RANGE = 1e-6  # mm between wilting point and capacity
MILLIMETRES = 1000.0


def sums_pass(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Evaporation, wetness and storage of cell i."""
    evaporation = (
        flux[X.snow_sublimation, i] + flux[X.canopy_sublimation, i] + flux[X.canopy_evaporation, i]
    )  # fmt: skip
    storage = MILLIMETRES * (new_state[S.snow_water_equivalent, i] + new_state[S.canopy_snow, i])
    storage = storage + new_state[S.canopy_water, i]
    wetness = 0.0 * storage
    rooted = 0.0 * storage
    for k in range(options.layers):
        moisture = new_state[moisture_row(k), i]
        wilting = parameter[derived_layer_row(DL.wilting, k), i]
        size = parameter[derived_layer_row(DL.capacity, k), i] - wilting
        evaporation = evaporation + flux[flux_layer_row(XL.layer_evaporation_taken, k), i]
        storage = storage + moisture
        wetness = wetness + (moisture - wilting) / max(size, LEAST_RANGE)
        rooted = rooted + (moisture if parameter[derived_layer_row(DL.roots, k), i] > 0.0 else 0.0)
    flux[X.evaporation, i] = evaporation
    flux[X.soil_wetness, i] = wetness / options.layer_count
    flux[X.root_zone_moisture, i] = rooted
    flux[X.water_storage, i] = storage


def sums_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of sums_pass: adds to the gradients of what the passes before it wrote."""
    d_evaporation, d_storage = d_flux[X.evaporation, i], d_flux[X.water_storage, i]
    d_wetness, d_rooted = d_flux[X.soil_wetness, i] / options.layer_count, d_flux[X.root_zone_moisture, i]
    for k in range(options.layers):
        wilting = parameter[derived_layer_row(DL.wilting, k), i]
        size = parameter[derived_layer_row(DL.capacity, k), i] - wilting
        safe = max(size, LEAST_RANGE)
        share = (new_state[moisture_row(k), i] - wilting) / safe
        d_size = -d_wetness * share / safe if size >= LEAST_RANGE else 0.0
        d_flux[flux_layer_row(XL.layer_evaporation_taken, k), i] += d_evaporation
        rooted = parameter[derived_layer_row(DL.roots, k), i] > 0.0
        d_new_state[moisture_row(k), i] += d_storage + d_wetness / safe + (d_rooted if rooted else 0.0)
        d_parameter[derived_layer_row(DL.wilting, k), i] -= d_wetness / safe + d_size
        d_parameter[derived_layer_row(DL.capacity, k), i] += d_size
    d_flux[X.snow_sublimation, i] += d_evaporation
    d_flux[X.canopy_sublimation, i] += d_evaporation
    d_flux[X.canopy_evaporation, i] += d_evaporation
    d_new_state[S.snow_water_equivalent, i] += MILLIMETRES * d_storage
    d_new_state[S.canopy_snow, i] += MILLIMETRES * d_storage
    d_new_state[S.canopy_water, i] += d_storage
