"""Monthly means over groups of places, of what freshet run wrote: history files of basins or of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import independent_months as months
from .errors import InputError
from .history_file import opened
from .timedecode import calendar_name, days_of

# Streams of a run in the order in which they are taken; what holds whole years says nothing of months.
STREAMS = ("history_monthly_*.nc", "history_daily_*.nc", "history_[0-9]*.nc")
GRID = ("latitude", "longitude")
RECORDS = 64  # read at once


@dataclass(frozen=True)
class Places:
    """Where a run's places are: ids ([] on a grid), degrees, km2 (NaN unknown, 0 on a grid where there is no land)."""

    ids: list[str]
    latitude: np.ndarray
    longitude: np.ndarray
    area: np.ndarray


@dataclass(frozen=True)
class Groups:
    """Places that are averaged: `place` [member] with its weight, sorted by `group` [member]; count of groups."""

    place: np.ndarray
    group: np.ndarray
    weight: np.ndarray
    count: int

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Weighted means [record, group] of values [record, place] over the members that have one; NaN without any."""
        own = values[:, self.place]
        weight = np.where(np.isfinite(own), self.weight, 0.0)
        found = np.full((2, len(values), self.count), 0.0)
        if len(self.place):
            starts = np.flatnonzero(np.r_[True, self.group[1:] != self.group[:-1]])
            for row, terms in zip(found, (np.where(weight > 0, own, 0.0) * weight, weight), strict=True):
                row[:, self.group[starts]] = np.add.reduceat(terms, starts, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return found[0] / found[1]


@dataclass
class Run:
    """The output of a run in a folder, or one history file.

    streams: files by stream; variables: unit of each quantity, and the stream that it is taken from
    """

    path: Path
    places: Places
    calendar: str
    streams: dict[str, list[Path]]
    variables: dict[str, tuple[str, str]] = field(default_factory=dict)

    def months(self, name: str, groups: Groups) -> tuple[np.ndarray, np.ndarray]:
        """Months, and means [month, group] of a quantity in mm d-1 or mm; only months of which every day is there."""
        unit, stream = self.variables[name]
        sums: dict[int, np.ndarray] = {}
        days: dict[int, float] = {}
        for file in self.streams[stream]:
            with opened(file) as data:
                if name not in data.variables:
                    raise InputError(f"'{file}' has no variable '{name}', other files of the run have")
                for month, length, values in _records(data, name, file, groups):
                    sums[month] = sums.get(month, 0.0 * values) + length * values
                    days[month] = days.get(month, 0.0) + length
        found = np.array(sorted(sums), np.int64)
        all_days = months.lengths(found, self.calendar)
        whole = np.array([days[month] for month in found]) == all_days
        means = np.array([sums[month] / days[month] for month in found[whole]]).reshape(-1, groups.count)
        return found[whole], months.converted(means, unit, all_days[whole])


def read_run(path: Path) -> Run:
    """What a run has written into a folder (or file). InputError where nothing of it is monthly or daily series."""
    streams = {"file": [path]} if path.is_file() else {name: sorted(path.glob(name)) for name in STREAMS}
    streams = {name: files for name, files in streams.items() if files}
    if not streams:
        raise InputError(f"'{path}' holds no history of a run with months or days: expected output of freshet run")
    found: Run | None = None
    for name, files in streams.items():
        with opened(files[0]) as data:
            if found is None:
                found = Run(path, _places(data, files[0]), _calendar(data, files[0]), streams)
            for variable in data.variables:
                if _place_axes(data[variable]):
                    found.variables.setdefault(variable, (str(getattr(data[variable], "units", "")), name))
    assert found is not None
    if not found.variables:
        raise InputError(f"'{path}' has no series by time and place: expected output of freshet run")
    return found


def _place_axes(variable: Any) -> bool:
    return variable.dimensions in (("time", "basin"), ("time", *GRID), ("time", "cell"))


def _calendar(data: Any, file: Path) -> str:
    return calendar_name(getattr(data["time"], "calendar", "standard"), f"'{file}': time")


def _places(data: Any, file: Path) -> Places:
    if "basin" in data.dimensions:
        ids = [str(name) for name in np.asarray(data["basin"][:]).tolist()]
        missing = np.full(len(ids), np.nan)
        where = [_filled(data[name][:]) if name in data.variables else missing for name in (*GRID, "area")]
        return Places(ids, *where)
    if not all(name in data.variables for name in (*GRID, "land_area")):
        raise InputError(f"'{file}' has neither basins nor cells with land_area: expected output of freshet run")
    north, east = np.meshgrid(_filled(data["latitude"][:]), _filled(data["longitude"][:]), indexing="ij")
    return Places([], north.ravel(), east.ravel(), _filled(data["land_area"][:]).ravel() * 1e-6)


def _records(data: Any, name: str, file: Path, groups: Groups) -> Iterator[tuple[int, float, np.ndarray]]:
    """Month, days and means [group] of each record that lies within one month."""
    time, variable = data["time"], data[name]
    calendar = _calendar(data, file)
    first = days_of(time[:], time.units, calendar, f"'{file}': time")
    bounds = data.variables.get(getattr(time, "bounds", ""))
    length = np.diff(np.asarray(bounds[:], np.float64), axis=1)[:, 0] if bounds is not None else np.ones(len(first))
    begin = months.numbers(first, calendar)
    end = months.numbers(first + np.maximum(length.astype(np.int64) - 1, 0), calendar)
    if (begin != end).any():
        raise InputError(f"'{file}': {name} has means over more than a month: expected months or days")
    whole = None
    if variable.dimensions[1] == "cell":
        whole = np.asarray(data["cell"][:])
    for low in range(0, len(first), RECORDS):
        values = _filled(variable[low : low + RECORDS])
        values = values.reshape(len(values), -1)
        if whole is not None:
            full = np.full((len(values), len(data["latitude"]) * len(data["longitude"])), np.nan)
            full[:, whole] = values
            values = full
        for k, mean in enumerate(groups.mean(values)):
            yield int(begin[low + k]), float(length[low + k]), mean


def _filled(values: Any) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan)


def total(run: Run, names: Sequence[str], groups: Groups) -> tuple[np.ndarray, np.ndarray]:
    """Months, and the sum [month, group] of several quantities over the months that all of them have."""
    parts = [run.months(name, groups) for name in names]
    common = parts[0][0]
    for found, _ in parts[1:]:
        common = np.intersect1d(common, found)
    return common, np.sum([values[np.searchsorted(found, common)] for found, values in parts], axis=0)
