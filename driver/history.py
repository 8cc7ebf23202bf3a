"""Records of output, collected until the file that holds them is full: days as they are, or means."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..kernels.variable import Variable
from .schedule import Schedule


class History:
    """The records of the file at work, in the precision of the run, and the mean that is being made.

    Means are summed day by day in float64, so that they have the same bits however the run is cut.
    """

    def __init__(self, variables: Sequence[Variable], frequency: str, schedule: Schedule, places: int, precision: str):
        self.variables, self.frequency, self.schedule = tuple(variables), frequency, schedule
        self.dtype = np.dtype(precision)
        self.shape = (len(self.variables), places)
        self._sum = np.zeros(self.shape)
        self._begun, self._counted = 0, 0  # first day of the mean, days in it
        self.clear()

    @property
    def daily(self) -> bool:
        """Whether every day is a record."""
        return self.frequency in ("day", "step")

    def clear(self) -> None:
        """Begin another file."""
        self._values: list[np.ndarray] = []
        self._bounds: list[tuple[int, int]] = []

    def add(self, days: Mapping[str, np.ndarray], begin: int) -> None:
        """Take up the values [time, place] by name of the days from `begin` on."""
        values = np.stack([days[variable.name] for variable in self.variables], axis=1)
        end = begin + len(values)
        if self.daily:
            self._values.append(values)
            self._bounds += [(day, day + 1) for day in range(begin, end)]
            return
        day = begin
        while day < end:
            complete = self.schedule.month_end(day) if self.frequency == "month" else end + 1
            stop = min(complete, end)
            self._sum_up(values[day - begin : stop - begin], day)
            if stop == complete:
                self._values.append(self._mean()[None])
                self._bounds.append((self._begun, stop))
                self._sum, self._counted = np.zeros(self.shape), 0
            day = stop

    def _sum_up(self, values: np.ndarray, day: int) -> None:
        if not self._counted:
            self._begun = day
        for row in values:
            self._sum += row
        self._counted += len(values)

    def _mean(self) -> np.ndarray:
        return (self._sum / self._counted).astype(self.dtype)

    def records(self) -> tuple[np.ndarray, np.ndarray]:
        """Values [record, variable, place] and bounds [record, 2] (days of the run) of all that is there.

        A mean in the making comes last, as the mean of its days so far; it is made on all the same.
        """
        values, bounds = [np.empty((0, *self.shape), self.dtype), *self._values], list(self._bounds)
        if self._counted:
            values.append(self._mean()[None])
            bounds.append((self._begun, self._begun + self._counted))
        return np.concatenate(values), np.array(bounds, np.int64).reshape(-1, 2)

    def carry(self) -> dict[str, np.ndarray]:
        """What has to be kept for an exact continuation."""
        return {
            "record_values": np.concatenate([np.empty((0, *self.shape), self.dtype), *self._values]),
            "record_bounds": np.array(self._bounds, np.int64).reshape(-1, 2),
            "mean_sum": self._sum,
            "mean_days": np.array([self._begun, self._counted], np.int64),
        }

    def restore(self, kept: Mapping[str, np.ndarray]) -> None:
        """Go on from what carry gave."""
        self._values = [kept["record_values"]]
        self._bounds = [(int(low), int(high)) for low, high in kept["record_bounds"]]
        self._sum = kept["mean_sum"]
        self._begun, self._counted = (int(number) for number in kept["mean_days"])
