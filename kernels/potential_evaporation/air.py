"""Vapour, pressure and wind of the air near the ground (Allen et al., 1998: FAO-56, chapter 3)."""

import numpy as np
from numpy.typing import ArrayLike


def saturation_vapour_pressure(air_temperature: ArrayLike) -> np.ndarray:
    """Saturation vapour pressure over water, kPa, of air at degC (FAO-56, eq. 11)."""
    tas = _above_pole(air_temperature)
    return 0.6108 * np.exp(17.27 * tas / (tas + 237.3))


def slope_of_saturation(air_temperature: ArrayLike) -> np.ndarray:
    """Slope of the saturation vapour pressure, kPa K-1, at degC (FAO-56, eq. 13)."""
    tas = _above_pole(air_temperature)
    return 4098.0 * saturation_vapour_pressure(tas) / (tas + 237.3) ** 2


def mean_saturation(minimum_temperature: ArrayLike, maximum_temperature: ArrayLike) -> np.ndarray:
    """Saturation vapour pressure of a day, kPa: the mean of its extremes (FAO-56, eq. 12)."""
    return 0.5 * (saturation_vapour_pressure(minimum_temperature) + saturation_vapour_pressure(maximum_temperature))


def actual_vapour_pressure(dewpoint: ArrayLike) -> np.ndarray:
    """Vapour pressure, kPa, from the dewpoint, degC (FAO-56, eq. 14).

    Where humidity is not known at all, FAO-56 (eq. 48) takes the minimum temperature for the dewpoint; in dry climates
    that is 2 to 3 K too moist.
    """
    return saturation_vapour_pressure(dewpoint)


def vapour_pressure_from_relative_humidity(
    minimum_temperature: ArrayLike,
    maximum_temperature: ArrayLike,
    relative_humidity: ArrayLike,
    minimum_humidity: ArrayLike | None = None,
) -> np.ndarray:
    """Vapour pressure, kPa, from relative humidity in % (not a fraction).

    With one humidity it is the mean of the day (FAO-56, eq. 19); with minimum_humidity the first is the maximum
    (eq. 17).
    """
    humidity = np.clip(np.asarray(relative_humidity, np.float64), 0.0, 100.0) / 100.0
    if minimum_humidity is None:
        return humidity * mean_saturation(minimum_temperature, maximum_temperature)
    least = np.clip(np.asarray(minimum_humidity, np.float64), 0.0, 100.0) / 100.0
    at_dawn = saturation_vapour_pressure(minimum_temperature) * humidity
    return 0.5 * (at_dawn + saturation_vapour_pressure(maximum_temperature) * least)


def vapour_pressure_from_specific_humidity(specific_humidity: ArrayLike, pressure: ArrayLike) -> np.ndarray:
    """Vapour pressure, in the unit of pressure, from specific humidity in kg kg-1."""
    moist = np.maximum(np.asarray(specific_humidity, np.float64), 0.0)
    return moist * np.asarray(pressure, np.float64) / (0.622 + 0.378 * moist)


def air_pressure(elevation: ArrayLike) -> np.ndarray:
    """Pressure, kPa, of the standard atmosphere at an elevation, m (FAO-56, eq. 7).

    ValueError where an elevation is not known: sea level instead of 2000 m changes evaporation by a tenth, and only the
    caller can say whether that matters.
    """
    height = np.asarray(elevation, np.float64)
    unknown = ~np.isfinite(height)
    if unknown.any():
        raise ValueError(f"elevation is not known at {int(unknown.sum())} of {height.size} places: give metres")
    return 101.3 * ((293.0 - 0.0065 * np.clip(height, -500.0, 9000.0)) / 293.0) ** 5.26


def psychrometric_constant(elevation: ArrayLike) -> np.ndarray:
    """Psychrometric constant, kPa K-1 (FAO-56, eq. 8). ValueError where an elevation is not known."""
    return 0.665e-3 * air_pressure(elevation)


def wind_at_two_metres(wind_speed: ArrayLike, height: float) -> np.ndarray:
    """Wind speed, m s-1, at 2 m from that at a height in m, over grass (FAO-56, eq. 47)."""
    if height <= 0.1:
        raise ValueError(f"wind was measured at {height:g} m, expected a height above 0.1 m")
    return np.asarray(wind_speed, np.float64) * 4.87 / np.log(67.8 * height - 5.42)


def _above_pole(air_temperature: ArrayLike) -> np.ndarray:
    """Temperature, kept away from the pole of Tetens' formula at -237.3 degC."""
    return np.maximum(np.asarray(air_temperature, np.float64), -150.0)
