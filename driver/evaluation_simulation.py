"""Reading back what freshet run wrote: daily series by basin from one history file or all files of a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputError
from .evaluation_series import NAME as EVALUATED
from .files import NETCDF
from .timeaxis import TimeAxis

DIMENSIONS = ("time", "basin")
# Series at the gauges of a grid, and their flow.
AT_GAUGES, DISCHARGE = ("time", "gauge"), "discharge"
# Files of streams that are never daily (driver/output/streams.py).
MEANS = ("history_monthly_", "history_yearly_")


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

    InputError where there is none, or one cannot be read: a period without it would not be the run's.
    """
    if path.is_file():
        return [path]
    # an evaluation may have put its own series into the folder of the run
    found = [file for file in sorted(path.glob("*.nc")) if file.name != EVALUATED and _holds_flow(file)]
    if not found:
        raise InputError(f"'{path}' has no netCDF file with 'streamflow' (time, basin): expected output of freshet run")
    return _of_days(found)


def _of_days(files: list[Path]) -> list[Path]:
    """A run may write the same at several frequencies: the files of its days, as far as names tell."""
    days = [file for file in files if file.name.startswith("history_daily_")]
    return days or [file for file in files if not file.name.startswith(MEANS)] or files


def read_simulation(path: Path, names: Iterable[str] | None = None) -> Simulation:
    """Daily series of one history file, or of all files of a run's folder, in order of time.

    names: variables to read beside streamflow where they are there; None for all of dims (time, basin). InputError,
    with the file, where a file cannot be read, has no daily streamflow, or the files do not follow each other.
    """
    parts = sorted((_read_file(file, names) for file in history_files(path)), key=lambda part: part.axis.first)
    one = parts[0]
    for before, part in pairwise(parts):
        if part.ids != one.ids:
            raise InputError(f"the files of '{path}' hold different basins: name one of them instead of the folder")
        if before.axis.first + before.axis.count != part.axis.first:
            raise InputError(
                f"the files of '{path}' do not follow each other: {part.axis.text(0)} comes behind "
                f"{before.axis.text(before.axis.count - 1)}"
            )
    common = [name for name in one.fields if all(name in part.fields for part in parts)]
    fields = {name: np.concatenate([part.fields[name] for part in parts]) for name in common}
    axis = TimeAxis(one.axis.start, sum(part.axis.count for part in parts))
    return Simulation(one.ids, axis, fields, one.units, one.latitude, one.longitude)


def has_flow(file: Path) -> bool:
    """Whether the file can be opened and holds streamflow by time and basin."""
    try:
        return _holds_flow(file)
    except InputError:
        return False


def _holds_flow(file: Path) -> bool:
    """Whether the file holds streamflow by time and basin. InputError where it cannot be opened."""
    import netCDF4

    try:
        with NETCDF, netCDF4.Dataset(file) as data:
            return _flow(data) is not None
    except OSError as error:
        raise InputError(f"cannot read '{file}' ({error.strerror or error}): broken or cut short? run again") from error


def _flow(data: Any) -> str | None:
    """Name of the flow by time and basin, or by time and gauge; None where there is none."""
    for name, dimensions in (("streamflow", DIMENSIONS), (DISCHARGE, AT_GAUGES)):
        if name in data.variables and data[name].dimensions == dimensions:
            return name
    return None


def _read_file(file: Path, names: Iterable[str] | None) -> Simulation:
    """Series of one file."""
    import netCDF4

    try:
        with NETCDF, netCDF4.Dataset(file) as data:
            if not has_flow(file):
                raise InputError(f"'{file}' has no variable 'streamflow' (time, basin): expected output of freshet run")
            time = data["time"]
            _require_days(data, file)
            axis = TimeAxis.decode(time[:], time.units, getattr(time, "calendar", "standard"), f"'{file}': time")
            if _flow(data) == DISCHARGE:
                return _at_gauges(data, axis)
            wanted = {"streamflow", *names} if names is not None else set(data.variables)
            series = [name for name in wanted & set(data.variables) if data[name].dimensions == DIMENSIONS]
            fields = {name: np.ma.filled(data[name][:].astype(float), np.nan) for name in sorted(series)}
            units = {name: str(getattr(data[name], "units", "")) for name in fields}
            return Simulation(
                _texts(data["basin"][:]), axis, fields, units,
                _coordinate(data, ("latitude", "lat")), _coordinate(data, ("longitude", "lon")),
            )  # fmt: skip
    except (OSError, RuntimeError, IndexError, KeyError, AttributeError) as error:
        raise InputError(f"cannot read '{file}': {error}") from error


def _at_gauges(data: Any, axis: TimeAxis) -> Simulation:
    """Discharge at gauges as streamflow, mm d-1 over the upstream area on the network; other series are of one cell."""
    depth = 86400e3 / np.ma.filled(data["upstream_area"][:].astype(float), np.nan)
    flow = np.ma.filled(data[DISCHARGE][:].astype(float), np.nan) * depth
    return Simulation(
        _texts(data["gauge"][:]), axis, {"streamflow": flow}, {"streamflow": "mm d-1"},
        *(np.ma.filled(data[name][:].astype(float), np.nan) for name in ("latitude", "longitude")),
    )  # fmt: skip


def _require_days(data: Any, file: Path) -> None:
    """InputError where the bounds of time say that the values are of months or of a whole run."""
    bounds = data.variables.get(getattr(data["time"], "bounds", ""))
    if bounds is None or not len(bounds):
        return
    longest = int(np.diff(bounds[:], axis=1).max())
    if longest > 1:
        raise InputError(
            f"'{file}' holds means of up to {longest} days, expected daily values: run with "
            "frequency = 'day' in &output"
        )


def _texts(values: np.ndarray) -> list[str]:
    """Basin ids as text."""
    return [value.decode() if isinstance(value, bytes) else str(value) for value in np.asarray(values).tolist()]


def _coordinate(data: Any, names: tuple[str, ...]) -> np.ndarray:
    """The first of the named variables [place], NaN where none is there."""
    for name in names:
        if name in data.variables:
            return np.ma.filled(data[name][:].astype(float), np.nan)
    return np.full(len(data.dimensions["basin"]), np.nan)
