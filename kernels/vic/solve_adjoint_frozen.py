"""Reverse of solve_frozen.py: surface and soil by the implicit function theorem."""

from .heat_adjoint import heat_adjoint, heat_tangent, node_seed
from .heat_flux import Upper
from .node_properties import node_properties_adjoint
from .options import options
from .rows import node_row
from .soil_heat_line import Soil
from .soil_ice import soil_ice_adjoint
from .surface_bundles import with_residual
from .understorey import understorey
from .understorey_adjoint import understorey_adjoint

FLATTEST = -0.05  # W m-2 K-1; where the balance does not fall at its root, the temperature is held
UNBALANCED = 0.1  # W m-2; what is left where the balance of thin snow jumps over 0: at 0 degC, which is held too


def solve_adjoint(
    tile, scene, soil, air, dt, parameter, new_state, flux, i, solved, d_solved, d_new_state, d_flux, d_parameter
):  # fmt: skip
    """As solve_adjoint.solve_adjoint; the nodes' and the ice's rows of d_new_state become those before the sub-step."""
    surface = solved.surface
    upper = Upper(soil.conductivity_1, soil.conductivity_2, soil.capacity_1, scene.soil_factor, dt)
    soil_ice_adjoint(new_state, new_state, parameter, d_flux, d_new_state, d_new_state, d_new_state, d_parameter, i)
    heat = heat_tangent(parameter, new_state, flux, i, surface, upper)
    through_nodes = node_seed(flux, d_new_state, i)
    warming = heat.ground + heat.storage + heat.fusion
    slope = heat.ground_slope + heat.storage_slope + heat.fusion_slope
    found = solved.failed == 0.0
    balance, steepness = understorey(surface, scene.under, warming, slope, dt, flux, i)
    held = is_held(scene.under.thin, balance.residual, steepness)
    seed = 0.0 * surface
    for turn in range(2):
        d_total, d_warming, d_under = understorey_adjoint(
            surface, scene.under, warming, dt, flux, i, with_residual(d_solved.balance, seed), d_flux
        )
        d_ground, d_storage = d_solved.ground + d_warming, d_solved.storage + d_warming
        d_fusion = d_solved.fusion + d_warming
        d_surface = d_solved.surface + d_total + through_nodes + d_ground * heat.ground_slope
        d_surface = d_surface + d_storage * heat.storage_slope + d_fusion * heat.fusion_slope
        if not found:
            break
        if turn == 0:
            seed = 0.0 * d_surface if held else -d_surface / steepness
    _, d_upper = heat_adjoint(
        parameter, new_state, flux, d_new_state, d_flux, d_parameter, i, surface, upper, d_ground, d_storage, d_fusion
    )
    for n in range(options.nodes):
        d_new_state[node_row(n), i] = 0.0
    node_properties_adjoint(new_state, parameter, flux, d_flux, d_new_state, d_new_state, d_parameter, i)
    d_new_state[node_row(0), i] += 0.0 if found else d_surface
    zero = 0.0 * d_surface
    d_soil = Soil(
        zero, zero, zero, zero, d_upper.conductivity_1, d_upper.conductivity_2, d_upper.capacity, zero
    )  # fmt: skip
    return zero, zero, d_under, d_soil, d_upper.factor, zero


def is_held(thin, residual, steepness):
    """Whether the temperature that was found has no slope: the balance does not fall there, or thin snow's jumps."""
    return steepness >= FLATTEST or (thin > 0.0 and (residual > UNBALANCED or residual < -UNBALANCED))
