"""Mass and energy of the snow on the ground in one sub-step (Andreadis et al., 2009; VIC 5.1; vic.md, 4.6 (ii)).

The surface is at 0 degC where its balance then is zero, the water in it freezing or its ice melting; else its
temperature is that of a balance of zero, all its water frozen; snow of at most 0.001 m of ice is left to be solved
together with the soil. A search that fails keeps the old temperature.
"""

from collections import namedtuple

from .options import options
from .saturation import latent_heat
from .snow_balance import Surface
from .snow_drainage import drain
from .snow_layers import ICE_HEAT, add_precipitation, settle
from .snow_melt import FUSION, freeze_below, melt_at_zero
from .snow_solution import solve_surface
from .stability import snow_log

# Snow on the ground: water (all of it, the liquid included) and liquid of both layers in m, temperatures degC, cold
# content J m-2, depth m, density kg m-3, age: sub-steps since snow fell from the sky, melting: 1 in the melting season
Pack = namedtuple(
    "Pack",
    "water surface_liquid pack_liquid surface_temperature pack_temperature cold_content density depth albedo age "
    "melting",
)  # fmt: skip
# What a sub-step makes of the pack: its new water, liquids, temperatures and cold content, melt (outflow) and vapour
# (towards the snow) in m, energies in W m-2, resistance s m-1; thin: 1 where soil and snow are to be solved together.
PackStep = namedtuple(
    "PackStep",
    "water surface_liquid pack_liquid surface_temperature pack_temperature cold_content melt vapour advection "
    "cold_content_change latent latent_sublimation longwave_net refreeze sensible resistance thin failed",
)
# The steps on the way, for the adjoint.
Energetic = namedtuple("Energetic", "surface_ice pack_ice surface_liquid pack_liquid vapour refreeze")
Drained = namedtuple("Drained", "pack_ice surface_liquid pack_liquid pack_temperature outflow")
PackTrace = namedtuple("PackTrace", "layers surface solution energetic drained")

CONDUCTIVITY = 2.9302e-6  # of snow of 1 kg m-3, W m-1 K-1; grows with the square of the density
LEAST_DEPTH, LEAST_DEPTH_MENDED = 1e-8, 0.01  # m
AIR_HEAT = 1013.0  # J kg-1 K-1
VAPOUR_WEIGHT = 18.016 / 28.97  # of a mole of vapour over that of air
WATER_HEAT = 4188.0 * 1000.0  # J m-3 K-1
WATER = 1000.0  # kg m-3


def snow_pack(
    pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
):  # fmt: skip
    """The pack after a sub-step of dt s (PackStep).

    rain, snowfall: what reaches the ground, mm; resistance (s m-1) of neutral air and wind (m s-1) at the snow.
    """
    trace = snow_pack_trace(
        pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
    )
    return snow_pack_result(pack, trace, longwave_in, resistance)


def snow_pack_trace(
    pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
):  # fmt: skip
    """All that snow_pack finds on its way."""
    layers = add_precipitation(
        pack.water, pack.surface_liquid, pack.pack_liquid, pack.surface_temperature, pack.pack_temperature,
        air.temperature, 0.001 * rain, 0.001 * snowfall,
    )  # fmt: skip
    surface = snow_surface(
        pack, layers, air, rain, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
    )
    solution = solve_surface(layers.surface_ice, layers.surface_temperature, surface)
    terms = solution.terms
    vapour = terms.vapour * (dt / WATER)
    surface_ice, pack_ice = layers.surface_ice, layers.pack_ice
    surface_liquid, pack_liquid = layers.surface_liquid, layers.pack_liquid
    refreeze = terms.refreeze
    if solution.zero > 0.0:
        surface_ice, pack_ice, surface_liquid, pack_liquid, vapour, refreeze = melt_at_zero(
            surface_ice, pack_ice, surface_liquid, pack_liquid, vapour, refreeze, dt
        )
    elif solution.thin == 0.0:
        surface_ice, vapour = freeze_below(surface_ice, surface_liquid, vapour)
        surface_liquid = 0.0
    drained = drain(surface_ice, pack_ice, surface_liquid, pack_liquid, layers.pack_cold, layers.pack_temperature)
    energetic = Energetic(surface_ice, pack_ice, surface_liquid, pack_liquid, vapour, refreeze)
    return PackTrace(layers, surface, solution, energetic, Drained(*drained))


def snow_pack_result(pack, trace, longwave_in, resistance):
    """The PackStep of a trace."""
    solution, energetic, drained = trace.solution, trace.energetic, trace.drained
    terms = solution.terms
    surface_temperature, pack_temperature, cold = settle(
        energetic.surface_ice, drained.pack_ice, solution.temperature, drained.pack_temperature,
        trace.layers.surface_cold, 1.0 - solution.thin,
    )  # fmt: skip
    water = energetic.surface_ice + drained.pack_ice + drained.surface_liquid + drained.pack_liquid
    snow = water > 0.0
    above = terms_at_zero(solution)
    return PackStep(
        water, drained.surface_liquid, drained.pack_liquid, surface_temperature if snow else 0.0,
        pack_temperature if snow else 0.0, cold, drained.outflow, energetic.vapour, terms.advection,
        terms.storage, terms.latent if above else 0.0, 0.0 if above else terms.latent, longwave_in - terms.longwave,
        energetic.refreeze, terms.sensible, resistance / terms.factor, solution.thin, solution.failed,
    )  # fmt: skip


def terms_at_zero(solution):
    """Whether the terms are those of a surface that is not below 0 degC, from which water evaporates."""
    return solution.zero > 0.0 or solution.thin > 0.0 or solution.temperature >= 0.0


def snow_surface(
    pack, layers, air, rain, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
):  # fmt: skip
    """What the balance of the surface needs to know."""
    weight = air.density / resistance
    return Surface(
        shortwave_net + longwave_in, air.temperature, air.vapour_pressure, 1.0 if air.deficit > 0.0 else 0.0,
        latent_heat(air.temperature), weight * AIR_HEAT, weight * VAPOUR_WEIGHT / air.pressure, wind,
        2.0 + snow_rough, snow_log(snow_rough), ground_conductance(pack.density, pack.depth, dt), ground_temperature,
        ICE_HEAT * layers.surface_ice / dt, pack.surface_temperature,
        WATER_HEAT * 0.001 * air.temperature * rain / dt, FUSION * layers.surface_liquid / dt,
    )  # fmt: skip


def ground_conductance(density, depth, dt):
    """Conductance of snow to the ground, W m-2 K-1 (divided by dt in VIC; else of a depth of at least 0.01 m)."""
    if options.compat:
        return CONDUCTIVITY * density * density / depth / dt if depth > LEAST_DEPTH else 0.0
    return CONDUCTIVITY * density * density / max(depth, LEAST_DEPTH_MENDED)
