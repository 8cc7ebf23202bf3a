"""Reverse of the soil water of a step, from what its sub-steps kept: nothing is run again.

flux holds what soil_pass left; gradients of its scratch rows lie in the same rows of d_flux. All gradients are added
to, but those of scratch rows, which are set.
"""

from ..model import Substeps
from .baseflow import baseflow_adjoint
from .derived import DL
from .drainage import drainage_adjoint
from .fluxes import XL, X
from .infiltration import infiltration_adjoint, saturated_fraction_adjoint
from .options import options
from .parameters import L, P
from .rows import derived_layer_row, flux_layer_row, ice_row, layer_row, moisture_row
from .soil_balance_adjoint import lift_adjoint, settle, settle_adjoint
from .soil_rows import (
    before_row,
    infiltrated_row,
    kept_row,
    level_row,
    liquid_row,
    loss_row,
    lowest_row,
)
from .soil_water import (
    THIN,
    soil_begin,
    soil_end,
    soil_keep,
    soil_step,
    step_share,
    upper_capacity,
    upper_moisture,
)


def soil_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of soil_pass, after which new_state and flux are as that left them."""
    soil_end_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
    )
    for back in range(options.runoff_steps):
        soil_recall(flux, options.runoff_steps - 1 - back, i)
        soil_step_adjoint(
            state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing,
            d_parameter, i, j,
        )  # fmt: skip
    soil_begin_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
    )


def soil_recall(flux, s, i):
    """What was kept of sub-step s."""
    for k in range(2 * options.layers):
        flux[before_row(0) + k, i] = flux[kept_row(s) + k, i]


def soil_end_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of soil_end; the gradients of what the sub-steps lose and get begin at zero."""
    moisture, capacity = upper_moisture(new_state, i), upper_capacity(parameter, i)
    d_moisture, d_capacity, d_infilt = saturated_fraction_adjoint(
        moisture, capacity, parameter[P.infilt, i], d_flux[X.saturated_fraction, i]
    )
    d_parameter[P.infilt, i] += d_infilt
    # runoff = surface runoff + baseflow;  baseflow = max(lowest, 0);  taken = taken + min(lowest, 0)
    d_flux[X.surface_runoff, i] += d_flux[X.runoff, i]
    d_taken = d_flux[flux_layer_row(XL.layer_evaporation_taken, options.layers - 1), i]
    d_positive = d_flux[X.baseflow, i] + d_flux[X.runoff, i]
    d_flux[lowest_row(), i] = d_positive if flux[lowest_row(), i] >= 0.0 else d_taken
    d_flux[infiltrated_row(), i] = 0.0
    # moisture = liquid + ice
    for k in range(options.layers):
        d_total = d_new_state[moisture_row(k), i]
        if k < options.layers - 1:
            d_total = d_total + d_moisture
            d_parameter[derived_layer_row(DL.capacity, k), i] += d_capacity
        d_flux[liquid_row(k), i] = d_total
        d_flux[loss_row(k), i] = 0.0
        if options.frozen:
            d_new_state[ice_row(k), i] += d_total


def soil_step_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of the sub-step that was recalled: of the excess, of what went down, and then of each layer's outflow."""
    settle(parameter, new_state, flux, i)
    lift_adjoint(parameter, new_state, flux, d_new_state, d_flux, d_parameter, i)
    settle_adjoint(parameter, new_state, flux, d_new_state, d_flux, d_parameter, i)
    for k in range(options.layers - 1):
        drained_adjoint(parameter, flux, d_flux, d_parameter, i, k)
    released_adjoint(parameter, flux, d_flux, d_parameter, i)


def drained_adjoint(parameter, flux, d_flux, d_parameter, i, k):
    """Reverse of the drainage of layer k; without water above Wr it has no slope."""
    residual = parameter[derived_layer_row(DL.residual, k), i]
    span = parameter[derived_layer_row(DL.capacity, k), i] - residual
    water = flux[before_row(k), i] - flux[loss_row(k), i] - residual
    conductivity = parameter[layer_row(L.Ksat, k), i] * step_share()
    d_water, d_span, d_conductivity, d_expt = drainage_adjoint(
        max(water, 0.0), max(span, THIN), conductivity, parameter[layer_row(L.expt, k), i], d_flux[level_row(k), i]
    )
    d_water = d_water if water >= 0.0 else 0.0
    d_span = d_span if span >= THIN else 0.0
    d_flux[liquid_row(k), i] += d_water
    d_flux[loss_row(k), i] -= d_water
    d_parameter[derived_layer_row(DL.residual, k), i] -= d_water + d_span
    d_parameter[derived_layer_row(DL.capacity, k), i] += d_span
    d_parameter[layer_row(L.Ksat, k), i] += d_conductivity * step_share()
    d_parameter[layer_row(L.expt, k), i] += d_expt


def released_adjoint(parameter, flux, d_flux, d_parameter, i):
    """Reverse of the baseflow."""
    lowest = options.layers - 1
    residual = parameter[derived_layer_row(DL.residual, lowest), i]
    room = parameter[derived_layer_row(DL.capacity, lowest), i] - residual
    inverse = 1.0 / max(room, THIN)
    wetness = (flux[before_row(lowest), i] - residual) * inverse
    largest = parameter[P.Dsmax, i] * step_share()
    d_wetness, d_largest, d_ds, d_ws, d_c = baseflow_adjoint(
        wetness, largest, parameter[P.Ds, i], parameter[P.Ws, i], parameter[P.c, i], d_flux[level_row(lowest), i]
    )
    d_parameter[P.Dsmax, i] += d_largest * step_share()
    d_parameter[P.Ds, i] += d_ds
    d_parameter[P.Ws, i] += d_ws
    d_parameter[P.c, i] += d_c
    # wetness = (liquid - residual)/span;  span = max(capacity - residual, THIN)
    d_water = d_wetness * inverse
    d_span = -d_water * wetness if room >= THIN else 0.0
    d_flux[liquid_row(lowest), i] += d_water
    d_parameter[derived_layer_row(DL.residual, lowest), i] -= d_water + d_span
    d_parameter[derived_layer_row(DL.capacity, lowest), i] += d_span


def soil_begin_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of soil_begin."""
    d_infiltrated = d_flux[infiltrated_row(), i] * (1.0 / options.runoff_count)
    moisture, capacity = upper_moisture(state, i), upper_capacity(parameter, i)
    # infiltrated = (water - runoff)/count
    d_moisture, d_capacity, d_water, d_infilt = infiltration_adjoint(
        moisture, capacity, flux[X.inflow, i], parameter[P.infilt, i], d_flux[X.surface_runoff, i] - d_infiltrated
    )
    d_flux[X.inflow, i] += d_water + d_infiltrated
    d_parameter[P.infilt, i] += d_infilt
    for k in range(options.layers):
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        asked = flux[flux_layer_row(XL.layer_evaporation, k), i]
        is_dry = state[moisture_row(k), i] - ice <= parameter[derived_layer_row(DL.residual, k), i]
        # loss = taken/count;  taken = asked, or 0 from a dry layer;  liquid = moisture - ice
        d_taken = d_flux[flux_layer_row(XL.layer_evaporation_taken, k), i]
        d_taken = d_taken + d_flux[loss_row(k), i] * (1.0 / options.runoff_count)
        d_flux[flux_layer_row(XL.layer_evaporation, k), i] += 0.0 if asked > 0.0 and is_dry else d_taken
        d_liquid = d_flux[liquid_row(k), i]
        if options.frozen:
            d_new_state[ice_row(k), i] -= d_liquid
        if k < options.layers - 1:
            d_liquid = d_liquid + d_moisture
            d_parameter[derived_layer_row(DL.capacity, k), i] += d_capacity
        d_state[moisture_row(k), i] += d_liquid


def soil_substeps(number: int) -> Substeps:
    """The parts of soil_pass and of its adjoint."""
    return Substeps(
        number=number,
        begin=soil_begin,
        step=soil_step,
        keep=soil_keep,
        end=soil_end,
        begin_adjoint=soil_begin_adjoint,
        step_adjoint=soil_step_adjoint,
        recall=soil_recall,
        end_adjoint=soil_end_adjoint,
    )
