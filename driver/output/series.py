"""Records in the making of one stream on one rank: days, parts of days, or sums, means and ends of several days."""

from collections.abc import Callable, Mapping

import numpy as np

from ..over_time import LAST, MEAN, gathered
from ..timeaxis import TimeAxis
from .stream import Stream
from .window import Window

Emit = Callable[[Window], None]


class Series:
    """The records of the window at work, in the precision of the run, and the mean that is being made.

    Means are summed day by day in float64, so that they have the same bits however the run is cut. methods: by name of
    the variables, what several days have of them; within: what several steps of a day have.
    """

    def __init__(
        self,
        stream: Stream,
        axis: TimeAxis,
        rank: int,
        precision: str,
        methods: Mapping[str, str] | None = None,
        within: Mapping[str, str] | None = None,
    ):
        self.stream, self.axis, self.dtype = stream, axis, np.dtype(precision)
        self.methods, self.within = methods or {}, within or {}
        self.columns = {
            name: int(stream.bounds[location][rank + 1] - stream.bounds[location][rank])
            for name, location in stream.locations.items()
        }
        self.first = 0  # number in the file of the first record held
        self._sum = {name: np.zeros(count) for name, count in self.columns.items()}
        self._begun, self._counted = 0, 0  # first day of the mean, days in it
        self._clear()

    def _clear(self) -> None:
        self._values: dict[str, list[np.ndarray]] = {name: [] for name in self.columns}
        self._bounds: list[tuple[int, int]] = []

    def add(self, days: Mapping[str, np.ndarray], begin: int, count: int, emit: Emit) -> None:
        """Take up the values [day, place or node] by name of the days from `begin` on; windows that are full go.

        Of a stream of parts of days: values [step, place], of so many steps a day.
        """
        ticks = self.stream.frequency.per_day
        taken = {name: self._parts(self.stream.take(days, name), name, count) for name in self.columns}
        end = begin + count
        day = begin
        while day < end:
            stop = self._days_until(day, end) if self.stream.frequency.each else self._mean_until(day, end)
            rows = {name: values[(day - begin) * ticks : (stop - begin) * ticks] for name, values in taken.items()}
            if self.stream.frequency.each:
                self._hold({name: np.array(values, self.dtype) for name, values in rows.items()})
                self._bounds += [(at, at + 1) for at in range(day * ticks, stop * ticks)]
            else:
                self._sum_up(rows, day)
            self._emit_full(stop, emit)
            day = stop

    def _parts(self, values: np.ndarray, name: str, days: int) -> np.ndarray:
        """The records of a day made of its steps, where the stream has several."""
        ticks = self.stream.frequency.per_day
        return values if ticks == 1 else gathered(values, len(values) // (days * ticks), self.within[name])

    def _days_until(self, day: int, end: int) -> int:
        """Up to where days are taken up at once."""
        ticks = self.stream.frequency.per_day
        room = (self.stream.window - len(self._bounds)) // ticks if self.stream.window else end
        return min(end, self.stream.part(self.axis, day).end, day + room)

    def _mean_until(self, day: int, end: int) -> int:
        return min(end, self.stream.frequency.end(day, self.axis))

    def _hold(self, records: Mapping[str, np.ndarray]) -> None:
        for name, values in records.items():
            self._values[name].append(values)

    def _sum_up(self, rows: Mapping[str, np.ndarray], day: int) -> None:
        if not self._counted:
            self._begun = day
        for name, values in rows.items():
            if self.methods.get(name) == LAST:
                self._sum[name][:] = values[-1]
                continue
            for row in values:
                self._sum[name] += row
        self._counted += len(next(iter(rows.values())))
        stop = self._begun + self._counted
        if stop == self.stream.frequency.end(stop - 1, self.axis):
            self._hold(self._mean())
            self._bounds.append((self._begun, stop))
            for total in self._sum.values():
                total[:] = 0.0
            self._counted = 0

    def _mean(self) -> dict[str, np.ndarray]:
        found = {}
        for name, total in self._sum.items():
            whole = self.methods.get(name, MEAN) != MEAN
            found[name] = (total if whole else total / self._counted).astype(self.dtype)[None]
        return found

    def _emit_full(self, stop: int, emit: Emit) -> None:
        if not self._bounds or self._bounds[-1][1] != stop * self.stream.frequency.per_day:
            return
        part = self.stream.part(self.axis, stop - 1)
        complete = part.whole and stop == part.end
        if complete or (self.stream.window and len(self._bounds) >= self.stream.window):
            emit(self._window(self._values, self._bounds))
            self.first = 0 if complete else self.first + len(self._bounds)
            self._clear()

    def rest(self) -> Window | None:
        """The records of the window at work, which are kept; a mean in the making comes last, as that of its days."""
        values, bounds = {name: list(held) for name, held in self._values.items()}, list(self._bounds)
        if self._counted:
            bounds.append((self._begun, self._begun + self._counted))
            for name, mean in self._mean().items():
                values[name].append(mean)
        return self._window(values, bounds) if bounds else None

    def _window(self, values: Mapping[str, list[np.ndarray]], bounds: list[tuple[int, int]]) -> Window:
        ticks = self.stream.frequency.per_day
        part = self.stream.part(self.axis, bounds[-1][1] // ticks - 1)
        joined = {name: np.concatenate(held) for name, held in values.items()}
        return Window(part, self.first, joined, np.array(bounds, np.int64), ticks)

    def carry(self) -> dict[str, np.ndarray]:
        """What has to be kept for an exact continuation, by the names of `dimensions`; this rank's columns."""
        kept = {}
        for name, count in self.columns.items():
            empty = np.empty((0, count), self.dtype)
            kept[f"{self.stream.name}_records_{name}"] = np.concatenate([empty, *self._values[name]])
            kept[f"{self.stream.name}_sum_{name}"] = self._sum[name].copy()
        kept[f"{self.stream.name}_bounds"] = np.array(self._bounds, np.int64).reshape(-1, 2)
        kept[f"{self.stream.name}_counts"] = np.array([self.first, self._begun, self._counted], np.int64)
        return kept

    def restore(self, kept: Mapping[str, np.ndarray]) -> None:
        """Go on from what carry gave."""
        stream = self.stream.name
        self._values = {name: [kept[f"{stream}_records_{name}"]] for name in self.columns}
        self._sum = {name: np.array(kept[f"{stream}_sum_{name}"]) for name in self.columns}
        self._bounds = [(int(low), int(high)) for low, high in kept[f"{stream}_bounds"]]
        self.first, self._begun, self._counted = (int(number) for number in kept[f"{stream}_counts"])
