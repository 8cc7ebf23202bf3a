"""The sun above the atmosphere, by day of year and latitude (Allen et al., 1998: FAO-56, eqs. 21-25 and 34)."""

import numpy as np
from numpy.typing import ArrayLike

SOLAR_CONSTANT = 0.0820 / 60.0 * 1e6  # W m-2, FAO-56's 0.0820 MJ m-2 min-1


def extraterrestrial_radiation(
    latitude: ArrayLike, day_of_year: ArrayLike, year_length: ArrayLike = 365.0
) -> np.ndarray:
    """Mean radiation of the day on a horizontal plane above the atmosphere, W m-2 (FAO-56, eq. 21).

    latitude degrees north, day_of_year from 1, year_length days: they broadcast. Zero in the polar night.
    ValueError where a latitude is beyond the poles.
    """
    phi, declination, sunset = _angles(latitude, day_of_year, year_length)
    distance = 1.0 + 0.033 * np.cos(_season(day_of_year, year_length))
    height = sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset)
    return np.maximum(SOLAR_CONSTANT / np.pi * distance * height, 0.0)


def daylight_hours(latitude: ArrayLike, day_of_year: ArrayLike, year_length: ArrayLike = 365.0) -> np.ndarray:
    """Hours between sunrise and sunset, 0 in the polar night, 24 in the polar day (FAO-56, eq. 34)."""
    return 24.0 / np.pi * _angles(latitude, day_of_year, year_length)[2]


def _season(day_of_year: ArrayLike, year_length: ArrayLike) -> np.ndarray:
    """Angle of the season, so that a year of any calendar is one turn."""
    return 2.0 * np.pi * np.asarray(day_of_year, np.float64) / np.asarray(year_length, np.float64)


def _angles(latitude: ArrayLike, day_of_year: ArrayLike, year_length: ArrayLike) -> tuple[np.ndarray, ...]:
    """Latitude, declination (eq. 24) and sunset hour angle (eq. 25), radians."""
    degrees = np.asarray(latitude, np.float64)
    if np.any(np.abs(degrees) > 90.0):
        raise ValueError(f"latitude {degrees[np.abs(degrees) > 90.0].flat[0]:g} is not between -90 and 90 degrees")
    phi = np.deg2rad(degrees)
    declination = 0.409 * np.sin(_season(day_of_year, year_length) - 1.39)
    # The clip is the polar day (-1) and the polar night (1).
    return phi, declination, np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1.0, 1.0))
