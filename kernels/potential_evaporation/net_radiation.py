"""Radiation at the ground: shortwave from what is known, and the net of short and long waves (FAO-56, eqs. 35-50)."""

import numpy as np
from numpy.typing import ArrayLike

from .sun import daylight_hours, extraterrestrial_radiation

STEFAN_BOLTZMANN = 4.903e-9 / 0.0864  # W m-2 K-4, FAO-56's 4.903e-9 MJ m-2 d-1 K-4
ALBEDO = 0.23  # of FAO-56's reference grass
OVERCAST, CLEAR = 0.3, 1.0  # limits of shortwave over clear sky (ASCE-EWRI, 2005, eq. 18)
UNLIT = 0.65  # half way, for the polar night, where shortwave tells nothing about clouds


def shortwave_from_temperature(
    minimum_temperature: ArrayLike,
    maximum_temperature: ArrayLike,
    latitude: ArrayLike,
    day_of_year: ArrayLike,
    year_length: ArrayLike = 365.0,
    adjustment: float = 0.16,
) -> np.ndarray:
    """Shortwave radiation, W m-2, from the daily range (Hargreaves; FAO-56, eq. 50): 0.16 inland, 0.19 at coasts."""
    daily_range = np.maximum(np.subtract(maximum_temperature, minimum_temperature), 0.0)
    outside = extraterrestrial_radiation(latitude, day_of_year, year_length)
    return np.minimum(adjustment * np.sqrt(daily_range), 0.75) * outside


def shortwave_from_sunshine(
    sunshine: ArrayLike, latitude: ArrayLike, day_of_year: ArrayLike, year_length: ArrayLike = 365.0
) -> np.ndarray:
    """Shortwave radiation, W m-2, from hours of sunshine (Angstrom; FAO-56, eq. 35)."""
    possible = daylight_hours(latitude, day_of_year, year_length)
    share = np.clip(np.asarray(sunshine, np.float64) / np.maximum(possible, 1e-9), 0.0, 1.0)
    return (0.25 + 0.50 * share) * extraterrestrial_radiation(latitude, day_of_year, year_length)


def net_radiation(
    shortwave: ArrayLike,
    minimum_temperature: ArrayLike,
    maximum_temperature: ArrayLike,
    vapour_pressure: ArrayLike,
    elevation: ArrayLike,
    latitude: ArrayLike,
    day_of_year: ArrayLike,
    year_length: ArrayLike = 365.0,
    albedo: float = ALBEDO,
) -> np.ndarray:
    """Net radiation, W m-2, positive down, from incoming shortwave (FAO-56, eqs. 37-40).

    shortwave W m-2 as mean over 24 hours (Daymet's is over the daylight only), temperatures degC, vapour_pressure kPa,
    elevation m. ValueError where an elevation is not known.
    """
    height = np.asarray(elevation, np.float64)
    if not np.isfinite(height).all():
        raise ValueError(f"elevation is not known at {int((~np.isfinite(height)).sum())} of {height.size} places")
    down = np.maximum(np.asarray(shortwave, np.float64), 0.0)
    clear_sky = (0.75 + 2e-5 * height) * extraterrestrial_radiation(latitude, day_of_year, year_length)
    lit = clear_sky > 1.0
    ratio = np.where(lit, np.clip(down / np.where(lit, clear_sky, 1.0), OVERCAST, CLEAR), UNLIT)
    warm = np.asarray(maximum_temperature, np.float64) + 273.16
    cold = np.asarray(minimum_temperature, np.float64) + 273.16
    humid = np.sqrt(np.maximum(np.asarray(vapour_pressure, np.float64), 0.0))
    emissivity = np.maximum(0.34 - 0.14 * humid, 0.0)
    loss = STEFAN_BOLTZMANN * 0.5 * (warm**4 + cold**4) * emissivity * (1.35 * ratio - 0.35)
    return (1.0 - albedo) * down - loss


def net_radiation_from_longwave(
    shortwave: ArrayLike, longwave: ArrayLike, air_temperature: ArrayLike, albedo: float = ALBEDO
) -> np.ndarray:
    """Net radiation, W m-2, positive down, where the downward longwave radiation is known.

    (1 - albedo) S + L - sigma T^4: the ground radiates at air temperature (degC), as in FAO-56, eq. 39. W m-2.
    """
    kelvin = np.asarray(air_temperature, np.float64) + 273.16
    down = np.maximum(np.asarray(shortwave, np.float64), 0.0)
    return (1.0 - albedo) * down + np.asarray(longwave, np.float64) - STEFAN_BOLTZMANN * kelvin**4
