"""The door to one netCDF file of dimensions basin and time, series and attributes together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .attributes import complete
from .fields import FIELDS, find_fields
from .netcdf_file import basin_attributes, basin_dimension, basin_ids, opened, time_axis
from .netcdf_variable import Packed
from .record import Record
from .window import Window


class NetcdfDoor:
    """One netCDF file. path: the file, or a folder that holds one. InputError where it cannot be read."""

    def __init__(self, path: Path):
        self.path = _single(path)
        with opened(self.path) as data:
            self.time, self.axis = time_axis(data, self.path)
            self.basin = basin_dimension(data, self.time, self.path)
            self.ids = basin_ids(data, self.basin, self.path)
            found, units = basin_attributes(data, self.basin)
            self.known = complete(found, len(self.ids), units)
            self.present, self.titles = _series(data, self.time, self.basin)

    def attributes(self, places: np.ndarray) -> dict[str, np.ndarray]:
        """By name, [place]."""
        return {name: values[places] for name, values in self.known.items()}

    def record(self, places: np.ndarray) -> Record:
        """The series of these basins."""
        return NetcdfRecord(self, places)


class NetcdfRecord:
    """Series out of one netCDF file, read by stretches of days. See record.Record."""

    def __init__(self, door: NetcdfDoor, places: np.ndarray):
        self.door, self.places, self.path = door, places, door.path
        self.ids, self.axis = [door.ids[place] for place in places], door.axis
        self.area = door.known["area"][places]
        self.available = find_fields(door.present)
        self.paths = [door.path]
        self.notes: list[str] = []
        self.packed: dict[str, Packed] = {}
        self.windows: dict[str, Window] = {}
        self.spans = _spans(places)

    def prepare(self, names: Sequence[str]) -> None:
        """As Record.prepare."""
        with opened(self.path) as data:
            for name in names:
                if name in self.packed:
                    continue
                variable = data[self.available[name]]
                self._check_dimensions(variable)
                packed = Packed(variable, name, self.path)
                if packed.per_area and not np.isfinite(self.area).all():
                    unknown = self.ids[int(np.argmin(np.isfinite(self.area)))]
                    raise InputError(
                        f"{packed.where} is a volume, which needs the area of each basin: that of {unknown} is unknown"
                    )
                if packed.factor != 1.0 or packed.shift != 0.0 or packed.per_area:
                    self.notes.append(f"{packed.where}: converted from '{variable.units}' to {_unit(name)}")
                self.packed[name] = packed
                self.windows[name] = self._window(variable.name, packed.dtype.itemsize)

    def series(self, name: str, start: int, stop: int, places: np.ndarray | None = None) -> np.ndarray:
        """As Record.series."""
        raw = self.windows[name].block(start, stop)
        if places is None:
            return self.packed[name].decode(raw, self.area)
        return self.packed[name].decode(raw[:, places], self.area[places])

    def where(self, name: str, place: int) -> str:
        """As Record.where."""
        return f"{self.path}: {self.available[name]}"

    def title(self, name: str) -> str:
        """As Record.title."""
        return self.door.titles[self.available[name]]

    def _check_dimensions(self, variable: Any) -> None:
        """InputError where there is more than basin and time."""
        more = [
            name
            for name, size in zip(variable.dimensions, variable.shape, strict=True)
            if name not in (self.door.time, self.door.basin) and size != 1
        ]
        if more:
            raise InputError(
                f"{self.path}: {variable.name} has dimensions ({', '.join(variable.dimensions)}), expected "
                f"({self.door.basin}, {self.door.time}): average over {', '.join(more)} first"
            )

    def _window(self, original: str, itemsize: int) -> Window:
        def read(start: int, stop: int) -> np.ndarray:
            with opened(self.path) as data:
                return self._read(data[original], start, stop)

        return Window(read, self.axis.count, itemsize * len(self.places))

    def _read(self, variable: Any, start: int, stop: int) -> np.ndarray:
        """Packed numbers [time, place], the basins by spans of neighbours."""
        dimensions = [name for name in variable.dimensions if name in (self.door.time, self.door.basin)]
        parts = []
        for first, last in self.spans:
            index = {self.door.time: slice(start, stop), self.door.basin: slice(first, last)}
            part = variable[tuple(index.get(name, 0) for name in variable.dimensions)]
            parts.append(part if dimensions[0] == self.door.time else part.T)
        whole = np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
        order = np.searchsorted(np.concatenate([np.arange(*span) for span in self.spans]), self.places)
        return np.ascontiguousarray(whole[:, order])


def _spans(places: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of neighbouring places to read; small holes are read too, since each read has its cost."""
    ordered = np.unique(places)
    if not len(ordered):
        return [(0, 0)]
    breaks = np.flatnonzero(np.diff(ordered) > 4)
    firsts = ordered[np.concatenate([[0], breaks + 1])]
    lasts = ordered[np.concatenate([breaks, [len(ordered) - 1]])] + 1
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]


def _unit(name: str) -> str:
    from ..units import QUANTITIES

    return QUANTITIES[FIELDS[name].quantity].unit


def _single(path: Path) -> Path:
    """The file itself, or the one netCDF file of a folder."""
    if not path.is_dir():
        return path
    files = sorted(path.glob("*.nc"))
    if len(files) != 1:
        there = f"{len(files)} of them: {', '.join(file.name for file in files[:6])}" if files else "none"
        raise InputError(f"{path} is a folder, expected one netCDF file in it, found {there}: name the file in path")
    return files[0]


def _series(data: Any, time: str, basin: str) -> tuple[dict[str, str], dict[str, str]]:
    """Standard names and titles of the variables that run over time and basin."""
    standard, titles = {}, {}
    for name, variable in data.variables.items():
        if time in variable.dimensions and basin in variable.dimensions:
            standard[name] = str(getattr(variable, "standard_name", ""))
            words = [str(getattr(variable, key, "")) for key in ("long_name", "caravan_name")]
            titles[name] = " ".join([name, *words]).strip()
    return standard, titles
