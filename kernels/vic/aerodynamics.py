"""Wind and aerodynamic resistance at a wind of 1 m s-1 above short and tall canopies, snow and bare soil.

Logarithmic above a canopy, exponential inside a tall one and logarithmic again below its trunks (VIC 5.1, Hamman et
al., 2018; Andreadis et al., 2009, eqs. 23-26). A canopy's height is its displacement height over 0.67. Heights and
roughness lengths in m, winds per m s-1 of the measured one, resistances in s m-1 times the measured wind. What lies
outside of the formulas' sense (a wind measured inside the canopy, a roughness of the canopy's size) is limited by
LEAST_LOG, LEAST_SHARE and LOWEST_CANOPY, which no usual parameter touches; the slope beyond a limit is 0.
"""

from collections import namedtuple

from ..elementary import log

# At unit wind, or at a step's wind: winds and resistances of the surface, the canopy, the snow.
Aerodynamics = namedtuple(
    "Aerodynamics", "wind_surface wind_canopy wind_snow resistance_surface resistance_canopy resistance_snow"
)

KARMAN2 = 0.16
STILL = 1e20  # resistance of calm air, s m-1
STILLEST = 1e-16  # m s-1; a lighter wind has the resistance of this one, at most
CALM = 1e-6  # m s-1; the slope of a resistance with the wind is 0 below
LOG10 = 2.302585092994046
ABOVE = 1.0 / 0.63 - 1.0  # share of the displacement height that the surface's reference of 2 m is raised by
CANOPY = 1.0 / 0.67  # height of a canopy over its displacement height
LAYER = 0.495  # (1.5 h - 0.5 d - d)/h: top of the canopy's roughness layer above d, in canopy heights
BELOW_TOP = 0.33  # (h - d)/h
LEAST_LOG = 0.1
LEAST_RATIO = 1.1051709180756477  # exp(LEAST_LOG)
LEAST_SHARE = 0.05
LOWEST_CANOPY = 0.1  # m
BARE_HEIGHT = 10.0
BARE_DISPLACEMENT = 0.67 / 0.123


def safe_log(ratio):
    """ln(ratio), at least LEAST_LOG."""
    return log(max(ratio, LEAST_RATIO))


def safe_log_adjoint(ratio, d_log):
    """Reverse of safe_log."""
    return d_log / max(ratio, LEAST_RATIO) if ratio >= LEAST_RATIO else 0.0


def surface_layer(reference_height, displacement, roughness):
    """Wind and resistance 2 m above a surface: U = ln((2+z0)/z0)/L, L = ln((zr-d)/z0).

    ra = ln((2+0.587 d)/z0) ln((2+0.587 d)/(0.1 z0))/k2
    """
    profile = safe_log((reference_height - displacement) / roughness)
    level = safe_log((2.0 + ABOVE * displacement) / roughness)
    return log((2.0 + roughness) / roughness) / profile, level * (level + LOG10) / KARMAN2


def surface_layer_adjoint(reference_height, displacement, roughness, d_wind, d_resistance):
    """Reverse of surface_layer."""
    ratio = (reference_height - displacement) / roughness
    above = (2.0 + ABOVE * displacement) / roughness
    profile, level = safe_log(ratio), safe_log(above)
    low = log((2.0 + roughness) / roughness)
    # wind = low/profile;  resistance = level (level + ln 10)/k2
    d_ratio = safe_log_adjoint(ratio, -d_wind * low / (profile * profile))
    d_above = safe_log_adjoint(above, d_resistance * (2.0 * level + LOG10) / KARMAN2)
    # low = ln((2 + roughness)/roughness)
    d_roughness = -2.0 * d_wind / (profile * roughness * (2.0 + roughness))
    d_roughness = d_roughness - (d_ratio * ratio + d_above * above) / roughness
    return d_ratio / roughness, (ABOVE * d_above - d_ratio) / roughness, d_roughness


def bare_soil(roughness):
    """Unit wind and resistance of bare soil below a wind measured at 10 m, displacement 0.67 z0/0.123."""
    return surface_layer(BARE_HEIGHT, BARE_DISPLACEMENT * roughness, roughness)


def bare_soil_adjoint(roughness, d_wind, d_resistance):
    """Reverse of bare_soil."""
    _, d_displacement, d_roughness = surface_layer_adjoint(
        BARE_HEIGHT, BARE_DISPLACEMENT * roughness, roughness, d_wind, d_resistance
    )
    return d_roughness + BARE_DISPLACEMENT * d_displacement


def short_canopy(reference_height, displacement, roughness, snow_rough):
    """Aerodynamics of short vegetation and of bare tiles; snow has its own roughness below the same wind."""
    wind, resistance = surface_layer(reference_height, displacement, roughness)
    low, profile = log((2.0 + snow_rough) / snow_rough), safe_log(reference_height / snow_rough)
    return Aerodynamics(wind, wind, low / profile, resistance, resistance, low * profile / KARMAN2)


def short_canopy_adjoint(reference_height, displacement, roughness, snow_rough, d):
    """Reverse of short_canopy; d: the gradient of its bundle."""
    d_height, d_displacement, d_roughness = surface_layer_adjoint(
        reference_height, displacement, roughness, d.wind_surface + d.wind_canopy,
        d.resistance_surface + d.resistance_canopy,
    )  # fmt: skip
    ratio = reference_height / snow_rough
    low, profile = log((2.0 + snow_rough) / snow_rough), safe_log(ratio)
    # wind = low/profile;  resistance = low profile/k2
    d_low = d.wind_snow / profile + d.resistance_snow * profile / KARMAN2
    d_ratio = safe_log_adjoint(ratio, d.resistance_snow * low / KARMAN2 - d.wind_snow * low / (profile * profile))
    d_snow_rough = -2.0 * d_low / (snow_rough * (2.0 + snow_rough)) - d_ratio * ratio / snow_rough
    return d_height + d_ratio / snow_rough, d_displacement, d_roughness, d_snow_rough


def scaled(aerodynamics, wind):
    """At a wind (m s-1): winds grow with it, resistances fall with it; calm air has resistance 1e20 s m-1."""
    still = 0.0 if wind > 0.0 else 1.0
    inverse = 1.0 / max(wind, STILLEST)
    return Aerodynamics(
        aerodynamics.wind_surface * wind,
        aerodynamics.wind_canopy * wind,
        aerodynamics.wind_snow * wind,
        STILL if still > 0.0 else aerodynamics.resistance_surface * inverse,
        STILL if still > 0.0 else aerodynamics.resistance_canopy * inverse,
        STILL if still > 0.0 else aerodynamics.resistance_snow * inverse,
    )


def scaled_adjoint(aerodynamics, wind, d):
    """Reverse of scaled: the gradients of the bundle and of the wind (0 below CALM)."""
    inverse = 1.0 / wind if wind >= CALM else 0.0
    unit = Aerodynamics(
        d.wind_surface * wind,
        d.wind_canopy * wind,
        d.wind_snow * wind,
        d.resistance_surface * inverse,
        d.resistance_canopy * inverse,
        d.resistance_snow * inverse,
    )
    d_inverse = (
        unit.resistance_surface * aerodynamics.resistance_surface
        + unit.resistance_canopy * aerodynamics.resistance_canopy
        + unit.resistance_snow * aerodynamics.resistance_snow
    )
    d_wind = (
        d.wind_surface * aerodynamics.wind_surface
        + d.wind_canopy * aerodynamics.wind_canopy
        + d.wind_snow * aerodynamics.wind_snow
        - d_inverse * inverse
    )
    return unit, d_wind
