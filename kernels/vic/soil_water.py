"""Soil water of a step: infiltration, drainage from layer to layer, baseflow (Liang et al., 1994; vic.md, 5.4).

soil_pass = soil_begin, then for each runoff sub-step soil_step and soil_keep, then soil_end. Over a block of cells each
of them is a loop of its own, and the loop over sub-steps is around them (kernels/loops/substeps.py): bodies small
enough for their loops over layers to be unrolled and for the loop over cells to become vector code.

Excess of a layer goes up, at last into surface runoff: in one sweep from the lowest layer when all have drained, which
is the same as layer by layer. options.compat: what layer 1 cannot hold is pushed down instead (quirk 13), and liquid
water of the lowest layer may be negative beside ice. Mended: that excess is surface runoff too (more of it from
saturated soils, less drainage), and liquid water is never negative.
"""

from .baseflow import baseflow
from .derived import DL
from .drainage import drainage
from .fluxes import XL, X
from .infiltration import infiltration, saturated_fraction
from .options import options
from .parameters import L, P
from .rows import derived_layer_row, flux_layer_row, ice_row, layer_row, moisture_row
from .soil_rows import before_row, infiltrated_row, kept_row, liquid_row, loss_row, lowest_row, outflow_row

THIN = 1e-3  # mm; smallest Wm - Wr
SECONDS = 86400.0  # of a day


def soil_pass(state, forcing, geometry, parameter, new_state, flux, i, j):
    """The soil water of one cell: all sub-steps of a step."""
    soil_begin(state, forcing, geometry, parameter, new_state, flux, i, j)
    for s in range(options.runoff_steps):
        soil_step(state, forcing, geometry, parameter, new_state, flux, i, j)
        soil_keep(flux, s, i)
    soil_end(state, forcing, geometry, parameter, new_state, flux, i, j)


def soil_begin(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Surface runoff of the whole step, and what each sub-step gets and loses: evaporation not from dry layers."""
    water = flux[X.inflow, i]
    runoff = infiltration(upper_moisture(state, i), upper_capacity(parameter, i), water, parameter[P.infilt, i])
    flux[X.surface_runoff, i] = runoff
    flux[infiltrated_row(), i] = (water - runoff) * (1.0 / options.runoff_count)
    flux[lowest_row(), i] = 0.0
    for k in range(options.layers):
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        liquid = state[moisture_row(k), i] - ice
        asked = flux[flux_layer_row(XL.layer_evaporation, k), i]
        is_dry = liquid <= parameter[derived_layer_row(DL.residual, k), i]
        taken = 0.0 if asked > 0.0 and is_dry else asked
        flux[liquid_row(k), i] = liquid
        flux[flux_layer_row(XL.layer_evaporation_taken, k), i] = taken
        flux[loss_row(k), i] = taken * (1.0 / options.runoff_count)


def soil_step(state, forcing, geometry, parameter, new_state, flux, i, j):
    """A runoff sub-step: liquid water, baseflow and surface runoff of the step so far."""
    lowest = options.layers - 1
    for k in range(options.layers - 1):
        flux[outflow_row(k), i] = drained(parameter, flux, flux[liquid_row(k), i], i, k)
    flux[outflow_row(lowest), i] = released(parameter, flux[liquid_row(lowest), i], i)
    inflow = flux[infiltrated_row(), i]
    for k in range(options.layers):
        residual = parameter[derived_layer_row(DL.residual, k), i]
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        outflow = flux[outflow_row(k), i]
        before = flux[liquid_row(k), i]
        flux[before_row(k), i] = before
        liquid = before + inflow - outflow - flux[loss_row(k), i]
        if options.compat and k == 0:
            excess = max(liquid - (parameter[derived_layer_row(DL.capacity, 0), i] - ice), 0.0)
            liquid = liquid - excess
            outflow = outflow + excess
        short = max(least(residual, ice, k) - liquid, 0.0)
        flux[liquid_row(k), i] = liquid + short
        inflow = outflow - short
    flux[lowest_row(), i] += inflow
    excess = 0.0
    for up in range(options.layers):
        k = lowest - up
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        liquid = flux[liquid_row(k), i] + excess
        excess = max(liquid - (parameter[derived_layer_row(DL.capacity, k), i] - ice), 0.0)
        flux[liquid_row(k), i] = liquid - excess
    flux[X.surface_runoff, i] += excess


def soil_keep(flux, s, i):
    """Keep sub-step s for the adjoint."""
    for k in range(2 * options.layers):
        flux[kept_row(s) + k, i] = flux[before_row(0) + k, i]


def soil_end(state, forcing, geometry, parameter, new_state, flux, i, j):
    """New moisture; a negative baseflow becomes less evaporation of the lowest layer."""
    for k in range(options.layers):
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        new_state[moisture_row(k), i] = flux[liquid_row(k), i] + ice
    taken = flux_layer_row(XL.layer_evaporation_taken, options.layers - 1)
    outflow = flux[lowest_row(), i]
    flux[taken, i] = flux[taken, i] + min(outflow, 0.0)
    flux[X.baseflow, i] = max(outflow, 0.0)
    flux[X.runoff, i] = flux[X.surface_runoff, i] + max(outflow, 0.0)
    moisture, capacity = upper_moisture(new_state, i), upper_capacity(parameter, i)
    flux[X.saturated_fraction, i] = saturated_fraction(moisture, capacity, parameter[P.infilt, i])


def upper_moisture(state, i):
    """Moisture of all layers but the lowest."""
    moisture = state[moisture_row(0), i]
    for k in range(1, options.layers - 1):
        moisture = moisture + state[moisture_row(k), i]
    return moisture


def upper_capacity(parameter, i):
    """Largest moisture of all layers but the lowest."""
    capacity = parameter[derived_layer_row(DL.capacity, 0), i]
    for k in range(1, options.layers - 1):
        capacity = capacity + parameter[derived_layer_row(DL.capacity, k), i]
    return capacity


def drained(parameter, flux, liquid, i, k):
    """Drainage of layer k from its liquid water after evaporation."""
    residual = parameter[derived_layer_row(DL.residual, k), i]
    span = max(parameter[derived_layer_row(DL.capacity, k), i] - residual, THIN)
    water = max(liquid - flux[loss_row(k), i] - residual, 0.0)
    conductivity = parameter[layer_row(L.Ksat, k), i] * step_share()
    return drainage(water, span, conductivity, parameter[layer_row(L.expt, k), i])


def released(parameter, liquid, i):
    """Baseflow of the lowest layer from its liquid water before inflow and evaporation."""
    residual = parameter[derived_layer_row(DL.residual, options.layers - 1), i]
    span = max(parameter[derived_layer_row(DL.capacity, options.layers - 1), i] - residual, THIN)
    wetness = (liquid - residual) / span
    largest = parameter[P.Dsmax, i] * step_share()
    return baseflow(wetness, largest, parameter[P.Ds, i], parameter[P.Ws, i], parameter[P.c, i])


def least(residual, ice, k):
    """Liquid water below which layer k is not drawn."""
    if options.compat and k == options.layers - 1:
        return residual - ice
    return max(residual - ice, 0.0)


def step_share():
    """A runoff sub-step as a share of the day."""
    return options.seconds / (SECONDS * options.runoff_count)
