"""Reverse of what the layers of the soil hand to each other in a sub-step: limits, and excess that goes up."""

from .derived import DL
from .fluxes import X
from .options import options
from .rows import derived_layer_row, ice_row
from .soil_rows import before_row, excess_row, infiltrated_row, level_row, liquid_row, loss_row, lowest_row, outflow_row
from .soil_water import least


def settle(parameter, new_state, flux, i):
    """Rows level: each layer's water after inflow, outflow and evaporation, before it is limited; as in soil_step."""
    inflow = flux[infiltrated_row(), i]
    for k in range(options.layers):
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        outflow = flux[outflow_row(k), i]
        level = flux[before_row(k), i] + inflow - outflow - flux[loss_row(k), i]
        flux[level_row(k), i] = level
        if options.compat and k == 0:
            outflow = outflow + max(level - (parameter[derived_layer_row(DL.capacity, 0), i] - ice), 0.0)
        inflow = outflow - max(least(parameter[derived_layer_row(DL.residual, k), i], ice, k) - level, 0.0)


def lift_adjoint(parameter, new_state, flux, d_new_state, d_flux, d_parameter, i):
    """Reverse of the excess that goes up, which is found once more."""
    excess = 0.0
    for up in range(options.layers):
        k = options.layers - 1 - up
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        room = parameter[derived_layer_row(DL.capacity, k), i] - ice
        liquid = flux[level_row(k), i]
        if options.compat and k == 0:
            liquid = min(liquid, room)
        liquid = max(liquid, least(parameter[derived_layer_row(DL.residual, k), i], ice, k)) + excess
        excess = max(liquid - room, 0.0)
        flux[excess_row(k), i] = excess
    d_excess = d_flux[X.surface_runoff, i]
    for k in range(options.layers):
        # liquid' = liquid - excess';  excess' = max(liquid + excess - room, 0)
        is_over = flux[excess_row(k), i] > 0.0
        d_liquid = d_flux[liquid_row(k), i]
        d_room = d_liquid - d_excess if is_over else 0.0
        d_parameter[derived_layer_row(DL.capacity, k), i] += d_room
        if options.frozen:
            d_new_state[ice_row(k), i] -= d_room
        d_excess = d_excess if is_over else d_liquid
        d_flux[liquid_row(k), i] = d_excess


def settle_adjoint(parameter, new_state, flux, d_new_state, d_flux, d_parameter, i):
    """Reverse of the layers' balances, the lowest first: rows level get the gradient of what flows out."""
    d_down = d_flux[lowest_row(), i]
    for up in range(options.layers):
        k = options.layers - 1 - up
        ice = new_state[ice_row(k), i] if options.frozen else 0.0
        residual = parameter[derived_layer_row(DL.residual, k), i]
        level = flux[level_row(k), i]
        d_liquid = d_flux[liquid_row(k), i]
        # liquid = level + short;  inflow below = outflow - short;  short = max(least - level, 0)
        limit = least(residual, ice, k)
        # at the limit the lowest layer gives all it gets: above it, baseflow may be steeper than what there is
        is_short = limit >= level if k == options.layers - 1 else limit > level
        d_least = d_liquid - d_down if is_short else 0.0
        d_liquid = d_down if is_short else d_liquid
        is_free = options.compat and k == options.layers - 1
        d_least = d_least if is_free or residual - ice >= 0.0 else 0.0
        d_parameter[derived_layer_row(DL.residual, k), i] += d_least
        d_ice = -d_least
        if options.compat and k == 0:
            # liquid = level - excess;  outflow = outflow + excess;  excess = max(level - (capacity - ice), 0)
            is_over = level > parameter[derived_layer_row(DL.capacity, 0), i] - ice
            d_room = d_liquid - d_down if is_over else 0.0
            d_liquid = d_down if is_over else d_liquid
            d_parameter[derived_layer_row(DL.capacity, 0), i] += d_room
            d_ice = d_ice - d_room
        if options.frozen:
            d_new_state[ice_row(k), i] += d_ice
        # level = liquid + inflow - outflow - loss
        d_flux[liquid_row(k), i] = d_liquid
        d_flux[loss_row(k), i] -= d_liquid
        d_flux[level_row(k), i] = d_down - d_liquid
        d_down = d_liquid
    d_flux[infiltrated_row(), i] += d_down
