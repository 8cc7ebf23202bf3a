"""The temperature of the surface (vic.md, 3 and 4.5): that of the air, or the root of the understorey's balance."""

from collections import namedtuple

from .options import options
from .quick_flux import quick_flux, quick_flux_line
from .root import MOST, root_begin, root_next
from .understorey import understorey

# surface, interface: temperatures of the upper two nodes; ground, storage: heat through and into the soil, W m-2
Solved = namedtuple("Solved", "surface failed interface ground storage balance")
FAR = 1e30
BRACKET = 1.0  # K


def solve(tile, scene, soil, air, dt, flux, i):
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
    return Solved(surface, root.failed, interface, ground, storage, balance)
