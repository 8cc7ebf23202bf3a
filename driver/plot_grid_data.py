"""What the output of a gridded run holds, as its figures need it: means of maps, and series at gauges."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .history_file import opened
from .timeaxis import date_text

ACROSS = ("latitude", "longitude")
OURS = ": is it output of freshet run?"
RECORDS = 32  # read at once: bounds the memory


@dataclass(frozen=True)
class Field:
    """A quantity on the grid: mean over the run and highest record, [y, x] NaN where there is none; unit; days."""

    name: str
    mean: np.ndarray
    highest: np.ndarray
    unit: str
    days: float


@dataclass(frozen=True)
class Series:
    """Series at gauges: values [time, gauge], dates 'YYYY-MM-DD' [time], and what is known of the gauges, [gauge]."""

    dates: list[str]
    values: np.ndarray
    unit: str
    ids: list[str]
    names: list[str]
    latitude: np.ndarray
    longitude: np.ndarray
    upstream_area: np.ndarray


def read_fields(folder: Path) -> dict[str, Field]:
    """Every quantity on the grid in the history files of a folder, by name. InputError where one cannot be read."""
    sums: dict[str, list[Any]] = {}
    for file in sorted(folder.glob("history*.nc")):
        with opened(file, OURS) as data:
            for name, variable in data.variables.items():
                if variable.dimensions in (("time", *ACROSS), ("time", "cell")):
                    _add(sums, name, variable, data)
    return {name: Field(name, total / days, highest, unit, days) for name, (total, days, highest, unit) in sums.items()}


def _add(sums: dict[str, list[Any]], name: str, variable: Any, data: Any) -> None:
    """Add the records of a file to the sums of a quantity: total times days, days, highest, unit."""
    length = np.diff(np.asarray(data["time_bounds"][:], float), axis=1)[:, 0]
    shape = tuple(len(data[axis]) for axis in ACROSS)
    entry = sums.setdefault(name, [np.zeros(shape), 0.0, np.full(shape, -np.inf), str(variable.units)])
    cell = data["cell"][:] if variable.dimensions[1] == "cell" else None
    for low in range(0, len(length), RECORDS):
        part = slice(low, low + RECORDS)
        values = np.ma.filled(variable[part].astype(float), np.nan)
        total = np.einsum("t,t...->...", length[part], values)
        highest = values.max(axis=0)
        if cell is not None:
            total, highest = _expanded(total, cell, shape), _expanded(highest, cell, shape)
        entry[0] = entry[0] + total
        entry[2] = np.where(np.isnan(highest), np.nan, np.fmax(entry[2], highest))
    entry[1] += float(length.sum())


def _expanded(values: np.ndarray, cell: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    result = np.full(shape[0] * shape[1], np.nan)
    result[cell] = values
    return result.reshape(shape)


def read_series(folder: Path, name: str = "discharge") -> Series | None:
    """A quantity at the gauges, from all files of a folder in order of time; None where there is none."""
    import cftime

    parts = []
    for file in sorted(folder.glob("gauges*.nc")):
        with opened(file, OURS) as data:
            if name in data.variables:
                time = data["time"]
                dates = [date_text(date) for date in cftime.num2date(time[:], time.units, time.calendar)]
                values = np.ma.filled(data[name][:].astype(float), np.nan)
                known = {key: data[key][:] for key in ("gauge", "gauge_name", "latitude", "longitude", "upstream_area")}
                parts.append((dates, values, str(data[name].units), known))
    if not parts:
        return None
    known = parts[-1][3]
    ids, names = ([str(text) for text in known[key]] for key in ("gauge", "gauge_name"))
    places = (np.ma.filled(known[key].astype(float), np.nan) for key in ("latitude", "longitude", "upstream_area"))
    dates = [date for dates, *_ in parts for date in dates]
    return Series(dates, np.concatenate([part[1] for part in parts]), parts[0][2], ids, names, *places)
