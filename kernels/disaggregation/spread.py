"""Amounts of days divided among steps: what falls in a step is the difference of the shares at its two ends."""

import numpy as np

from .edges import DAY, Edges, at
from .sun import Course, share_until


def amounts(daily: np.ndarray, share: np.ndarray, where: Edges) -> np.ndarray:
    """Amount of each step [step, place] of daily amounts [day, place]; share [edge, place] has fallen since the day
    began. The steps of a day sum to its amount.
    """
    day, later = where.day[:-1], where.day[1:]
    same = day == later
    rest = np.where(same, share[1:], 1.0) - share[:-1]
    amount = at(daily, day) * rest
    if not same.all():
        amount += at(daily, later) * np.where(same, 0.0, share[1:])
    return amount


def even(where: Edges) -> np.ndarray:
    """Share of a day's precipitation that falls as evenly as VIC 4 has it."""
    return where.hour / DAY


def triangle(where: Edges, peak: np.ndarray, duration: np.ndarray) -> np.ndarray:
    """Share of a day's precipitation that falls as a triangle around its peak (after Bohn et al., 2019).

    peak: local solar hour [day, place]; duration: hours [day, place]. Where it would not lie within the day it is moved
    there, so that each day keeps its precipitation.
    """
    half = np.clip(0.5 * duration, 0.5, 0.5 * DAY)
    middle = np.clip((peak - where.offset) % DAY, half, DAY - half)
    apart = np.clip((where.hour - at(middle, where.day)) / at(half, where.day), -1.0, 1.0)
    return 0.5 + apart - 0.5 * apart * np.abs(apart)


def sunlight(way: Course, equation: np.ndarray, where: Edges) -> np.ndarray:
    """Share of a day's shortwave: that of its potential radiation. equation: solar less mean solar time, h [day]."""
    begun = where.offset + np.asarray(equation)[:, None]
    at_day = Course(*(at(part, where.day) for part in way))
    turned = where.hour + at(np.broadcast_to(begun, way.dusk.shape), where.day)
    before = at(_turns(way, np.broadcast_to(begun, way.dusk.shape)), where.day)
    return np.clip(_turns(at_day, turned) - before, 0.0, 1.0)


def _turns(way: Course, solar_hour: np.ndarray) -> np.ndarray:
    """Days' potential radiation since the solar midnight of hour 0, of any hour."""
    full = np.floor(solar_hour / DAY)
    return full + share_until(way, solar_hour - DAY * full)
