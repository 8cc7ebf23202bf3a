"""A record out of one or two text files for each basin, read whole and kept as float32."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from ..timeaxis import EPOCH, TimeAxis
from .checked import DISCHARGE
from .common_days import common_days

THREADS = 2  # pandas parses outside of Python's lock

# Reads some series of the basin at a place: by name first day (since 0001-01-01, calendar standard) and values in
# freshet's unit [time].
Parse = Callable[[int, Sequence[str]], dict[str, tuple[int, np.ndarray]]]


class TextRecord:
    """Series out of text files. See record.Record.

    parse      reads one basin; InputError where its file cannot be read
    available  names in the files, by freshet's names
    files      of each basin, those of the weather first
    titles     what is known of a series beyond its name
    """

    def __init__(
        self,
        ids: Sequence[str],
        parse: Parse,
        available: dict[str, str],
        files: Sequence[Sequence[Path]],
        titles: dict[str, str] | None = None,
        notes: Sequence[str] = (),
    ):
        self.ids, self.parse, self.available, self.files = list(ids), parse, available, files
        self.titles, self.notes = titles or {}, list(notes)
        self.paths = [path for group in files for path in group]
        self.arrays: dict[str, np.ndarray] = {}

    def prepare(self, names: Sequence[str]) -> None:
        """As Record.prepare: reads all files."""
        if all(name in self.arrays for name in names):
            return
        with ThreadPoolExecutor(THREADS) as pool:
            parsed = list(pool.map(lambda place: _narrow(self.parse(place, names)), range(len(self.ids))))
        weather = next(name for name in names if name != DISCHARGE)
        axes = [_axis(*one[weather]) for one in parsed]
        self.axis, notes = common_days(axes, self.ids, [group[0] for group in self.files])
        self.notes += notes
        for name in names:
            array = np.full((self.axis.count, len(self.ids)), np.nan, np.float32)
            for place, one in enumerate(parsed):
                _put(array[:, place], *one[name], self.axis)
            self.arrays[name] = array

    def series(self, name: str, start: int, stop: int, places: np.ndarray | None = None) -> np.ndarray:
        """As Record.series."""
        block = self.arrays[name][start:stop]
        return (block if places is None else block[:, places]).astype(np.float64)

    def where(self, name: str, place: int) -> str:
        """As Record.where."""
        file = self.files[place][-1 if name == DISCHARGE else 0]
        return f"{file}: {self.available[name]}"

    def title(self, name: str) -> str:
        """As Record.title."""
        return f"{self.available[name]} {self.titles.get(name, '')}".strip()


def _axis(first: int, values: np.ndarray) -> TimeAxis:
    import cftime

    return TimeAxis(cftime.num2date(first, EPOCH, calendar="standard"), len(values))


def _put(column: np.ndarray, first: int, values: np.ndarray, axis: TimeAxis) -> None:
    """Write values that begin on day `first` where the axis has these days."""
    shift = first - axis.first
    start, stop = max(shift, 0), min(shift + len(values), axis.count)
    if start < stop:
        column[start:stop] = values[start - shift : stop - shift]


def _narrow(series: dict[str, tuple[int, np.ndarray]]) -> dict[str, tuple[int, np.ndarray]]:
    return {name: (first, values.astype(np.float32)) for name, (first, values) in series.items()}
