"""Forcing of some places out of gridded weather, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..catchments.source import ROWS
from ..errors import InputError
from .daily import Daily
from .evaporation import EXTREMES, evaporation, temperature
from .plausible import Plausible
from .series_reader import SeriesReader

if TYPE_CHECKING:
    from .weather import Weather

# Days that are read at once, and the bytes of time steps of one series that are held meanwhile.
DAYS = 64
STEPS = 32 * 2**20
# Daily ranges that are zero at more than this share of cells and days are none.
WITHOUT_RANGE = 0.5


class Reader:
    """Weather of some places.

    weather              where it comes from
    readers              of its series by name
    latitude, longitude  degrees [place]; elevation: m [place], or None where it is not needed
    remarks              what was done on the way here, one line each
    """

    def __init__(
        self,
        weather: Weather,
        readers: Mapping[str, SeriesReader],
        latitude: np.ndarray,
        longitude: np.ndarray,
        elevation: np.ndarray | None,
        remarks: list[str],
    ):
        self.weather, self.readers, self.remarks = weather, dict(readers), remarks
        self.latitude, self.longitude, self.elevation = latitude, longitude, elevation
        self.axis = weather.axis
        self.dtype = next(iter(self.readers.values())).dtype
        rounding = weather.options.negative_precipitation
        self.plausible = Plausible(Daily(self.readers), self.axis, latitude, longitude, weather.on_missing, rounding)

    @property
    def notes(self) -> list[str]:
        """Those of the weather, and what was filled and set right at these places so far; grows with the blocks."""
        return [*self.weather.notes, *self.remarks, *self.plausible.notes()]

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Precipitation mm d-1, air temperature degC, potential evaporation mm d-1 of the days from start up to stop.

        float32 (or the dtype asked for) [time, 3, place], without gaps. Takes files.NETCDF by itself, only while the
        netCDF library is at work. InputError where there are gaps that nobody asked to fill, values that cannot be, or
        a file breaks off.
        """
        block: np.ndarray = np.empty((stop - start, len(ROWS), len(self.latitude)), self.dtype)
        if not block.shape[2]:
            return block
        days = self._days()
        for first in range(start, stop, days):
            last = min(first + days, stop)
            self._read(first, last, block[first - start : last - start])
        return block

    def potential_evaporation(self, start: int, stop: int) -> np.ndarray:
        """The last row of the forcing alone, mm d-1 [time, place], without reading what it does not need."""
        kept: dict[str, np.ndarray] = {}
        days = self._days()
        parts = [self._evaporation(first, min(first + days, stop), kept) for first in range(start, stop, days)]
        return np.concatenate(parts)

    def subset(self, first: int, stop: int) -> Reader:
        """A reader of the places from first up to stop, which reads no others."""
        places = slice(first, stop)
        readers = {name: reader.subset(first, stop) for name, reader in self.readers.items()}
        elevation = None if self.elevation is None else self.elevation[places]
        return Reader(
            self.weather, readers, self.latitude[places], self.longitude[places], elevation, list(self.remarks)
        )

    def _days(self) -> int:
        most = max(reader.series.per_day for reader in self.readers.values())
        return max(min(DAYS, STEPS // (most * len(self.latitude) * 4)), 1)

    def _read(self, first: int, last: int, block: np.ndarray) -> None:
        kept: dict[str, np.ndarray] = {}
        block[:, 0] = self.plausible.field("precipitation", first, last)
        block[:, 2] = self._evaporation(first, last, kept)
        names = self.weather.names
        mean = names if "air_temperature" in names else EXTREMES
        block[:, 1] = temperature(lambda name: self._field(name, first, last, kept), mean)

    def _evaporation(self, first: int, last: int, kept: dict[str, np.ndarray]) -> np.ndarray:
        kept.clear()
        if self.weather.pet == "hargreaves":
            self._require_range(first, last, kept)
        return evaporation(
            self.weather.pet,
            lambda name: self._field(name, first, last, kept),
            self.weather.names[1:],
            self.axis.slice(first, last),
            self.latitude,
            self.elevation,
            self.weather.options.wind_height,
        )

    def _require_range(self, first: int, last: int, kept: dict[str, np.ndarray]) -> None:
        """InputError where the extremes are one and the same: evaporation would be zero."""
        low, high = (self._field(name, first, last, kept) for name in EXTREMES)
        if (low == high).mean() > WITHOUT_RANGE:
            where = self.plausible.daily.place("maximum_temperature", self.axis.first + first)
            raise InputError(
                f"{where} equals the minimum at most cells from {self.axis.text(first)} to "
                f"{self.axis.text(last - 1)}, so that pet = 'hargreaves' would be zero: choose pet = 'oudin' or other "
                "files"
            )

    def _field(self, name: str, first: int, last: int, kept: dict[str, np.ndarray]) -> np.ndarray:
        if name not in kept:
            kept[name] = self.plausible.field(name, first, last)
        return kept[name]
