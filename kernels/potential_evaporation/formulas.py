"""Four formulas of potential evaporation, from temperature alone to the whole weather of the day."""

import numpy as np
from numpy.typing import ArrayLike

from .air import mean_saturation, psychrometric_constant, slope_of_saturation
from .sun import extraterrestrial_radiation

LATENT_HEAT = 2.45e6  # J kg-1 (FAO-56)
MILLIMETRES = 86400.0 / LATENT_HEAT  # mm d-1 that 1 W m-2 evaporates; FAO-56 rounds it to 0.408 per MJ m-2


def oudin(
    air_temperature: ArrayLike, latitude: ArrayLike, day_of_year: ArrayLike, year_length: ArrayLike = 365.0
) -> np.ndarray:
    """Potential evaporation, mm d-1, from daily mean temperature (Oudin et al., 2005, eq. 3).

    Ra/(lambda rho) (T + 5)/100 where T > -5 degC, else 0. air_temperature degC, latitude degrees, day_of_year from 1.
    """
    sun = _sun(air_temperature, latitude, day_of_year, year_length)
    return sun * MILLIMETRES * np.maximum(np.asarray(air_temperature, np.float64) + 5.0, 0.0) / 100.0


def hargreaves(
    minimum_temperature: ArrayLike,
    maximum_temperature: ArrayLike,
    latitude: ArrayLike,
    day_of_year: ArrayLike,
    year_length: ArrayLike = 365.0,
    air_temperature: ArrayLike | None = None,
) -> np.ndarray:
    """Reference evaporation, mm d-1, from the temperatures of the day (Hargreaves & Samani, 1985; FAO-56, eq. 52).

    0.0023 (T + 17.8) sqrt(Tmax - Tmin) Ra/lambda, degC; T is air_temperature or, where None, the mean of the extremes.
    A minimum above the maximum (rounding, means of several sources) counts as no range.
    """
    low, high = np.asarray(minimum_temperature, np.float64), np.asarray(maximum_temperature, np.float64)
    mean = 0.5 * (low + high) if air_temperature is None else np.asarray(air_temperature, np.float64)
    sun = _sun(mean, latitude, day_of_year, year_length)
    return 0.0023 * np.maximum(mean + 17.8, 0.0) * np.sqrt(np.maximum(high - low, 0.0)) * sun * MILLIMETRES


def priestley_taylor(
    net_radiation: ArrayLike,
    air_temperature: ArrayLike,
    elevation: ArrayLike,
    ground_heat: ArrayLike = 0.0,
    alpha: float = 1.26,
) -> np.ndarray:
    """Potential evaporation, mm d-1, from net radiation (Priestley & Taylor, 1972).

    alpha slope/(slope + gamma) (Rn - G)/lambda; radiation and ground heat W m-2, air_temperature degC, elevation m.
    Zero where the net radiation is negative. ValueError where an elevation is not known.
    """
    slope = slope_of_saturation(air_temperature)
    available = np.maximum(np.subtract(net_radiation, ground_heat), 0.0)
    return alpha * slope / (slope + psychrometric_constant(elevation)) * available * MILLIMETRES


def penman_monteith_fao56(
    net_radiation: ArrayLike,
    minimum_temperature: ArrayLike,
    maximum_temperature: ArrayLike,
    vapour_pressure: ArrayLike,
    wind_speed: ArrayLike,
    elevation: ArrayLike,
    air_temperature: ArrayLike | None = None,
    ground_heat: ArrayLike = 0.0,
) -> np.ndarray:
    """Reference evaporation of short grass, mm d-1 (Penman-Monteith; FAO-56, eq. 6).

    net_radiation and ground_heat W m-2, temperatures degC (air_temperature: by default the mean of the extremes),
    vapour_pressure kPa (above saturation counts as saturated), wind_speed m s-1 at 2 m, elevation m. Dew is zero.
    ValueError where an elevation is not known.
    """
    low, high = np.asarray(minimum_temperature, np.float64), np.asarray(maximum_temperature, np.float64)
    mean = 0.5 * (low + high) if air_temperature is None else np.asarray(air_temperature, np.float64)
    wind = np.maximum(np.asarray(wind_speed, np.float64), 0.0)
    slope, gamma = slope_of_saturation(mean), psychrometric_constant(elevation)
    dryness = np.maximum(mean_saturation(low, high) - vapour_pressure, 0.0)
    radiative = slope * np.subtract(net_radiation, ground_heat) * MILLIMETRES
    aerodynamic = gamma * 900.0 / (np.maximum(mean, -150.0) + 273.0) * wind * dryness
    return np.maximum((radiative + aerodynamic) / (slope + gamma * (1.0 + 0.34 * wind)), 0.0)


def _sun(series: ArrayLike, latitude: ArrayLike, day_of_year: ArrayLike, year_length: ArrayLike) -> np.ndarray:
    """Extraterrestrial radiation beside a series; a day_of_year that would broadcast along places is refused."""
    if np.ndim(series) > 1 and np.ndim(day_of_year) == 1 and np.size(day_of_year) > 1:
        raise ValueError("day_of_year beside a series [time, place] must be [time, 1], not [time]")
    return extraterrestrial_radiation(latitude, day_of_year, year_length)
