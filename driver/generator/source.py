"""The generator behind the doors' protocol: blocks of days cut from whole calendar years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.variable import row_of
from ..catchments.source import ROWS, places_of
from ..errors import ConfigurationError
from ..timeaxis import TimeAxis
from .attributes import attributes_of
from .basin import Basin
from .weather import Weather

if TYPE_CHECKING:
    from .discharge import Discharge


class GeneratedSource:
    """A Source (driver/catchments/source.py) of generated catchments; memory does not grow with the axis."""

    def __init__(self, basins: list[Basin], seed: int, axis: TimeAxis):
        self.basins, self.seed, self.axis = basins, seed, axis
        self.ids = [basin.identifier for basin in basins]
        self.attributes = attributes_of(basins)
        self.files: list[tuple[str, str]] = []
        self.notes = [f"weather and discharge of {len(basins)} catchments are generated (seed {seed}), not observed"]
        self._weather = Weather(basins, seed, axis.calendar)
        self._made: Discharge | None = None
        self._lock = RLock()  # a block may be prefetched while another is read

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Precipitation mm d-1, air temperature degC, potential evaporation mm d-1, [time, row, place]."""
        return self._cut(start, stop, self._weather.year, (len(ROWS), len(self.ids)))

    def discharge(self, start: int, stop: int) -> np.ndarray:
        """Discharge as a gauge would report it, mm d-1, [time, place], NaN where the gauge failed."""
        return self._cut(start, stop, self._discharge().observed, (len(self.ids),))

    def true_discharge(self, start: int, stop: int) -> np.ndarray:
        """Discharge without the gauge's errors, mm d-1, [time, place]: what a perfect model would find."""
        return self._cut(start, stop, self._discharge().true, (len(self.ids),))

    def true_parameters(self) -> tuple[np.ndarray, np.ndarray]:
        """The hidden parameters of HBV 1.0, [parameter, place], and of its unit hydrograph, [2, place]."""
        made = self._discharge()
        return made.parameters.copy(), made.routing.copy()

    def true_parameter(self, name: str) -> np.ndarray:
        """One hidden parameter of HBV 1.0, [place]. ValueError where it has none of that name."""
        made = self._discharge()
        return made.parameters[row_of(made.model.parameters, name)].copy()

    def select(self, ids: Sequence[str]) -> GeneratedSource:
        """The same catchments, those of `ids` in their order. ConfigurationError where one is unknown."""
        places = places_of(ids, self.ids, "the weather generator")
        return GeneratedSource([self.basins[place] for place in places], self.seed, self.axis)

    def _discharge(self) -> Discharge:
        with self._lock:
            if self._made is None:
                from .discharge import Discharge  # brings the compiled kernels, which the weather does not need

                self._made = Discharge(self._weather, self.attributes, self.axis.date(0).year)
            return self._made

    def _cut(self, start: int, stop: int, of_year: Callable[[int], np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
        """Days start to stop of a series that comes in calendar years."""
        days = self.axis.slice(start, stop)
        series = np.empty((days.count, *shape))
        years, day = days.years(), days.day_of_year() - 1
        with self._lock:
            for year in np.unique(years):
                inside = years == year
                series[inside] = of_year(int(year))[day[inside]]
        return series


def axis_of_years(start: str, years: int, calendar: str, group: str = "generator") -> TimeAxis:
    """Days from 'YYYY-MM-DD' for a number of years. ConfigurationError where they leave the years 1 to 9999.

    group: who asks, to begin the message with.
    """
    import cftime

    first = TimeAxis.parse(start, 1, calendar).date(0)
    if first.year + years > 10000:
        raise ConfigurationError(
            f"{group}: years = {years} from {start} ends after the year 9999: give at most {10000 - first.year} years"
        )
    year, month, day = first.year + years, first.month, first.day
    try:
        after = cftime.datetime(year, month, day, calendar=first.calendar)
    except ValueError:  # 29 February: the years end with the last day of February
        after = cftime.datetime(year, month + 1, 1, calendar=first.calendar)
    return TimeAxis(first, (after - first).days)
