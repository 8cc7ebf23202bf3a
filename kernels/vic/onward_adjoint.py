"""Reverse of onward.py."""

from collections import namedtuple

from .ground_snow import PackFluxes
from .interception import Canopy
from .onward import FUSION, ICE, ICE_HEAT, WATER
from .options import options
from .snow_pack import Pack

# Gradients: of the pack and its fluxes, of the balance's water, latent, sublimation, sensible, longwave, vapour, cold
# change and refreezing, of the surface temperature, of what lies above (longwave, canopy, transmission), of the tile's
# transmission and joint terms, and of the understorey's shortwave
Onward = namedtuple(
    "Onward",
    "pack fluxes water latent sublimation sensible longwave_net vapour cold refreeze surface longwave canopy "
    "above_transmission transmission joint_advection joint_cold joint_refreeze shortwave",
)


def onward_adjoint(tile, above, below, scene, solved, dt, d_after, d_u):
    """The Onward of gradients; d_after: of the Tile, d_u: of the Understory."""
    zero = 0.0 * d_after.surface
    touched = scene.cover + scene.lost
    # upward = longwave - longwave net
    d_net = d_u.longwave - d_after.longwave_up
    d_remembered = d_after.transmission
    leaves = scene.under.dry_ground > 0.0 and scene.under.green > 0.0
    canopy = Canopy(
        d_after.canopy.snow, d_after.canopy.melt, zero if leaves else d_after.canopy.water, d_after.canopy.temperature
    )
    d_water = d_after.canopy.water if leaves else zero
    d_above_transmission = d_remembered if options.compat else zero
    d_transmission = zero if options.compat else d_remembered
    if scene.under.thin > 0.0:
        d_cold, d_advection = d_u.cold + d_after.joint_cold, d_u.advection + d_after.joint_advection
        d_pack, d_vapour, d_refreeze, d_surface = thin_adjoint(
            below.pack, scene, solved, dt, d_after.pack, d_u.vapour, d_u.melt, d_u.refreeze + d_after.joint_refreeze
        )
        fluxes = PackFluxes(
            zero, zero, d_advection, zero, zero, zero, zero, d_u.shortwave, zero, zero, zero, zero, zero, zero, zero,
            zero, zero, zero,
        )  # fmt: skip
        return Onward(
            d_pack, fluxes, d_water, d_u.latent, d_u.sublimation, d_u.sensible, d_net, d_vapour, d_cold, d_refreeze,
            d_after.surface + d_surface, d_after.longwave_up, canopy, d_above_transmission, d_transmission, zero, zero,
            zero, zero,
        )  # fmt: skip
    fluxes = PackFluxes(
        zero, -1000.0 * d_u.vapour, d_u.advection, d_u.cold, touched * d_u.latent, touched * d_u.sublimation,
        scene.cover * d_net, scene.cover * d_u.shortwave, d_u.refreeze, touched * d_u.sensible, zero, zero, zero, zero,
        zero, zero, zero, zero,
    )  # fmt: skip
    return Onward(
        d_after.pack, fluxes, d_water, d_u.latent, zero, d_u.sensible, d_net, zero, zero, zero, d_after.surface,
        d_after.longwave_up, canopy, d_above_transmission, d_transmission, d_after.joint_advection, d_after.joint_cold,
        d_after.joint_refreeze, d_u.shortwave,
    )  # fmt: skip


def thin_adjoint(pack, scene, solved, dt, d_pack, d_sublimated, d_melted, d_refreeze):
    """Reverse of thin_snow and thin_pack: gradients of the pack, the vapour flux, the refreezing and Ts."""
    b = solved.balance
    zero = 0.0 * d_refreeze
    free = b.vapour * dt / ICE
    vapour = max(free, -pack.water)
    liquid = max(pack.surface_liquid + vapour, 0.0)
    water = pack.water + vapour
    energy = b.refreeze * dt / (FUSION * WATER)
    whole = water
    water = whole - min(max(-energy, 0.0), whole)
    lies = water > 0.0
    temperature = min(solved.surface, 0.0)
    # temperature = min(Ts, 0);  cold content = heat temperature water;  depth = 1000 water/density
    d_temperature = d_pack.surface_temperature + d_pack.cold_content * ICE_HEAT * water if lies else zero
    d_water = (
        d_pack.water + d_pack.cold_content * ICE_HEAT * temperature + d_pack.depth * WATER / pack.density
        if lies else zero
    )  # fmt: skip
    d_density = d_pack.density - d_pack.depth * WATER * water / (pack.density * pack.density) if lies else zero
    d_liquid = d_pack.surface_liquid if lies else zero
    if energy >= 0.0:
        # frozen = min(energy, liquid);  refreeze = frozen Lf rho/dt
        d_frozen = d_refreeze * (FUSION * WATER / dt) - d_liquid
        d_energy = d_frozen if energy <= liquid else zero
        d_liquid = d_liquid + (zero if energy <= liquid else d_frozen)
    else:
        # kept = min(liquid, water);  water = whole - melt;  melt = min(-energy, whole)
        over = liquid > water
        d_water = d_water + (d_liquid if over else zero)
        d_liquid = zero if over else d_liquid
        d_melt = 1000.0 * d_melted - d_water
        d_energy = d_refreeze * (FUSION * WATER / dt) - (d_melt if -energy <= whole else zero)
        d_water = d_water + (zero if -energy <= whole else d_melt)
    # liquid = max(liquid + vapour, 0);  water = water + vapour;  vapour = max(free, -water)
    d_kept = d_liquid if pack.surface_liquid + vapour >= 0.0 else zero
    d_vapour = d_kept + d_water - 1000.0 * d_sublimated
    limited = free < -pack.water
    return Pack(
        d_water - (d_vapour if limited else zero), d_kept, d_pack.pack_liquid if lies else zero, zero,
        d_pack.pack_temperature if lies else zero, zero, d_density, zero, d_pack.albedo if lies else zero, zero, zero,
    ), zero if limited else d_vapour * (dt / ICE), d_energy * (dt / (FUSION * WATER)), (
        d_temperature if solved.surface <= 0.0 else zero
    )  # fmt: skip
