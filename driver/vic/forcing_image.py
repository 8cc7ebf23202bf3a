"""Forcing of VIC 5's image driver: netCDF files by year, `<FORCING1>YYYY.nc`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from ..gridded.cells import Cells, boxed, locate
from ..gridded.grid_file import GridFile, read_box, read_grid_file
from ..gridded.stamps import in_calendar, time_step
from .netcdf_fields import unpacked
from .parameters import Arrays
from .weather import STEPS, Span, Types, plausible, require_types

CALENDAR = "proleptic_gregorian"
ORIGIN = np.datetime64("0001-01-01T00:00:00", "s")


def yearly_files(prefix: str, first: int, last: int, rest: str = ".nc") -> list[Path]:
    """Files of the years from a prefix as VIC's global file has it. InputError that names the first that is missing."""
    found = [Path(f"{prefix}{year:04d}{rest}") for year in range(first, last + 1)]
    absent = [path for path in found if not path.is_file()]
    if absent:
        raise InputError(f"{absent[0]} does not exist: expected forcing of the years {first} to {last} at '{prefix}'")
    return found


def with_neighbours(prefix: str, first: int, last: int, rest: str = ".nc") -> tuple[int, int]:
    """The years and, where there are files, two before and one after them.

    Weather that is derived from days looks back for as long, and ahead to the next ones: with them a run that goes on
    in another year has the same weather as one that went through.
    """

    def there(year: int) -> bool:
        return Path(f"{prefix}{year:04d}{rest}").is_file()

    for _ in range(2):
        first -= there(first - 1)
    return first, last + there(last + 1)


class ImageForcing:
    """Series of netCDF files at places. span: all their times."""

    def __init__(
        self,
        paths: Sequence[Path],
        names: Mapping[str, str],
        latitude: np.ndarray,
        longitude: np.ndarray,
        types: Types = STEPS,
    ):
        """names: variable of each FORCE_TYPE; types: those that may come.

        InputError where a variable is missing, times are not regular, or no cell lies at a place.
        """
        require_types(list(names), str(paths[0]), types)
        self.names, self.types = dict(names), types
        self.files = [read_grid_file(path) for path in paths]
        self.cells = [self._cells(file, latitude, longitude) for file in self.files]
        seconds = [self._seconds(file) for file in self.files]
        owner = np.repeat(np.arange(len(seconds)), [len(own) for own in seconds])
        every = np.concatenate(seconds)
        step = time_step(every, CALENDAR, lambda number: str(self.files[owner[number]].path))
        self.first = np.concatenate([[0], np.cumsum([len(own) for own in seconds])])
        self.span = Span(ORIGIN + np.timedelta64(int(every[0]), "s"), step, len(every))

    def read(self, first: int, stop: int) -> Arrays:
        """Intervals first <= number < stop, by the names of the kernels, [time, place]."""
        times = self.span.times()[first:stop]
        found: Arrays = {}
        for force_type, name in self.names.items():
            parts = [
                self._part(k, name, max(first, self.first[k]), min(stop, self.first[k + 1]))
                for k in range(len(self.files))
                if first < self.first[k + 1] and stop > self.first[k]
            ]
            where = f"{self.files[0].path}: {name}"
            variable = self.types.known[force_type]
            found[variable.name] = plausible(force_type, np.concatenate(parts), where, times, self.types)
        return found

    def _part(self, file: int, name: str, first: int, stop: int) -> np.ndarray:
        """[time, place] of one file, first and stop counted from the first file."""
        own, cells, begin = self.files[file], self.cells[file], int(self.first[file])
        with NETCDF, opened(own.path) as data:
            boxes = []
            for box in cells.boxes:
                raw = read_box(data[name], own, first - begin, stop - begin, box, f"{own.path}: {name}")[0]
                boxes.append(raw.reshape(len(raw), -1, raw.shape[-1]))
            joined = np.concatenate(boxes, -1).reshape(stop - first, -1)
            return unpacked(data[name], joined[:, cells.index])

    def _cells(self, file: GridFile, latitude: np.ndarray, longitude: np.ndarray) -> Cells:
        for name in self.names.values():
            if name not in file.series:
                there = ", ".join(file.series)
                raise InputError(f"{file.path} has no variable '{name}' of time and cells; there are: {there}")
        return boxed(file.layout, locate(file.layout, latitude, longitude, str(file.path)))

    @staticmethod
    def _seconds(file: GridFile) -> np.ndarray:
        stamps = in_calendar(file.stamps, CALENDAR)
        if stamps is None:
            raise InputError(f"{file.path}: calendar {file.stamps.calendar} is not built for VIC, expected {CALENDAR}")
        return stamps.seconds
