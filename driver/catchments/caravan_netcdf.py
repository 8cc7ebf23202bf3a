"""Caravan's netCDF files, one for each basin, read by stretches of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .common_days import common_days
from .fields import FIELDS, find_fields
from .netcdf_file import opened, time_axis
from .netcdf_variable import Packed
from .window import Window

# Bytes kept of all series together: opening thousands of files again costs more than the memory.
BUDGET = 2**30


class CaravanNetcdfRecord:
    """Series out of one netCDF file for each basin, dimension date. See record.Record.

    files   of each basin
    units   by quantity of fields.FIELDS, where a variable has no attribute 'units'
    beside  other input files
    """

    def __init__(self, ids: Sequence[str], files: Sequence[Path], units: Mapping[str, str], beside: Sequence[Path]):
        self.ids, self.files, self.units = list(ids), list(files), units
        self.paths = [*files, *beside]
        self.notes: list[str] = []
        with opened(self.files[0]) as data:
            time, _ = time_axis(data, self.files[0])
            present = {name: "" for name, variable in data.variables.items() if variable.dimensions == (time,)}
        self.available = {name: there for name, there in find_fields(present).items() if FIELDS[name].quantity in units}
        self.names: list[str] = []

    def prepare(self, names: Sequence[str]) -> None:
        """As Record.prepare: reads the days of all files."""
        if set(names) <= set(self.names):
            return
        self.names = list(names)
        axes, self.packed = [], []
        for file in self.files:
            with opened(file) as data:
                axes.append(time_axis(data, file)[1])
                self.packed.append([self._packed(data, name, file) for name in names])
        self.axis, notes = common_days(axes, self.ids, self.files)
        self.notes += notes
        self.shifts = [self.axis.first - axis.first for axis in axes]
        self.window = Window(self._read, self.axis.count, 4 * len(names) * len(self.ids), BUDGET)

    def series(self, name: str, start: int, stop: int, places: np.ndarray | None = None) -> np.ndarray:
        """As Record.series."""
        block = self.window.block(start, stop)[:, self.names.index(name)]
        return (block if places is None else block[:, places]).astype(np.float64)

    def where(self, name: str, place: int) -> str:
        """As Record.where."""
        return f"{self.files[place]}: {self.available[name]}"

    def title(self, name: str) -> str:
        """As Record.title."""
        return self.available[name]

    def _packed(self, data: Any, name: str, file: Path) -> Packed:
        original = self.available[name]
        if original not in data.variables:
            raise InputError(f"{file} has no variable {original}, which the first basin's file has: correct it")
        packed = Packed(data[original], name, file, self.units[FIELDS[name].quantity])
        if packed.per_area:
            raise InputError(f"{packed.where} is a volume, expected Caravan's mm d-1")
        return packed

    def _read(self, start: int, stop: int) -> np.ndarray:
        """The days from start up to stop of all series, float32 [time, series, place]."""
        block = np.empty((stop - start, len(self.names), len(self.ids)), np.float32)
        for place, (file, shift) in enumerate(zip(self.files, self.shifts, strict=True)):
            with opened(file) as data:
                for row, packed in enumerate(self.packed[place]):
                    raw = data[packed.name][start + shift : stop + shift]
                    block[:, row, place] = packed.decode(raw)
        return block
