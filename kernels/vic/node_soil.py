"""What each thermal node takes from the soil layers (VIC 5.1; vic.md, 7, "node properties").

A pointer walks down the layers with the nodes. With VIC's quirks (options.compat) it moves after a node has taken its
properties and by one layer at most, so the first node below an interface still has the upper layer's; without them it
moves before, so each node has those of the layer in which it lies. A node exactly at an interface takes the means of
both layers. Below the soil a node has the last layer's solids and is full of water.
"""

from collections import namedtuple

from .derived import DL
from .options import options
from .parameters import L
from .rows import derived_layer_row, layer_row, moisture_row
from .thermal import conductivity_with_ice, conductivity_with_ice_adjoint, heat_capacity, heat_capacity_adjoint
from .unfrozen import freezing_point, freezing_point_adjoint, freezing_power, freezing_power_adjoint

# moisture and porosity: shares of the volume; power, point: of the unfrozen water; dry, solids: of the conductivity;
# conductivity (W m-1 K-1) and capacity (J m-3 K-1): without ice
NodeSoil = namedtuple("NodeSoil", "moisture porosity power point dry solids conductivity capacity")

FAR = 1e30
TO_MM = 1000.0


def first_layer(parameter, depth, layer, bottom, i):
    """The pointer and the bottom of its layer before a node at `depth` takes its properties."""
    if not options.compat:
        for _ in range(options.layers):
            if depth > bottom:
                layer += 1
                bottom = bottom + parameter[layer_row(L.depth, layer), i] if layer < options.layers else FAR
    return layer, bottom


def next_layer(parameter, depth, layer, bottom, i):
    """The pointer and the bottom of its layer after a node at `depth` has taken its properties."""
    if options.compat and depth > bottom:
        layer += 1
        bottom = bottom + parameter[layer_row(L.depth, layer), i] if layer < options.layers else FAR
    return layer, bottom


def other_layer(depth, layer, bottom):
    """The layer below where a node lies exactly at the interface, otherwise the layer itself."""
    return layer + 1 if depth == bottom and layer + 1 < options.layers else layer


def layer_moisture(state, parameter, k, i):
    """Moisture of a layer as a share of its volume, at most its porosity."""
    share = state[moisture_row(k), i] / (TO_MM * parameter[layer_row(L.depth, k), i])
    return min(share, parameter[derived_layer_row(DL.porosity, k), i])


def layer_moisture_adjoint(state, parameter, k, i, d_moisture, d_state, d_parameter):
    """Reverse of layer_moisture, added to the gradients; full soil takes the slope of the drier side."""
    depth = parameter[layer_row(L.depth, k), i]
    share = state[moisture_row(k), i] / (TO_MM * depth)
    if share <= parameter[derived_layer_row(DL.porosity, k), i]:
        d_state[moisture_row(k), i] += d_moisture / (TO_MM * depth)
        d_parameter[layer_row(L.depth, k), i] -= d_moisture * share / depth
    else:
        d_parameter[derived_layer_row(DL.porosity, k), i] += d_moisture


def node_soil(state, parameter, layer, other, i):
    """Properties of a node in `layer`, or between it and `other`; layer = number of layers: below the soil."""
    within = layer if layer < options.layers else options.layers - 1
    second = other if layer < options.layers else within
    n = 0.5 * (parameter[layer_row(L.expt, within), i] + parameter[layer_row(L.expt, second), i])
    bubble = 0.5 * (parameter[layer_row(L.bubble, within), i] + parameter[layer_row(L.bubble, second), i])
    upper = parameter[derived_layer_row(DL.porosity, within), i]
    porosity = 0.5 * (upper + parameter[derived_layer_row(DL.porosity, second), i])
    moisture = porosity
    if layer < options.layers:
        moisture = layer_moisture(state, parameter, within, i)
        if second != within:
            moisture = 0.5 * (moisture + layer_moisture(state, parameter, second, i))
    dry = parameter[derived_layer_row(DL.conductivity_dry, within), i]
    solids = parameter[derived_layer_row(DL.conductivity_solids, within), i]
    power = freezing_power(n)
    return NodeSoil(
        moisture,
        porosity,
        power,
        freezing_point(moisture, porosity, bubble, power),
        dry,
        solids,
        conductivity_with_ice(moisture / porosity, moisture, 0.0, porosity, dry, solids),
        heat_capacity(moisture, 0.0, porosity),
    )


def node_soil_adjoint(state, parameter, layer, other, i, d, d_state, d_parameter):
    """Reverse of node_soil, added to the gradients; d: NodeSoil of the gradients of what node_soil returned."""
    within = layer if layer < options.layers else options.layers - 1
    second = other if layer < options.layers else within
    n = 0.5 * (parameter[layer_row(L.expt, within), i] + parameter[layer_row(L.expt, second), i])
    bubble = 0.5 * (parameter[layer_row(L.bubble, within), i] + parameter[layer_row(L.bubble, second), i])
    upper = parameter[derived_layer_row(DL.porosity, within), i]
    porosity = 0.5 * (upper + parameter[derived_layer_row(DL.porosity, second), i])
    moisture = porosity
    if layer < options.layers:
        moisture = layer_moisture(state, parameter, within, i)
        if second != within:
            moisture = 0.5 * (moisture + layer_moisture(state, parameter, second, i))
    dry = parameter[derived_layer_row(DL.conductivity_dry, within), i]
    solids = parameter[derived_layer_row(DL.conductivity_solids, within), i]
    power = freezing_power(n)
    saturation = moisture / porosity
    by_k = conductivity_with_ice_adjoint(saturation, moisture, 0.0, porosity, dry, solids, d.conductivity)
    by_c = heat_capacity_adjoint(d.capacity)
    by_point = freezing_point_adjoint(moisture, porosity, bubble, power, d.point)
    d_moisture = d.moisture + by_k[0] / porosity + by_k[1] + by_c[0] + by_point[0]
    d_porosity = d.porosity - by_k[0] * saturation / porosity + by_k[3] + by_c[2] + by_point[1]
    d_n = 0.5 * freezing_power_adjoint(n, d.power + by_point[3])
    d_parameter[layer_row(L.expt, within), i] += d_n
    d_parameter[layer_row(L.expt, second), i] += d_n
    d_parameter[layer_row(L.bubble, within), i] += 0.5 * by_point[2]
    d_parameter[layer_row(L.bubble, second), i] += 0.5 * by_point[2]
    d_parameter[derived_layer_row(DL.conductivity_dry, within), i] += d.dry + by_k[4]
    d_parameter[derived_layer_row(DL.conductivity_solids, within), i] += d.solids + by_k[5]
    if layer < options.layers:
        share = 0.5 * d_moisture if second != within else d_moisture
        layer_moisture_adjoint(state, parameter, within, i, share, d_state, d_parameter)
        if second != within:
            layer_moisture_adjoint(state, parameter, second, i, share, d_state, d_parameter)
    else:
        d_porosity += d_moisture
    d_parameter[derived_layer_row(DL.porosity, within), i] += 0.5 * d_porosity
    d_parameter[derived_layer_row(DL.porosity, second), i] += 0.5 * d_porosity
