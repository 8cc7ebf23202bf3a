"""Reverse of substep.py."""

from collections import namedtuple

from .above_ground import Above, above_ground
from .above_ground_adjoint import above_ground_adjoint, ground_adjoint
from .aerodynamics import Aerodynamics
from .atmosphere import add_air_adjoint, air_of, mean_air
from .bundles import Air
from .ground import ground
from .ground_snow import PackFluxes
from .interception import Canopy
from .onward import onward
from .onward_adjoint import onward_adjoint
from .options import options
from .parameters import C, F, G, P
from .penman import Evaporative
from .phase import phase, phase_adjoint
from .record_adjoint import record_adjoint
from .rows import forcing_row
from .setting import setting
from .setting_adjoint import setting_adjoint
from .snow_pack import Pack
from .soil_gradient import keep_ice, take_ice
from .solve import solve
from .solve_adjoint import solve_adjoint
from .substep import falling
from .surface_bundles import Balance, Site, Solved, Tile, Understorey, add_air

# Gradients of the tile before the sub-step, of the site, of the soil, and of the ground's temperature below snow
Substep = namedtuple("Substep", "tile site soil ground_temperature")


def substep_adjoint(
    tile, site, soil, ground_temperature, snowing, k, last, forcing, geometry, parameter, new_state, flux, i, j,
    d_after, d_new_state, d_flux, d_state, d_forcing, d_parameter,
):  # fmt: skip
    """The Substep of gradients; those of forcing, parameters and the soil's moisture are added to their rows."""
    whole = options.substeps > 1 and not snowing
    dt = options.seconds if whole else options.dt
    part = 1.0 if whole else 1.0 / options.substep_count
    air = mean_air(forcing, parameter, i, j) if whole else air_of(forcing, parameter, k, i, j)
    amount = falling(forcing, parameter, whole, k, i, j)
    rain, snowfall = phase(amount, air.temperature)
    above = above_ground(tile, site, air, rain, snowfall, parameter, geometry, dt, i, j)
    below = ground(
        tile.pack, above, site, air, snowfall, ground_temperature, parameter[P.snow_rough, i], dt,
        forcing[C.day_of_year, j], geometry[G.latitude, j],
    )  # fmt: skip
    scene = setting(tile, above, below, site, soil, air, parameter, geometry, new_state, flux, dt, i, j)
    keep_ice(new_state, flux, i)
    solved = solve(tile, scene, soil, air, dt, parameter, new_state, flux, i)
    after, fluxes = onward(tile, above, below, scene, solved, amount, dt)
    r = record_adjoint(
        site, air, above, below, scene, solved, after, fluxes, part, last, parameter, i, d_new_state, d_flux,
        d_parameter,
    )  # fmt: skip
    o = onward_adjoint(tile, above, below, scene, solved, dt, with_outputs(d_after, r), r.understory)
    d_surface, d_interface, d_under, d_soil, d_factor, d_warmth = solve_adjoint(
        tile, scene, soil, air, dt, parameter, new_state, flux, i, solved, solution_gradient(d_after, r, o),
        d_new_state, d_flux, d_parameter,
    )  # fmt: skip
    take_ice(new_state, flux, i)
    s = setting_adjoint(
        tile, above, below, scene, site, air, parameter, geometry, new_state, dt, i, j, with_rest(d_under, r, o),
        d_factor, r.albedo, d_flux, d_state, d_parameter,
    )  # fmt: skip
    g = ground_adjoint(
        tile.pack, above, below, site, air, snowfall, ground_temperature, parameter, forcing, geometry, dt, i, j,
        pack_gradient(o, s), snow_gradient(r, o, s), r.ground_rain,
    )  # fmt: skip
    a = above_ground_adjoint(
        tile, above, site, air, rain, snowfall, parameter, geometry, dt, i, j, above_gradient(r, o, s, g), d_parameter
    )
    d_amount, d_phase = phase_adjoint(amount, air.temperature, a.rain + r.rain, a.snowfall + r.snowfall)
    zero = 0.0 * d_warmth
    d_air = add_air(add_air(add_air(r.air, s.air), add_air(g.air, a.air)), Air(
        d_warmth + d_phase, zero, zero, zero, zero, zero, zero, zero
    ))  # fmt: skip
    spread_weather(forcing, parameter, whole, k, i, j, d_air, d_amount, d_forcing, d_parameter)
    on_snow = above.snow_surface > 0.0 and site.green > 0.0
    d_parameter[P.snow_rough, i] += g.rough + (s.height if on_snow else zero)
    d_canopy = Canopy(a.canopy.snow, a.canopy.melt, a.canopy.water + s.water, a.canopy.temperature)
    d_tile = Tile(
        g.pack, d_canopy, d_surface, d_interface, a.longwave_up, a.transmission + o.transmission,
        s.joint + o.joint_advection, o.joint_cold - s.joint, o.joint_refreeze,
    )  # fmt: skip
    return Substep(d_tile, site_gradient(above, site, r, s, g, a), d_soil, g.ground_temperature)


def with_outputs(d, r):
    """The gradient of the Tile after the sub-step, with that of its outputs."""
    p = d.pack
    pack = Pack(
        p.water, p.surface_liquid, p.pack_liquid, p.surface_temperature + r.pack_temperature, p.pack_temperature,
        p.cold_content, p.density, p.depth, p.albedo, 0.0 * p.water, 0.0 * p.water,
    )  # fmt: skip
    return Tile(
        pack, d.canopy, d.surface, d.interface, d.longwave_up + r.longwave_up, d.transmission, d.joint_advection,
        d.joint_cold, d.joint_refreeze,
    )  # fmt: skip


def solution_gradient(d, r, o):
    """The gradient of what solve gives."""
    b, zero = r.balance, 0.0 * o.water
    balance = Balance(
        zero, zero, o.longwave_net, o.sensible, o.latent, o.sublimation, b.canopy_evaporation, b.transpiration,
        b.soil_evaporation, o.water, b.throughfall, b.conductance, b.snow_flux, o.vapour, o.cold, o.refreeze,
    )  # fmt: skip
    return Solved(o.surface + r.surface, zero, d.interface, r.ground, r.storage, r.fusion, zero, balance)


def with_rest(d, r, o):
    """The gradient of the Understorey, with what did not go through its balance."""
    e, more = d.evaporative, r.evaporative
    return Understorey(
        d.air, d.cover, d.thin, d.shortwave + o.shortwave, d.longwave, d.extra, d.conduction, d.snow_temperature,
        d.resistance, d.wind, d.height, d.logarithm, d.dry_ground, d.green, d.factor, d.offset, d.wetness, d.water,
        d.rain, d.capacity,
        Evaporative(
            e.slope + more.slope, e.latent + more.latent, e.psychrometric + more.psychrometric, e.heat + more.heat
        ),
        d.share, d.liquid, d.residual, d.snow_water, d.snow_liquid, d.snow_density, d.snow_before + r.before,
        d.advection,
    )  # fmt: skip


def pack_gradient(o, s):
    """The gradient of the snow on the ground after its own part of the sub-step."""
    p = o.pack
    return Pack(
        p.water + s.pack_water, p.surface_liquid + s.pack_liquid, p.pack_liquid,
        p.surface_temperature + s.pack_temperature, p.pack_temperature, p.cold_content, p.density + s.pack_density,
        p.depth + s.pack_depth, p.albedo + s.pack_albedo, 0.0 * p.water, 0.0 * p.water,
    )  # fmt: skip


def snow_gradient(r, o, s):
    """The gradient of the fluxes of the snow on the ground."""
    f, zero = o.fluxes, 0.0 * r.melt
    return PackFluxes(
        r.melt, f.vapour, f.advection + s.advection, f.cold_content_change, f.latent, f.latent_sublimation,
        f.longwave_net, f.shortwave_net + s.snow_shortwave, f.refreeze, f.sensible, zero,
        r.melt_energy + s.melt_energy, zero, zero, zero, zero, s.depth_before, zero,
    )  # fmt: skip


def above_gradient(r, o, s, g):
    """The gradient of what the canopy left to the ground."""
    c, zero = o.canopy, 0.0 * r.melt
    canopy = Canopy(c.snow, c.melt, c.water, c.temperature + r.foliage)
    return Above(
        zero, zero, zero, g.rain + s.rain, g.snowfall, g.shortwave + s.shortwave, g.longwave + s.longwave + o.longwave,
        s.transmission + o.above_transmission, canopy, r.canopy,
    )  # fmt: skip


def site_gradient(above, site, r, s, g, a):
    """The gradient of the Site: the surface's exchange belongs to bare soil, to the surface or to snow."""
    zero = 0.0 * s.resistance
    bare = site.green == 0.0
    on_snow = above.snow_surface > 0.0 and not bare
    open_surface = not bare and not on_snow
    aero = Aerodynamics(
        s.wind if open_surface else zero, a.wind, g.wind + (s.wind if on_snow else zero),
        s.resistance if open_surface else zero, a.resistance + s.canopy_resistance,
        g.resistance + (s.resistance if on_snow else zero),
    )  # fmt: skip
    return Site(
        aero, s.wind if bare else zero, s.resistance if bare else zero, s.height if open_surface else zero,
        s.logarithm if open_surface else zero, s.height if bare else zero, s.logarithm if bare else zero,
        s.logarithm if on_snow else zero, r.leaf_area + s.leaf_area + a.leaf_area,
        r.site_albedo + s.albedo + a.albedo, zero, zero, zero, s.capacity + a.capacity,
    )  # fmt: skip


def spread_weather(forcing, parameter, whole, k, i, j, d_air, d_amount, d_forcing, d_parameter):
    """Reverse of air_of or mean_air, and of falling."""
    factor = parameter[P.precipitation_factor, i]
    if whole:
        for other in range(options.substeps):
            add_air_adjoint(forcing, other, i, j, d_air, 1.0 / options.substep_count, d_forcing, d_parameter)
            fallen = forcing[forcing_row(F.precipitation, other), j]
            d_forcing[forcing_row(F.precipitation, other), i] += d_amount * factor
            d_parameter[P.precipitation_factor, i] += d_amount * fallen
    else:
        add_air_adjoint(forcing, k, i, j, d_air, 1.0, d_forcing, d_parameter)
        fallen = forcing[forcing_row(F.precipitation, k), j]
        d_forcing[forcing_row(F.precipitation, k), i] += d_amount * factor
        d_parameter[P.precipitation_factor, i] += d_amount * fallen
