"""What the soil gives to the surface: heat flux, storage and fusion of the first layer (VIC 5.1; vic.md, 7).

Over the first layer, of depth D1, the profile is that of the nodes with a linear piece from the last node above D1
to D1, whose end is the point on the line to the next node:

    G = factor/2 (k1 + k2) (T+ - T-)/(z+ - z-)                  between the nodes around D1
    dH = Cs1/(2 dt) sum dz [(sum of old ends) - (sum of new ends)]
    fusion = -rho_i Lf/dt sum dz [ice(old mean T) - ice(new mean T)]

With VIC's quirks (options.compat) the old temperature of the surface counts as the new one in dH and fusion; without,
the layer stores what its surface gains. Ice follows from the moisture, porosity and unfrozen water of the first node,
which lies in the first layer. Fluxes in W m-2, positive towards the surface; each has its slope with the surface
temperature, the soil's answer included.
"""

from collections import namedtuple

from .heat import LATENT
from .node_rows import FACTOR, MOISTURE, OLD, POINT, POWER, TEMPERATURE, node
from .options import options
from .parameters import L
from .rows import derived_node_row, layer_row, node_row
from .unfrozen import ice_at, ice_at_adjoint, ice_slope

# Layer quantities during the step: conductivities of layers 1 and 2, W m-1 K-1, capacity of layer 1, J m-3 K-1;
# factor: share of the ground heat that reaches the surface; dt: length of the sub-step, s
Upper = namedtuple("Upper", "conductivity_1 conductivity_2 capacity factor dt")
# size: of the last correction of the nodes' temperatures, K; fallback: 1 = their properties are the old ones (explicit)
SoilHeat = namedtuple("SoilHeat", "ground ground_slope storage storage_slope fusion fusion_slope size fallback")


def heat_flux(parameter, temperature, flux, i, surface, upper, size, fallback):
    """SoilHeat of the nodes' temperatures (states `temperature`), their slopes (block FACTOR) and the old ones."""
    depth = parameter[layer_row(L.depth, 0), i]
    moisture = flux[node(MOISTURE, 0), i]
    point = flux[node(POINT, 0), i]
    power = flux[node(POWER, 0), i]
    gradient = 0.0
    gradient_slope = 0.0
    stored = 0.0
    stored_slope = 0.0
    frozen = 0.0
    frozen_slope = 0.0
    for n in range(options.nodes - 1):
        top = parameter[derived_node_row(n), i]
        if top < depth:
            thick = parameter[derived_node_row(n + 1), i] - top
            share = min((depth - top) / thick, 1.0)
            now = temperature[node_row(n), i]
            slope = flux[node(FACTOR, n), i]
            step = temperature[node_row(n + 1), i] - now
            step_slope = flux[node(FACTOR, n + 1), i] - slope
            old = flux[node(OLD, n), i]
            old_step = flux[node(OLD, n + 1), i] - old
            ends = 2.0 * now + share * step
            ends_slope = 2.0 * slope + share * step_slope
            old_ends = 2.0 * old + share * old_step
            old_ends_slope = 0.0
            if options.compat and n == 0:
                old_ends += surface - old
                old_ends_slope = 1.0
            part = thick * share
            gradient = step / thick
            gradient_slope = step_slope / thick
            stored += part * (old_ends - ends)
            stored_slope += part * (old_ends_slope - ends_slope)
            mean = 0.5 * ends
            old_mean = 0.5 * old_ends
            if mean < point:
                frozen += part * ice_at(mean, moisture, point, power)
                frozen_slope += part * ice_slope(mean, moisture, point, power) * 0.5 * ends_slope
            if old_mean < point:
                frozen -= part * ice_at(old_mean, moisture, point, power)
                frozen_slope -= part * ice_slope(old_mean, moisture, point, power) * 0.5 * old_ends_slope
    leading = 0.5 * upper.factor * (upper.conductivity_1 + upper.conductivity_2)
    storing = 0.5 * upper.capacity / upper.dt
    freezing = LATENT / upper.dt
    return SoilHeat(
        leading * gradient,
        leading * gradient_slope,
        storing * stored,
        storing * stored_slope,
        freezing * frozen,
        freezing * frozen_slope,
        size,
        fallback,
    )


def heat_flux_adjoint(
    parameter, temperature, flux, i, surface, upper, d_ground, d_storage, d_fusion, d_flux, d_parameter
):
    """Reverse of heat_flux: gradients of the surface and of Upper's fields but dt.

    Those of the nodes' temperatures, before they are handed on, are added to block TEMPERATURE of d_flux; old ones and
    properties to their blocks.
    """
    depth = parameter[layer_row(L.depth, 0), i]
    moisture = flux[node(MOISTURE, 0), i]
    point = flux[node(POINT, 0), i]
    power = flux[node(POWER, 0), i]
    conductivities = upper.conductivity_1 + upper.conductivity_2
    d_gradient = 0.5 * d_ground * upper.factor * conductivities
    d_stored = 0.5 * d_storage * upper.capacity / upper.dt
    d_frozen = d_fusion * LATENT / upper.dt
    gradient = 0.0
    stored = 0.0
    d_surface = 0.0
    d_depth = 0.0
    for n in range(options.nodes - 1):
        top = parameter[derived_node_row(n), i]
        if top < depth:
            thick = parameter[derived_node_row(n + 1), i] - top
            reached = (depth - top) / thick
            share = min(reached, 1.0)
            now = temperature[node_row(n), i]
            step = temperature[node_row(n + 1), i] - now
            old = flux[node(OLD, n), i]
            old_step = flux[node(OLD, n + 1), i] - old
            ends = 2.0 * now + share * step
            old_ends = 2.0 * old + share * old_step
            quirk = options.compat and n == 0
            if quirk:
                old_ends += surface - old
            part = thick * share
            gradient = step / thick
            stored += part * (old_ends - ends)
            # the gradient is that of the last interval that begins above D1
            final = n + 2 == options.nodes or parameter[derived_node_row(n + 1), i] >= depth
            d_step = d_gradient / thick if final else 0.0
            d_thick = -d_step * gradient
            new_ice = ice_at(0.5 * ends, moisture, point, power)
            old_ice = ice_at(0.5 * old_ends, moisture, point, power)
            by_new = ice_at_adjoint(0.5 * ends, moisture, point, power, d_frozen * part)
            by_old = ice_at_adjoint(0.5 * old_ends, moisture, point, power, -d_frozen * part)
            d_part = d_stored * (old_ends - ends) + d_frozen * (new_ice - old_ice)
            d_ends = -d_stored * part + 0.5 * by_new[0]
            d_old_ends = d_stored * part + 0.5 * by_old[0]
            d_step += d_ends * share
            d_share = d_ends * step + d_old_ends * old_step + d_part * thick
            d_thick += d_part * share
            # share = min((depth - top)/thick, 1)
            d_reached = d_share if reached < 1.0 else 0.0
            d_depth += d_reached / thick
            d_thick -= d_reached * reached / thick
            d_parameter[derived_node_row(n), i] -= d_reached / thick + d_thick
            d_parameter[derived_node_row(n + 1), i] += d_thick
            d_surface += d_old_ends if quirk else 0.0
            d_flux[node(OLD, n), i] += d_old_ends * ((1.0 if quirk else 2.0) - share)
            d_flux[node(OLD, n + 1), i] += d_old_ends * share
            d_flux[node(TEMPERATURE, n), i] += 2.0 * d_ends - d_step
            d_flux[node(TEMPERATURE, n + 1), i] += d_step
            d_flux[node(MOISTURE, 0), i] += by_new[1] + by_old[1]
            d_flux[node(POINT, 0), i] += by_new[2] + by_old[2]
            d_flux[node(POWER, 0), i] += by_new[3] + by_old[3]
    d_parameter[layer_row(L.depth, 0), i] += d_depth
    d_leading = 0.5 * d_ground * gradient
    d_conductivity = d_leading * upper.factor
    return (
        d_surface,
        d_conductivity,
        d_conductivity,
        0.5 * d_storage * stored / upper.dt,
        d_leading * conductivities,
    )
