"""Observed fields for terms of an objective: series of regions, or fields on a grid, by month, day or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.variable import Variable
from ..catchments.netcdf_file import TIME_NAMES, basin_dimension, basin_ids, opened
from ..catchments.netcdf_variable import fills
from ..catchments.record import without_sentinels
from ..errors import InputError
from ..files import NETCDF
from ..grid.static_file import open_static
from ..nearest import suggestion
from ..timedecode import calendar_name, days_of
from ..unit_spelling import canonical
from ..units import WATER

DEPTH = {"mm": 1.0, "kg m-2": 1.0, "cm": 10.0, "m": 1000.0}
# Rates whose length of time is that of the step.
PER_STEP = ("mm month-1", "mm mon-1", "kg m-2 month-1", "mm year-1", "mm a-1", "mm yr-1")


@dataclass(frozen=True)
class Series:
    """Observations [record, target] and the day on which each record begins, days since 0001-01-01 of a calendar.

    names of the targets; numbers: those of regions in a mask; latitude, longitude [target] where they lie on a grid,
    and step, the size of its cells in degrees.
    """

    path: Path
    unit: str
    days: np.ndarray
    calendar: str
    values: np.ndarray
    names: list[str]
    numbers: np.ndarray | None = None
    latitude: np.ndarray | None = None
    longitude: np.ndarray | None = None
    step: float = 0.0


def of_regions(path: Path, name: str, number: str, asked: Sequence[str]) -> Series:
    """Series by region. number: variable with each region's number in a mask; asked: names, empty = all.

    InputError where the file has no such variable, regions or unit.
    """
    with NETCDF, opened(path) as data:
        variable = _variable(data, path, name)
        time, days, calendar = _times(data, path)
        basin = basin_dimension(data, time, path)
        if set(variable.dimensions) != {basin, time}:
            raise InputError(
                f"{path}: {name} has dimensions ({', '.join(variable.dimensions)}), expected {basin}, {time}"
            )
        values = _numbers(variable, path)
        values = values if variable.dimensions[0] == time else values.T
        ids = basin_ids(data, basin, path)
        numbers = np.ma.filled(data[number][:], -1).astype(np.int64) if number in data.variables else None
        unit = str(getattr(variable, "units", ""))
    numbers = np.arange(1, len(ids) + 1) if numbers is None else numbers
    for one in asked:
        if one not in ids:
            raise InputError(f"{path} has no region '{one}'{suggestion(one, ids)}")
    kept = [ids.index(one) for one in asked] if asked else list(range(len(ids)))
    return Series(path, unit, days, calendar, values[:, kept], [ids[k] for k in kept], numbers[kept])


def on_grid(path: Path, name: str, box: tuple[float, float, float, float]) -> Series:
    """Fields of the cells whose centres lie in south, north, west, east; targets are cells.

    InputError where the file has no such variable, or other dimensions than time and the grid.
    """
    file = open_static(path)
    south, north, west, east = box
    rows = np.flatnonzero((file.grid.latitude >= south) & (file.grid.latitude <= north))
    columns = np.flatnonzero((file.grid.longitude - west) % 360.0 <= (east - west))
    if not len(rows) or not len(columns):
        raise InputError(f"{path} has no cell in the domain ({south:g} to {north:g} N, {west:g} to {east:g} E)")
    with NETCDF, opened(path) as data:
        variable = _variable(data, path, name)
        time, days, calendar = _times(data, path)
        if set(variable.dimensions) != {time, *file.dimensions}:
            raise InputError(
                f"{path}: {name} has dimensions ({', '.join(variable.dimensions)}), expected {time} and those of a grid"
            )
        order = [variable.dimensions.index(one) for one in (time, *file.dimensions)]
        whole = np.transpose(_numbers(variable, path), order)
        unit = str(getattr(variable, "units", ""))
    values = whole[:, rows[:, None], columns].reshape(len(days), -1)
    latitude = np.repeat(file.grid.latitude[rows], len(columns))
    longitude = np.tile(file.grid.longitude[columns], len(rows))
    names = [f"{a:g}N {b:g}E" for a, b in zip(latitude, longitude, strict=True)]
    return Series(path, unit, days, calendar, values, names, None, latitude, longitude, max(file.grid.step))


def factor(series: Series, name: str, variable: Variable, length: np.ndarray) -> np.ndarray:
    """What observations of each step [step] are multiplied by for the unit of the variable; length [step] in days.

    InputError where the unit is unknown, or of another kind.
    """
    unit = canonical(series.unit) if series.unit else ""
    where = f"{series.path}: {name}"
    if unit == canonical(variable.unit):
        return np.ones(len(length))
    rate = canonical(variable.unit) == canonical("mm d-1")
    # A depth alone does not say of how many days it is the sum.
    rates = {one: value for one, value in WATER.items() if one.endswith(("d-1", "h-1", "s-1"))}
    known = {canonical(one): value for one, value in (rates if rate else DEPTH).items()}
    if rate and unit in {canonical(one) for one in PER_STEP}:
        return 1.0 / length
    if variable.unit in ("mm", "mm d-1") and unit in known:
        return np.full(len(length), known[unit])
    if not unit and variable.unit == "1":
        return np.ones(len(length))
    raise InputError(
        f"{where}: unit '{series.unit}' cannot become {variable.unit} of {variable.name}: correct the file"
    )


def by_step(series: Series, first: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Means [step, target] of the records that begin in each step, days since 0001-01-01, NaN where half are missing.

    A step without records is NaN.
    """
    low, high = np.searchsorted(series.days, first), np.searchsorted(series.days, stop)
    whole = np.full((len(first), series.values.shape[1]), np.nan)
    for step in range(len(first)):
        part = series.values[low[step] : high[step]]
        known = np.isfinite(part)
        enough = (known.sum(0) > 0) & (2 * known.sum(0) >= len(part))
        sums = np.where(known, part, 0.0).sum(0)
        whole[step, enough] = sums[enough] / known.sum(0)[enough]
    return whole


def _variable(data: Any, path: Path, name: str) -> Any:
    if name not in data.variables:
        raise InputError(f"{path} has no variable '{name}'{suggestion(name, data.variables)}")
    return data[name]


def _times(data: Any, path: Path) -> tuple[str, np.ndarray, str]:
    """Name of the time dimension, days since 0001-01-01 on which records begin, and the calendar."""
    names = [name for name in TIME_NAMES if name in data.variables and data[name].ndim == 1]
    if not names:
        raise InputError(f"{path} has no time coordinate, expected a variable 'time' ('days since ...')")
    time = data[names[0]]
    calendar = calendar_name(str(getattr(time, "calendar", "standard")), f"{path}: {names[0]}")
    days = days_of(time[:], str(getattr(time, "units", "")), calendar, f"{path}: {names[0]}")
    if (np.diff(days) <= 0).any():
        raise InputError(f"{path}: {names[0]} is not in order: correct the file")
    return time.dimensions[0], days, calendar


def _numbers(variable: Any, path: Path) -> np.ndarray:
    if np.dtype(variable.dtype).kind not in "fiu":
        raise InputError(f"{path}: {variable.name} holds {variable.dtype}, expected numbers")
    missing = fills({name: variable.getncattr(name) for name in variable.ncattrs()}, np.dtype(variable.dtype))
    raw = variable[...]
    values = raw.astype(np.float64)
    for fill in missing:
        values[raw == fill] = np.nan
    scale, offset = float(getattr(variable, "scale_factor", 1.0)), float(getattr(variable, "add_offset", 0.0))
    return without_sentinels(values * scale + offset)
