"""Reverse of understorey.py."""

from .arno import soil_evaporation_adjoint
from .bundles import Air
from .canopy_water import canopy_water, canopy_water_adjoint
from .options import options
from .penman import Evaporative, penman, penman_adjoint
from .saturation import (
    emitted,
    emitted_adjoint,
    latent_heat,
    latent_heat_adjoint,
    latent_heat_of_sublimation,
    latent_heat_of_sublimation_adjoint,
    saturation_pressure,
    saturation_pressure_adjoint,
)
from .scratch import taken_row, transpiration_row
from .stability import stability_factor, stability_factor_adjoint
from .surface_bundles import Understorey
from .transpiration import transpiration_adjoint
from .understorey import AIR_HEAT, DAY, FUSION, ICE_HEAT, RARC_SOIL, VAPOUR


def understorey_adjoint(surface, u, ground, dt, flux, i, d, d_flux):
    """Gradients of the surface temperature, of the soil's heat, and the Understorey of gradients.

    d: the gradient of the Balance; that of each layer's transpiration is in its row of d_flux, where the terms'
    gradients are set.
    """
    air = u.air
    factor = stability_factor(u.height, u.logarithm, surface, air.temperature, u.wind)
    conductance = factor / u.resistance
    open_ground = 1.0 - u.cover
    radiation = u.shortwave + open_ground * (u.longwave - emitted(surface)) + ground
    difference = air.temperature - surface
    weight = 1.0 if u.thin > 0.0 else open_ground
    carrier = air.density * AIR_HEAT * weight
    sensible = carrier * difference * conductance
    # thin snow: residual = radiation + longwave + sensible + latent + sublimation + advection - cold + refreeze
    d_rest, d_refreeze = d.residual, 0.0 * d.residual
    d_residual = 0.0 if u.thin > 0.0 else d.residual
    d_vapour_pressure, d_pressure, d_warmth = 0.0 * d_rest, 0.0 * d_rest, 0.0 * d_rest
    d_surface, d_density, d_conductance = 0.0 * d_rest, 0.0 * d_rest, d.conductance
    d_snow_water, d_snow_liquid, d_snow_density, d_before = 0.0 * d_rest, 0.0 * d_rest, 0.0 * d_rest, 0.0 * d_rest
    d_advection = 0.0 * d_rest
    if u.thin > 0.0:
        d_rest, d_refreeze = thin_rest(surface, u, radiation, sensible, conductance, dt, d)
        d_t, d_c, d_r, d_e, d_p, d_a = thin_vapour_adjoint(
            surface, air, conductance, d.vapour, d.latent + d_rest, d.sublimation_heat + d_rest
        )
        d_surface = d_t
        d_conductance = d_conductance + d_c
        d_density = d_r
        d_vapour_pressure = d_e
        d_pressure = d_p
        d_warmth = d_a
        # cold = mass (min(Ts, 0) - before), mass = heat (water - liquid)/dt
        d_cold = d.cold_change - d_rest
        mass = ICE_HEAT * (u.snow_water - u.snow_liquid) / dt
        d_mass = d_cold * (min(surface, 0.0) - u.snow_before) * (ICE_HEAT / dt)
        d_surface = d_surface + (d_cold * mass if surface < 0.0 else 0.0)
        d_before = -d_cold * mass
        d_snow_water = d_mass
        d_snow_liquid = d_refreeze * (FUSION / dt) * u.snow_density - d_mass
        d_snow_density = d_refreeze * (FUSION / dt) * u.snow_liquid
        d_advection = d_rest
    # residual = radiation + sensible + latent + conducted + extra
    d_part = d_rest if u.thin > 0.0 else d_residual
    d_radiation = d.radiation + d_part
    d_sensible = d.sensible + d_part
    d_latent = 0.0 if u.thin > 0.0 else d.latent + d_residual
    d_conducted = d.snow_flux + d_residual if u.thin == 0.0 else 0.0
    # conducted = cover conduction (snow temperature - Ts)
    d_conduction = d_conducted * u.cover * (u.snow_temperature - surface)
    d_snow_temperature = d_conducted * u.cover * u.conduction
    # sensible = density cp weight (Ta - Ts) conductance
    d_difference = d_sensible * carrier * conductance
    d_density = d_density + d_sensible * AIR_HEAT * weight * difference * conductance
    d_conductance = d_conductance + d_sensible * carrier * difference
    # latent = -Lv/dt open (canopy + transpiration + soil)
    vaporisation = latent_heat(air.temperature) / dt * open_ground
    d_taken = -d_latent * vaporisation
    e = evaporation_adjoint(
        u, radiation, conductance, dt, flux, i, d.canopy_evaporation + d_taken, d.transpiration + d_taken,
        d.soil_evaporation + d_taken, d.water, d.throughfall, d_flux,
    )  # fmt: skip
    d_vaporisation = -d_latent * (e[0] * open_ground / dt)
    d_radiation = d_radiation + e[1]
    d_conductance = d_conductance + e[2]
    # longwave: what the open ground, or thin snow, gets and emits
    exposed = 1.0 if u.thin > 0.0 else open_ground
    d_longwave = exposed * (d.longwave_net + (d_rest if u.thin > 0.0 else d_radiation))
    d_factor = d_conductance / u.resistance
    d_height, d_logarithm, d_stable, d_stable_air, d_wind = stability_factor_adjoint(
        u.height, u.logarithm, surface, air.temperature, u.wind, d_factor
    )
    d_surface = d_surface - d_difference - d_snow_temperature + d_stable + emitted_adjoint(surface, -d_longwave)
    d_air = Air(
        d_difference + d_stable_air + d_warmth + latent_heat_adjoint(air.temperature, d_vaporisation), d_pressure,
        d_vapour_pressure, e[3], d_density, 0.0 * d_rest, 0.0 * d_rest, 0.0 * d_rest,
    )  # fmt: skip
    zero = 0.0 * d_rest
    return d_surface, d_radiation, Understorey(
        d_air, zero, zero, d_radiation, d_longwave, d_residual, d_conduction, d_snow_temperature,
        -d_factor * conductance, d_wind, d_height, d_logarithm, zero, zero, e[4], e[5], e[6], e[7], e[8], e[9], e[10],
        e[11], e[12], e[13], d_snow_water, d_snow_liquid, d_snow_density, d_before, d_advection,
    )  # fmt: skip


def thin_rest(surface, u, radiation, sensible, conductance, dt, d):
    """Gradients of the sum before freezing, and of the energy of freezing, of thin snow."""
    air = u.air
    excess = air.vapour_pressure - saturation_pressure(surface)
    vapour = air.density * VAPOUR / air.pressure * excess * conductance
    vapour = 0.0 if vapour < 0.0 and air.deficit == 0.0 else vapour
    heat = latent_heat(air.temperature) if surface >= 0.0 else latent_heat_of_sublimation(surface)
    cold = ICE_HEAT * (u.snow_water - u.snow_liquid) / dt * (min(surface, 0.0) - u.snow_before)
    refreeze = FUSION * u.snow_density * u.snow_liquid / dt
    rest = radiation + u.longwave - emitted(surface) + sensible + heat * vapour + u.advection - cold
    melting = surface == 0.0 and rest > -refreeze
    return -d.refreeze if melting else d.residual, 0.0 if melting else d.residual + d.refreeze


def thin_vapour_adjoint(surface, air, conductance, d_vapour, d_latent, d_sublimation):
    """Gradients of surface temperature, conductance, density, vapour pressure, pressure and air temperature."""
    excess = air.vapour_pressure - saturation_pressure(surface)
    scale = air.density * VAPOUR / air.pressure
    vapour = scale * excess * conductance
    still = vapour < 0.0 and air.deficit == 0.0
    vapour = 0.0 if still else vapour
    warm = surface >= 0.0
    heat = latent_heat(air.temperature) if warm else latent_heat_of_sublimation(surface)
    d_total = d_latent if warm else d_sublimation
    d_heat = d_total * vapour
    d_flow = 0.0 if still else d_vapour + d_total * heat
    d_excess = d_flow * scale * conductance
    d_scale = d_flow * excess * conductance
    d_surface = 0.0 if warm else latent_heat_of_sublimation_adjoint(surface, d_heat)
    return (
        d_surface + saturation_pressure_adjoint(surface, -d_excess), d_flow * scale * excess,
        d_scale * VAPOUR / air.pressure, d_excess, -d_scale * scale / air.pressure,
        latent_heat_adjoint(air.temperature, d_heat) if warm else 0.0,
    )  # fmt: skip


def evaporation_adjoint(
    u, radiation, conductance, dt, flux, i, d_canopy, d_transpired, d_evaporated, d_water, d_through, d_flux
):  # fmt: skip
    """What evaporated, and gradients of radiation, conductance, deficit and of factor to residual of Understorey."""
    zero = 0.0 * radiation
    none = Evaporative(zero, zero, zero, zero)
    if u.dry_ground == 0.0:
        return zero, zero, zero, zero, zero, zero, zero, d_water, zero, zero, none, zero, zero, zero
    if u.green == 0.0:
        resistance = 1.0 / conductance
        days = dt / DAY
        rate = penman(u.evaporative, radiation, u.air.deficit, resistance, 0.0, RARC_SOIL)
        d_potential, d_share, d_liquid, d_residual = soil_evaporation_adjoint(
            rate * days, u.share, u.liquid, u.residual, d_evaporated
        )
        d_terms, d_radiation, d_deficit, d_resistance, _, _ = penman_adjoint(
            u.evaporative, radiation, u.air.deficit, resistance, 0.0, RARC_SOIL, d_potential * days
        )
        taken = min(rate * days * u.share, max(u.liquid - u.residual, 0.0))
        return (
            taken, d_radiation, -d_resistance * resistance * resistance, d_deficit, zero, zero, zero, d_water,
            d_through, zero, d_terms, d_share, d_liquid, d_residual,
        )  # fmt: skip
    free = u.factor * radiation + u.offset
    potential = max(free, 0.0)
    _, canopy, _, dry = canopy_water(u.water, u.rain, u.capacity, u.wetness, potential, dt)
    d_radiation, d_dry = transpiration_adjoint(
        flux, transpiration_row(), radiation, dry, d_flux, taken_row(), i, d_transpired, d_flux
    )
    d_held, d_rain, d_capacity, d_wetness, d_potential = canopy_water_adjoint(
        u.water, u.rain, u.capacity, u.wetness, potential, dt, d_water, d_canopy, d_through, d_dry
    )
    d_free = d_potential if free >= 0.0 else 0.0
    taken = canopy + transpired_of(flux, i)
    return (
        taken, d_radiation + d_free * u.factor, zero, zero, d_free * radiation, d_free, d_wetness, d_held, d_rain,
        d_capacity, none, zero, zero, zero,
    )  # fmt: skip


def transpired_of(flux, i):
    """Transpiration of all layers, as the balance left it."""
    total = flux[taken_row(), i]
    for k in range(1, options.layers):
        total = total + flux[taken_row() + k, i]
    return total
