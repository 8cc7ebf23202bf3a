"""Reverse of record.py: from the gradients of the step's rows to those of a sub-step's bundles."""

from collections import namedtuple

from .fluxes import XL, X
from .interception import CanopyFluxes
from .onward import Understory
from .options import options
from .parameters import P
from .potential import potential_evaporation_adjoint
from .rows import flux_layer_row
from .scratch import taken_row
from .states import S
from .step_means import add_means_adjoint
from .surface_bundles import Balance

KELVIN = 273.15

# Gradients: water of the sky (rain, snowfall), of the canopy's fluxes and its temperature, of what the ground's snow
# gave (melt, melt energy, rain), of the balance, the soil's heat, the surface, the understorey, and of its albedo and
# the old temperature of thin snow, of air and Evaporative, of the site's albedo and leaf area, of the new pack
Record = namedtuple(
    "Record",
    "rain snowfall canopy foliage melt melt_energy ground_rain balance ground storage fusion surface understory "
    "albedo before "
    "air evaporative site_albedo leaf_area pack_temperature longwave_up",
)


def record_adjoint(
    site, air, above, below, scene, solved, onward, u, part, last, parameter, i, d_new_state, d_flux, d_parameter
):  # fmt: skip
    """The Record of gradients; last: 1 where the sub-step is the last one of the step."""
    caught, dry = above.caught > 0.0, scene.under.dry_ground > 0.0
    zero = 0.0 * part
    d_inflow = d_flux[X.inflow, i]
    told = last if options.compat else 1.0
    d_transpiration, d_soil = told * d_flux[X.transpiration, i], told * d_flux[X.bare_soil_evaporation, i]
    if dry and site.green > 0.0:
        for k in range(options.layers):
            d_flux[taken_row() + k, i] = d_flux[flux_layer_row(XL.layer_evaporation, k), i]
    elif dry:
        d_soil = d_soil + d_flux[flux_layer_row(XL.layer_evaporation, 0), i]
    d_latent, d_sublimation = -part * d_flux[X.latent_heat, i], -part * d_flux[X.sublimation_heat, i]
    d_sensible = -part * d_flux[X.sensible_heat, i]
    own_sensible = zero if caught and options.compat else d_sensible
    d_refreeze, d_advection = part * d_flux[X.refreeze_heat, i], part * d_flux[X.advected_heat, i]
    d_shortwave = part * d_flux[X.net_shortwave, i]
    e, d_conductance, d_resistance = exchange_adjoint(
        site, air, above, scene, solved, u, part, parameter, i, d_flux, d_parameter
    )
    d_longwave = part * d_flux[X.net_longwave, i] + e.net_longwave
    d_albedo = part * d_flux[X.albedo, i]
    d_seen, d_own_albedo = d_albedo if caught else zero, zero if caught else d_albedo
    if options.compat and options.substeps > 1:
        d_seen, d_canopy_advection, d_canopy_refreeze = add_means_adjoint(above, part, d_flux, i)
        d_own_albedo = d_albedo
    else:
        d_canopy_advection, d_canopy_refreeze = d_advection, d_refreeze
    if options.compat and below.present == 0.0:
        d_seen = zero
    thin = scene.under.thin > 0.0
    d_surface, d_foliage = surface_adjoint(site, above, solved, onward, u, scene, last, i, d_flux)
    old = options.compat and thin
    fluxes = CanopyFluxes(
        zero, zero, d_flux[X.canopy_evaporation, i], 1000.0 * d_flux[X.canopy_sublimation, i], d_latent, d_sublimation,
        zero if options.compat or not caught else d_sensible, d_longwave if caught else zero, d_shortwave, zero,
        d_canopy_refreeze, d_canopy_advection, d_seen, d_resistance, zero,
    )  # fmt: skip
    balance = Balance(
        zero, zero, zero, zero, zero, zero, d_flux[X.canopy_evaporation, i], d_transpiration, d_soil, zero,
        d_inflow if dry else zero, d_conductance, part * d_flux[X.snow_ground_heat, i], zero, zero, zero,
    )  # fmt: skip
    understory = Understory(
        d_latent - part * d_flux[X.understorey_latent_heat, i], d_sublimation,
        own_sensible - part * d_flux[X.understorey_sensible_heat, i], zero if caught else d_longwave, d_shortwave,
        d_flux[X.snow_sublimation, i], zero, zero, u.weight * d_advection,
        u.weight * part * d_flux[X.snow_heat_storage, i], u.weight * d_refreeze, zero if dry else d_inflow,
    )  # fmt: skip
    return Record(
        d_flux[X.precipitation, i] + d_flux[X.rainfall, i], d_flux[X.precipitation, i] + d_flux[X.snowfall, i], fluxes,
        d_foliage, (zero if options.compat and thin else d_flux[X.snowmelt, i]) + (zero if dry else d_inflow),
        part * d_flux[X.melt_heat, i], zero if dry else d_inflow, balance, -part * d_flux[X.ground_heat, i],
        -part * d_flux[X.heat_storage, i], -part * d_flux[X.fusion_heat, i],
        zero if old else d_surface * (1.0 - u.cover), understory,
        d_own_albedo, d_surface if old else zero, e.air, e.evaporative, e.albedo, e.leaf_area,
        zero if old else d_surface * u.cover, part * d_new_state[S.upward_longwave, i],
    )  # fmt: skip


def exchange_adjoint(site, air, above, scene, solved, u, part, parameter, i, d_flux, d_parameter):
    """Potential evaporation and conductances: the Potential of gradients, those of conductance and of ra1."""
    b, resistance = solved.balance, above.fluxes.resistance
    caught, tall = above.caught > 0.0, site.tall > 0.0
    net_longwave = above.fluxes.longwave_net if caught else u.longwave
    share = 1.0 if options.compat else part
    e = potential_evaporation_adjoint(
        scene.under.evaporative, air, site.green, site.albedo, net_longwave, 1.0 / b.conductance,
        resistance if tall else 1.0 / b.conductance, site.leaf_area, parameter[P.rmin, i], parameter[P.RGL, i],
        parameter[P.rarc, i], options.seconds,
        share * d_flux[X.potential_evaporation, i],
    )  # fmt: skip
    d_parameter[P.rmin, i] += e.rmin
    d_parameter[P.RGL, i] += e.limit
    d_parameter[P.rarc, i] += e.rarc
    d_scene = part * d_flux[X.conductance, i]
    inverse = 1.0 / resistance
    d_inverse = part * site.tall * d_flux[X.conductance_canopy, i] + (d_scene if tall else 0.0)
    d_resistance = (e.canopy if tall else 0.0) - d_inverse * inverse * inverse
    d_surface_resistance = e.surface + (0.0 if tall else e.canopy)
    d_conductance = part * d_flux[X.conductance_surface, i] + (0.0 if tall else d_scene)
    # one factor after the other: the square of a resistance in calm air is beyond float32
    d_conductance = d_conductance - d_surface_resistance / b.conductance / b.conductance
    return e, d_conductance, d_resistance


def surface_adjoint(site, above, solved, onward, u, scene, last, i, d_flux):
    """Gradients of the surface's and of the foliage's temperature from the outputs at the end of the step."""
    caught = above.caught > 0.0
    surface = u.cover * onward.pack.surface_temperature + (1.0 - u.cover) * solved.surface
    if options.compat and scene.under.thin > 0.0:
        surface = scene.under.snow_before
    seen = (above.canopy.temperature if caught else surface) + KELVIN
    d_seen = last * d_flux[X.radiative_power, i] * 4.0 * seen * seen * seen
    d_surface = last * (d_flux[X.surface_temperature, i] + (1.0 - site.vegetated) * d_flux[X.bare_temperature, i])
    d_seen_by_leaves = last * site.vegetated * d_flux[X.vegetation_temperature, i]
    d_foliage = d_seen_by_leaves if site.tall > 0.0 else 0.0
    d_surface = d_surface + (0.0 if site.tall > 0.0 else d_seen_by_leaves)
    return d_surface + (0.0 if caught else d_seen), d_foliage + (d_seen if caught else 0.0)
