"""The temperature of the surface over soil that can freeze: the search with the soil's own temperatures in it."""

from .heat_flux import Upper
from .heat_search import joint_next, surface_step
from .node_properties import node_properties
from .options import options
from .root import BRACKET, FAR, MOST, root_begin, root_next
from .soil_heat import heat_begin, heat_turn
from .soil_ice import soil_ice
from .surface_bundles import Solved
from .understorey import understorey


def solve(tile, scene, soil, air, dt, parameter, new_state, flux, i):
    """As solve.solve; the nodes' temperatures and the layers' ice go to their rows of new_state."""
    thin = scene.under.thin > 0.0
    upper = Upper(soil.conductivity_1, soil.conductivity_2, soil.capacity_1, scene.soil_factor, dt)
    node_properties(new_state, new_state, parameter, flux, i)
    heat_begin(flux, i)
    middle = 0.5 * (tile.surface + air.temperature)
    lower, higher = (tile.surface if thin else middle) - BRACKET, 0.0 if thin else middle + BRACKET
    # of several roots under thin snow VIC's search mostly finds the coldest (seen in one of the reference runs)
    root = root_begin(lower, higher, lower if thin and options.compat else tile.surface, FAR)
    surface = root.x
    last = False
    for _ in range(MOST + 1):
        heat = heat_turn(parameter, new_state, flux, i, surface, upper)
        balance, slope = understorey(
            surface, scene.under, heat.ground + heat.storage + heat.fusion,
            heat.ground_slope + heat.storage_slope + heat.fusion_slope, dt, flux, i,
        )  # fmt: skip
        if last:
            break
        if options.brent:
            root = root_next(root, balance.residual, slope)
        else:
            step = surface_step(parameter, new_state, flux, i, surface, upper, balance.residual, slope)
            root = joint_next(root, balance.residual, step, heat.size, heat.fallback)
        last = root.done > 0.0
        surface = tile.surface if root.failed > 0.0 else root.x
    soil_ice(new_state, new_state, parameter, flux, new_state, i)
    return Solved(surface, root.failed, surface, heat.ground, heat.storage, heat.fusion, heat.fallback, balance)
