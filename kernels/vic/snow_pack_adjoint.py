"""Reverse of the snow on the ground in one sub-step: the surface's temperature by the implicit function theorem."""

from .bundles import Air
from .options import options
from .saturation import latent_heat_adjoint
from .snow_balance import Surface, Terms, snow_balance_adjoint
from .snow_drainage import drain_adjoint
from .snow_layers import ICE_HEAT, Layers, add_precipitation_adjoint, settle_adjoint
from .snow_melt import FUSION, freeze_below_adjoint, melt_at_zero_adjoint
from .snow_pack import (
    AIR_HEAT,
    CONDUCTIVITY,
    LEAST_DEPTH,
    LEAST_DEPTH_MENDED,
    VAPOUR_WEIGHT,
    WATER,
    WATER_HEAT,
    Pack,
    snow_pack_trace,
    terms_at_zero,
)
from .snow_solution import JUST_BELOW
from .stability import snow_log_adjoint

SMALLEST = 1e-3  # W m-2 K-1: the least slope of the balance that a gradient is divided by


def snow_pack_adjoint(
    pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt, d_step
):  # fmt: skip
    """Reverse of snow_pack but for dt; d_step is a PackStep, of which thin and failed are not used.

    (d_pack, d_air, d_rain, d_snowfall, d_shortwave_net, d_longwave_in, d_ground_temperature, d_resistance, d_wind,
    d_snow_rough). Where the search failed the temperature is the old one, and so is its gradient; within 2e-7 K of
    0 degC, where the balance jumps, a temperature has no slope.
    """
    trace = snow_pack_trace(
        pack, air, rain, snowfall, shortwave_net, longwave_in, ground_temperature, resistance, wind, snow_rough, dt
    )
    return snow_pack_reverse(trace, pack, air, rain, snowfall, resistance, snow_rough, dt, d_step)


def snow_pack_reverse(trace, pack, air, rain, snowfall, resistance, snow_rough, dt, d_step):
    """Reverse of snow_pack from its trace."""
    layers, energetic, drained = trace.layers, trace.energetic, trace.drained
    solution = trace.solution
    snow = energetic.surface_ice + drained.pack_ice + drained.surface_liquid + drained.pack_liquid > 0.0
    # water = ices + liquids;  temperatures and cold content = settle(...)
    d_ice, d_pack_ice, d_temperature, d_pack_temperature, d_cold = settle_adjoint(
        energetic.surface_ice, drained.pack_ice, solution.temperature, drained.pack_temperature, layers.surface_cold,
        1.0 - solution.thin, d_step.surface_temperature if snow else 0.0, d_step.pack_temperature if snow else 0.0,
        d_step.cold_content,
    )  # fmt: skip
    d_drained_ice, d_pack_ice, d_liquid, d_pack_liquid, d_pack_cold, d_layer_temperature = drain_adjoint(
        energetic.surface_ice, energetic.pack_ice, energetic.surface_liquid, energetic.pack_liquid,
        layers.pack_cold, layers.pack_temperature, d_pack_ice + d_step.water,
        d_step.surface_liquid + d_step.water, d_step.pack_liquid + d_step.water, d_pack_temperature, d_step.melt,
    )  # fmt: skip
    d_ice = d_ice + d_step.water + d_drained_ice
    # melt, freezing and vapour of the layers
    terms = solution.terms
    d_refreeze = d_step.refreeze
    d_vapour = d_step.vapour
    vapour = terms.vapour * (dt / WATER)
    if solution.zero > 0.0:
        d_ice, d_pack_ice, d_liquid, d_pack_liquid, d_vapour, d_refreeze = melt_at_zero_adjoint(
            layers.surface_ice, layers.pack_ice, layers.surface_liquid, layers.pack_liquid, vapour, terms.refreeze, dt,
            d_ice, d_pack_ice, d_liquid, d_pack_liquid, d_vapour, d_refreeze,
        )  # fmt: skip
    elif solution.thin == 0.0:
        d_ice, d_liquid, d_vapour = freeze_below_adjoint(
            layers.surface_ice, layers.surface_liquid, vapour, d_ice, d_vapour
        )
    # the surface, at its temperature
    d_surface = solution_reverse(trace, resistance, dt, d_temperature, d_vapour, d_refreeze, d_step)
    d_layers = Layers(
        d_ice + d_surface.capacity * ICE_HEAT / dt, d_pack_ice, d_liquid + d_surface.liquid * FUSION / dt,
        d_pack_liquid, d_cold, d_pack_cold, 0.0, d_layer_temperature,
    )  # fmt: skip
    return inputs_reverse(trace, pack, air, rain, snowfall, resistance, snow_rough, dt, d_step, d_surface, d_layers)


def solution_reverse(trace, resistance, dt, d_temperature, d_vapour, d_refreeze, d_step):
    """Gradient of what the surface's balance knows (Surface), from what was made of its temperature and terms."""
    solution = trace.solution
    terms = solution.terms
    d_terms = Terms(
        0.0, d_step.sensible, d_vapour * (dt / WATER),
        d_step.latent if terms_at_zero(solution) else d_step.latent_sublimation, -d_step.longwave_net,
        d_step.cold_content_change, d_step.advection, d_refreeze,
        -d_step.resistance * resistance / (terms.factor * terms.factor), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip
    found = 1.0 - max(solution.zero, solution.thin)
    d_trial = found * (
        d_temperature + d_terms.sensible * terms.sensible_slope + d_terms.vapour * terms.vapour_slope
        + d_terms.latent * terms.latent_slope + d_terms.longwave * terms.longwave_slope
        + d_terms.storage * terms.storage_slope + d_terms.factor * terms.factor_slope
    )  # fmt: skip
    stuck = solution.temperature > 2.0 * JUST_BELOW and solution.temperature < -2.0 * JUST_BELOW
    solved = found > 0.0 and solution.failed == 0.0 and not stuck
    flat = terms.slope > -SMALLEST and terms.slope < SMALLEST
    residual = -d_trial / (-SMALLEST if flat else terms.slope) if solved else 0.0
    trial = 0.0 if found == 0.0 else solution.temperature
    d_surface = snow_balance_adjoint(trial, trace.surface, terms, d_terms, residual)
    d_kept = (d_temperature if solution.thin > 0.0 else 0.0) + (d_trial if solution.failed > 0.0 else 0.0)
    return with_old_temperature(d_surface, d_kept)


def with_old_temperature(d_surface, d_kept):
    """The gradient with that of a temperature that was kept."""
    return Surface(
        d_surface.absorbed, d_surface.air_temperature, d_surface.vapour_pressure, d_surface.dry, d_surface.latent,
        d_surface.heat, d_surface.mass, d_surface.wind, d_surface.height, d_surface.logarithm, d_surface.ground,
        d_surface.ground_temperature, d_surface.capacity, d_surface.old_temperature + d_kept, d_surface.advected,
        d_surface.liquid,
    )  # fmt: skip


def inputs_reverse(trace, pack, air, rain, snowfall, resistance, snow_rough, dt, d_step, d_surface, d_layers):
    """Reverse of add_precipitation and of snow_surface."""
    d_water, d_liquid, d_pack_liquid, d_temperature, d_pack_temperature, d_air_temperature, d_rain, d_snowfall = (
        add_precipitation_adjoint(
            pack.water, pack.surface_liquid, pack.pack_liquid, pack.surface_temperature, pack.pack_temperature,
            air.temperature, 0.001 * rain, 0.001 * snowfall, d_layers,
        )
    )  # fmt: skip
    # heat = rho cp / ra;  mass = rho eps / (ra p);  advected = c Ta rain / dt
    weight = air.density / resistance
    d_weight = d_surface.heat * AIR_HEAT + d_surface.mass * VAPOUR_WEIGHT / air.pressure
    heat = WATER_HEAT * 0.001 / dt
    d_density, d_depth = ground_conductance_adjoint(pack.density, pack.depth, dt, d_surface.ground)
    d_pack = Pack(
        d_water, d_liquid, d_pack_liquid, d_temperature + d_surface.old_temperature, d_pack_temperature, 0.0,
        d_density, d_depth, 0.0, 0.0, 0.0,
    )  # fmt: skip
    d_air = Air(
        d_air_temperature + d_surface.air_temperature + latent_heat_adjoint(air.temperature, d_surface.latent)
        + d_surface.advected * heat * rain,
        -d_surface.mass * weight * VAPOUR_WEIGHT / air.pressure / air.pressure, d_surface.vapour_pressure, 0.0,
        d_weight / resistance, 0.0, 0.0, 0.0,
    )  # fmt: skip
    return (
        d_pack,
        d_air,
        0.001 * d_rain + d_surface.advected * heat * air.temperature,
        0.001 * d_snowfall,
        d_surface.absorbed,
        d_surface.absorbed + d_step.longwave_net,
        d_surface.ground_temperature,
        d_step.resistance / trace.solution.terms.factor - d_weight * weight / resistance,
        d_surface.wind,
        d_surface.height + snow_log_adjoint(snow_rough, d_surface.logarithm),
    )


def ground_conductance_adjoint(density, depth, dt, d_conductance):
    """Reverse of ground_conductance: slopes of density and depth; below the least depth it has none of depth."""
    least = LEAST_DEPTH if options.compat else LEAST_DEPTH_MENDED
    part = CONDUCTIVITY * density / max(depth, least) * d_conductance
    if options.compat:
        part = part / dt if depth > LEAST_DEPTH else 0.0
    return 2.0 * part, -part * density / depth if depth > least else 0.0
