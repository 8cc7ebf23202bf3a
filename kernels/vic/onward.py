"""What a sub-step leaves to the next: thin snow after it was solved with the soil (vic.md, 4.7b), nodes, canopy."""

from collections import namedtuple

from .above_ground import remembered
from .interception import Canopy
from .snow_pack import Pack
from .surface_bundles import Tile

ICE_HEAT = 2.11727e6  # J m-3 K-1
FUSION = 3.337e5  # J kg-1
WATER, ICE = 1000.0, 917.0  # kg m-3

# Fluxes of the understorey, W m-2 towards the surface; vapour: mm that left the snow; weight: share of the snow's
# terms; melt: of thin snow, mm
Understory = namedtuple(
    "Understory", "latent sublimation sensible longwave shortwave vapour cover weight advection cold refreeze melt"
)


def thin_snow(pack, under, balance, dt):
    """Water, liquid water, exchanged vapour and melt of the thin pack, m, and the energy of what froze, W m-2.

    VIC takes the density of ice for the vapour's water. At exactly 0 degC the pack may melt: the soil gets that water.
    """
    vapour = max(balance.vapour * dt / ICE, -pack.water)
    liquid = max(pack.surface_liquid + vapour, 0.0)
    water = pack.water + vapour
    energy = balance.refreeze * dt / (FUSION * WATER)
    if energy >= 0.0:
        frozen = min(energy, liquid)
        return water, liquid - frozen, vapour, 0.0 * water, frozen * (FUSION * WATER / dt)
    melt = min(-energy, water)
    water = water - melt
    return water, min(liquid, water), vapour, melt, balance.refreeze


def thin_pack(pack, water, liquid, surface):
    """The bundle of thin snow at the surface temperature that was found; no snow where no water is left."""
    zero = 0.0 * water
    if water > 0.0:
        temperature = min(surface, 0.0)
        return Pack(
            water, liquid, pack.pack_liquid, temperature, pack.pack_temperature, ICE_HEAT * temperature * water,
            pack.density, WATER * water / pack.density, pack.albedo, pack.age, pack.melting,
        )  # fmt: skip
    return Pack(zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero)


def onward(tile, above, below, scene, solved, precipitation, dt):
    """The Tile after a sub-step and the Understory's fluxes."""
    b, snow, pack = solved.balance, below.fluxes, below.pack
    touched = scene.cover + scene.lost
    joint_advection, joint_cold, joint_refreeze = tile.joint_advection, tile.joint_cold, tile.joint_refreeze
    if scene.under.thin > 0.0:
        water, liquid, vapour, melt, refreeze = thin_snow(pack, scene.under, b, dt)
        pack = thin_pack(pack, water, liquid, solved.surface)
        before = 1.0 if tile.pack.water > 0.0 or precipitation > 0.0 else 0.0
        cover = 1.0 if water > 0.0 else 0.0
        fluxes = Understory(
            b.latent, b.sublimation_heat, b.sensible, b.longwave_net, snow.shortwave_net, -1000.0 * vapour, cover,
            1.0 if water > 0.0 else before, snow.advection, b.cold_change, refreeze, 1000.0 * melt,
        )  # fmt: skip
        joint_advection, joint_cold, joint_refreeze = snow.advection, b.cold_change, refreeze
    else:
        fluxes = Understory(
            b.latent + touched * snow.latent, touched * snow.latent_sublimation, b.sensible + touched * snow.sensible,
            b.longwave_net + scene.cover * snow.longwave_net,
            scene.under.shortwave + scene.cover * snow.shortwave_net, -1000.0 * snow.vapour, scene.cover, touched,
            snow.advection, snow.cold_content_change, snow.refreeze, 0.0 * touched,
        )  # fmt: skip
    canopy = above.canopy
    if scene.under.dry_ground > 0.0 and scene.under.green > 0.0:
        canopy = Canopy(canopy.snow, canopy.melt, b.water, canopy.temperature)
    upward = above.longwave - fluxes.longwave
    return Tile(
        pack, canopy, solved.surface, solved.interface, upward, remembered(above, tile), joint_advection, joint_cold,
        joint_refreeze,
    ), fluxes  # fmt: skip
