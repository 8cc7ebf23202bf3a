"""Energy balance of the surface of the snow on the ground (Andreadis et al., 2009; VIC 5.1, Hamman et al., 2018).

Terms of a trial temperature with their slopes, and their reverse at that temperature (vic.md, 4.6 (ii)).
"""

from collections import namedtuple

from .options import options
from .saturation import (
    emitted,
    emitted_adjoint,
    latent_heat_of_sublimation,
    saturation_pressure,
    saturation_pressure_adjoint,
)
from .stability import stability_factor_adjoint, stability_factor_slope

ICE_SLOPE = -4186.8 * 0.07  # of the latent heat of sublimation, J kg-1 K-1

# What does not change with the trial temperature. absorbed: net shortwave and incoming longwave radiation, W m-2; dry:
# 1 where the air is not saturated; latent: heat of evaporation, J kg-1; heat, mass: sensible heat (W m-2 K-1) and
# vapour (kg m-2 s-1 Pa-1) in neutral air; wind, height, logarithm: what its stability depends on; ground: conductance
# to the ground, W m-2 K-1; capacity of the surface layer, W m-2 K-1; advected: by rain, and liquid: what the freezing
# of all liquid water of the layer gives, W m-2
Surface = namedtuple(
    "Surface",
    "absorbed air_temperature vapour_pressure dry latent heat mass wind height logarithm ground ground_temperature "
    "capacity old_temperature advected liquid",
)
# residual W m-2; vapour kg m-2 s-1 towards the snow; longwave: emitted; storage: change of cold content less what the
# ground gives; factor: of stability; and slopes with respect to the trial temperature
Terms = namedtuple(
    "Terms",
    "residual sensible vapour latent longwave storage advection refreeze factor "
    "slope sensible_slope vapour_slope latent_slope longwave_slope storage_slope factor_slope",
)


def snow_balance(trial, surface):
    """Terms of the balance at a trial temperature (degC).

    residual = absorbed - emitted + sensible + latent + advection + ground - change of cold content + refreezing. Rain
    gives its heat and water freezes only as much as the balance asks for at exactly 0 degC; below all water freezes.
    VIC counts the heat from the ground twice, after dividing it by the time step in s. options.compat off: once and
    not divided. Effect: the ground, usually warmer, gives snow of 0.1 to 0.5 m some W m-2, against nearly nothing.
    """
    factor, factor_slope = stability_factor_slope(
        surface.height, surface.logarithm, trial, surface.air_temperature, surface.wind
    )
    warmth = surface.air_temperature - trial
    sensible = surface.heat * factor * warmth
    sensible_slope = surface.heat * (factor_slope * warmth - factor)
    deficit = surface.vapour_pressure - saturation_pressure(trial)
    mass = surface.mass if deficit >= 0.0 or surface.dry > 0.0 else 0.0
    vapour = mass * factor * deficit
    vapour_slope = mass * (factor_slope * deficit - factor * saturation_pressure_adjoint(trial, 1.0))
    heat = surface.latent if trial >= 0.0 else latent_heat_of_sublimation(trial)
    latent = heat * vapour
    latent_slope = heat * vapour_slope + (0.0 if trial >= 0.0 else ICE_SLOPE) * vapour
    longwave = emitted(trial)
    longwave_slope = emitted_adjoint(trial, 1.0)
    ground = surface.ground * (surface.ground_temperature - trial)
    storage = surface.capacity * (trial - surface.old_temperature) - ground
    storage_slope = surface.capacity + surface.ground
    advection = surface.advected if trial == 0.0 else 0.0
    balance = surface.absorbed - longwave + sensible + latent + advection - storage
    slope = sensible_slope + latent_slope - longwave_slope - storage_slope
    if options.compat:
        balance = balance + ground
        slope = slope - surface.ground
    at_zero = trial == 0.0 and balance > -surface.liquid
    refreeze = -balance if at_zero else surface.liquid
    residual = 0.0 if at_zero else balance + refreeze
    return Terms(
        residual, sensible, vapour, latent, longwave, storage, advection, refreeze, factor,
        slope, sensible_slope, vapour_slope, latent_slope, longwave_slope, storage_slope, factor_slope,
    )  # fmt: skip


def snow_balance_adjoint(trial, surface, terms, d_terms, d_residual):
    """Reverse of snow_balance at a fixed temperature, from its own terms; of d_terms residual and slopes are unused."""
    at_zero = trial == 0.0 and terms.residual == 0.0
    # refreeze = -balance or liquid;  residual = 0 or balance + liquid
    d_balance = -d_terms.refreeze if at_zero else d_residual
    d_liquid = 0.0 if at_zero else d_terms.refreeze + d_residual
    d_sensible = d_terms.sensible + d_balance
    d_latent = d_terms.latent + d_balance
    d_storage = d_terms.storage - d_balance
    d_advected = d_terms.advection + d_balance if trial == 0.0 else 0.0
    # ground, storage
    difference = surface.ground_temperature - trial
    d_flux = d_balance - d_storage if options.compat else -d_storage
    # latent = heat vapour;  vapour = mass factor deficit
    deficit = surface.vapour_pressure - saturation_pressure(trial)
    free = 1.0 if deficit >= 0.0 or surface.dry > 0.0 else 0.0
    heat = surface.latent if trial >= 0.0 else latent_heat_of_sublimation(trial)
    d_vapour = (d_terms.vapour + d_latent * heat) * free
    d_mass = d_vapour * terms.factor * deficit
    warmth = surface.air_temperature - trial
    d_factor = d_terms.factor + d_vapour * surface.mass * deficit + d_sensible * surface.heat * warmth
    d_height, d_logarithm, _, d_air, d_wind = stability_factor_adjoint(
        surface.height, surface.logarithm, trial, surface.air_temperature, surface.wind, d_factor
    )
    d_heat_of_vapour = d_latent * terms.vapour if trial >= 0.0 else 0.0
    return Surface(
        d_balance, d_air + d_sensible * surface.heat * terms.factor, d_vapour * surface.mass * terms.factor, 0.0,
        d_heat_of_vapour, d_sensible * terms.factor * warmth, d_mass, d_wind, d_height, d_logarithm,
        d_flux * difference, d_flux * surface.ground, d_storage * (trial - surface.old_temperature),
        -d_storage * surface.capacity, d_advected, d_liquid,
    )  # fmt: skip
