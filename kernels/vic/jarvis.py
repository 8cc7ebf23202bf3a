"""Resistance of a canopy's stomata (Jarvis, 1976; Liang et al., 1994; VIC 5.1, Hamman et al., 2018)."""

MOST = 5000.0  # s m-1
TINY = 1e-6
DARK = 1e-4  # least light + rmin/5000: rmin below 0.5 s m-1 in darkness
COLD = 1e-10  # the temperature factor at and beyond its ends, 0 and 50 degC
NONE = 1e-12  # least stress factor


def unstressed_resistance(minimum, leaf_area, temperature, deficit, shortwave, limit):
    """Resistance of a canopy that lacks no soil water, s m-1, at most 5000.

    minimum: stomatal resistance rmin, s m-1; temperature degC; deficit Pa; shortwave: net, W m-2; limit: RGL, W m-2.
    r = rmin gl/(LAI gT gv); gl = (1 + f)/(f + rmin/5000), f = shortwave/RGL; gT = 0.08 T - 0.0016 T^2;
    gv = max(0.1, 1 - deficit/4000). rmin = 0 gives 0; otherwise LAI = 0 gives 5000.
    """
    light = shortwave / max(limit, TINY)
    shade = (1.0 + light) / max(light + minimum / MOST, DARK)
    warmth = max(temperature * (0.08 - 0.0016 * temperature), COLD)
    humidity = max(1.0 - deficit / 4000.0, 0.1)
    return min(minimum * shade / (max(leaf_area, TINY) * warmth * humidity), MOST)


def unstressed_resistance_adjoint(minimum, leaf_area, temperature, deficit, shortwave, limit, d_resistance):
    """Reverse of unstressed_resistance; at 5000 and at both ends of gv the gradient passes, rmin = 0 has none."""
    light = shortwave / max(limit, TINY)
    dark = light + minimum / MOST
    shade = (1.0 + light) / max(dark, DARK)
    warming = temperature * (0.08 - 0.0016 * temperature)
    warmth = max(warming, COLD)
    drying = 1.0 - deficit / 4000.0
    humidity = max(drying, 0.1)
    leaves = max(leaf_area, TINY)
    resistance = minimum * shade / (leaves * warmth * humidity)
    # resistance = min(rmin shade/(leaves warmth humidity), 5000)
    d_relative = d_resistance * resistance if resistance <= MOST else 0.0
    d_leaves = -d_relative / leaves if leaf_area >= TINY else 0.0
    d_warming = -d_relative / warmth if warming >= COLD else 0.0
    d_drying = -d_relative / humidity if drying >= 0.1 else 0.0
    # shade = (1 + light)/max(dark, DARK);  dark = light + rmin/5000
    d_per_dark = d_relative / (shade * max(dark, DARK))
    d_dark = -d_per_dark * shade if dark >= DARK else 0.0
    d_light = d_per_dark + d_dark
    d_minimum = (d_relative / minimum if minimum > 0.0 else 0.0) + d_dark / MOST
    # light = shortwave/limit
    d_shortwave = d_light / max(limit, TINY)
    d_limit = -d_shortwave * light if limit >= TINY else 0.0
    return (
        d_minimum,
        d_leaves,
        d_warming * (0.08 - 0.0032 * temperature),
        -d_drying / 4000.0,
        d_shortwave,
        d_limit,
    )


def stressed(unstressed, stress):
    """Resistance under a stress factor in [0, 1] of the soil, s m-1: unstressed/stress, at most 5000."""
    return unstressed / max(stress, unstressed / MOST, NONE)


def stressed_adjoint(unstressed, stress, d_resistance):
    """Reverse of stressed; where it reaches 5000 the gradient passes."""
    opening = max(stress, unstressed / MOST, NONE)
    free = stress >= unstressed / MOST
    d_unstressed = d_resistance / opening if free else 0.0
    return d_unstressed, -d_unstressed * unstressed / opening


def canopy_resistance(minimum, leaf_area, stress, temperature, deficit, shortwave, limit):
    """Canopy resistance, s m-1, at most 5000: unstressed_resistance under a stress factor of the soil."""
    return stressed(unstressed_resistance(minimum, leaf_area, temperature, deficit, shortwave, limit), stress)


def canopy_resistance_adjoint(minimum, leaf_area, stress, temperature, deficit, shortwave, limit, d_resistance):
    """Reverse of canopy_resistance."""
    unstressed = unstressed_resistance(minimum, leaf_area, temperature, deficit, shortwave, limit)
    d_unstressed, d_stress = stressed_adjoint(unstressed, stress, d_resistance)
    d_minimum, d_leaf_area, d_temperature, d_deficit, d_shortwave, d_limit = unstressed_resistance_adjoint(
        minimum, leaf_area, temperature, deficit, shortwave, limit, d_unstressed
    )
    return d_minimum, d_leaf_area, d_stress, d_temperature, d_deficit, d_shortwave, d_limit
