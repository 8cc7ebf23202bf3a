"""Days without weather: found, told, and filled where that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .record import Record

METHODS = ("interpolate", "persist", "climatology")
BLOCK = 1461
# Half the width, in days, of the window around a day of the year whose mean is its climatology.
HALF_WINDOW = 7


@dataclass(frozen=True)
class Filling:
    """Values for the gaps of one series of a record, in order of the days.

    days, places, values  [gap]
    longest               most days in a row that were filled
    """

    days: np.ndarray
    places: np.ndarray
    values: np.ndarray
    longest: int

    def put(self, block: np.ndarray, start: int) -> None:
        """Fill the gaps of a block [time, place] of all places that begins at day `start`."""
        first, last = np.searchsorted(self.days, [start, start + len(block)])
        block[self.days[first:last] - start, self.places[first:last]] = self.values[first:last]


def find(record: Record, name: str, start: int, stop: int, places: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """Days and places of the gaps from day start up to stop, in order of the days."""
    days, where = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for first in range(start, stop, BLOCK):
        day, place = np.nonzero(np.isnan(record.series(name, first, min(first + BLOCK, stop), places)))
        days.append(day + first)
        where.append(place)
    return np.concatenate(days), np.concatenate(where)


def fill(record: Record, name: str, method: str) -> Filling:
    """Values for all gaps of a series, from the series of the same basin.

    interpolate  linear between the days before and after; at the ends as persist
    persist      the last day before; before the first day, the first
    climatology  the mean of that time of the year, 15 days wide
    Basins without any value stay without.
    """
    days, places = find(record, name, 0, record.axis.count)
    concerned = np.unique(places)
    whole = np.concatenate(
        [
            record.series(name, first, min(first + BLOCK, record.axis.count), concerned)
            for first in range(0, record.axis.count, BLOCK)
        ]
    )
    values, longest = np.empty(len(days)), 0
    for column, place in enumerate(concerned):
        mine = places == place
        series = whole[:, column]
        if np.isnan(series).all():
            values[mine] = np.nan
            continue
        values[mine] = _one(series, days[mine], method, record)
        longest = max(longest, _longest(days[mine]))
    return Filling(days, places, values, longest)


def _one(series: np.ndarray, gaps: np.ndarray, method: str, record: Record) -> np.ndarray:
    """Values for the gaps of one series [time]."""
    known = np.flatnonzero(np.isfinite(series))
    if method == "interpolate":
        return np.interp(gaps, known, series[known])
    if method == "persist":
        return series[known[np.maximum(np.searchsorted(known, gaps) - 1, 0)]]
    return _climatology(series, known, gaps, record)


def _climatology(series: np.ndarray, known: np.ndarray, gaps: np.ndarray, record: Record) -> np.ndarray:
    """Means of the time of the year; where no year has it, interpolated between the days of the year that are known."""
    length = int(record.axis.year_length().max())
    day = record.axis.day_of_year() - 1
    total = np.bincount(day[known], series[known], length)
    count = np.bincount(day[known], minlength=length)
    shifts = range(-HALF_WINDOW, HALF_WINDOW + 1)
    sums, counts = (np.sum([np.roll(one, shift) for shift in shifts], axis=0) for one in (total, count))
    there = np.flatnonzero(counts)
    mean = np.interp(np.arange(length), there, sums[there] / counts[there], period=length)
    return mean[day[gaps]]


def _longest(days: np.ndarray) -> int:
    """Length of the longest run of consecutive days."""
    edges = np.flatnonzero(np.diff(days) != 1) + 1
    return int(np.diff(np.concatenate([[0], edges, [len(days)]])).max())
