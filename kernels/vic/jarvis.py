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


def canopy_resistance(minimum, leaf_area, stress, temperature, deficit, shortwave, limit):
    """unstressed_resistance under a stress factor of the soil in [0, 1], s m-1, at most 5000: divided by the factor.

    The plain form, as VIC's table of functions has it, for tests: transpiration.py divides layer by layer.
    """
    unstressed = unstressed_resistance(minimum, leaf_area, temperature, deficit, shortwave, limit)
    return unstressed / max(stress, unstressed / MOST, NONE)
