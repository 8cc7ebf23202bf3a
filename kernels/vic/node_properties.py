"""Properties of the thermal nodes at the start of a sub-step: the "old" values of its heat solution (vic.md, 7)."""

from .node_rows import (
    CAPACITY,
    CONDUCTIVITY,
    DRY,
    ICE,
    MOISTURE,
    OLD,
    POINT,
    POROSITY,
    POWER,
    SOLIDS,
    node,
)
from .node_soil import NodeSoil, first_layer, next_layer, node_soil, node_soil_adjoint, other_layer
from .options import options
from .parameters import L
from .rows import derived_node_row, layer_row, node_row
from .thermal import conductivity_with_ice, conductivity_with_ice_adjoint, heat_capacity, heat_capacity_adjoint
from .unfrozen import ice_at, ice_at_adjoint


def node_properties(temperature, state, parameter, flux, i):
    """Write moisture, ice, conductivity and capacity of all nodes into their scratch rows.

    temperature: states that hold the nodes' temperatures at the start of the sub-step; state: those that hold the
    layers' moisture (mm) at the start of the step. In VIC they are computed at the end of the step before, with the
    moisture after runoff: the same values.
    """
    layer = 0
    known = -1
    bottom = parameter[layer_row(L.depth, 0), i]
    soil = NodeSoil(0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0)
    for n in range(options.nodes):
        depth = parameter[derived_node_row(n), i]
        layer, bottom = first_layer(parameter, depth, layer, bottom, i)
        other = other_layer(depth, layer, bottom)
        if layer + other != known:
            soil = node_soil(state, parameter, layer, other, i)
            known = layer + other
        now = temperature[node_row(n), i]
        ice = 0.0
        conductivity = soil.conductivity
        capacity = soil.capacity
        if now < soil.point:
            ice = ice_at(now, soil.moisture, soil.point, soil.power)
            liquid = soil.moisture - ice
            saturation = soil.moisture / soil.porosity
            conductivity = conductivity_with_ice(saturation, liquid, ice, soil.porosity, soil.dry, soil.solids)
            capacity = heat_capacity(liquid, ice, soil.porosity)
        flux[node(OLD, n), i] = now
        flux[node(MOISTURE, n), i] = soil.moisture
        flux[node(POROSITY, n), i] = soil.porosity
        flux[node(POWER, n), i] = soil.power
        flux[node(POINT, n), i] = soil.point
        flux[node(DRY, n), i] = soil.dry
        flux[node(SOLIDS, n), i] = soil.solids
        flux[node(ICE, n), i] = ice
        flux[node(CONDUCTIVITY, n), i] = conductivity
        flux[node(CAPACITY, n), i] = capacity
        layer, bottom = next_layer(parameter, depth, layer, bottom, i)


def node_properties_adjoint(state, parameter, flux, d_flux, d_temperature, d_state, d_parameter, i):
    """Reverse of node_properties, whose rows stand in flux and their gradients in d_flux; added to the gradients."""
    layer = 0
    bottom = parameter[layer_row(L.depth, 0), i]
    for n in range(options.nodes):
        depth = parameter[derived_node_row(n), i]
        layer, bottom = first_layer(parameter, depth, layer, bottom, i)
        d_now, d_soil = node_ice_adjoint(flux, d_flux, n, i)
        d_temperature[node_row(n), i] += d_flux[node(OLD, n), i] + d_now
        node_soil_adjoint(state, parameter, layer, other_layer(depth, layer, bottom), i, d_soil, d_state, d_parameter)
        layer, bottom = next_layer(parameter, depth, layer, bottom, i)


def node_ice_adjoint(flux, d_flux, n, i):
    """Reverse of a node's ice, conductivity and capacity: gradients of its temperature and of its NodeSoil."""
    now = flux[node(OLD, n), i]
    moisture = flux[node(MOISTURE, n), i]
    porosity = flux[node(POROSITY, n), i]
    power = flux[node(POWER, n), i]
    point = flux[node(POINT, n), i]
    dry = flux[node(DRY, n), i]
    solids = flux[node(SOLIDS, n), i]
    d_ice = d_flux[node(ICE, n), i]
    d_k = d_flux[node(CONDUCTIVITY, n), i]
    d_c = d_flux[node(CAPACITY, n), i]
    d_moisture = d_flux[node(MOISTURE, n), i]
    d_porosity = d_flux[node(POROSITY, n), i]
    d_power = d_flux[node(POWER, n), i]
    d_point = d_flux[node(POINT, n), i]
    d_dry = d_flux[node(DRY, n), i]
    d_solids = d_flux[node(SOLIDS, n), i]
    d_now = 0.0
    if now < point:
        ice = flux[node(ICE, n), i]
        saturation = moisture / porosity
        by_k = conductivity_with_ice_adjoint(saturation, moisture - ice, ice, porosity, dry, solids, d_k)
        by_c = heat_capacity_adjoint(d_c)
        # liquid = moisture - ice
        d_liquid = by_k[1] + by_c[0]
        by_ice = ice_at_adjoint(now, moisture, point, power, d_ice + by_k[2] + by_c[1] - d_liquid)
        d_now = by_ice[0]
        d_moisture += d_liquid + by_ice[1] + by_k[0] / porosity
        d_porosity += by_k[3] + by_c[2] - by_k[0] * saturation / porosity
        d_point += by_ice[2]
        d_power += by_ice[3]
        d_dry += by_k[4]
        d_solids += by_k[5]
        d_k = 0.0
        d_c = 0.0
    return d_now, NodeSoil(d_moisture, d_porosity, d_power, d_point, d_dry, d_solids, d_k, d_c)
