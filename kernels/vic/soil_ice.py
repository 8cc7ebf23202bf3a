"""Temperature and ice of the soil layers from those of the thermal nodes (VIC 5.1; vic.md, 7, "layers").

Within a layer the profile is linear between the nodes and the two boundaries; below the deepest node it is constant.
Temperature (degC) and ice (mm) of the layer are means over it by the trapezoidal rule, the ice from that at the points.
"""

from .derived import DL
from .fluxes import XL
from .options import options
from .parameters import L
from .rows import derived_layer_row, derived_node_row, flux_layer_row, ice_row, layer_row, moisture_row, node_row
from .unfrozen import (
    freezing_point,
    freezing_point_adjoint,
    freezing_power,
    freezing_power_adjoint,
    ice_at,
    ice_at_adjoint,
)


def soil_ice(temperature, state, parameter, flux, new_state, i):
    """Write the layers' temperatures (flux) and ice (new_state) from the nodes of `temperature`.

    state: holds the moisture that the heat solution has used.
    """
    freezing = False
    for n in range(options.nodes):
        freezing = freezing or temperature[node_row(n), i] < 0.0
    top = 0.0
    for k in range(options.layers):
        depth = parameter[layer_row(L.depth, k), i]
        moisture = state[moisture_row(k), i]
        most = parameter[derived_layer_row(DL.capacity, k), i]
        power = freezing_power(parameter[layer_row(L.expt, k), i])
        point = -1.0
        if freezing:
            point = freezing_point(moisture, most, parameter[layer_row(L.bubble, k), i], power)
        warmth = 0.0
        ice = 0.0
        bottom = top + depth
        for n in range(options.nodes):
            # the interval below node n; the last one is that below the deepest node
            below = min(n + 1, options.nodes - 1)
            upper = parameter[derived_node_row(n), i]
            lower = parameter[derived_node_row(below), i] if below > n else max(bottom, upper)
            begin, end = max(upper, top), min(lower, bottom)
            if begin < end:
                now = temperature[node_row(n), i]
                gradient = (temperature[node_row(below), i] - now) / (lower - upper)
                first, second = now + (begin - upper) * gradient, now + (end - upper) * gradient
                thick = 0.5 * (end - begin)
                warmth += thick * (first + second)
                if freezing:
                    ice += thick * (ice_at(first, moisture, point, power) + ice_at(second, moisture, point, power))
        flux[flux_layer_row(XL.layer_temperature, k), i] = warmth / depth
        new_state[ice_row(k), i] = ice / depth
        top = bottom


def soil_ice_adjoint(temperature, state, parameter, d_flux, d_new_state, d_temperature, d_state, d_parameter, i):
    """Reverse of soil_ice, added to the gradients; those of the layers' temperatures and ice are left zero."""
    top = 0.0
    for k in range(options.layers):
        depth = parameter[layer_row(L.depth, k), i]
        moisture = state[moisture_row(k), i]
        most = parameter[derived_layer_row(DL.capacity, k), i]
        bubble = parameter[layer_row(L.bubble, k), i]
        power = freezing_power(parameter[layer_row(L.expt, k), i])
        point = freezing_point(moisture, most, bubble, power)
        bottom = top + depth
        d_warmth = d_flux[flux_layer_row(XL.layer_temperature, k), i] / depth
        d_ice = d_new_state[ice_row(k), i] / depth
        d_flux[flux_layer_row(XL.layer_temperature, k), i] = 0.0
        d_new_state[ice_row(k), i] = 0.0
        d_moisture = 0.0
        d_point = 0.0
        d_power = 0.0
        d_top = 0.0
        d_bottom = 0.0
        mean = 0.0
        for n in range(options.nodes):
            below = min(n + 1, options.nodes - 1)
            upper = parameter[derived_node_row(n), i]
            lower = parameter[derived_node_row(below), i] if below > n else max(bottom, upper)
            begin, end = max(upper, top), min(lower, bottom)
            if begin < end:
                now = temperature[node_row(n), i]
                apart = lower - upper
                gradient = (temperature[node_row(below), i] - now) / apart
                first, second = now + (begin - upper) * gradient, now + (end - upper) * gradient
                thick = 0.5 * (end - begin)
                value = d_warmth * (first + second) + d_ice * (
                    ice_at(first, moisture, point, power) + ice_at(second, moisture, point, power)
                )
                mean += thick * value
                by_first = ice_at_adjoint(first, moisture, point, power, d_ice * thick)
                by_second = ice_at_adjoint(second, moisture, point, power, d_ice * thick)
                d_first, d_second = d_warmth * thick + by_first[0], d_warmth * thick + by_second[0]
                d_moisture += by_first[1] + by_second[1]
                d_point += by_first[2] + by_second[2]
                d_power += by_first[3] + by_second[3]
                # gradient = (T below - T)/apart
                d_gradient = (d_first * (begin - upper) + d_second * (end - upper)) / apart
                d_temperature[node_row(n), i] += d_first + d_second - d_gradient
                d_temperature[node_row(below), i] += d_gradient
                d_begin = d_first * gradient - 0.5 * value
                d_end = d_second * gradient + 0.5 * value
                d_upper = -(d_first + d_second) * gradient + d_gradient * gradient
                d_lower = -d_gradient * gradient
                d_top += d_begin if top > upper else 0.0
                d_upper += 0.0 if top > upper else d_begin
                d_bottom += d_end if lower > bottom or below == n else 0.0
                d_lower += 0.0 if lower > bottom or below == n else d_end
                d_parameter[derived_node_row(n), i] += d_upper
                if below > n:
                    d_parameter[derived_node_row(below), i] += d_lower
        by_point = freezing_point_adjoint(moisture, most, bubble, power, d_point)
        d_expt = freezing_power_adjoint(parameter[layer_row(L.expt, k), i], d_power + by_point[3])
        d_state[moisture_row(k), i] += d_moisture + by_point[0]
        d_parameter[derived_layer_row(DL.capacity, k), i] += by_point[1]
        d_parameter[layer_row(L.bubble, k), i] += by_point[2]
        d_parameter[layer_row(L.expt, k), i] += d_expt
        # bottom = top + depth; the means are over depth
        d_parameter[layer_row(L.depth, k), i] += d_bottom - mean / depth
        for above in range(options.layers):
            d_parameter[layer_row(L.depth, above), i] += d_top + d_bottom if above < k else 0.0
        top = bottom
