"""What a tall canopy catches of snow and rain (Andreadis et al., 2009; VIC 5.1, Hamman et al., 2018). Water in m."""

SNOW_PER_LEAF = 0.0005  # m of snow that a unit of leaf area holds at cold
MOST_PER_LEAF = 0.002  # and at most, with water: where the snow is warm and sticks
LIQUID = 0.035  # m of water that a m of the canopy's snow holds
FALLING = 0.001  # m; less than this falls off when no more comes
EMPTY = 2.2e-16  # m
TINY = 1e-12  # m; leaves that hold less hold nothing
SNOW_ALBEDO = 0.85


def stickiness(temperature):
    """How much more snow leaves hold when it is warm: 1 below -3 degC, 1.5 T + 5.5, 4 above -1 degC."""
    if temperature > -1.0:
        return 4.0
    return 1.5 * temperature + 5.5 if temperature > -3.0 else 1.0


def blown(temperature, wind):
    """Share of the caught snow that wind [m s-1] above 1 m s-1 takes away below -3 degC."""
    return min(1.0, 0.2 * wind - 0.2) if temperature < -3.0 and wind > 1.0 else 0.0


def catch_snow(snow, snowfall, temperature, wind, lai):
    """Snow on the canopy, and the snow that passes it or falls off, from the canopy's snow and the snowfall.

    room = 0.0005 lai stickiness(T)    caught = (1 - snow/room) snowfall, at most room - snow, less what is blown away,
    and nothing where it would exceed 0.002 lai. Without snowfall less than 1 mm falls off.
    temperature: of the canopy, degC; wind: at the canopy, m s-1; lai: leaf area index.
    """
    if snowfall <= 0.0 and snow < FALLING:
        return 0.0, snow + snowfall
    room = stickiness(temperature) * (SNOW_PER_LEAF * lai)
    caught = (1.0 - snow / room) * snowfall if room > TINY else 0.0
    caught = max(min(caught, room - snow), 0.0)
    caught = caught - blown(temperature, wind) * caught
    if snow + caught > MOST_PER_LEAF * lai:
        caught = 0.0
    full = snow + caught
    return full if full >= EMPTY else 0.0, snowfall - caught


def catch_snow_adjoint(snow, snowfall, temperature, wind, lai, d_snow, d_through):
    """Reverse of catch_snow. What falls off falls with its snowfall of nothing; at ties the room is what limits."""
    if snowfall <= 0.0 and snow < FALLING:
        return d_through, d_through, 0.0, 0.0, 0.0
    sticky = stickiness(temperature)
    room = sticky * (SNOW_PER_LEAF * lai)
    share = 1.0 - snow / room if room > TINY else 0.0
    free, left = share * snowfall, room - snow
    whole = max(min(free, left), 0.0)
    lost = blown(temperature, wind)
    caught = whole - lost * whole
    # snow' = snow + caught;  through = snowfall - caught;  nothing is caught above the most
    fits = snow + caught <= MOST_PER_LEAF * lai
    d_snow = d_snow if snow + (caught if fits else 0.0) >= EMPTY else 0.0
    d_caught = d_snow - d_through if fits else 0.0
    # caught = whole - blown whole
    d_lost = -d_caught * whole
    d_wind = 0.2 * d_lost if lost > 0.0 and lost < 1.0 else 0.0
    d_whole = d_caught * (1.0 - lost)
    # whole = max(min(share snowfall, room - snow), 0)
    d_free = d_whole if free < left and free > 0.0 else 0.0
    d_left = d_whole if free >= left > 0.0 else 0.0
    d_share = d_free * snowfall if room > TINY else 0.0
    # share = 1 - snow/room;  room = stickiness 0.0005 lai
    inverse = 1.0 / max(room, TINY)
    d_room = d_left + d_share * snow * inverse * inverse
    d_temperature = 1.5 * SNOW_PER_LEAF * lai * d_room if temperature > -3.0 and temperature <= -1.0 else 0.0
    return (
        d_snow - d_left - d_share * inverse,
        d_through + d_free * share,
        d_temperature,
        d_wind,
        d_room * sticky * SNOW_PER_LEAF,
    )


def catch_rain(water, rain, snow, capacity):
    """Water on the canopy, and the rain that passes it: what exceeds 0.035 snow + capacity.

    Without rain less than 1 mm falls off. capacity: of the leaves, m.
    """
    held = LIQUID * snow + capacity
    full = water + rain
    kept = full if full <= held else held
    through = 0.0 if full <= held else full - held
    if rain <= 0.0 and kept < FALLING:
        return 0.0, through + kept
    return kept, through


def catch_rain_adjoint(water, rain, snow, capacity, d_water, d_through):
    """Reverse of catch_rain."""
    held = LIQUID * snow + capacity
    full = water + rain
    kept = full if full <= held else held
    d_kept = d_through if rain <= 0.0 and kept < FALLING else d_water
    # kept = min(full, held);  through = full - kept
    d_full = d_kept if full <= held else d_through
    d_held = 0.0 if full <= held else d_kept - d_through
    return d_full, d_full, LIQUID * d_held, d_held


def shed(snow, water, lai):
    """Snow and water on the canopy, and what of both it sheds in proportion where they exceed 0.002 lai together."""
    total = water + snow
    over = total - MOST_PER_LEAF * lai
    if over <= 0.0:
        return snow, water, 0.0, 0.0
    shed_water = over * (water / total)
    shed_snow = over * (snow / total)
    return max(snow - shed_snow, 0.0), max(water - shed_water, 0.0), shed_snow, shed_water


def shed_adjoint(snow, water, lai, d_snow, d_water, d_shed_snow, d_shed_water):
    """Reverse of shed."""
    total = water + snow
    over = total - MOST_PER_LEAF * lai
    if over <= 0.0:
        return d_snow, d_water, 0.0
    share_snow, share_water = snow / total, water / total
    # snow' = snow - over share_snow;  water' = water - over share_water
    d_loss_snow, d_loss_water = d_shed_snow - d_snow, d_shed_water - d_water
    d_over = d_loss_snow * share_snow + d_loss_water * share_water
    part = over / total
    d_total = -part * d_over
    # over = total - 0.002 lai;  the shares = each / total
    return (
        d_snow + d_loss_snow * part + d_total + d_over,
        d_water + d_loss_water * part + d_total + d_over,
        -MOST_PER_LEAF * d_over,
    )
