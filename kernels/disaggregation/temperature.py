"""Temperature between the day's extremes: the minimum at sunrise, the maximum in the afternoon (VIC 4, MetSim)."""

from typing import NamedTuple

import numpy as np

from .edges import DAY, Edges, at
from .sun import HOUR_ANGLE, Course

PEAK = 0.67  # of the time from sunrise to sunset: when it is warmest
SHORTEST, LONGEST = 6.0, 20.0  # h of daylight: towards the poles days count as no shorter or longer
RISE, WARMEST = 6.0, 14.5  # usual solar hours of both


class Extremes(NamedTuple):
    """When it is coldest and warmest [day, place], hours since the first of the days looked at."""

    coldest: np.ndarray
    warmest: np.ndarray


def extremes(way: Course, equation: np.ndarray, offset: np.ndarray) -> Extremes:
    """Minimum at sunrise and maximum at 0.67 of the way to sunset; offset: solar hour at which days begin [place].

    In a polar night and under a midnight sun the hours of a day of 6 and of 20 hours, so that they change with the
    season without a jump (VIC 4 goes to 2 and 14 o'clock). Each day has one minimum and one maximum, also where it
    begins between them.
    """
    light = np.clip(2.0 * way.dusk / HOUR_ANGLE, SHORTEST, LONGEST)
    rise = 12.0 - 0.5 * light
    sun = np.asarray(equation)[:, None]
    begun = DAY * np.arange(len(light))[:, None] - sun
    cold = begun + (RISE - offset) % DAY + rise - RISE
    warm = begun + (WARMEST - offset) % DAY + rise + PEAK * light - WARMEST
    return Extremes(cold, warm)


def mean_temperature(minimum: np.ndarray, maximum: np.ndarray, when: Extremes, where: Edges) -> np.ndarray:
    """Mean of each step [step, place], degC, of a cubic without slope at each extreme (Hermite), by its integral."""
    cold_first = (RISE - where.offset) % DAY < (WARMEST - where.offset) % DAY
    first = np.where(cold_first, when.coldest, when.warmest)
    second = np.where(cold_first, when.warmest, when.coldest)
    start, end = np.where(cold_first, minimum, maximum), np.where(cold_first, maximum, minimum)
    # Between the second extreme of a day and the first of the next one days are told apart.
    half = 0.5 * ((RISE - where.offset) % DAY + (WARMEST - where.offset) % DAY) + 0.5 * DAY
    day = np.floor((where.time - half) / DAY).astype(np.intp) + 1
    total = _until(first, second, start, end, np.broadcast_to(where.time, (len(day), minimum.shape[1])), day)
    return np.diff(total, axis=0) / np.diff(where.time, axis=0)


def _until(
    first: np.ndarray, second: np.ndarray, start: np.ndarray, end: np.ndarray, time: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Integral over time (K h) until each edge, from the first extreme of day 0 on."""
    rise = (second - first) * 0.5 * (start + end)
    fall = (first[1:] - second[:-1]) * 0.5 * (start[1:] + end[:-1])
    begun = np.zeros_like(first)
    begun[1:] = np.cumsum(rise[:-1] + fall, axis=0)
    t1, t2 = at(first, day), at(second, day)
    before, after = time < t1, time >= t2
    index = np.where(before, day - 1, day)
    to = np.where(after, day + 1, day)
    falling = before | after
    left = np.where(falling, at(second, index), t1)
    right = np.where(falling, at(first, to), t2)
    v0 = np.where(falling, at(end, index), at(start, day))
    v1 = np.where(falling, at(start, to), at(end, day))
    base = at(begun, index) + np.where(falling, at(rise, index), 0.0)
    length = right - left
    u = np.clip((time - left) / length, 0.0, 1.0)
    return base + length * u * (v0 + (v1 - v0) * u * u * (1.0 - 0.5 * u))
