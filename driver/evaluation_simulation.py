"""Reading back what freshet run wrote: daily series by basin from one history file or all files of a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputError
from .timeaxis import TimeAxis

DIMENSIONS = ("time", "basin")


@dataclass(frozen=True)
class Simulation:
    """Daily series of a simulation: fields by name [time, place], their units, and where the basins are.

    latitude and longitude [place] in degrees, NaN where the files do not say.
    """

    ids: list[str]
    axis: TimeAxis
    fields: dict[str, np.ndarray]
    units: dict[str, str]
    latitude: np.ndarray
    longitude: np.ndarray


def history_files(path: Path) -> list[Path]:
    """The file itself, or the netCDF files of a folder that hold streamflow by time and basin (restarts do not).

    InputError where there is none.
    """
    if path.is_file():
        return [path]
    found = [file for file in sorted(path.glob("*.nc")) if not file.name.startswith(".") and _has_flow(file)]
    if not found:
        raise InputError(f"'{path}' has no netCDF file with 'streamflow' (time, basin): expected output of freshet run")
    return found


def read_simulation(path: Path, names: Iterable[str] | None = None) -> Simulation:
    """Daily series of one history file, or of all files of a run's folder, in order of time.

    names: variables to read beside streamflow where they are there; None for all of dims (time, basin). InputError,
    with the file, where a file cannot be read, has no daily streamflow, or the files do not follow each other.
    """
    parts = sorted((_read_file(file, names) for file in history_files(path)), key=lambda part: _first(part.axis))
    one = parts[0]
    for before, part in pairwise(parts):
        if part.ids != one.ids:
            raise InputError(f"the files of '{path}' hold different basins: name one of them instead of the folder")
        if _first(before.axis) + before.axis.count != _first(part.axis):
            raise InputError(
                f"the files of '{path}' do not follow each other: {part.axis.text(0)} comes behind "
                f"{before.axis.text(before.axis.count - 1)}"
            )
    common = [name for name in one.fields if all(name in part.fields for part in parts)]
    fields = {name: np.concatenate([part.fields[name] for part in parts]) for name in common}
    axis = TimeAxis(one.axis.date(0), sum(part.axis.count for part in parts))
    return Simulation(one.ids, axis, fields, one.units, one.latitude, one.longitude)


def _first(axis: TimeAxis) -> int:
    """Days of the first step since year 1 of its calendar."""
    import cftime

    start = axis.date(0)
    return (start - cftime.datetime(1, 1, 1, calendar=axis.calendar)).days


def _has_flow(file: Path) -> bool:
    """Whether the file can be opened and holds streamflow by time and basin."""
    import netCDF4

    try:
        with netCDF4.Dataset(file) as data:
            return "streamflow" in data.variables and data["streamflow"].dimensions == DIMENSIONS
    except OSError:
        return False


def _read_file(file: Path, names: Iterable[str] | None) -> Simulation:
    """Series of one file."""
    import netCDF4

    try:
        with netCDF4.Dataset(file) as data:
            if not _has_flow(file):
                raise InputError(f"'{file}' has no variable 'streamflow' (time, basin): expected output of freshet run")
            wanted = {"streamflow", *names} if names is not None else set(data.variables)
            series = [name for name in wanted & set(data.variables) if data[name].dimensions == DIMENSIONS]
            fields = {name: np.ma.filled(data[name][:].astype(float), np.nan) for name in sorted(series)}
            units = {name: str(getattr(data[name], "units", "")) for name in fields}
            return Simulation(
                _texts(data["basin"][:]), _axis(data["time"], file), fields, units,
                _coordinate(data, ("latitude", "lat")), _coordinate(data, ("longitude", "lon")),
            )  # fmt: skip
    except (OSError, RuntimeError, IndexError, KeyError) as error:
        raise InputError(f"cannot read '{file}': {error}") from error


def _texts(values: np.ndarray) -> list[str]:
    """Basin ids as text."""
    return [value.decode() if isinstance(value, bytes) else str(value) for value in np.asarray(values).tolist()]


def _coordinate(data: Any, names: tuple[str, ...]) -> np.ndarray:
    """The first of the named variables [place], NaN where none is there."""
    for name in names:
        if name in data.variables:
            return np.ma.filled(data[name][:].astype(float), np.nan)
    return np.full(len(data.dimensions["basin"]), np.nan)


def _axis(time: Any, file: Path) -> TimeAxis:
    """The daily axis of a time variable; InputError where its steps are not one day."""
    import cftime

    calendar = getattr(time, "calendar", "standard")
    dates = cftime.num2date(time[:], time.units, calendar)
    if not len(dates):
        raise InputError(f"'{file}' has no time step: the run that writes it has not got that far")
    days = cftime.date2num(dates, "days since 0001-01-01", calendar)
    steps = np.diff(np.floor(days))
    if (steps != 1).any():
        raise InputError(f"'{file}' is not daily (steps of {steps.min():g} to {steps.max():g} days): scores need days")
    first = dates[0]
    return TimeAxis(cftime.datetime(first.year, first.month, first.day, calendar=calendar), len(dates))
