"""Daily series of many basins in freshet's units, with the gaps that are in the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from ..timeaxis import TimeAxis

# Numbers that stand for "no value" in files that do not say so, and the size beyond which none is meant.
SENTINELS = (-999.0, -999.9, -999.99, -9999.0, -9999.9, -9999.99, -99999.0)
HUGE = 1e15


class Record(Protocol):
    """Series of the basins of a door, before gaps and implausible values are dealt with.

    ids        basins, in the order of the places
    axis       the days that all basins have (of the series that were prepared)
    available  name in the files of each series that can be read, by its name in fields.FIELDS
    paths      input files
    notes      what happened on the way here, one line each
    """

    ids: list[str]
    axis: TimeAxis
    available: dict[str, str]
    paths: list[Path]
    notes: list[str]

    def prepare(self, names: Sequence[str]) -> None:
        """Make ready to read these series. InputError where a file lacks one, or the files do not fit together."""

    def series(self, name: str, start: int, stop: int, places: np.ndarray | None = None) -> np.ndarray:
        """The days from start up to stop in freshet's unit, new float64 [time, place], NaN where there is no value."""

    def where(self, name: str, place: int) -> str:
        """File and variable of a series, for messages."""

    def title(self, name: str) -> str:
        """All that the file says about what a series is."""


def without_sentinels(values: np.ndarray) -> np.ndarray:
    """The values, changed in place: NaN where a number stands for 'no value'. Values are in the file's own unit."""
    if values.size and (np.fmin.reduce(values, None) < -900.0 or np.fmax.reduce(values, None) > HUGE):
        with np.errstate(over="ignore"):  # rounding multiplies
            values[np.isin(np.round(values, 3), SENTINELS) | (np.abs(values) > HUGE)] = np.nan
    return values
