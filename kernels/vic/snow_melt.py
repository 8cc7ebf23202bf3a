"""What the energy of its surface makes of the snow: melt, freezing, vapour (Andreadis et al., 2009; vic.md, 4.6 (ii)).

Water in m; vapour towards the snow; energy in W m-2 that freezing gives (below 0: that melts); dt in s.
"""

FUSION = 3.337e8  # J m-3: latent heat of fusion of a depth of water


def melt_at_zero(surface_ice, pack_ice, surface_liquid, pack_liquid, vapour, energy, dt):
    """Snow whose surface is at 0 degC: (the four, vapour, energy that was used).

    Water freezes into the surface layer, or ice melts, of the lower layer first; vapour comes from the surface's water.
    """
    frozen = min(max(energy, 0.0) * dt / FUSION, surface_liquid)
    melt = max(-energy, 0.0) * dt / FUSION
    surface_ice = surface_ice + frozen
    left = surface_liquid - frozen
    vapour = max(vapour, -left)
    surface_liquid = max(left + vapour, 0.0)
    ice = surface_ice + pack_ice
    energy = frozen * FUSION / dt if energy >= 0.0 else energy
    if melt >= ice:
        return 0.0, 0.0, surface_liquid + ice, pack_liquid, vapour, -ice * FUSION / dt if energy < 0.0 else 0.0
    if melt <= pack_ice:
        return surface_ice, pack_ice - melt, surface_liquid + melt, pack_liquid, vapour, energy
    return ice - melt, 0.0, surface_liquid + (melt + pack_liquid), 0.0, vapour, energy


def melt_at_zero_adjoint(
    surface_ice, pack_ice, surface_liquid, pack_liquid, vapour, energy, dt,
    d_surface_ice, d_pack_ice, d_surface_liquid, d_pack_liquid, d_vapour, d_energy,
):  # fmt: skip
    """Reverse of melt_at_zero but for dt; at a limit the limit is taken."""
    most = max(energy, 0.0) * dt / FUSION
    frozen = min(most, surface_liquid)
    melt = max(-energy, 0.0) * dt / FUSION
    ice = surface_ice + frozen + pack_ice
    d_melt = 0.0
    d_frozen = 0.0
    d_source = 0.0
    if melt >= ice:
        d_ice = d_surface_liquid - (d_energy * FUSION / dt if energy < 0.0 else 0.0)
        d_surface_ice = d_ice
        d_pack_ice = d_ice
    else:
        if melt <= pack_ice:
            d_melt = d_surface_liquid - d_pack_ice
        else:
            d_melt = d_surface_liquid - d_surface_ice
            d_pack_ice = d_surface_ice
            d_pack_liquid = d_surface_liquid
        if energy < 0.0:
            d_source = d_energy - d_melt * dt / FUSION
        else:
            d_frozen = d_energy * FUSION / dt
    # surface_liquid' = left + vapour';  vapour' = max(vapour, -left);  left = surface_liquid - frozen
    d_vapour = d_vapour + d_surface_liquid
    d_left = d_surface_liquid
    if vapour <= -(surface_liquid - frozen):
        d_left = d_left - d_vapour
        d_vapour = 0.0
    # surface_ice' = surface_ice + frozen;  frozen = min(most, surface_liquid)
    d_frozen = d_frozen + d_surface_ice - d_left
    d_liquid = d_left
    if most < surface_liquid:
        d_source = d_source + (d_frozen * dt / FUSION if energy > 0.0 else 0.0)
    else:
        d_liquid = d_liquid + d_frozen
    return d_surface_ice, d_pack_ice, d_liquid, d_pack_liquid, d_vapour, d_source


def freeze_below(surface_ice, surface_liquid, vapour):
    """Ice of a surface layer below 0 degC, in which all water freezes, and the vapour that it gave or took."""
    ice = surface_ice + surface_liquid
    vapour = max(vapour, -ice)
    return max(ice + vapour, 0.0), vapour


def freeze_below_adjoint(surface_ice, surface_liquid, vapour, d_ice, d_vapour):
    """Reverse of freeze_below; ice that is used up has no slope of vapour."""
    ice = surface_ice + surface_liquid
    if vapour > -ice:
        return d_ice, d_ice, d_ice + d_vapour
    return -d_vapour, -d_vapour, 0.0
