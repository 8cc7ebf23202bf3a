"""Daily fields that were looked at: no gap that nobody asked to fill, no value that cannot be."""

from __future__ import annotations

import numpy as np

from ..degrees import position
from ..errors import InputError
from ..timeaxis import TimeAxis
from ..units import QUANTITIES, Quantity
from .daily import Daily
from .filling import METHODS, Filler
from .names import FIELDS
from .running import require_no_running_sums


class Plausible:
    """Daily fields at some places, fit for a model.

    daily                what the files have
    axis                 the days
    latitude, longitude  of the places, for messages
    on_missing           'refuse', or a method of filling.METHODS
    rounding             precipitation at most this far below 0, mm d-1, is rounding, and set to 0
    """

    def __init__(
        self,
        daily: Daily,
        axis: TimeAxis,
        latitude: np.ndarray,
        longitude: np.ndarray,
        on_missing: str,
        rounding: float,
    ):
        self.daily, self.axis, self.on_missing = daily, axis, on_missing
        self.latitude, self.longitude, self.rounding = latitude, longitude, rounding
        self.filler = Filler(daily, axis, on_missing)
        self.tallies: dict[tuple[str, str], Tally] = {}
        daily.look = self._look

    def field(self, name: str, start: int, stop: int) -> np.ndarray:
        """The days from start up to stop of the axis in freshet's unit, new [day, place], without gaps.

        InputError with file, place, date and value where something is missing or cannot be.
        """
        quantity = QUANTITIES[FIELDS[name].quantity]
        values = self.daily.read(name, self.axis.first + start, self.axis.first + stop)
        if values.size and np.isnan(values.min()):
            self._fill(name, values, start)
        if values.size and not (values.min() >= quantity.low and values.max() <= quantity.high):
            rounding = (values < quantity.low) & (values >= quantity.low - quantity.tolerance)
            if rounding.any():
                self._tally(name, "a little below 0 set to 0", rounding, start)
                values[rounding] = quantity.low
            wrong = (values < quantity.low) | (values > quantity.high)
            if wrong.any():
                raise InputError(self._implausible(name, quantity, values, wrong, start))
        return values

    def notes(self) -> list[str]:
        """What was filled and set right so far, one line each."""
        return [f"{where}: {tally.text()} {what}" for (where, what), tally in list(self.tallies.items())]

    def _fill(self, name: str, values: np.ndarray, start: int) -> None:
        gaps = np.isnan(values)
        day, place = np.argwhere(gaps)[0]
        if self.on_missing == "refuse":
            never = bool(gaps.all(axis=0).any())
            apart = " (all that have no weather: without_weather = 'leave' in &grid)" if never else ""
            raise InputError(
                f"{self._where(name, start + day)}: no value at {self._place(place)} on "
                f"{self.axis.text(start + int(day))} ({int(gaps.sum())} missing at {int(gaps.any(axis=0).sum())} cells "
                f"up to {self.axis.text(start + len(values) - 1)}): correct the data, mask the cells{apart}, or fill "
                f"with on_missing = {', '.join(map(repr, METHODS))} in &data"
            )
        self.filler.fill(name, values, start)
        left = np.isnan(values)
        if left.any():
            place = int(np.argmax(left.any(axis=0)))
            raise InputError(
                f"{self._where(name, start)}: no value on any day at {self._place(place)} "
                f"({int(left.any(axis=0).sum())} cells): mask the cells or set beyond_mask = 'nearest' in &weather"
            )
        self._tally(name, f"missing, filled by on_missing = '{self.on_missing}'", gaps, start)

    def _look(self, steps: np.ndarray, name: str, first: int) -> None:
        """Negative precipitation of the time steps: rounding is set to 0, more is refused."""
        series = self.daily.series[name]
        if series.how == "sum":
            require_no_running_sums(steps, series, first)
        if not steps.size or not np.fmin.reduce(steps, None) < 0.0:
            return
        # A packed number stands for everything within half a step of it.
        tolerance = max(self.rounding, 0.5 * self.daily.quantum(name))
        with np.errstate(invalid="ignore"):
            below, wrong = np.less(steps, 0.0), np.less(steps, -tolerance)
        start = first - self.axis.first
        if wrong.any():
            days = wrong.reshape(-1, series.per_day, wrong.shape[1]).any(axis=1)
            day, place = np.argwhere(days)[0]
            unit = "mm d-1" if series.how == "mean" else "mm"
            value = steps[day * series.per_day : (day + 1) * series.per_day, place].min()
            raise InputError(
                f"{self._where(name, start + day)} is {value:g} {unit} at {self._place(place)} on "
                f"{self.axis.text(start + int(day))} ({int(wrong.sum())} such values up to "
                f"{self.axis.text(start + len(days) - 1)}), expected none below 0: correct the data, or "
                "raise negative_precipitation in &weather where it is rounding"
            )
        days = below.reshape(-1, series.per_day, below.shape[1]).any(axis=1)
        self._tally(name, "a little below 0 set to 0", days, start)
        steps[steps < 0.0] = 0.0

    def _implausible(self, name: str, quantity: Quantity, values: np.ndarray, wrong: np.ndarray, start: int) -> str:
        day, place = np.argwhere(wrong)[0]
        return (
            f"{self._where(name, start + day)} is {values[day, place]:g} {quantity.unit} at {self._place(place)} on "
            f"{self.axis.text(start + int(day))}, expected {quantity.low:g} to {quantity.high:g} "
            f"({int(wrong.sum())} such values up to {self.axis.text(start + len(values) - 1)}): is the unit right? "
            "correct the data"
        )

    def _where(self, name: str, day: int) -> str:
        return self.daily.place(name, self.axis.first + int(day))

    def _place(self, place: int) -> str:
        return position(float(self.latitude[place]), float(self.longitude[place]))

    def _tally(self, name: str, what: str, mask: np.ndarray, start: int) -> None:
        key = name.replace("_", " "), what
        if key not in self.tallies:
            day, place = np.argwhere(mask)[0]
            first = f"{self.axis.text(start + int(day))} at {self._place(int(place))}"
            self.tallies[key] = Tally(np.zeros(self.axis.count, np.int64), first)
        self.tallies[key].by_day[start : start + len(mask)] = mask.sum(axis=1)


class Tally:
    """How many values something was done to, each counted once however often its day is read."""

    def __init__(self, by_day: np.ndarray, first: str):
        self.by_day, self.first = by_day, first

    def text(self) -> str:
        """'12 daily values (such as that of 2001-02-03 at 44.31°N 71.59°W)'."""
        count = int(self.by_day.sum())
        return f"{count} daily value{'' if count == 1 else 's'} (such as of {self.first})"
