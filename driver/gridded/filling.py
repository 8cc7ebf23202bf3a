"""Days without weather, filled as on_missing asks, whatever the blocks in which days are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..catchments import gaps
from ..timeaxis import TimeAxis
from .daily import Daily

METHODS = gaps.METHODS
# Days around a block that are looked through for neighbours of its gaps, one after the other; at last all days.
AROUND = (8, 64, 400)


@dataclass
class _Stretch:
    """The days from start on of one field at some places: a catchments.record.Record for gaps.fill."""

    daily: Daily
    axis: TimeAxis

    def series(self, name: str, start: int, stop: int, places: np.ndarray | None = None) -> np.ndarray:
        values = self.daily.read(name, self.axis.first + start, self.axis.first + stop).astype(np.float64)
        return values if places is None else values[:, places]


class Filler:
    """Fills gaps from the series of the same cell: see catchments.gaps.fill for the methods."""

    def __init__(self, daily: Daily, axis: TimeAxis, method: str):
        self.daily, self.axis, self.method = daily, axis, method
        self._climatology: dict[tuple[str, int], tuple[np.ndarray, np.ndarray]] = {}

    def fill(self, name: str, values: np.ndarray, start: int) -> None:
        """Put values into the gaps of a block [day, place] that begins at day `start` of the axis.

        Places that have no value on any day keep their gaps.
        """
        places = np.flatnonzero(np.isnan(values).any(axis=0))
        if self.method == "climatology":
            return self._from_climatology(name, values, start, places)
        for days in (*AROUND, self.axis.count):
            low, high = max(start - days, 0), min(start + len(values) + days, self.axis.count)
            self._from_stretch(name, values, start, places, (low, high))
            if low == 0 and high == self.axis.count:
                break
            places = np.flatnonzero(np.isnan(values).any(axis=0))
            if not len(places):
                break
        return None

    def _from_stretch(
        self, name: str, values: np.ndarray, start: int, places: np.ndarray, stretch: tuple[int, int]
    ) -> None:
        """Fill those gaps whose neighbours lie in the days of the stretch."""
        low, high = stretch
        record: Any = _Stretch(self.daily.at(places), self.axis.slice(low, high))
        known = np.isfinite(record.series(name, 0, high - low))
        filling = gaps.fill(record, name, self.method)
        index = np.arange(high - low)
        for column, place in enumerate(places):
            there = index[known[:, column]]
            mine = filling.places == column
            days, found = filling.days[mine], filling.values[mine]
            if not len(there):
                continue
            # A neighbour beyond the stretch could be nearer than the ends of it: those gaps wait for a longer one.
            sure = np.ones(len(days), bool) if low == 0 else days > there[0]
            if self.method == "interpolate" and high < self.axis.count:
                sure &= days < there[-1]
            inside = sure & (days >= start - low) & (days < start - low + len(values))
            values[days[inside] + low - start, place] = found[inside]

    def _from_climatology(self, name: str, values: np.ndarray, start: int, places: np.ndarray) -> None:
        """From the whole record of these places, which is read once."""
        new = np.array([place for place in places if (name, int(place)) not in self._climatology], np.int64)
        if len(new):
            filling = gaps.fill(_Stretch(self.daily.at(new), self.axis), name, "climatology")  # type: ignore[arg-type]
            for column, place in enumerate(new):
                mine = filling.places == column
                self._climatology[name, int(place)] = filling.days[mine], filling.values[mine]
        for place in places:
            days, found = self._climatology[name, int(place)]
            inside = (days >= start) & (days < start + len(values))
            values[days[inside] - start, place] = found[inside]
