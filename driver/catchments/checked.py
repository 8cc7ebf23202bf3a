"""Series that were looked at: no gap that nobody asked to fill, no value that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import InputError
from ..units import QUANTITIES, Quantity
from . import gaps
from .fields import FIELDS
from .record import Record

DISCHARGE = "discharge"


class Checked:
    """Series of some basins of a record, fit for a model.

    places      of the record
    on_missing  'refuse', or a method of gaps.METHODS
    """

    def __init__(self, record: Record, places: np.ndarray, on_missing: str):
        self.record, self.on_missing = record, on_missing
        self.ids = [record.ids[place] for place in places]
        self.all = len(places) == len(record.ids) and bool((places == np.arange(len(places))).all())
        self.places = places
        self.fillings: dict[str, gaps.Filling] = {}
        self.repairs: dict[str, Repairs] = {}
        self.told: list[tuple[Callable[..., str], tuple]] = []  # notes in the order in which they came up

    def field(self, name: str, start: int, stop: int, end: int | None = None) -> np.ndarray:
        """The days from start up to stop, freshet's unit, float64 [time, place], without gaps.

        end: the day up to which a message counts missing days, by default the end of the record.
        InputError with basin, date and value where something is missing or cannot be.
        """
        quantity = QUANTITIES[FIELDS[name].quantity]
        values = self._raw(name, start, stop)
        if values.size and np.isnan(values.min()):
            values = self._filled(name, start, stop, end or self.record.axis.count)
        if values.size and not (values.min() >= quantity.low and values.max() <= quantity.high):
            self._clip(name, quantity, values, start)
            wrong = (values < quantity.low) | (values > quantity.high)
            if wrong.any():
                raise InputError(self._implausible(name, quantity, values, wrong, start))
        return values

    def discharge(self, start: int, stop: int) -> np.ndarray:
        """Observed discharge, mm d-1, [time, place]; gaps stay NaN, and what is below zero becomes one."""
        quantity = QUANTITIES[DISCHARGE]
        values = self._raw(DISCHARGE, start, stop)
        with np.errstate(invalid="ignore"):
            negative = values < 0.0
            wrong = values > quantity.high
        if wrong.any():
            raise InputError(self._implausible(DISCHARGE, quantity, values, wrong, start))
        if negative.any():
            self._count(DISCHARGE, values, negative, start)
            values[negative] = np.nan
        return values

    def notes(self) -> list[str]:
        """What was filled and set right so far, in order of appearance: the list only grows, though counts change."""
        # A block may be read by another thread meanwhile: the copy holds still.
        return [text(*what) for text, what in list(self.told)]

    def _raw(self, name: str, start: int, stop: int) -> np.ndarray:
        return self.record.series(name, start, stop, None if self.all else self.places)

    def _filled(self, name: str, start: int, stop: int, end: int) -> np.ndarray:
        if self.on_missing == "refuse":
            raise InputError(self._missing(name, start, max(end, stop)))
        if name not in self.fillings:
            self.fillings[name] = gaps.fill(self.record, name, self.on_missing)
            self.told.append((self._filling_note, (name, self.fillings[name])))
        values = self.record.series(name, start, stop)
        self.fillings[name].put(values, start)
        values = values[:, self.places]
        if np.isnan(values).any():
            basin = self.ids[int(np.argmax(np.isnan(values).any(axis=0)))]
            where = self.record.where(name, int(self.places[self.ids.index(basin)]))
            raise InputError(f"{where} of basin {basin} has no value on any day: leave the basin out")
        return values

    def _missing(self, name: str, start: int, end: int) -> str:
        """One line on all gaps of a series from day start up to end."""
        axis = self.record.axis
        days, places = gaps.find(self.record, name, start, end, None if self.all else self.places)
        first, basins = int(places[0]), len(np.unique(places))
        count = (
            f"{_counted(len(days), 'day')} of {_counted(basins, 'basin')} missing up to {axis.text(int(days[-1]))}"
            if len(days) > 1
            else "alone"
        )
        return (
            f"{self.record.where(name, int(self.places[first]))} of basin {self.ids[first]} is missing on "
            f"{axis.text(int(days[0]))} ({count}): choose another period, leave the basins out, or fill with "
            f"on_missing = {', '.join(repr(method) for method in gaps.METHODS)} in &data"
        )

    def _implausible(self, name: str, quantity: Quantity, values: np.ndarray, wrong: np.ndarray, start: int) -> str:
        day, place = np.argwhere(wrong)[0]
        return (
            f"{self.record.where(name, int(self.places[place]))} of basin {self.ids[place]} on "
            f"{self.record.axis.text(start + int(day))} is {values[day, place]:g} {quantity.unit}, expected "
            f"{quantity.low:g} to {quantity.high:g} ({_counted(int(wrong.sum()), 'such value')} up to "
            f"{self.record.axis.text(start + len(values) - 1)}): is the unit right? correct the file or leave the "
            "basin out"
        )

    def _clip(self, name: str, quantity: Quantity, values: np.ndarray, start: int) -> None:
        low = (values < quantity.low) & (values >= quantity.low - quantity.tolerance)
        if low.any():
            self._count(name, values, low, start)
            values[low] = quantity.low

    def _count(self, name: str, values: np.ndarray, mask: np.ndarray, start: int) -> None:
        if name not in self.repairs:
            day, place = np.argwhere(mask)[0]
            where = self.record.where(name, int(self.places[place]))
            first = f"{self.record.axis.text(start + int(day))} of basin {self.ids[place]}"
            self.repairs[name] = Repairs(self.record.axis.count, where, first)
            self.repairs[name].add(values, mask, start)
            self.told.append((self.repairs[name].text, (name,)))
        self.repairs[name].add(values, mask, start)

    def _filling_note(self, name: str, filling: gaps.Filling) -> str:
        mine = np.isin(filling.places, self.places)
        basins = len(np.unique(filling.places[mine]))
        how = {
            "interpolate": "linearly in time",
            "persist": "with the day before",
            "climatology": "with the climatology",
        }
        first = int(np.argmax(mine))
        date = self.record.axis.text(int(filling.days[first]))
        return (
            f"{self.record.where(name, int(filling.places[first]))}: {_counted(int(mine.sum()), 'missing day')} of "
            f"{_counted(basins, 'basin')} filled {how[self.on_missing]}, the first {date} of basin "
            f"{self.record.ids[int(filling.places[first])]}, the longest gap {filling.longest} days"
        )


def _counted(number: int, noun: str) -> str:
    """'1 day', '2 days'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Repairs:
    """Values of one series that were set right, counted once however often a day is read.

    days   of the record
    where  file and variable, for the text
    first  day and basin of one of them
    """

    def __init__(self, days: int, where: str, first: str):
        self.where, self.first = where, first
        self.by_day = np.zeros(days, np.int32)
        self.lowest = 0.0

    def add(self, values: np.ndarray, mask: np.ndarray, start: int) -> None:
        """Count the marked values [time, place] of a block that begins at day `start`."""
        self.by_day[start : start + len(mask)] = mask.sum(axis=1)
        self.lowest = min(self.lowest, float(values[mask].min()))

    def text(self, name: str) -> str:
        """One line about them."""
        count = int(self.by_day.sum())
        became = "taken as no value" if name == DISCHARGE else "set to 0"
        many = "value below 0 is" if count == 1 else "values below 0 are"
        return f"{self.where}: {count} {many} {became}, such as on {self.first}; the lowest is {self.lowest:.3g}"
