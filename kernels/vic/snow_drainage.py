"""Liquid water through both layers of the snow, and what freezes below (Andreadis et al., 2009; vic.md, 4.6 (ii))."""

from .snow_layers import ICE_HEAT
from .snow_melt import FUSION

HELD = 0.035  # of its ice that a layer holds as water


def drain(surface_ice, pack_ice, surface_liquid, pack_liquid, pack_cold, pack_temperature):
    """(ice of the lower layer, both liquids, temperature of the lower layer, outflow), m and degC.

    pack_cold (J m-2): of the lower layer before any melt. Where it can freeze all its water its temperature rises to at
    most 0 degC, else it is 0 degC, and what is above that melts ice.
    """
    flow = max(surface_liquid - HELD * surface_ice, 0.0)
    water = pack_liquid + flow
    if pack_cold < -FUSION * water:
        frozen = water
        ice = pack_ice + frozen
        warmed = pack_temperature + FUSION * frozen / (ICE_HEAT * ice) if ice > 0.0 else 0.0
        return ice, surface_liquid - flow, 0.0, min(warmed, 0.0), 0.0
    frozen = max(-pack_cold / FUSION, -pack_ice)
    ice = pack_ice + frozen
    left = max(water - frozen, 0.0)
    outflow = max(left - HELD * ice, 0.0)
    return ice, surface_liquid - flow, left - outflow, 0.0, outflow


def drain_adjoint(
    surface_ice, pack_ice, surface_liquid, pack_liquid, pack_cold, pack_temperature,
    d_ice, d_surface_liquid, d_pack_liquid, d_temperature, d_outflow,
):  # fmt: skip
    """Reverse of drain; at a limit nothing flows."""
    flow = max(surface_liquid - HELD * surface_ice, 0.0)
    water = pack_liquid + flow
    d_pack_cold = 0.0
    d_old_temperature = 0.0
    if pack_cold < -FUSION * water:
        ice = pack_ice + water
        rise = FUSION * water / (ICE_HEAT * ice) if ice > 0.0 else 0.0
        # ice' = pack_ice + water;  T' = min(T + FUSION water / (c ice'), 0)
        d_rise = 0.0
        if ice > 0.0 and pack_temperature + rise < 0.0:
            d_old_temperature = d_temperature
            d_rise = d_temperature / ice
        d_pack_ice = d_ice - d_rise * rise
        d_water = d_pack_ice + d_rise * (FUSION / ICE_HEAT)
    else:
        frozen = max(-pack_cold / FUSION, -pack_ice)
        ice = pack_ice + frozen
        # left' = left - outflow;  outflow = (left - HELD ice)+
        out = d_outflow - d_pack_liquid if water - frozen > HELD * ice else 0.0
        d_pack_ice = d_ice - out * HELD
        d_water = d_pack_liquid + out
        # ice = pack_ice + frozen;  left = water - frozen;  frozen = -pack_cold / FUSION
        if -pack_cold / FUSION >= -pack_ice:
            d_pack_cold = (d_water - d_pack_ice) / FUSION
        else:
            d_pack_ice = d_water
    # surface_liquid' = surface_liquid - flow;  water = pack_liquid + flow
    d_flow = d_water - d_surface_liquid
    d_surface_ice = 0.0
    if surface_liquid > HELD * surface_ice:
        d_surface_ice = -HELD * d_flow
        d_surface_liquid = d_surface_liquid + d_flow
    return d_surface_ice, d_pack_ice, d_surface_liquid, d_water, d_pack_cold, d_old_temperature
