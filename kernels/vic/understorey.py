"""The understorey's energy balance at one surface temperature (vic.md, 4.5 and 4.7b)."""

from .arno import soil_evaporation
from .canopy_water import canopy_slopes, canopy_water
from .penman import penman_slopes
from .saturation import (
    emitted,
    latent_heat,
    latent_heat_of_sublimation,
    latent_heat_of_sublimation_adjoint,
    saturation_pressure,
    saturation_pressure_adjoint,
)
from .scratch import taken_row, transpiration_row
from .stability import stability_factor_slope
from .surface_bundles import Balance
from .transpiration import transpiration, transpiration_by_dry

AIR_HEAT = 1013.0  # J kg-1 K-1
VAPOUR = 18.016 / 28.97  # of the molecules' weights, water over air
ICE_HEAT = 2.11727e6  # J m-3 K-1, of the water equivalent
FUSION = 3.337e5  # J kg-1
KELVIN = 273.15
RARC_SOIL = 100.0  # s m-1
DAY = 86400.0


def understorey(surface, u, ground, heat_slope, dt, flux, i):
    """The Balance at a surface temperature (degC), and the slope of its residual (W m-2 K-1).

    ground: the soil's heat at this temperature, G + dH + fusion, W m-2, heat_slope: its slope. Transpiration of each
    layer is written to its rows.
    """
    air = u.air
    factor, factor_slope = stability_factor_slope(u.height, u.logarithm, surface, air.temperature, u.wind)
    conductance, conductance_slope = factor / u.resistance, factor_slope / u.resistance
    open_ground = 1.0 - u.cover
    lost = emitted(surface)
    lost_slope = 4.0 * lost / (surface + KELVIN)
    longwave = open_ground * (u.longwave - lost)
    radiation = u.shortwave + longwave + ground
    radiation_slope = heat_slope - open_ground * lost_slope
    canopy, water, through, transpired, evaporated, slope = evaporation(
        u, radiation, radiation_slope, conductance, conductance_slope, dt, flux, i
    )
    vaporisation = latent_heat(air.temperature) / dt * open_ground
    latent = -vaporisation * (canopy + transpired + evaporated)
    carrier = air.density * AIR_HEAT * (1.0 if u.thin > 0.0 else open_ground)
    difference = air.temperature - surface
    sensible = carrier * difference * conductance
    sensible_slope = carrier * (difference * conductance_slope - conductance)
    conducted = u.cover * u.conduction * (u.snow_temperature - surface)
    residual = radiation + sensible + latent + conducted + u.extra
    residual_slope = radiation_slope + sensible_slope - vaporisation * slope - u.cover * u.conduction
    balance = Balance(
        residual, radiation, longwave, sensible, latent, 0.0 * latent, canopy, transpired, evaporated, water, through,
        conductance, conducted, 0.0 * latent, 0.0 * latent, 0.0 * latent,
    )  # fmt: skip
    if u.thin > 0.0:
        return thin_balance(surface, u, balance, conductance_slope, heat_slope + sensible_slope, dt)
    return balance, residual_slope


def evaporation(u, radiation, radiation_slope, conductance, conductance_slope, dt, flux, i):
    """What the leaves, the plants and bare soil evaporate, mm; water and throughfall of the leaves; slope of the sum.

    Nothing evaporates where there is snow.
    """
    nothing = 0.0 * radiation
    if u.dry_ground == 0.0:
        return nothing, u.water, nothing, nothing, nothing, nothing
    if u.green == 0.0:
        evaporated, slope = bare_evaporation(u, radiation, radiation_slope, conductance, conductance_slope, dt)
        return nothing, u.water, u.rain, nothing, evaporated, slope
    free = u.factor * radiation + u.offset
    potential = max(free, 0.0)
    water, canopy, through, dry = canopy_water(u.water, u.rain, u.capacity, u.wetness, potential, dt)
    transpired, slope = transpiration(flux, transpiration_row(), radiation, dry, flux, taken_row(), i)
    wet_slope, dry_slope = canopy_slopes(u.water, u.rain, u.capacity, u.wetness, potential, dt)
    wet_slope = wet_slope + dry_slope * transpiration_by_dry(flux, transpiration_row(), radiation, dry, i)
    slope = slope + (u.factor * wet_slope if free >= 0.0 else 0.0)
    return canopy, water, through, transpired, nothing, slope * radiation_slope


def bare_evaporation(u, radiation, radiation_slope, conductance, conductance_slope, dt):
    """Evaporation of bare soil, mm, and its slope with the surface temperature."""
    resistance = 1.0 / conductance
    rate, by_radiation, by_resistance = penman_slopes(
        u.evaporative, radiation, u.air.deficit, resistance, 0.0, RARC_SOIL
    )
    days = dt / DAY
    evaporated = soil_evaporation(rate * days, u.share, u.liquid, u.residual)
    slope = by_radiation * radiation_slope - by_resistance * resistance * resistance * conductance_slope
    free = rate * days * u.share <= max(u.liquid - u.residual, 0.0)
    return evaporated, days * u.share * slope if free else 0.0


def thin_balance(surface, u, open_balance, conductance_slope, slope, dt):
    """Thin snow and the soil below it as one surface: radiation of the open ground is the snow's shortwave and heat."""
    b = open_balance
    lost = emitted(surface)
    longwave = u.longwave - lost
    vapour, latent, sublimation, vapour_slope = thin_vapour(surface, u.air, b.conductance, conductance_slope)
    mass = ICE_HEAT * (u.snow_water - u.snow_liquid) / dt
    cold = mass * (min(surface, 0.0) - u.snow_before)
    refreeze = FUSION * u.snow_density * u.snow_liquid / dt
    rest = b.radiation + longwave + b.sensible + latent + sublimation + u.advection - cold
    melting = surface == 0.0 and rest > -refreeze
    residual = 0.0 * rest if melting else rest + refreeze
    balance = Balance(
        residual, b.radiation, longwave, b.sensible, latent, sublimation, b.canopy_evaporation, b.transpiration,
        b.soil_evaporation, b.water, b.throughfall, b.conductance, 0.0 * rest, vapour, cold,
        -rest if melting else refreeze,
    )  # fmt: skip
    slope = slope - 4.0 * lost / (surface + KELVIN) + vapour_slope - (mass if surface < 0.0 else 0.0)
    return balance, slope


def thin_vapour(surface, air, conductance, conductance_slope):
    """Vapour to thin snow (kg m-2 s-1), its latent heat of condensation and of sublimation, and the slope (W m-2).

    VIC takes the latent heat of condensation at the temperature of the air, that of sublimation at the snow's.
    """
    excess = air.vapour_pressure - saturation_pressure(surface)
    scale = air.density * VAPOUR / air.pressure
    vapour = scale * excess * conductance
    still = vapour < 0.0 and air.deficit == 0.0
    vapour = 0.0 if still else vapour
    steepness = saturation_pressure_adjoint(surface, 1.0)
    change = 0.0 if still else scale * (excess * conductance_slope - conductance * steepness)
    warm = surface >= 0.0
    heat = latent_heat(air.temperature) if warm else latent_heat_of_sublimation(surface)
    slope = heat * change + (0.0 if warm else latent_heat_of_sublimation_adjoint(surface, vapour))
    return vapour, heat * vapour if warm else 0.0, 0.0 if warm else heat * vapour, slope
