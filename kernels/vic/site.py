"""What a tile is during one step: read from its parameters, the derived ones included, and the step's mean wind."""

from .aerodynamics import Aerodynamics, scaled, scaled_adjoint
from .derived import D
from .options import options
from .parameters import P
from .rows import derived_row
from .surface_bundles import Site

STILL = 1e20  # s m-1, in calm air
CALM = 1e-6  # m s-1


def unit_aerodynamics(parameter, i):
    """Winds and resistances at a wind of 1 m s-1."""
    return Aerodynamics(
        parameter[derived_row(D.wind_surface), i], parameter[derived_row(D.wind_canopy), i],
        parameter[derived_row(D.wind_snow), i], parameter[derived_row(D.resistance_surface), i],
        parameter[derived_row(D.resistance_canopy), i], parameter[derived_row(D.resistance_snow), i],
    )  # fmt: skip


def bare_wind(wind, wind_surface, wind_bare, resistance_bare):
    """Wind at bare soil and its resistance. VIC scales by the wind at 2 m, which is scaled already.

    Mended: by the wind itself, which makes bare soil exchange more.
    """
    speed = wind_surface if options.compat else wind
    return wind_bare * speed, resistance_bare / speed if speed > 0.0 else STILL


def bare_wind_adjoint(wind, wind_surface, wind_bare, resistance_bare, d_wind_bare, d_resistance):
    """Reverse of bare_wind: wind, wind at 2 m, and the two at unit wind."""
    speed = wind_surface if options.compat else wind
    blows = speed > CALM
    safe = max(speed, CALM)
    d_speed = wind_bare * d_wind_bare - (d_resistance * resistance_bare / (safe * safe) if blows else 0.0)
    d_unit = d_resistance / safe if blows else 0.0
    if options.compat:
        return 0.0 * d_speed, d_speed, speed * d_wind_bare, d_unit
    return d_speed, 0.0 * d_speed, speed * d_wind_bare, d_unit


def site_of(parameter, wind, i):
    """The tile of cell i at the mean wind of the step."""
    aero = scaled(unit_aerodynamics(parameter, i), wind)
    blown, resistance = bare_wind(
        wind, aero.wind_surface, parameter[derived_row(D.wind_bare), i], parameter[derived_row(D.resistance_bare), i]
    )
    return Site(
        aero, blown, resistance, parameter[derived_row(D.stability_height), i],
        parameter[derived_row(D.stability_log), i], parameter[derived_row(D.bare_height), i],
        parameter[derived_row(D.bare_log), i], parameter[derived_row(D.snow_log), i],
        parameter[derived_row(D.leaf_area_index), i], parameter[derived_row(D.albedo), i],
        parameter[derived_row(D.canopy_fraction), i], parameter[P.overstory, i] * parameter[P.vegetated, i],
        parameter[P.vegetated, i], parameter[derived_row(D.canopy_capacity), i],
    )  # fmt: skip


def add_site_adjoint(parameter, wind, i, d_site, d_parameter):
    """Reverse of site_of: adds to the rows of the derived parameters; the gradient of the wind."""
    unit = unit_aerodynamics(parameter, i)
    aero = scaled(unit, wind)
    bare, resistance = parameter[derived_row(D.wind_bare), i], parameter[derived_row(D.resistance_bare), i]
    d_wind, d_surface, d_bare, d_resistance = bare_wind_adjoint(
        wind, aero.wind_surface, bare, resistance, d_site.wind_bare, d_site.resistance_bare
    )
    d = d_site.aero
    d_unit, d_scaling = scaled_adjoint(
        unit, wind,
        Aerodynamics(
            d.wind_surface + d_surface, d.wind_canopy, d.wind_snow, d.resistance_surface, d.resistance_canopy,
            d.resistance_snow,
        ),
    )  # fmt: skip
    d_parameter[derived_row(D.wind_surface), i] += d_unit.wind_surface
    d_parameter[derived_row(D.wind_canopy), i] += d_unit.wind_canopy
    d_parameter[derived_row(D.wind_snow), i] += d_unit.wind_snow
    d_parameter[derived_row(D.resistance_surface), i] += d_unit.resistance_surface
    d_parameter[derived_row(D.resistance_canopy), i] += d_unit.resistance_canopy
    d_parameter[derived_row(D.resistance_snow), i] += d_unit.resistance_snow
    d_parameter[derived_row(D.wind_bare), i] += d_bare
    d_parameter[derived_row(D.resistance_bare), i] += d_resistance
    d_parameter[derived_row(D.stability_height), i] += d_site.height
    d_parameter[derived_row(D.stability_log), i] += d_site.logarithm
    d_parameter[derived_row(D.bare_height), i] += d_site.bare_height
    d_parameter[derived_row(D.bare_log), i] += d_site.bare_logarithm
    d_parameter[derived_row(D.snow_log), i] += d_site.snow_logarithm
    d_parameter[derived_row(D.leaf_area_index), i] += d_site.leaf_area
    d_parameter[derived_row(D.albedo), i] += d_site.albedo
    d_parameter[derived_row(D.canopy_capacity), i] += d_site.capacity
    return d_wind + d_scaling
