"""Thermal properties of the upper soil during a step, for the quick flux (vic.md, 4.4 and 5.1)."""

from collections import namedtuple

from .derived import DL, D
from .parameters import L, P
from .rows import derived_layer_row, derived_row, ice_row, layer_row
from .thermal import (
    conductivity,
    conductivity_adjoint,
    conductivity_with_ice,
    conductivity_with_ice_adjoint,
    heat_capacity,
    heat_capacity_adjoint,
)

# depth: of the first layer, m; conductivities and capacities of layers 1 and 2; deep: temperature at the damping depth
Soil = namedtuple("Soil", "depth damping_depth damped deep conductivity_1 conductivity_2 capacity_1 capacity_2")
MILLIMETRES = 1000.0


def add_soil(a, b):
    """Quantity by quantity."""
    return Soil(
        a.depth + b.depth, a.damping_depth + b.damping_depth, a.damped + b.damped, a.deep + b.deep,
        a.conductivity_1 + b.conductivity_1, a.conductivity_2 + b.conductivity_2, a.capacity_1 + b.capacity_1,
        a.capacity_2 + b.capacity_2,
    )  # fmt: skip


def soil_of(state, parameter, moisture_row, i):
    """The upper soil of cell i from the moisture of the rows moisture_row and the next."""
    conductivity_1, capacity_1 = layer(state, parameter, moisture_row, 0, i)
    conductivity_2, capacity_2 = layer(state, parameter, moisture_row, 1, i)
    return Soil(
        parameter[layer_row(L.depth, 0), i], parameter[P.dp, i], parameter[derived_row(D.damped), i],
        parameter[P.avg_T, i], conductivity_1, conductivity_2, capacity_1, capacity_2,
    )  # fmt: skip


def add_soil_adjoint(state, parameter, moisture_row, i, d_soil, d_state, d_parameter):
    """Reverse of soil_of."""
    d_parameter[layer_row(L.depth, 0), i] += d_soil.depth
    d_parameter[P.dp, i] += d_soil.damping_depth
    d_parameter[derived_row(D.damped), i] += d_soil.damped
    d_parameter[P.avg_T, i] += d_soil.deep
    add_layer_adjoint(
        state, parameter, moisture_row, 0, i, d_soil.conductivity_1, d_soil.capacity_1, d_state, d_parameter
    )
    add_layer_adjoint(
        state, parameter, moisture_row, 1, i, d_soil.conductivity_2, d_soil.capacity_2, d_state, d_parameter
    )


def layer(state, parameter, moisture_row, k, i):
    """Heat conductivity (W m-1 K-1) and capacity (J m-3 K-1) of layer k without ice."""
    water = state[moisture_row + k, i] / (MILLIMETRES * parameter[layer_row(L.depth, k), i])
    pores = parameter[derived_layer_row(DL.porosity, k), i]
    return conductivity(
        water / pores, parameter[derived_layer_row(DL.conductivity_dry, k), i],
        parameter[derived_layer_row(DL.conductivity_saturated, k), i],
    ), heat_capacity(water, 0.0 * water, pores)  # fmt: skip


def add_layer_adjoint(state, parameter, moisture_row, k, i, d_conductivity, d_capacity, d_state, d_parameter):
    """Reverse of layer."""
    scale = 1.0 / (MILLIMETRES * parameter[layer_row(L.depth, k), i])
    water = state[moisture_row + k, i] * scale
    pores = parameter[derived_layer_row(DL.porosity, k), i]
    d_saturation, d_dry, d_saturated = conductivity_adjoint(
        water / pores, parameter[derived_layer_row(DL.conductivity_dry, k), i],
        parameter[derived_layer_row(DL.conductivity_saturated, k), i], d_conductivity,
    )  # fmt: skip
    d_water, _, d_pores = heat_capacity_adjoint(d_capacity)
    d_water = d_water + d_saturation / pores
    d_state[moisture_row + k, i] += d_water * scale
    d_parameter[layer_row(L.depth, k), i] -= d_water * water * scale * MILLIMETRES
    d_parameter[derived_layer_row(DL.porosity, k), i] += d_pores - d_saturation * water / (pores * pores)
    d_parameter[derived_layer_row(DL.conductivity_dry, k), i] += d_dry
    d_parameter[derived_layer_row(DL.conductivity_saturated, k), i] += d_saturated


def layer_frozen(state, parameter, moisture_row, k, i):
    """As layer, with the ice of the state."""
    scale = 1.0 / (MILLIMETRES * parameter[layer_row(L.depth, k), i])
    water, ice = state[moisture_row + k, i] * scale, state[ice_row(k), i] * scale
    pores = parameter[derived_layer_row(DL.porosity, k), i]
    return conductivity_with_ice(
        water / pores, water - ice, ice, pores, parameter[derived_layer_row(DL.conductivity_dry, k), i],
        parameter[derived_layer_row(DL.conductivity_solids, k), i],
    ), heat_capacity(water - ice, ice, pores)  # fmt: skip


def add_layer_adjoint_frozen(state, parameter, moisture_row, k, i, d_conductivity, d_capacity, d_state, d_parameter):
    """Reverse of layer_frozen."""
    scale = 1.0 / (MILLIMETRES * parameter[layer_row(L.depth, k), i])
    water, ice = state[moisture_row + k, i] * scale, state[ice_row(k), i] * scale
    pores = parameter[derived_layer_row(DL.porosity, k), i]
    d_saturation, d_liquid, d_ice, d_pores, d_dry, d_solids = conductivity_with_ice_adjoint(
        water / pores, water - ice, ice, pores, parameter[derived_layer_row(DL.conductivity_dry, k), i],
        parameter[derived_layer_row(DL.conductivity_solids, k), i], d_conductivity,
    )  # fmt: skip
    d_wet, d_solid, d_size = heat_capacity_adjoint(d_capacity)
    d_liquid = d_liquid + d_wet
    d_water = d_liquid + d_saturation / pores
    d_frozen = d_ice + d_solid - d_liquid
    d_state[moisture_row + k, i] += d_water * scale
    d_state[ice_row(k), i] += d_frozen * scale
    d_parameter[layer_row(L.depth, k), i] -= (d_water * water + d_frozen * ice) * scale * MILLIMETRES
    d_parameter[derived_layer_row(DL.porosity, k), i] += d_pores + d_size - d_saturation * water / (pores * pores)
    d_parameter[derived_layer_row(DL.conductivity_dry, k), i] += d_dry
    d_parameter[derived_layer_row(DL.conductivity_solids, k), i] += d_solids
