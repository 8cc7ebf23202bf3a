"""Stability of the air near the surface: the factor that divides an aerodynamic resistance (VIC 5.1).

Ri = g (Ta - Ts)(Z - d)/(Tm U2), Tm = (Ta + Ts)/2 in K (Louis, 1979; Andreadis et al., 2009, eq. 27). Ri is at most
Ta/(Tm (ln((Z-d)/z0) + 5)) and at least -0.5; factor = (1 - Ri/0.2)^2 for Ri > 0, else sqrt(1 - 16 Ri).
The height Z - d (m) and the logarithm do not change with temperatures, so that they come as arguments.
Below CALM the wind counts as CALM: there Ri is at one of its limits unless |Ta - Ts| < 1e-5 K. MOST_STABLE keeps the
factor above 1e-4; Ri comes so near to 0.2 only where (Z-d)/z0 < 2.
"""

from ..elementary import log, sqrt
from .aerodynamics import safe_log, safe_log_adjoint

GRAVITY = 9.80616
KELVIN = 273.15
CALM = 1e-3  # m s-1
CRITICAL = 5.0  # 1/0.2
MOST_STABLE = 0.198
MOST_UNSTABLE = -0.5


def stability_log(reference_height, displacement, roughness):
    """ln((Z - d)/z0), at least that of aerodynamics.LEAST_RATIO."""
    return safe_log((reference_height - displacement) / roughness)


def stability_log_adjoint(reference_height, displacement, roughness, d_log):
    """Reverse of stability_log."""
    ratio = (reference_height - displacement) / roughness
    d_ratio = safe_log_adjoint(ratio, d_log)
    return d_ratio / roughness, -d_ratio / roughness, -d_ratio * ratio / roughness


def snow_log(snow_rough):
    """stability_log of snow, whose height is 2 m + zs and whose displacement is 0."""
    return log((2.0 + snow_rough) / snow_rough)


def snow_log_adjoint(snow_rough, d_log):
    """Reverse of snow_log."""
    return -2.0 * d_log / (snow_rough * (2.0 + snow_rough))


def stability_factor(height, logarithm, surface_temperature, air_temperature, wind):
    """The factor; temperatures in degC, wind in m s-1 at the height's index (U[u])."""
    mean = KELVIN + 0.5 * (air_temperature + surface_temperature)
    speed = max(wind, CALM)
    free = GRAVITY * (air_temperature - surface_temperature) * height / (mean * speed * speed)
    limit = min((air_temperature + KELVIN) / (mean * (logarithm + CRITICAL)), MOST_STABLE)
    stable = 1.0 - CRITICAL * min(free, limit)
    unstable = sqrt(1.0 - 16.0 * min(max(free, MOST_UNSTABLE), 0.0))
    return stable * stable if free > 0.0 else unstable


def stability_factor_slope(height, logarithm, surface_temperature, air_temperature, wind):
    """The factor and its derivative with respect to the surface temperature (K-1)."""
    inverse = 1.0 / (KELVIN + 0.5 * (air_temperature + surface_temperature))
    speed = max(wind, CALM)
    warmth = (air_temperature + KELVIN) * inverse
    buoyancy = GRAVITY * height * inverse / (speed * speed)
    free = buoyancy * (air_temperature - surface_temperature)
    bound = warmth / (logarithm + CRITICAL)
    limit = min(bound, MOST_STABLE)
    stable = 1.0 - CRITICAL * min(free, limit)
    unstable = sqrt(1.0 - 16.0 * min(max(free, MOST_UNSTABLE), 0.0))
    d_limit = -0.5 * limit * inverse if bound <= MOST_STABLE else 0.0
    d_free = -buoyancy * warmth
    d_stable = -2.0 * CRITICAL * stable * (d_free if free <= limit else d_limit)
    d_unstable = -8.0 * d_free / unstable if free >= MOST_UNSTABLE else 0.0
    factor = stable * stable if free > 0.0 else unstable
    return factor, d_stable if free > 0.0 else d_unstable


def stability_factor_adjoint(height, logarithm, surface_temperature, air_temperature, wind, d_factor):
    """Reverse of stability_factor; at Ts = Ta the slope of the unstable side, at a limit that of the free formula."""
    inverse = 1.0 / (KELVIN + 0.5 * (air_temperature + surface_temperature))
    speed = max(wind, CALM)
    buoyancy = GRAVITY * inverse / (speed * speed)
    free = buoyancy * height * (air_temperature - surface_temperature)
    bound = (air_temperature + KELVIN) * inverse / (logarithm + CRITICAL)
    limit = min(bound, MOST_STABLE)
    stable = 1.0 - CRITICAL * min(free, limit)
    unstable = sqrt(1.0 - 16.0 * min(max(free, MOST_UNSTABLE), 0.0))
    d_stable = -2.0 * CRITICAL * stable * d_factor
    d_unstable = -8.0 * d_factor / unstable if free >= MOST_UNSTABLE else 0.0
    d_free = (d_stable if free <= limit else 0.0) if free > 0.0 else d_unstable
    # limit = min(Ta_K/(Tm (ln + 5)), most)
    d_bound = d_stable if free > 0.0 and free > limit and bound <= MOST_STABLE else 0.0
    # free = g (Ta - Ts)(Z - d)/(Tm U2)
    slope = d_free * buoyancy * height * inverse
    d_mean = -0.5 * d_bound * bound * inverse
    return (
        d_free * buoyancy * (air_temperature - surface_temperature),
        -d_bound * bound / (logarithm + CRITICAL),
        d_mean - slope * (air_temperature + KELVIN),
        d_mean + d_bound * inverse / (logarithm + CRITICAL) + slope * (surface_temperature + KELVIN),
        -2.0 * d_free * free / speed if wind >= CALM else 0.0,
    )
