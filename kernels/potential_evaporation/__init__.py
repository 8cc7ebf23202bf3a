"""Potential evaporation from daily weather: numpy formulas, float64, any shapes that broadcast.

Units: air temperature degC, radiation W m-2 (mean of the day), vapour pressure kPa, wind speed m s-1 at 2 m,
elevation m, latitude degrees north, potential evaporation mm d-1. With series [time, place], day_of_year and
year_length are [time, 1].
NaN (a gap) stays NaN; finite input gives a finite number that is never negative.
"""

from .air import (
    actual_vapour_pressure,
    psychrometric_constant,
    saturation_vapour_pressure,
    slope_of_saturation,
    vapour_pressure_from_relative_humidity,
    vapour_pressure_from_specific_humidity,
    wind_at_two_metres,
)
from .formulas import hargreaves, oudin, penman_monteith_fao56, priestley_taylor
from .net_radiation import (
    net_radiation,
    net_radiation_from_longwave,
    shortwave_from_sunshine,
    shortwave_from_temperature,
)
from .sun import daylight_hours, extraterrestrial_radiation

__all__ = [
    "actual_vapour_pressure",
    "daylight_hours",
    "extraterrestrial_radiation",
    "hargreaves",
    "net_radiation",
    "net_radiation_from_longwave",
    "oudin",
    "penman_monteith_fao56",
    "priestley_taylor",
    "psychrometric_constant",
    "saturation_vapour_pressure",
    "shortwave_from_sunshine",
    "shortwave_from_temperature",
    "slope_of_saturation",
    "vapour_pressure_from_relative_humidity",
    "vapour_pressure_from_specific_humidity",
    "wind_at_two_metres",
]
