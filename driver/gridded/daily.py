"""Daily fields of some places: read, or made of others: extremes of hours, wind of components, rain and snow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .names import FIELDS
from .series import EXTREMES, Series
from .series_reader import SeriesReader, aggregate

# Values a day from which extremes of the day can be told.
FOR_EXTREMES = 4
COMPONENTS = ("eastward_wind", "northward_wind")
PHASES = ("rainfall", "snowfall")
# Looks at time steps before they become days: values [time, place], the name and the first day.
Look = Callable[[np.ndarray, str, int], None]


def derivable(series: Mapping[str, Series]) -> set[str]:
    """Names of the daily fields that there are or that can be made."""
    names = set(series)
    hours = series.get("air_temperature")
    if hours is not None and hours.per_day >= FOR_EXTREMES:
        names |= set(EXTREMES)
    if all(name in names for name in COMPONENTS):
        names.add("wind_speed")
    if all(name in names for name in PHASES):
        names.add("precipitation")
    return names


def sources(name: str, series: Mapping[str, Series]) -> tuple[str, ...]:
    """Names of the series that are read for a daily field."""
    if name in series:
        return (name,)
    if name == "precipitation":
        return PHASES
    return COMPONENTS if name == "wind_speed" else ("air_temperature",)


class Daily:
    """Daily fields at some places, as they stand in the files: NaN where there is no value.

    readers  of the series by name
    look     is shown the time steps of every series before they become days, and may set them right
    """

    def __init__(self, readers: Mapping[str, SeriesReader], look: Look | None = None):
        self.readers, self.look = dict(readers), look
        self.series = {name: reader.series for name, reader in self.readers.items()}

    def at(self, places: np.ndarray) -> Daily:
        """The same at some of the places, by index."""
        readers = {
            name: SeriesReader(reader.series, reader.cell[places], reader.dtype)
            for name, reader in self.readers.items()
        }
        return Daily(readers)

    def read(self, name: str, first: int, stop: int) -> np.ndarray:
        """A field on the days from first up to stop (since 0001-01-01), in freshet's unit, new [day, place]."""
        if name in self.readers:
            series = self.series[name]
            return aggregate(self._steps(name, first, stop), series.per_day, series.how)
        if name in EXTREMES:
            return aggregate(
                self._steps("air_temperature", first, stop), self.series["air_temperature"].per_day, EXTREMES[name]
            )
        if name == "precipitation":
            rain, snow = (self.read(phase, first, stop) for phase in PHASES)
            rain += snow
            return rain
        east, north = (self._steps(component, first, stop) for component in COMPONENTS)
        return aggregate(np.hypot(east, north), self.series[COMPONENTS[0]].per_day, "mean")

    def place(self, name: str, day: int) -> str:
        """File and variable that hold a field on a day, for messages."""
        return self.series[sources(name, self.series)[0]].place(day)

    def quantum(self, name: str) -> float:
        """Step between two packed numbers of a series in freshet's unit; 0 where they are not packed."""
        return self.readers[name].quantum

    def _steps(self, name: str, first: int, stop: int) -> np.ndarray:
        steps = self.readers[name].steps(first, stop)
        if self.look is None or FIELDS[name].quantity != "precipitation":
            return steps
        steps = steps.copy()  # the reader may keep its own
        self.look(steps, name, first)
        return steps
