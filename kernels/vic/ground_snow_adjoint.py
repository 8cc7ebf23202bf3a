"""Reverse of the snow on the ground; albedo, age and melting season are switches or counts, and have no slope."""

from collections import namedtuple

from .bundles import Air
from .ground_snow import age_and_albedo, density_of
from .snow_density import new_snow_density_adjoint, snow_density_adjoint
from .snow_pack import Pack, PackStep, snow_pack_result, snow_pack_trace
from .snow_pack_adjoint import snow_pack_reverse

Slopes = namedtuple("Slopes", "water depth density")  # of what lay there before


def ground_snow_adjoint(
    pack, air, rain, snowfall, sky_snowfall, shortwave_in, longwave_in, ground_temperature, resistance, wind,
    snow_rough, dt, day_of_year, latitude, d_pack, d_fluxes,
):  # fmt: skip
    """Reverse of ground_snow; d_pack and d_fluxes: gradients of both of its results.

    (d_pack, d_air, d_rain, d_snowfall, d_shortwave_in, d_longwave_in, d_ground_temperature, d_resistance, d_wind,
    d_snow_rough); coverage, thin and failed have no slope.
    """
    age, albedo = age_and_albedo(pack, snowfall, sky_snowfall, dt)
    shortwave_net = (1.0 - albedo) * shortwave_in
    trace = snow_pack_trace(
        pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
    )
    step = snow_pack_result(pack, trace, longwave_in, resistance)
    d_step, d_old, d_more_snowfall, d_air_temperature = step_gradient(
        pack, air, step, age, snowfall, dt, d_pack, d_fluxes
    )
    d_new, d_air, d_rain, d_snowfall, d_net, d_longwave, d_ground, d_resistance, d_wind, d_rough = snow_pack_reverse(
        trace, pack, air, rain, snowfall, resistance, snow_rough, dt, d_step
    )
    d_net = d_net + d_fluxes.shortwave_net
    return (
        Pack(
            d_new.water + d_old.water, d_new.surface_liquid, d_new.pack_liquid, d_new.surface_temperature,
            d_new.pack_temperature, 0.0, d_new.density + d_old.density + d_fluxes.density_before,
            d_new.depth + d_old.depth + d_fluxes.depth_before, 0.0, 0.0, 0.0,
        ),
        Air(
            d_air.temperature + d_air_temperature, d_air.pressure, d_air.vapour_pressure, d_air.deficit, d_air.density,
            d_air.wind, d_air.shortwave, d_air.longwave,
        ),
        d_rain,
        d_snowfall + d_more_snowfall,
        d_net * (1.0 - albedo),
        d_longwave,
        d_ground,
        d_resistance,
        d_wind,
        d_rough,
    )  # fmt: skip


def step_gradient(pack, air, step, age, snowfall, dt, d_pack, d_fluxes):
    """Gradients of the PackStep, of density, depth and water before it (as Slopes), of snowfall and air temperature."""
    lies = step.water > 0.0
    density = density_of(pack, air, step, age, snowfall, dt)
    # depth = 1000 water / density
    d_depth = d_pack.depth * 1000.0 / density if lies else 0.0
    d_density = d_pack.density - d_depth * step.water / density if lies else 0.0
    d_snowfall, d_water, d_old_depth, d_old_density, d_surface, d_air = density_of_adjoint(
        pack, air, step, age, snowfall, dt, d_density
    )
    d_left = 0.0 if lies else d_fluxes.melt_energy
    d_step = PackStep(
        d_pack.water + d_depth if lies else 0.0, d_pack.surface_liquid if lies else 0.0,
        d_pack.pack_liquid if lies else 0.0, d_pack.surface_temperature + d_surface, d_pack.pack_temperature,
        d_pack.cold_content if lies else 0.0, 1000.0 * d_fluxes.melt, d_fluxes.vapour, d_fluxes.advection + d_left,
        d_fluxes.cold_content_change - d_left, d_fluxes.latent + d_left, d_fluxes.latent_sublimation + d_left,
        d_fluxes.longwave_net, d_fluxes.refreeze + d_left, d_fluxes.sensible + d_left, d_fluxes.resistance, 0.0, 0.0,
    )  # fmt: skip
    return d_step, Slopes(d_water, d_old_depth, d_old_density), d_snowfall, d_air


def density_of_adjoint(pack, air, step, age, snowfall, dt, d_density):
    """Reverse of density_of: slopes of snowfall, of the old water, depth and density, and of both temperatures."""
    if step.thin == 0.0 and step.surface_temperature <= 0.0:
        d_snowfall, d_water, d_depth, d_surface, d_air = snow_density_adjoint(
            snowfall, pack.water, pack.depth, step.surface_temperature, air.temperature, dt, d_density
        )
        return d_snowfall, d_water, d_depth, 0.0, d_surface, d_air
    if age == 0.0 or pack.density <= 0.0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, new_snow_density_adjoint(air.temperature, d_density)
    return 0.0, 0.0, 0.0, d_density, 0.0, 0.0
