"""Reverse of solve.py: the surface temperature by the implicit function theorem."""

from .options import options
from .quick_flux import quick_flux, quick_flux_adjoint, quick_flux_line
from .soil_heat_line import Soil
from .solve_adjoint_frozen import is_held
from .solve_adjoint_frozen import solve_adjoint as solve_adjoint_frozen  # noqa: F401 (of frozen forms)
from .surface_bundles import with_residual
from .understorey import understorey
from .understorey_adjoint import understorey_adjoint


def solve_adjoint(
    tile, scene, soil, air, dt, parameter, new_state, flux, i, solved, d_solved, d_new_state, d_flux, d_parameter
):  # fmt: skip
    """Gradients of the tile's two temperatures, the Understorey, the Soil, its factor and the air's temperature.

    solved: what solve gave; d_solved: its gradient. Where no temperature was found, it was the old one.
    """
    surface = solved.surface
    line = quick_flux_line(
        tile.surface, tile.interface, soil.deep, soil.conductivity_1, soil.conductivity_2, soil.capacity_1,
        soil.capacity_2, soil.depth, soil.damping_depth, soil.damped, scene.soil_factor, dt,
    )  # fmt: skip
    slope = line.flux_slope + line.storage_slope
    _, ground, storage = quick_flux(line, surface)
    found = options.energy and solved.failed == 0.0
    balance, steepness = understorey(surface, scene.under, ground + storage, slope, dt, flux, i)
    held = is_held(scene.under.thin, balance.residual, steepness)
    seed = 0.0 * surface
    for turn in range(2):
        d_total, d_ground, d_under = understorey_adjoint(
            surface, scene.under, ground + storage, dt, flux, i, with_residual(d_solved.balance, seed), d_flux
        )
        d_heat = quick_flux_adjoint(
            tile.surface, tile.interface, soil.deep, soil.conductivity_1, soil.conductivity_2, soil.capacity_1,
            soil.capacity_2, soil.depth, soil.damping_depth, soil.damped, scene.soil_factor, dt, surface,
            d_solved.interface, d_solved.ground + d_ground, d_solved.storage + d_ground,
        )  # fmt: skip
        d_surface = d_solved.surface + d_total + d_heat[11]
        if not found:
            break
        if turn == 0:
            seed = 0.0 * d_surface if held else -d_surface / steepness
    d_air = 0.0 if options.energy else d_surface
    d_old = d_surface if options.energy and not found else 0.0
    d_soil = Soil(
        d_heat[7], d_heat[8], d_heat[9], d_heat[2], d_heat[3], d_heat[4], d_heat[5], d_heat[6]
    )  # fmt: skip
    return d_heat[0] + d_old, d_heat[1], d_under, d_soil, d_heat[10], d_air
