"""The two layers of the snow on the ground: what falls on them, and how they share their ice (Andreadis et al., 2009).

Water in m, of ice and liquid; temperatures in degC; cold contents in J m-2, at most 0 (vic.md, 4.6 (ii)).
"""

from collections import namedtuple

from .options import options

Layers = namedtuple(
    "Layers",
    "surface_ice pack_ice surface_liquid pack_liquid surface_cold pack_cold surface_temperature pack_temperature",
)
SURFACE = 0.125  # m of ice that the surface layer holds at most
ICE_HEAT = 2.11727e6  # J m-3 K-1, of water equivalent
NOTHING = 2.2e-16
THIN = 1e-9  # m; slopes of a mean temperature are those of at least so much ice


def add_precipitation(
    water, surface_liquid, pack_liquid, surface_temperature, pack_temperature, temperature, rain, snowfall
):  # fmt: skip
    """Layers with rain and snowfall (m) that came at an air temperature; snow above the surface layer sinks below."""
    ice = max(water - surface_liquid - pack_liquid, 0.0)
    surface = min(ice, SURFACE)
    pack = ice - surface
    cold = ICE_HEAT * surface * surface_temperature
    pack_cold = ICE_HEAT * pack * pack_temperature
    fallen_cold = ICE_HEAT * snowfall * min(temperature, 0.0)
    room = SURFACE - surface
    if snowfall > room > NOTHING:
        sunk = snowfall - room
        sunk_cold = sunk / surface * cold if sunk <= surface else cold + (snowfall - SURFACE) / snowfall * fallen_cold
        surface = SURFACE
        cold = cold + (fallen_cold - sunk_cold)
        pack = pack + sunk
        pack_cold = pack_cold + sunk_cold
    else:
        surface = surface + snowfall
        cold = cold + fallen_cold
    return Layers(
        surface, pack, surface_liquid + rain, pack_liquid, cold, pack_cold, mean(cold, surface), mean(pack_cold, pack)
    )  # fmt: skip


def mean(cold, ice):
    """Temperature of ice with a cold content; 0 where there is none."""
    return cold / (ICE_HEAT * ice) if ice > 0.0 else 0.0


def add_precipitation_adjoint(
    water, surface_liquid, pack_liquid, surface_temperature, pack_temperature, temperature, rain, snowfall, d_layers
):  # fmt: skip
    """Reverse of add_precipitation. Ice thinner than 1e-9 m passes its temperature on as if it were that thick."""
    ice = max(water - surface_liquid - pack_liquid, 0.0)
    surface = min(ice, SURFACE)
    pack = ice - surface
    new = add_precipitation(
        water, surface_liquid, pack_liquid, surface_temperature, pack_temperature, temperature, rain, snowfall
    )
    cold, fallen_cold = ICE_HEAT * surface * surface_temperature, ICE_HEAT * snowfall * min(temperature, 0.0)
    # temperature = cold / (c ice), of both layers
    d_surface_mean = d_layers.surface_temperature / max(new.surface_ice, THIN) if new.surface_ice > 0.0 else 0.0
    d_pack_mean = d_layers.pack_temperature / max(new.pack_ice, THIN) if new.pack_ice > 0.0 else 0.0
    d_cold = d_layers.surface_cold + d_surface_mean / ICE_HEAT
    d_pack_cold = d_layers.pack_cold + d_pack_mean / ICE_HEAT
    d_surface = d_layers.surface_ice - d_surface_mean * new.surface_temperature
    d_pack = d_layers.pack_ice - d_pack_mean * new.pack_temperature
    room = SURFACE - surface
    d_fallen_cold = d_cold
    if snowfall > room > NOTHING:
        sunk = snowfall - room
        # pack' = pack + sunk;  pack_cold' = pack_cold + sunk_cold;  cold' = cold + fallen_cold - sunk_cold
        d_sunk, d_sunk_cold = d_pack, d_pack_cold - d_cold
        d_surface = 0.0
        d_snowfall = 0.0
        if sunk <= surface:  # sunk_cold = sunk / surface cold
            d_sunk += d_sunk_cold * cold / surface
            d_cold += d_sunk_cold * (sunk / surface)
            d_surface -= d_sunk_cold * cold / surface * (sunk / surface)
        else:  # sunk_cold = cold + (1 - SURFACE / S) fallen_cold
            d_cold += d_sunk_cold
            d_fallen_cold += d_sunk_cold * (snowfall - SURFACE) / snowfall
            d_snowfall += d_sunk_cold * fallen_cold / snowfall * (SURFACE / snowfall)
        # sunk = S + surface - SURFACE
        d_snowfall += d_sunk
        d_surface += d_sunk
    else:
        d_snowfall = d_surface
    # fallen_cold = c S min(Ta, 0);  cold = c surface Ts;  pack_cold = c pack Tp
    d_snowfall += d_fallen_cold * ICE_HEAT * min(temperature, 0.0)
    d_temperature = d_fallen_cold * ICE_HEAT * snowfall if temperature < 0.0 else 0.0
    d_surface += d_cold * ICE_HEAT * surface_temperature
    d_pack += d_pack_cold * ICE_HEAT * pack_temperature
    # pack = ice - surface;  surface = min(ice, SURFACE);  ice = (water - liquids)+
    d_ice = (d_surface if ice <= SURFACE else d_pack) if water > surface_liquid + pack_liquid else 0.0
    return (
        d_ice,
        d_layers.surface_liquid - d_ice,
        d_layers.pack_liquid - d_ice,
        d_cold * ICE_HEAT * surface,
        d_pack_cold * ICE_HEAT * pack,
        d_temperature,
        d_layers.surface_liquid,
        d_snowfall,
    )


def settle(surface_ice, pack_ice, surface_temperature, pack_temperature, cold, known):
    """Ice shared anew: the surface layer holds 0.125 m of it; (temperatures of both, cold content of the surface).

    cold: content of the surface layer before its energy balance, which is kept as VIC keeps it where all ice lies in
    the surface layer; known: whether its temperature was found. Where ice rises into the surface layer VIC loses
    the energy of the share f of it twice. options.compat off: nothing is lost, and the cold content is that of the
    temperature found. Effect: a surface that has melted or evaporated below 0.125 m is colder by up to f of its
    distance from the lower layer, and the season of melting begins when the snow is at 0 degC and not a sub-step later.
    """
    ice = surface_ice + pack_ice
    if ice <= SURFACE:
        kept = cold if options.compat or known == 0.0 else ICE_HEAT * ice * surface_temperature
        return surface_temperature, 0.0, kept
    if surface_ice > SURFACE:
        sunk = surface_ice - SURFACE
        pack_temperature = (pack_ice * pack_temperature + sunk * surface_temperature) / (ice - SURFACE)
    else:
        risen = SURFACE - surface_ice
        if options.compat:
            risen = risen * ((ice - SURFACE) / pack_ice)
        surface_temperature = (surface_ice * surface_temperature + risen * pack_temperature) / SURFACE
    return surface_temperature, pack_temperature, ICE_HEAT * SURFACE * surface_temperature


def settle_adjoint(
    surface_ice, pack_ice, surface_temperature, pack_temperature, cold, known, d_surface, d_pack, d_cold
):  # fmt: skip
    """Reverse of settle; (ices, temperatures, cold)."""
    ice = surface_ice + pack_ice
    if ice <= SURFACE:
        if options.compat or known == 0.0:
            return 0.0, 0.0, d_surface, 0.0, d_cold
        d_ice = d_cold * ICE_HEAT * surface_temperature
        return d_ice, d_ice, d_surface + d_cold * ICE_HEAT * ice, 0.0, 0.0
    d_surface = d_surface + d_cold * ICE_HEAT * SURFACE
    if surface_ice > SURFACE:
        sunk, left = surface_ice - SURFACE, ice - SURFACE
        # Tp' = (pack Tp + sunk Ts) / (pack + sunk)
        d_sum = d_pack / left
        new = (pack_ice * pack_temperature + sunk * surface_temperature) / left
        d_sunk, d_ice = d_sum * (surface_temperature - new), d_sum * (pack_temperature - new)
        return d_sunk, d_ice, d_surface + d_sum * sunk, d_sum * pack_ice, 0.0
    # Ts' = (surface Ts + risen Tp) / SURFACE;  risen = r (pack - r) / pack or r, r = SURFACE - surface
    gap = SURFACE - surface_ice
    share = (ice - SURFACE) / pack_ice if options.compat else 1.0
    d_sum = d_surface / SURFACE
    d_risen = d_sum * pack_temperature
    d_gap = d_risen
    d_pack_ice = 0.0
    if options.compat:
        d_gap = d_risen * (share - gap / pack_ice)
        d_pack_ice = d_risen * (gap / pack_ice) * (gap / pack_ice)
    return (
        d_sum * surface_temperature - d_gap,
        d_pack_ice,
        d_sum * surface_ice,
        d_pack + d_sum * gap * share,
        0.0,
    )
