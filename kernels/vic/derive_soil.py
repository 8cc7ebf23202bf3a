"""Derived parameters of the soil layers: moistures in mm, parts of the heat conductivity, shares of temperatures.

Parameters that do not fit each other are limited: Wpwp to Wcr, Wr to MOST_RESIDUAL of the capacity; the slope is that
of what is taken.
"""

from .derived import DL, D
from .node_depths import node_depth, node_depth_adjoint, node_spacing, node_spacing_adjoint
from .options import options
from .parameters import L, P
from .quick_flux import damping, damping_adjoint, layer_share, layer_share_adjoint
from .rows import derived_layer_row, derived_node_row, derived_row, layer_row
from .thermal import (
    dry_conductivity,
    dry_conductivity_adjoint,
    porosity,
    porosity_adjoint,
    saturated_conductivity,
    saturated_conductivity_adjoint,
    solids_conductivity,
    solids_conductivity_adjoint,
)

MILLIMETRES = 1000.0
MOST_RESIDUAL = 0.9


def derive_soil(parameter, i):
    """Write the rows of cell i."""
    first, damping_depth = parameter[layer_row(L.depth, 0), i], parameter[P.dp, i]
    parameter[derived_row(D.damped), i] = damping(first, damping_depth)
    top = 0.0
    for k in range(options.layers):
        depth, bulk = parameter[layer_row(L.depth, k), i], parameter[layer_row(L.bulk_density, k), i]
        particles = parameter[layer_row(L.soil_density, k), i]
        pores = porosity(bulk, particles)
        capacity = MILLIMETRES * depth * pores
        critical = parameter[layer_row(L.Wcr_FRACT, k), i] * capacity
        wilting = min(parameter[layer_row(L.Wpwp_FRACT, k), i] * capacity, critical)
        residual = min(MILLIMETRES * depth * parameter[layer_row(L.resid_moist, k), i], MOST_RESIDUAL * capacity)
        solids = solids_conductivity(parameter[layer_row(L.quartz, k), i], pores)
        parameter[derived_layer_row(DL.capacity, k), i] = capacity
        parameter[derived_layer_row(DL.critical, k), i] = critical
        parameter[derived_layer_row(DL.wilting, k), i] = wilting
        parameter[derived_layer_row(DL.residual, k), i] = residual
        parameter[derived_layer_row(DL.porosity, k), i] = pores
        parameter[derived_layer_row(DL.conductivity_dry, k), i] = dry_conductivity(bulk, particles)
        parameter[derived_layer_row(DL.conductivity_solids, k), i] = solids
        parameter[derived_layer_row(DL.conductivity_saturated, k), i] = saturated_conductivity(solids, pores)
        parameter[derived_layer_row(DL.temperature_share, k), i] = (
            layer_share(top, depth, first, damping_depth) if k > 0 else 0.0
        )
        top = top + depth


def derive_soil_adjoint(parameter, d_parameter, i):
    """Reverse of derive_soil: hands the gradients of its rows to the parameters' and leaves them zero."""
    first, damping_depth = parameter[layer_row(L.depth, 0), i], parameter[P.dp, i]
    d_first, d_damping = damping_adjoint(first, damping_depth, d_parameter[derived_row(D.damped), i])
    d_parameter[derived_row(D.damped), i] = 0.0
    top = 0.0
    for k in range(options.layers):
        depth = parameter[layer_row(L.depth, k), i]
        d_top, d_depth, d_reach, d_wave = layer_share_adjoint(
            top, depth, first, damping_depth,
            d_parameter[derived_layer_row(DL.temperature_share, k), i] if k > 0 else 0.0,
        )  # fmt: skip
        d_parameter[derived_layer_row(DL.temperature_share, k), i] = 0.0
        d_parameter[layer_row(L.depth, k), i] += d_depth
        for above in range(options.layers):
            d_parameter[layer_row(L.depth, above), i] += d_top if above < k else 0.0
        d_first, d_damping = d_first + d_reach, d_damping + d_wave
        top = top + depth
    d_parameter[layer_row(L.depth, 0), i] += d_first
    d_parameter[P.dp, i] += d_damping
    for k in range(options.layers):
        derive_layer_adjoint(parameter, d_parameter, k, i)


def derive_layer_adjoint(parameter, d_parameter, k, i):
    """Reverse of what derive_soil writes for one layer, but for its temperature."""
    depth, bulk = parameter[layer_row(L.depth, k), i], parameter[layer_row(L.bulk_density, k), i]
    particles, quartz = parameter[layer_row(L.soil_density, k), i], parameter[layer_row(L.quartz, k), i]
    critical_share, wilting_share = parameter[layer_row(L.Wcr_FRACT, k), i], parameter[layer_row(L.Wpwp_FRACT, k), i]
    residual_share = parameter[layer_row(L.resid_moist, k), i]
    pores = porosity(bulk, particles)
    capacity = MILLIMETRES * depth * pores
    d_solids, d_pores = saturated_conductivity_adjoint(
        solids_conductivity(quartz, pores), pores, d_parameter[derived_layer_row(DL.conductivity_saturated, k), i]
    )
    d_solids = d_solids + d_parameter[derived_layer_row(DL.conductivity_solids, k), i]
    d_quartz, d_share = solids_conductivity_adjoint(quartz, pores, d_solids)
    d_bulk, d_particles = dry_conductivity_adjoint(
        bulk, particles, d_parameter[derived_layer_row(DL.conductivity_dry, k), i]
    )
    d_pores = d_pores + d_share + d_parameter[derived_layer_row(DL.porosity, k), i]
    # residual = min(1000 depth resid_moist, most capacity);  wilting = min(Wpwp_FRACT capacity, critical)
    d_residual = d_parameter[derived_layer_row(DL.residual, k), i]
    free = MILLIMETRES * depth * residual_share <= MOST_RESIDUAL * capacity
    d_parameter[layer_row(L.resid_moist, k), i] += d_residual * MILLIMETRES * depth if free else 0.0
    d_depth = d_residual * MILLIMETRES * residual_share if free else 0.0
    d_capacity = d_parameter[derived_layer_row(DL.capacity, k), i] + (0.0 if free else d_residual * MOST_RESIDUAL)
    d_wilting = d_parameter[derived_layer_row(DL.wilting, k), i]
    below = wilting_share * capacity <= critical_share * capacity
    d_critical = d_parameter[derived_layer_row(DL.critical, k), i] + (0.0 if below else d_wilting)
    d_capacity = d_capacity + critical_share * d_critical + (wilting_share * d_wilting if below else 0.0)
    d_parameter[layer_row(L.Wpwp_FRACT, k), i] += d_wilting * capacity if below else 0.0
    d_parameter[layer_row(L.Wcr_FRACT, k), i] += d_critical * capacity
    # capacity = 1000 depth pores
    d_dense, d_heavy = porosity_adjoint(bulk, particles, d_pores + d_capacity * MILLIMETRES * depth)
    d_parameter[layer_row(L.depth, k), i] += d_depth + d_capacity * MILLIMETRES * pores
    d_parameter[layer_row(L.bulk_density, k), i] += d_bulk + d_dense
    d_parameter[layer_row(L.soil_density, k), i] += d_particles + d_heavy
    d_parameter[layer_row(L.quartz, k), i] += d_quartz
    d_parameter[derived_layer_row(DL.capacity, k), i] = 0.0
    d_parameter[derived_layer_row(DL.critical, k), i] = 0.0
    d_parameter[derived_layer_row(DL.wilting, k), i] = 0.0
    d_parameter[derived_layer_row(DL.residual, k), i] = 0.0
    d_parameter[derived_layer_row(DL.porosity, k), i] = 0.0
    d_parameter[derived_layer_row(DL.conductivity_dry, k), i] = 0.0
    d_parameter[derived_layer_row(DL.conductivity_solids, k), i] = 0.0
    d_parameter[derived_layer_row(DL.conductivity_saturated, k), i] = 0.0


def derive_nodes(parameter, i):
    """Write the spacing and the depths of the thermal nodes of frozen soil."""
    spacing = node_spacing(parameter[P.dp, i])
    parameter[derived_row(D.node_spacing), i] = spacing
    number = 0.0
    for n in range(options.nodes):
        parameter[derived_node_row(n), i] = node_depth(spacing, number)
        number = number + 1.0


def derive_nodes_adjoint(parameter, d_parameter, i):
    """Reverse of derive_nodes."""
    damping_depth = parameter[P.dp, i]
    spacing = node_spacing(damping_depth)
    d_spacing = d_parameter[derived_row(D.node_spacing), i]
    d_parameter[derived_row(D.node_spacing), i] = 0.0
    number = 0.0
    for n in range(options.nodes):
        d_spacing = d_spacing + node_depth_adjoint(spacing, number, d_parameter[derived_node_row(n), i])
        d_parameter[derived_node_row(n), i] = 0.0
        number = number + 1.0
    d_parameter[P.dp, i] += node_spacing_adjoint(damping_depth, d_spacing)
