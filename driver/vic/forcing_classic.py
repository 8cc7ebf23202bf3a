"""Forcing of VIC's classic driver: one file of columns for each cell, ASCII or binary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from .parameters import Arrays
from .weather import SKIP, STEPS, Span, Types, plausible, require_types

DAY = 86400


@dataclass(frozen=True)
class Column:
    """One column: its FORCE_TYPE; of binary files whether it is signed, and the factor that it was multiplied by."""

    force_type: str
    signed: bool = True
    factor: float = 1.0


@dataclass(frozen=True)
class Stream:
    """Files of one line FORCING1 or FORCING2 of the global file.

    prefix  to which latitude and longitude are added;  decimals: GRID_DECIMAL
    start, steps_per_day   of the records
    binary, big_endian     short integers, with the high byte first
    """

    prefix: str
    columns: Sequence[Column]
    start: np.datetime64
    steps_per_day: int
    decimals: int = 4
    binary: bool = False
    big_endian: bool = False

    def path(self, latitude: float, longitude: float) -> Path:
        """The file of a cell."""
        return Path(f"{self.prefix}{latitude:.{self.decimals}f}_{longitude:.{self.decimals}f}")


class ClassicForcing:
    """Series of the cells at places, read whole at first use: keep such runs small or convert them to netCDF."""

    def __init__(self, streams: Sequence[Stream], latitude: np.ndarray, longitude: np.ndarray, types: Types = STEPS):
        """InputError where a FORCE_TYPE is missing or twice, or streams differ in their steps."""
        names = [column.force_type for stream in streams for column in stream.columns]
        where = ", ".join(stream.prefix for stream in streams)
        require_types(names, where, types)
        twice = [name for name in types.known if names.count(name) > 1]
        if twice:
            raise InputError(f"{where}: FORCE_TYPE {twice[0]} comes twice, expected each once")
        if len({(stream.start, stream.steps_per_day) for stream in streams}) > 1:
            raise InputError(f"{where}: streams with different starts or steps are not built: give them one of each")
        self.where, self.streams, self.types = where, streams, types
        found = [[self._cell(stream, *at) for stream in streams] for at in zip(latitude, longitude, strict=True)]
        counts = {len(table) for cell in found for table in cell}
        if len(counts) > 1:
            raise InputError(f"{where}: files of {min(counts)} and of {max(counts)} records, expected as many in each")
        self.values = self._by_name(found)
        start, interval = streams[0].start.astype("datetime64[s]"), DAY // streams[0].steps_per_day
        self.span = Span(start, interval, counts.pop())

    def read(self, first: int, stop: int) -> Arrays:
        """Intervals first <= number < stop, by the names of the kernels, [time, place]."""
        times = self.span.times()[first:stop]
        return {
            self.types.known[name].name: plausible(name, values[first:stop], self.where, times, self.types)
            for name, values in self.values.items()
        }

    def _by_name(self, found: list[list[np.ndarray]]) -> Arrays:
        values = {}
        for k, stream in enumerate(self.streams):
            for c, column in enumerate(stream.columns):
                if column.force_type != SKIP:
                    values[column.force_type] = np.stack([cell[k][:, c] for cell in found], 1)
        return values

    @staticmethod
    def _cell(stream: Stream, latitude: float, longitude: float) -> np.ndarray:
        """Records of one file, [time, column]."""
        path = stream.path(latitude, longitude)
        if not path.is_file():
            raise InputError(f"{path} does not exist: expected the forcing of a cell; does GRID_DECIMAL fit?")
        return _binary(path, stream) if stream.binary else _ascii(path, stream)


def _ascii(path: Path, stream: Stream) -> np.ndarray:
    try:
        table = np.loadtxt(path, dtype=np.float64, comments="#", ndmin=2)
    except ValueError as error:
        raise InputError(f"{path}: {error}; expected {len(stream.columns)} columns of numbers") from error
    if table.shape[1] != len(stream.columns):
        raise InputError(f"{path}: {table.shape[1]} columns, the global file has {len(stream.columns)} FORCE_TYPE")
    return table


def _binary(path: Path, stream: Stream) -> np.ndarray:
    order, count = ">" if stream.big_endian else "<", len(stream.columns)
    raw = np.fromfile(path, np.dtype(f"{order}i2"))
    if raw.size % count:
        raise InputError(f"{path}: {raw.size} short integers do not make records of {count} columns")
    records = raw.reshape(-1, count)
    parts = [
        (records[:, c] if column.signed else records[:, c].view(np.dtype(f"{order}u2"))) / column.factor
        for c, column in enumerate(stream.columns)
    ]
    return np.stack(parts, 1)
