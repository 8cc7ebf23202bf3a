"""How much sun a day lets through, from its range of temperature (MTCLIM; Thornton & Running, 1999)."""

import numpy as np

from .sun import Course

DRY_NADIR = 0.870  # transmittance of dry clean air at sea level, sun in the zenith
VAPOUR = -6.1e-5  # Pa-1: what vapour takes from the daily clear-sky transmittance
B0, B1, B2, C = 0.031, 0.201, 0.185, 1.5  # of the range's equation
WET_DAY = 0.75  # share of the transmittance that is left on days with rain or snow
NODES = 12


def air_mass(height: np.ndarray) -> np.ndarray:
    """Optical air mass at a height (sine) of the sun, 1 in the zenith and 31.7 at the horizon (Young, 1994)."""
    z = np.maximum(height, 0.0)
    upper = (1.002432 * z + 0.148386) * z + 0.0096467
    return upper / (((z + 0.149864) * z + 0.0102963) * z + 0.000303978)


def dry_transmittance(way: Course, pressure_ratio: np.ndarray) -> np.ndarray:
    """Transmittance of a clear dry day [day, place]: that of each moment weighed by its potential radiation.

    Sum of 0.870^(m p) sin(height) over that of sin(height) (Thornton & Running, 1999), m the air mass and p the
    pressure over that at sea level; Gauss-Legendre over the morning. In the polar night that of the horizon.
    """
    points, weights = np.polynomial.legendre.leggauss(NODES)
    through = np.zeros_like(way.dusk)
    above = np.full_like(way.dusk, 1e-12)
    decay = np.log(DRY_NADIR) * np.asarray(pressure_ratio, np.float64)
    for point, weight in zip(0.5 * (points + 1.0), 0.5 * weights, strict=True):
        height = np.maximum(way.level + way.swing * np.cos(point * way.dusk), 0.0) + 1e-12
        above += weight * height
        through += weight * height * np.exp(decay * air_mass(height))
    return through / above


def clear_transmittance(dry: np.ndarray, vapour_pressure: np.ndarray) -> np.ndarray:
    """Transmittance of a clear day with vapour (Pa): the dry one less 6.1e-5 per Pa (the same)."""
    return np.maximum(dry + VAPOUR * vapour_pressure, 1e-4)


def cloud_transmittance(temperature_range: np.ndarray, smoothed_range: np.ndarray, wet: np.ndarray) -> np.ndarray:
    """What clouds let through of a clear day's radiation, from the day's range of temperature, K (the same).

    1 - 0.9 exp(-B range^1.5) with B = 0.031 + 0.201 exp(-0.185 smoothed_range); three quarters of it on wet days.
    """
    b = B0 + B1 * np.exp(-B2 * smoothed_range)
    free = 1.0 - 0.9 * np.exp(-b * np.maximum(temperature_range, 0.0) ** C)
    return np.where(wet, WET_DAY * free, free)
