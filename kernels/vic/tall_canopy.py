"""Wind and aerodynamic resistance of a tall canopy at a wind of 1 m s-1 (Andreadis et al., 2009, eqs. 23-26).

With h = d/0.67 the heights of the original are shares of h: (Zw-d)/h = 0.495, (h-d)/(Zw-d) = 2/3, (Zw-h)/(Zw-d) = 1/3.
"""

from ..elementary import exp, expm1, log
from .aerodynamics import (
    BELOW_TOP,
    CANOPY,
    KARMAN2,
    LAYER,
    LEAST_SHARE,
    LOWEST_CANOPY,
    Aerodynamics,
    safe_log,
    safe_log_adjoint,
    surface_layer,
    surface_layer_adjoint,
)

THIRD = 1.0 / 3.0


def tall_canopy(reference_height, displacement, roughness, snow_rough, attenuation, trunk_ratio):
    """Aerodynamics of a tall canopy: attenuation is that of the wind in it (n), trunk_ratio Zt/h.

    Uh = Uw - (1 - (h-d)/(Zw-d))/L,  U1 = Uh exp(n ((z0+d)/h - 1)),  Ut = Uh exp(n (Zt/h - 1)); ra1 sums the exponential
    part and the layer above it; snow below the trunks sees a logarithmic profile from Ut, otherwise the wind 2 m above.
    """
    wind, resistance = surface_layer(reference_height, displacement, roughness)
    height = max(CANOPY * displacement, LOWEST_CANOPY)
    layer = LAYER * height
    profile = safe_log((reference_height - displacement) / roughness)
    top = max(log(layer / roughness) - THIRD, LEAST_SHARE) / profile
    n = attenuation
    depth = BELOW_TOP - min(roughness / height, BELOW_TOP)
    growth = expm1(n * depth)
    dampening = 1.0 / (1.0 + growth)
    above = log(max(reference_height - displacement, roughness) / layer)
    inside = max(growth / (LAYER * n) + THIRD + above, LEAST_SHARE)
    trunk = exp(n * (trunk_ratio - 1.0))
    low = log((2.0 + snow_rough) / snow_rough)
    stem = log(trunk_ratio * height / snow_rough)
    # Above the snow: below the trunks, or at the share y of the canopy's height.
    y = min((2.0 + snow_rough) / height, 1.0)
    at_snow = exp(n * (y - 1.0))
    below = trunk_ratio * height > 2.0 + snow_rough
    share = trunk * low / stem if below else at_snow
    path = low * stem if below else stem * stem
    rest = 0.0 if below else profile / (LAYER * n) * (1.0 / trunk - 1.0 / at_snow)
    return Aerodynamics(
        wind,
        top * dampening,
        top * share,
        resistance,
        profile * inside / KARMAN2,
        (path / (top * trunk) + rest) / KARMAN2,
    )


def tall_canopy_adjoint(reference_height, displacement, roughness, snow_rough, attenuation, trunk_ratio, d):
    """Reverse of tall_canopy; d: the gradient of its bundle. At a change of formula the slope is that of the branch."""
    height = max(CANOPY * displacement, LOWEST_CANOPY)
    layer = LAYER * height
    ratio = (reference_height - displacement) / roughness
    profile = safe_log(ratio)
    over = log(layer / roughness) - THIRD
    top = max(over, LEAST_SHARE) / profile
    n = attenuation
    slim = roughness / height
    depth = BELOW_TOP - min(slim, BELOW_TOP)
    growth = expm1(n * depth)
    dampening = 1.0 / (1.0 + growth)
    span = max(reference_height - displacement, roughness)
    within = growth / (LAYER * n)
    inside = within + THIRD + log(span / layer)
    trunk = exp(n * (trunk_ratio - 1.0))
    low = log((2.0 + snow_rough) / snow_rough)
    stem = log(trunk_ratio * height / snow_rough)
    y = min((2.0 + snow_rough) / height, 1.0)
    at_snow = exp(n * (y - 1.0))
    below = trunk_ratio * height > 2.0 + snow_rough
    share = trunk * low / stem if below else at_snow
    path = low * stem if below else stem * stem
    spread = profile / (LAYER * n)
    # ra2 = (path/(top trunk) + rest)/k2;  U2 = top share
    d_both = d.resistance_snow / KARMAN2
    d_path = d_both / (top * trunk)
    d_trunk = -d_path * path / trunk
    d_top = d.wind_canopy * dampening + d.wind_snow * share - d_path * path / top
    d_share = d.wind_snow * top
    # below: path = low stem, share = trunk low/stem;  else: path = stem^2, share = at_snow
    d_stem = d_path * low - d_share * share / stem if below else 2.0 * d_path * stem
    d_low = d_path * stem + d_share * trunk / stem if below else 0.0
    d_trunk = d_trunk + (d_share * low / stem if below else 0.0)
    # rest = profile/(0.495 n) (1/trunk - 1/at_snow)
    d_rest = 0.0 if below else d_both
    gap = 1.0 / trunk - 1.0 / at_snow
    d_profile = d_rest * gap / (LAYER * n)
    d_n = -d_rest * spread * gap / n
    d_trunk = d_trunk - d_rest * spread / (trunk * trunk)
    d_at_snow = d_rest * spread / (at_snow * at_snow) + (0.0 if below else d_share)
    # at_snow = exp(n (y - 1));  y = min((2 + zs)/h, 1);  trunk = exp(n (r - 1))
    d_n = d_n + d_at_snow * at_snow * (y - 1.0) + d_trunk * trunk * (trunk_ratio - 1.0)
    d_y = d_at_snow * at_snow * n if 2.0 + snow_rough <= height else 0.0
    # stem = ln(r h/zs);  low = ln((2 + zs)/zs)
    d_ratio_of_trunk = d_trunk * trunk * n + d_stem / trunk_ratio
    d_height = (d_stem - d_y * y) / height
    d_snow_rough = d_y / height - d_stem / snow_rough - 2.0 * d_low / (snow_rough * (2.0 + snow_rough))
    # ra1 = profile inside/k2;  inside = max(growth/(0.495 n) + 1/3 + ln(span/layer), least)
    d_inside = d.resistance_canopy * profile / KARMAN2 if inside >= LEAST_SHARE else 0.0
    d_profile = d_profile + d.resistance_canopy * max(inside, LEAST_SHARE) / KARMAN2
    d_n = d_n - d_inside * within / n
    d_height = d_height - d_inside / height
    d_span = d_inside / span
    free = reference_height - displacement >= roughness
    # U1 = top/(1 + growth);  growth = exp(n depth) - 1;  depth = 0.33 - min(z0/h, 0.33)
    d_exponent = d_inside * (1.0 + growth) / (LAYER * n) - d.wind_canopy * top * dampening
    d_n = d_n + d_exponent * depth
    d_slim = -d_exponent * n if slim <= BELOW_TOP else 0.0
    d_height = d_height - d_slim * slim / height
    # top = max(ln(layer/z0) - 1/3, least)/profile
    d_profile = d_profile - d_top * top / profile
    d_over = d_top / profile if over >= LEAST_SHARE else 0.0
    d_height = d_height + d_over / height
    d_ratio = safe_log_adjoint(ratio, d_profile)
    d_reference, d_displacement, d_roughness = surface_layer_adjoint(
        reference_height, displacement, roughness, d.wind_surface, d.resistance_surface
    )
    d_open = d_ratio / roughness + (d_span if free else 0.0)
    d_displacement = d_displacement - d_open + (CANOPY * d_height if height > LOWEST_CANOPY else 0.0)
    d_roughness = d_roughness + d_slim / height - (d_over + d_ratio * ratio) / roughness + (0.0 if free else d_span)
    return d_reference + d_open, d_displacement, d_roughness, d_snow_rough, d_n, d_ratio_of_trunk
