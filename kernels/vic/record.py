"""A sub-step's fluxes, added to the rows of the step (vic.md, 4.9, 4.10 and 6)."""

from .fluxes import XL, X
from .options import options
from .parameters import P
from .potential import potential_evaporation
from .rows import flux_layer_row
from .scratch import taken_row
from .states import S
from .step_means import add_means

KELVIN = 273.15


def record(
    tile, site, air, rain, snowfall, above, below, scene, solved, onward, u, part, parameter, new_state, flux, i
):
    """Add what a sub-step did; part: its share of the step's means, u: the Understory, onward: the new Tile."""
    b, canopy = solved.balance, above.fluxes
    caught = above.caught > 0.0
    advection, refreeze = u.weight * u.advection, u.weight * u.refreeze
    if not options.compat or options.substeps == 1:  # otherwise add_means adds the canopy's
        advection, refreeze = advection + canopy.advection, refreeze + canopy.refreeze
    record_water(site, rain, snowfall, above, below, scene, b, u, flux, i)
    net_longwave = canopy.longwave_net if caught else u.longwave
    latent = u.latent + canopy.latent
    sensible = u.sensible
    if caught:
        sensible = 0.0 * sensible if options.compat else sensible + canopy.sensible
    flux[X.net_shortwave, i] += part * (u.shortwave + canopy.shortwave_net)
    flux[X.net_longwave, i] += part * net_longwave
    flux[X.latent_heat, i] -= part * latent
    flux[X.sublimation_heat, i] -= part * (u.sublimation + canopy.latent_sublimation)
    flux[X.sensible_heat, i] -= part * sensible
    flux[X.ground_heat, i] -= part * solved.ground
    flux[X.heat_storage, i] -= part * solved.storage
    flux[X.fusion_heat, i] -= part * solved.fusion
    flux[X.melt_heat, i] += part * below.fluxes.melt_energy
    flux[X.advected_heat, i] += part * advection
    flux[X.snow_heat_storage, i] += part * u.weight * u.cold
    flux[X.refreeze_heat, i] += part * refreeze
    flux[X.snow_ground_heat, i] += part * b.snow_flux
    flux[X.understorey_latent_heat, i] -= part * u.latent
    flux[X.understorey_sensible_heat, i] -= part * u.sensible
    new_state[S.upward_longwave, i] += part * onward.longwave_up
    record_exchange(site, air, above, below, scene, solved, u, onward, net_longwave, part, parameter, flux, i)
    flux[X.snow_fallback, i] += below.fluxes.failed
    flux[X.canopy_fallback, i] += canopy.failed
    flux[X.surface_fallback, i] += solved.failed
    flux[X.soil_fallback, i] += solved.fallback


def record_water(site, rain, snowfall, above, below, scene, b, u, flux, i):
    """Water that moved, mm."""
    flux[X.precipitation, i] += rain + snowfall
    flux[X.rainfall, i] += rain
    flux[X.snowfall, i] += snowfall
    flux[X.canopy_evaporation, i] += b.canopy_evaporation + above.fluxes.evaporation
    flux[X.canopy_sublimation, i] += 1000.0 * above.fluxes.sublimation
    flux[X.snow_sublimation, i] += u.vapour
    thin = scene.under.thin > 0.0
    # VIC's output leaves out what thin snow loses that is solved with the soil; the soil gets it
    flux[X.snowmelt, i] += 0.0 if options.compat and thin else below.fluxes.melt
    dry = scene.under.dry_ground > 0.0
    flux[X.inflow, i] += b.throughfall if dry else below.fluxes.melt + below.rain + u.melt
    if options.compat:  # VIC keeps these two of the last sub-step only
        flux[X.transpiration, i] = b.transpiration
        flux[X.bare_soil_evaporation, i] = b.soil_evaporation
    else:
        flux[X.transpiration, i] += b.transpiration
        flux[X.bare_soil_evaporation, i] += b.soil_evaporation
    if dry:
        if site.green > 0.0:
            for k in range(options.layers):
                flux[flux_layer_row(XL.layer_evaporation, k), i] += flux[taken_row() + k, i]
        else:
            flux[flux_layer_row(XL.layer_evaporation, 0), i] += b.soil_evaporation


def record_exchange(site, air, above, below, scene, solved, u, onward, net_longwave, part, parameter, flux, i):
    """Conductances, temperatures, albedo and potential evaporation."""
    b, caught, cover = solved.balance, above.caught > 0.0, u.cover
    canopy_resistance = above.fluxes.resistance
    flux[X.conductance_surface, i] += part * b.conductance
    flux[X.conductance_canopy, i] += part * site.tall / canopy_resistance
    flux[X.conductance, i] += part * (1.0 / canopy_resistance if site.tall > 0.0 else b.conductance)
    albedo = scene.albedo
    if caught:
        albedo = above.fluxes.albedo if below.present > 0.0 or not options.compat else 0.0 * albedo
    if options.compat and options.substeps > 1:
        add_means(above, albedo, scene.albedo, part, flux, i)
    else:
        flux[X.albedo, i] += part * albedo
    surface = cover * onward.pack.surface_temperature + (1.0 - cover) * solved.surface
    if options.compat and scene.under.thin > 0.0:
        surface = scene.under.snow_before
    flux[X.surface_temperature, i] = surface
    seen = (above.canopy.temperature if caught else surface) + KELVIN
    flux[X.radiative_power, i] = seen * seen * (seen * seen)
    flux[X.bare_temperature, i] = (1.0 - site.vegetated) * surface
    foliage = above.canopy.temperature if site.tall > 0.0 else surface
    flux[X.vegetation_temperature, i] = site.vegetated * foliage
    flux[X.snow_cover, i] = cover
    # VIC adds that of a whole step for each sub-step
    share = 1.0 if options.compat else part
    flux[X.potential_evaporation, i] += share * potential_evaporation(
        scene.under.evaporative, air, site.green, site.albedo, net_longwave, 1.0 / b.conductance,
        canopy_resistance if site.tall > 0.0 else 1.0 / b.conductance, site.leaf_area, parameter[P.rmin, i],
        parameter[P.RGL, i], parameter[P.rarc, i], options.seconds,
    )  # fmt: skip
