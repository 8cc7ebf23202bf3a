"""Blocks of one series at chosen cells, read piece by piece out of its files."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from .cells import Cells, boxed
from .grid_file import GridFile, pieces, read_box
from .packing import Packing
from .series import Series

# Bytes of a stretch of time that is read and kept whole because the file keeps its times in pieces that long.
KEPT = 128 * 2**20
# Bytes that are read at once, all cells of the box; more are read in bands of rows.
BAND = 32 * 2**20


class SeriesReader:
    """One series at some cells.

    series  what is read
    cell    [place] number of the cell in the layout of the series
    dtype   of what is given
    band    bytes that are read at once
    """

    def __init__(self, series: Series, cell: np.ndarray, dtype: type = np.float32):
        self.series, self.cell, self.dtype = series, cell, dtype
        self.cells: Cells = boxed(series.layout, cell)
        self.quantum, self.band = 0.0, BAND
        self._kept: tuple[int, int, int, np.ndarray] | None = None

    def subset(self, first: int, stop: int) -> SeriesReader:
        """A reader of the places from first up to stop."""
        return SeriesReader(self.series, self.cell[first:stop], self.dtype)

    def steps(self, first: int, stop: int) -> np.ndarray:
        """The time steps of the days from first up to stop (since 0001-01-01): [day * per_day, place].

        In freshet's unit (amounts: as if the step were a day), NaN where there is no value; not to be written to.
        InputError where a file is gone, broken or breaks off.
        """
        series = self.series
        begin = series.lead + (first - series.first) * series.per_day
        end = series.lead + (stop - series.first) * series.per_day
        if not (series.first <= first <= stop <= series.last):
            raise ValueError(f"days {first} to {stop} are not in {series.first} to {series.last}")
        number = int(np.searchsorted(series.edges, begin, "right")) - 1
        parts = []
        while begin < end:
            edge = int(series.edges[number + 1])
            low = begin - int(series.edges[number])
            parts.append(self._piece(number, low, low + min(end, edge) - begin))
            begin, number = min(end, edge), number + 1
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.empty((0, len(self.cell)), self.dtype)

    def _piece(self, number: int, low: int, high: int) -> np.ndarray:
        """Time steps low up to high of one file."""
        kept = self._kept
        if kept is not None and kept[0] == number and kept[1] <= low and high <= kept[2]:
            return kept[3][low - kept[1] : high - kept[1]]
        self._kept = kept = None  # its memory is needed
        file = self.series.files[number]
        where = f"{file.path}: {self.series.name}"
        with NETCDF, opened(file.path) as data:
            if self.series.name not in data.variables:
                raise InputError(f"{file.path} has no variable {self.series.name} any more: was it changed?")
            variable = data[self.series.name]
            packing = Packing(variable, self.series.field, where)
            times, rows = pieces(variable, file)
            begin, end = self._widened(times, low, high, len(file.stamps.seconds))
            bands = self._bands(rows, (end - begin) * variable.dtype.itemsize)
            raw = self._raw(variable, file, begin, end, bands[0])
        self.quantum = packing.quantum
        values: np.ndarray = np.empty((end - begin, len(self.cell)), self.dtype)
        self._put(raw, packing, bands[0], values)
        for band in bands[1:]:
            with NETCDF, opened(file.path) as data:
                raw = self._raw(data[self.series.name], file, begin, end, band)
            self._put(raw, packing, band, values)
        self._kept = (number, begin, end, values)
        return values[low - begin : high - begin]

    def _widened(self, chunk: int, low: int, high: int, count: int) -> tuple[int, int]:
        """The pieces of the file that hold these times, where they are not too large to be kept."""
        begin, end = low // chunk * chunk, min(-(-high // chunk) * chunk, count)
        size = (end - begin) * max(len(self.cell), 1) * np.dtype(self.dtype).itemsize
        return (begin, end) if size <= KEPT else (low, high)

    def _bands(self, chunk: int, cell_bytes: int) -> list[tuple[int, int]]:
        """Rows of the boxes to read at once, cut between the pieces of the file. cell_bytes: of all times of a cell."""
        rows = self.cells.boxes[0][0]
        height = self.band // max(cell_bytes * self.cells.width, 1) // chunk * chunk
        edges = range((rows.start // max(height, chunk) + 1) * max(height, chunk), rows.stop, max(height, chunk))
        cuts = [rows.start, *edges, rows.stop]
        return list(pairwise(cuts))

    def _raw(
        self, variable: Any, file: GridFile, begin: int, end: int, rows: tuple[int, int]
    ) -> list[list[np.ndarray]]:
        """Packed numbers of some rows of each box: see read_box."""
        where = f"{file.path}: {self.series.name}"
        boxes = [(slice(*rows), *box[1:]) for box in self.cells.boxes]
        return [read_box(variable, file, begin, end, box, where) for box in boxes]

    def _put(self, raw: list[list[np.ndarray]], packing: Packing, rows: tuple[int, int], values: np.ndarray) -> None:
        """Put the places in some rows into values [time, place]."""
        width, top = self.cells.width, self.cells.boxes[0][0].start
        index = self.cells.index - (rows[0] - top) * width
        mine = np.flatnonzero((index >= 0) & (index < (rows[1] - rows[0]) * width))
        found = [self._gathered([part[entry] for part in raw], packing, index[mine]) for entry in range(len(raw[0]))]
        whole = found[0]
        for other in found[1:]:  # ERA5 and ERA5T side by side: the one that has a value
            whole = np.where(np.isnan(whole), other, whole)
        values[:, slice(None) if len(mine) == len(index) else mine] = whole

    def _gathered(self, parts: list[np.ndarray], packing: Packing, index: np.ndarray) -> np.ndarray:
        """The cells with these numbers out of boxes side by side, decoded."""
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
        flat = whole.reshape(len(whole), -1)
        if len(index) != flat.shape[1] or (index != np.arange(len(index))).any():
            flat = np.take(flat, index, axis=1)
        return packing.decode(flat, self.dtype)


def aggregate(steps: np.ndarray, per_day: int, how: str) -> np.ndarray:
    """Values of the days [day, place] from those of their time steps [day * per_day, place]: see Series.how.

    The steps are added one after the other, so that the result does not depend on the number of places.
    """
    if per_day == 1:
        return steps.copy()
    parts = steps.reshape(-1, per_day, steps.shape[1])
    if how == "last":
        return parts[:, -1].copy()
    total = parts[:, 0].copy()
    combine = {"min": np.minimum, "max": np.maximum}.get(how, np.add)
    for number in range(1, per_day):
        combine(total, parts[:, number], out=total)
    if how == "mean":
        total /= steps.dtype.type(per_day)
    return total
