"""The sun over flat land: declination, distance and clock (Spencer, 1971), and the radiation above the atmosphere."""

from typing import NamedTuple

import numpy as np

SOLAR_CONSTANT = 1367.0  # W m-2 (WMO, 1981), near MTCLIM's
HOUR_ANGLE = np.pi / 12.0  # rad h-1


class Sun(NamedTuple):
    """declination (rad), nearness (mean distance over distance, squared), equation (solar less clock time, h) [day]."""

    declination: np.ndarray
    nearness: np.ndarray
    equation: np.ndarray


class Course(NamedTuple):
    """The sun's way over a day [day, place]: its height is level + swing cos(hour angle); dusk: hour angle of sunset.

    total: integral of the height above the horizon over the hour angle, rad; 0 in the polar night.
    """

    level: np.ndarray
    swing: np.ndarray
    dusk: np.ndarray
    total: np.ndarray


def sun(day_of_year: np.ndarray, year_length: np.ndarray) -> Sun:
    """The sun at noon of days from 1, in years of 365 or 366 days (Spencer, 1971; Fourier series of Iqbal, 1983)."""
    turn = 2.0 * np.pi * (np.asarray(day_of_year, np.float64) - 1.0) / np.asarray(year_length, np.float64)
    c1, s1, c2, s2 = np.cos(turn), np.sin(turn), np.cos(2.0 * turn), np.sin(2.0 * turn)
    declination = 0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2
    declination += -0.002697 * np.cos(3.0 * turn) + 0.00148 * np.sin(3.0 * turn)
    nearness = 1.000110 + 0.034221 * c1 + 0.001280 * s1 + 0.000719 * c2 + 0.000077 * s2
    equation = (0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2) / HOUR_ANGLE
    return Sun(declination, nearness, equation)


def course(latitude: np.ndarray, declination: np.ndarray) -> Course:
    """The sun's way of days (declination, rad [day]) at places (degrees north [place]).

    ValueError where a latitude is beyond the poles.
    """
    degrees = np.asarray(latitude, np.float64)
    if not (np.abs(degrees) <= 90.0).all():
        wrong = degrees[~(np.abs(degrees) <= 90.0)]
        raise ValueError(f"latitude {wrong[0]:g} is not between -90 and 90 degrees")
    # A hair off the poles the tangent stays finite.
    phi = np.deg2rad(np.clip(degrees, -89.999, 89.999))
    delta = np.asarray(declination, np.float64)[:, None]
    level, swing = np.sin(phi) * np.sin(delta), np.cos(phi) * np.cos(delta)
    dusk = np.arccos(np.clip(-level / swing, -1.0, 1.0))
    total = np.maximum(2.0 * (level * dusk + swing * np.sin(dusk)), 0.0)
    return Course(level, swing, dusk, np.where(dusk > 0.0, total, 0.0))


def daylight(way: Course) -> np.ndarray:
    """Hours between sunrise and sunset [day, place]: 0 in the polar night, 24 under the midnight sun."""
    return 2.0 * way.dusk / HOUR_ANGLE


def potential(way: Course, nearness: np.ndarray) -> np.ndarray:
    """Radiation on flat land above the atmosphere, W m-2, mean of the 24 hours [day, place]."""
    return SOLAR_CONSTANT * np.asarray(nearness)[:, None] * way.total / (2.0 * np.pi)


def share_until(way: Course, solar_hour: np.ndarray) -> np.ndarray:
    """Share of a day's potential radiation that falls from solar midnight until an hour in [0, 24), by its integral.

    In the polar night, which has none, the share of the hours, so that whatever was measured stays whole.
    """
    angle = np.clip((solar_hour - 12.0) * HOUR_ANGLE, -way.dusk, way.dusk)
    until = way.level * (angle + way.dusk) + way.swing * (np.sin(angle) + np.sin(way.dusk))
    dark = way.total <= 0.0
    return np.where(dark, solar_hour / 24.0, until / np.where(dark, 1.0, way.total))
