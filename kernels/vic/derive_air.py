"""Derived parameters of the air above a tile: aerodynamics at unit wind, heights and logarithms of stability.

Heights follow from the month's vegetation (vic.md, section 2): the wind is known at wind_h, or wind_h above the canopy
where that is higher than the displacement height; a roughness length below SMOOTHEST counts as not given, and the
soil's is taken. Bare tiles: z0 = rough, d = 0.667 z0/0.123, wind known at 10 m.
"""

from .aerodynamics import (
    BARE_DISPLACEMENT,
    BARE_HEIGHT,
    Aerodynamics,
    bare_soil,
    bare_soil_adjoint,
    short_canopy,
    short_canopy_adjoint,
)
from .derived import D
from .parameters import C, M, P
from .rows import derived_row, month_row
from .stability import snow_log, snow_log_adjoint, stability_log, stability_log_adjoint
from .tall_canopy import tall_canopy, tall_canopy_adjoint

SMOOTHEST = 1e-5  # m
BARE_TILE = 0.667 / 0.123  # displacement height of a bare tile over its roughness
BELOW_CANOPY = 2.0  # m; height of the surface's stability factor below a tall canopy, whose roughness is the soil's


def heights(parameter, forcing, i, j):
    """Reference height, displacement height and roughness length of the month (m)."""
    month = int(forcing[C.month, j])
    rough, wind_height = parameter[P.rough, i], parameter[P.wind_h, i]
    vegetated = parameter[P.vegetated, i] > 0.0
    own = parameter[month_row(M.roughness, month), i]
    given = parameter[month_row(M.displacement, month), i]
    roughness = own if vegetated and own >= SMOOTHEST else rough
    above = wind_height if given < wind_height else given + wind_height + roughness
    return (
        above if vegetated else BARE_HEIGHT,
        given if vegetated else BARE_TILE * rough,
        roughness,
    )


def heights_adjoint(parameter, forcing, d_reference, d_displacement, d_roughness, d_parameter, i, j):
    """Reverse of heights: adds to the parameters' gradients."""
    month = int(forcing[C.month, j])
    vegetated = parameter[P.vegetated, i] > 0.0
    wind_height = parameter[P.wind_h, i]
    roughness_row, displacement_row = month_row(M.roughness, month), month_row(M.displacement, month)
    given = vegetated and parameter[roughness_row, i] >= SMOOTHEST
    low = parameter[displacement_row, i] < wind_height
    d_above = d_reference if vegetated else 0.0
    d_roughness = d_roughness + (0.0 if low else d_above)
    d_parameter[P.wind_h, i] += d_above
    d_parameter[displacement_row, i] += d_displacement + (0.0 if low else d_above) if vegetated else 0.0
    d_parameter[roughness_row, i] += d_roughness if given else 0.0
    d_bare = 0.0 if vegetated else BARE_TILE * d_displacement
    d_parameter[P.rough, i] += d_bare + (0.0 if given else d_roughness)


def derive_air(parameter, forcing, i, j):
    """Write the rows of cell i for the month of place j."""
    reference, displacement, roughness = heights(parameter, forcing, i, j)
    rough, snow_rough = parameter[P.rough, i], parameter[P.snow_rough, i]
    overstory = parameter[P.overstory, i] * parameter[P.vegetated, i] > 0.0
    short = short_canopy(reference, displacement, roughness, snow_rough)
    tall = tall_canopy(
        reference, displacement, roughness, snow_rough, parameter[P.wind_atten, i], parameter[P.trunk_ratio, i]
    )
    parameter[derived_row(D.wind_surface), i] = short.wind_surface
    parameter[derived_row(D.wind_canopy), i] = tall.wind_canopy if overstory else short.wind_canopy
    parameter[derived_row(D.wind_snow), i] = tall.wind_snow if overstory else short.wind_snow
    parameter[derived_row(D.resistance_surface), i] = short.resistance_surface
    parameter[derived_row(D.resistance_canopy), i] = tall.resistance_canopy if overstory else short.resistance_canopy
    parameter[derived_row(D.resistance_snow), i] = tall.resistance_snow if overstory else short.resistance_snow
    wind, resistance = bare_soil(rough)
    parameter[derived_row(D.wind_bare), i] = wind
    parameter[derived_row(D.resistance_bare), i] = resistance
    height = BELOW_CANOPY if overstory else reference - displacement
    parameter[derived_row(D.stability_height), i] = height
    parameter[derived_row(D.stability_log), i] = stability_log(height, 0.0, rough if overstory else roughness)
    height = BARE_HEIGHT - BARE_DISPLACEMENT * rough
    parameter[derived_row(D.bare_height), i] = height
    parameter[derived_row(D.bare_log), i] = stability_log(height, 0.0, rough)
    parameter[derived_row(D.snow_log), i] = snow_log(snow_rough)


def derive_air_adjoint(parameter, forcing, d_parameter, i, j):
    """Reverse of derive_air: hands the gradients of its rows to the parameters' and leaves them zero."""
    reference, displacement, roughness = heights(parameter, forcing, i, j)
    rough, snow_rough = parameter[P.rough, i], parameter[P.snow_rough, i]
    overstory = parameter[P.overstory, i] * parameter[P.vegetated, i] > 0.0
    d_rough = 0.0
    # snow_log;  bare_log = stability_log(height, 0, rough);  height = 10 - 0.67/0.123 rough
    d_snow_rough = snow_log_adjoint(snow_rough, taken(d_parameter, derived_row(D.snow_log), i))
    bare_height = BARE_HEIGHT - BARE_DISPLACEMENT * rough
    d_height, _, d_rough = stability_log_adjoint(
        bare_height, 0.0, rough, taken(d_parameter, derived_row(D.bare_log), i)
    )
    d_height = d_height + taken(d_parameter, derived_row(D.bare_height), i)
    d_rough = d_rough - BARE_DISPLACEMENT * d_height
    # stability_log(height, 0, rough or roughness);  height = 2 or reference - displacement
    height = BELOW_CANOPY if overstory else reference - displacement
    d_height, _, d_own = stability_log_adjoint(
        height, 0.0, rough if overstory else roughness, taken(d_parameter, derived_row(D.stability_log), i)
    )
    d_height = d_height + taken(d_parameter, derived_row(D.stability_height), i)
    d_rough = d_rough + (d_own if overstory else 0.0)
    d_open = 0.0 if overstory else d_height
    d_wind = taken(d_parameter, derived_row(D.wind_bare), i)
    d_rough = d_rough + bare_soil_adjoint(rough, d_wind, taken(d_parameter, derived_row(D.resistance_bare), i))
    d = Aerodynamics(
        taken(d_parameter, derived_row(D.wind_surface), i),
        taken(d_parameter, derived_row(D.wind_canopy), i),
        taken(d_parameter, derived_row(D.wind_snow), i),
        taken(d_parameter, derived_row(D.resistance_surface), i),
        taken(d_parameter, derived_row(D.resistance_canopy), i),
        taken(d_parameter, derived_row(D.resistance_snow), i),
    )
    short = short_canopy_adjoint(reference, displacement, roughness, snow_rough, d)
    tall = tall_canopy_adjoint(
        reference, displacement, roughness, snow_rough, parameter[P.wind_atten, i], parameter[P.trunk_ratio, i], d
    )
    d_parameter[P.rough, i] += d_rough
    d_parameter[P.snow_rough, i] += d_snow_rough + (tall[3] if overstory else short[3])
    d_parameter[P.wind_atten, i] += tall[4] if overstory else 0.0
    d_parameter[P.trunk_ratio, i] += tall[5] if overstory else 0.0
    d_reference = (tall[0] if overstory else short[0]) + d_open
    d_displacement = (tall[1] if overstory else short[1]) - d_open
    d_roughness = (tall[2] if overstory else short[2]) + (0.0 if overstory else d_own)
    heights_adjoint(parameter, forcing, d_reference, d_displacement, d_roughness, d_parameter, i, j)


def taken(d_parameter, row, i):
    """The gradient of a derived row, which is zero from now on."""
    value = d_parameter[row, i]
    d_parameter[row, i] = 0.0
    return value
