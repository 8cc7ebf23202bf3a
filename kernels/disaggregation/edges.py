"""Where steps begin and end among daily values, whose days may begin at another hour than those of the clock."""

from typing import NamedTuple

import numpy as np

DAY = 24.0
AROUND = 3  # days before and after that a run of steps looks at


class Clock(NamedTuple):
    """How the clock of the steps, the days of the daily values and the sun lie to each other, hours [place].

    begin  hour of the clock at which the day of the daily values begins: 0 where they are of the clock's own days,
           -longitude/15 for days of local time and steps in UTC; between -24 and 24
    solar  mean solar time less the clock: 0 where the clock shows it, longitude/15 where it shows UTC, and
           longitude/15 - zone where it shows the time of a zone
    """

    begin: np.ndarray
    solar: np.ndarray


class Edges(NamedTuple):
    """Edges of steps [edge, place], or [edge, 1] where they lie alike everywhere.

    day, hour  the day among those looked at, and hours since it began;  time: both in hours
    offset     mean solar time at which the daily values' day begins [place], h
    """

    day: np.ndarray
    hour: np.ndarray
    time: np.ndarray
    offset: np.ndarray


def days_around(first: int, stop: int, count: int) -> np.ndarray:
    """Numbers of the daily values that steps of the clock's days first <= day < stop look at.

    Beyond the record's ends its first and last day stand again: nothing is wrapped around.
    """
    return np.clip(np.arange(first - AROUND, stop + AROUND), 0, count - 1)


def edges(clock: Clock, days: int, steps: int) -> Edges:
    """Edges of `steps` steps a day on `days` days of the clock, among days_around()."""
    begin, offset = np.atleast_1d(clock.begin), np.atleast_1d(clock.begin + clock.solar)
    if (begin == begin[0]).all():
        begin = begin[:1]
    counted = np.arange(days * steps + 1)[:, None]
    time = counted * (DAY / steps) - begin + AROUND * DAY
    # A remainder of rounding would make an edge the last moment of the day before.
    day = np.floor(time / DAY + 1e-9).astype(np.intp)
    return Edges(day, np.maximum(time - DAY * day, 0.0), time, offset)


def at(values: np.ndarray, day: np.ndarray) -> np.ndarray:
    """values [day, place] at days [edge, place or 1]."""
    if day.shape[1] == 1:
        return values[day[:, 0]]
    flat = day * values.shape[1] + np.arange(values.shape[1])
    return np.take(values.ravel(), flat)
