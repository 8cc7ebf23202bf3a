"""The temperature of the surface (vic.md, 3 and 4.5): that of the air, or the root of the understorey's balance."""

from .options import options
from .quick_flux import quick_flux, quick_flux_line
from .root import BRACKET, FAR, MOST, root_begin, root_next
from .solve_frozen import solve as solve_frozen  # noqa: F401 (of frozen forms: kernels/bind.py)
from .surface_bundles import Solved
from .understorey import understorey


def solve(tile, scene, soil, air, dt, parameter, new_state, flux, i):
    """The Solved surface; where no temperature was found the old one stays."""
    thin = scene.under.thin > 0.0
    line = quick_flux_line(
        tile.surface, tile.interface, soil.deep, soil.conductivity_1, soil.conductivity_2, soil.capacity_1,
        soil.capacity_2, soil.depth, soil.damping_depth, soil.damped, scene.soil_factor, dt,
    )  # fmt: skip
    slope = line.flux_slope + line.storage_slope
    middle = 0.5 * (tile.surface + air.temperature)
    lower, upper = (tile.surface if thin else middle) - BRACKET, 0.0 if thin else middle + BRACKET
    root = root_begin(lower, upper, tile.surface, FAR)
    surface = root.x if options.energy else air.temperature
    last = not options.energy
    for _ in range(MOST + 1):
        interface, ground, storage = quick_flux(line, surface)
        balance, balance_slope = understorey(surface, scene.under, ground + storage, slope, dt, flux, i)
        if last:
            break
        root = root_next(root, balance.residual, balance_slope)
        last = root.done > 0.0
        surface = tile.surface if root.failed > 0.0 else root.x
    zero = 0.0 * surface
    return Solved(surface, root.failed, interface, ground, storage, zero, zero, balance)
