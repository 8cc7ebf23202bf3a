"""Climate of a world, by month on a grid of one degree, from its land and relief alone.

Temperature follows latitude, distance from the sea along the wind, and the sun; precipitation follows the belts of
rising and sinking air, which move with the sun, and the water that the wind still carries (winds.py). The grid does not
depend on the resolution of the world, so neither does the climate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..generator.keyed_random import uniforms
from .ground import Ground, ground
from .winds import carried, inland

RESOLUTION = 1.0
LAPSE = 0.006  # K m-1
LAND_MEAN = 2.15  # mm d-1 of precipitation over land below 60 degrees: 750 mm in a year over all land, as on Earth
MIDDLES = (np.arange(12) + 0.5) / 12.0  # of the months, in years
CLIMATE = 12  # purpose of random numbers
PEAK = 0.55  # the warmest time of the northern year inland; a month later at the sea


@dataclass(frozen=True)
class Climate:
    """Climate on a global grid, north first, longitudes from -180: at sea level, but rain where it falls.

    latitude [y], longitude [x] degrees; continental [y, x] 0 at the windward coast to 1 far inland
    temperature [y, x] degC, mean of the year; amplitude [y, x] K, of its season, negative in the south; peak [y, x]
    years, when the northern season is warmest; deviation [y, x] K, of days from the season, mean of the year
    precipitation [12, y, x] mm d-1
    """

    latitude: np.ndarray
    longitude: np.ndarray
    continental: np.ndarray
    temperature: np.ndarray
    amplitude: np.ndarray
    peak: np.ndarray
    deviation: np.ndarray
    precipitation: np.ndarray


@lru_cache(maxsize=2)
def climate(seed: int) -> Climate:
    """The climate of the world of a seed."""
    below = ground(RESOLUTION, seed, 1)
    latitude = below.latitude[:, None]
    land = below.share > 0.5
    westerly = westerlies(latitude)
    far = inland(land, below.latitude, westerly)
    temperature = sea_level_temperature(latitude, far)
    tilted = np.minimum(np.abs(latitude) / 55.0, 1.0) ** 1.3
    amplitude = (1.5 + 27.0 * (0.18 + 0.82 * far) * tilted) * np.tanh(latitude / 6.0)
    peak = PEAK + 0.07 * (1.0 - far)
    deviation = 0.8 + (1.6 + 2.6 * far) * np.minimum(np.abs(latitude) / 50.0, 1.0) ** 1.2
    rain = _rain(seed, below, land, westerly, far, temperature, amplitude, peak)
    return Climate(below.latitude, below.longitude, far, temperature, amplitude, peak, deviation, rain)


def westerlies(latitude: np.ndarray) -> np.ndarray:
    """Share of winds from the west, 0 to 1: trade winds below 30 degrees, westerlies, weak winds at the poles."""
    away = np.abs(latitude)
    rise = 1.0 / (1.0 + np.exp(-(away - 31.0) / 3.0))
    return rise * (1.0 - 0.45 / (1.0 + np.exp(-(away - 66.0) / 3.0)))


def sea_level_temperature(latitude: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Mean of the year, degC: colder inland near the poles, warmer in the subtropics."""
    away = np.abs(latitude)
    mean = 27.0 - 46.0 * np.sin(np.radians(away)) ** 2.6
    mild = 6.0 * np.exp(-(((away - 58.0) / 14.0) ** 2)) * (1.0 - far)
    harsh = 2.5 * np.exp(-(((away - 60.0) / 16.0) ** 2)) * far
    return mean + mild - harsh + 2.5 * far * np.exp(-(((away - 24.0) / 12.0) ** 2))


def _rain(
    seed: int, below: Ground, land: np.ndarray, westerly: np.ndarray, far: np.ndarray,
    temperature: np.ndarray, amplitude: np.ndarray, peak: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Precipitation of the months, mm d-1 [12, y, x], scaled to the Earth's mean over land."""
    height = np.where(land, np.maximum(below.height, 0.0), 0.0)
    latitude = below.latitude[:, None]
    wavy = latitude + waves(below.longitude, seed) * np.minimum(np.cos(np.radians(latitude)) * 1.5, 1.0)
    rain, warm = np.empty((12, *land.shape)), np.empty((12, *land.shape))
    for month, middle in enumerate(MIDDLES):
        tas = temperature + amplitude * np.cos(2.0 * np.pi * (middle - peak)) - LAPSE * height
        rain[month], warm[month] = belts(wavy, far, middle, tas), warmth(tas)
    moist, lifted = carried(rain, land, height, below.latitude, westerly)
    rain = rain * (0.1 + 0.9 * moist) + lifted * warm
    area = np.cos(np.radians(latitude)) * land * (np.abs(latitude) < 60.0)
    return rain * (LAND_MEAN / ((rain.mean(axis=0) * area).sum() / area.sum()))


def belts(latitude: np.ndarray, far: np.ndarray, time: float, tas: np.ndarray) -> np.ndarray:
    """Rain that moist air would give, mm d-1, at a time of the year in years.

    Air rises where the sun stands high (later and farther over land), sinks to both sides of it, rises again along the
    tracks of storms, which lie nearer to the equator in winter; cold air holds little water.
    """
    sun = np.sin(2.0 * np.pi * (time - 0.30))
    rising = 4.0 + (8.0 + 9.0 * far) * sun
    away = np.abs(latitude - rising)
    track = 47.0 + 7.0 * sun * np.sign(latitude)
    storms = 3.0 * np.exp(-(((np.abs(latitude) - track) / 14.0) ** 2))
    sinking = 1.0 - 0.8 * np.exp(-(((away - 25.0) / 9.0) ** 2))
    return 7.0 * np.exp(-((away / 9.0) ** 2)) + (0.7 + storms) * warmth(tas) * sinking


def waves(longitude: np.ndarray, seed: int) -> np.ndarray:
    """Degrees by which the belts lie off their parallels, [1, x]: the standing waves of the westerlies."""
    phase = 2.0 * np.pi * uniforms(seed, 0, CLIMATE, 0, 3)
    east = np.radians(longitude)
    off = 2.0 * np.cos(east + phase[0]) + 2.5 * np.cos(2.0 * east + phase[1]) + 1.5 * np.cos(3.0 * east + phase[2])
    return off[None, :]


def warmth(tas: np.ndarray) -> np.ndarray:
    """How much water air holds at a temperature, degC, over what it holds at 10 degC, kept within what storms give."""
    return np.clip(np.exp(0.05 * (tas - 10.0)), 0.18, 1.5)
