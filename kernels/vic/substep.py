"""One sub-step of a tile-band's surface, in the order of VIC (vic.md, 3.1)."""

from .above_ground import above_ground
from .atmosphere import air_of, mean_air
from .ground import ground
from .onward import onward
from .options import options
from .parameters import C, F, G, P
from .phase import phase
from .record import record
from .rows import forcing_row
from .setting import setting
from .solve import solve


def substep(
    tile, site, soil, ground_temperature, snowing, k, forcing, geometry, parameter, new_state, flux, i, j
):  # fmt: skip
    """The tile after sub-step k; its fluxes are added to their rows.

    A step without snow is one sub-step with the means of its weather and the sum of its precipitation.
    """
    whole = options.substeps > 1 and not snowing
    dt = options.seconds if whole else options.dt
    air = mean_air(forcing, parameter, i, j) if whole else air_of(forcing, parameter, k, i, j)
    amount = falling(forcing, parameter, whole, k, i, j)
    rain, snowfall = phase(amount, air.temperature)
    above = above_ground(tile, site, air, rain, snowfall, parameter, geometry, dt, i, j)
    below = ground(
        tile.pack, above, site, air, snowfall, ground_temperature, parameter[P.snow_rough, i], dt,
        forcing[C.day_of_year, j], geometry[G.latitude, j],
    )  # fmt: skip
    scene = setting(tile, above, below, site, soil, air, parameter, geometry, new_state, flux, dt, i, j)
    solved = solve(tile, scene, soil, air, dt, parameter, new_state, flux, i)
    after, fluxes = onward(tile, above, below, scene, solved, amount, dt)
    part = 1.0 if whole else 1.0 / options.substep_count
    record(
        tile, site, air, rain, snowfall, above, below, scene, solved, after, fluxes, part, parameter, new_state, flux, i
    )
    return after


def falling(forcing, parameter, whole, k, i, j):
    """Precipitation of the band in a sub-step, or in all of them, mm."""
    amount = forcing[forcing_row(F.precipitation, k), j]
    if whole:
        for other in range(1, options.substeps):
            amount = amount + forcing[forcing_row(F.precipitation, other), j]
    return amount * parameter[P.precipitation_factor, i]
