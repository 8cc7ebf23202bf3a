"""What every netCDF door needs: a file opened or refused in one line, its days, its basins, its attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..timeaxis import TimeAxis

TIME_NAMES = ("time", "date", "day", "Time")
BASIN_NAMES = ("basin", "gauge_id", "catchment", "station", "gauge", "place", "id", "cell", "basin_id", "hru", "grid")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The netCDF file, with masks and scales left to us. InputError where it is missing, broken or breaks off."""
    import netCDF4

    if not path.is_file():
        raise InputError(f"{path} does not exist: expected a netCDF file")
    try:
        # Without strong references from variables to their file, it is freed when closed, not at the next collection.
        data = netCDF4.Dataset(str(path), keepweakref=True)
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"{path} ({path.stat().st_size} bytes) cannot be read as netCDF ({_reason(error)}): broken or cut short? "
            "get it again"
        ) from error
    try:
        data.set_auto_maskandscale(False)
        yield data
    except RuntimeError as error:
        raise InputError(f"{path} breaks off while it is read ({_reason(error)}): get it again") from error
    finally:
        data.close()


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def time_axis(data: Any, path: Path) -> tuple[str, TimeAxis]:
    """Name of the time dimension and the days. InputError where there is none, or the days are not in order."""
    names = [name for name in TIME_NAMES if name in data.variables and data[name].ndim == 1]
    names += [name for name, other in data.variables.items() if " since " in str(getattr(other, "units", ""))]
    if not names:
        there = ", ".join(data.variables)
        raise InputError(f"{path} has no time coordinate, expected a variable 'time' ('days since ...'); has: {there}")
    time = data[names[0]]
    calendar = str(getattr(time, "calendar", "standard"))
    where = f"{path}: {names[0]}"
    units = str(getattr(time, "units", ""))
    return time.dimensions[0], TimeAxis.decode(_begins(data, time), units, calendar, where)


def _begins(data: Any, time: Any) -> np.ndarray:
    """Time stamps of the days: their beginning where sound bounds tell it, for some files stamp a day at its end."""
    stamps, unit = time[:], getattr(time, "units", "")
    bounds = data.variables.get(str(getattr(time, "bounds", "")))
    if bounds is None or bounds.shape != (len(stamps), 2) or getattr(bounds, "units", unit) != unit:
        return stamps
    begin, end = bounds[:].T
    return begin if ((begin < end) & (begin <= stamps) & (stamps <= end)).all() else stamps


def basin_dimension(data: Any, time: str, path: Path) -> str:
    """Name of the dimension along which the basins lie. InputError where there is none."""
    for name in BASIN_NAMES:
        if name in data.dimensions:
            return name
    others = {
        name for variable in data.variables.values() if time in variable.dimensions for name in variable.dimensions
    }
    others.discard(time)
    if len(others) == 1:
        return others.pop()
    raise InputError(f"{path} has dimensions {', '.join(data.dimensions)}, expected 'basin' and '{time}'")


def texts(variable: Any) -> list[str]:
    """A variable of words, characters or numbers as text, one for each element of its first dimension."""
    values = variable[:]
    if values.dtype.kind == "S" and values.ndim == 2:
        return [b"".join(row.tolist()).decode().strip("\x00 ") for row in values]
    return [value.decode() if isinstance(value, bytes) else str(value) for value in values.tolist()]


def basin_ids(data: Any, basin: str, path: Path) -> list[str]:
    """Identifiers of the basins; their numbers from 1 where the file names none. InputError where one is empty or
    comes twice.
    """
    candidates = [basin, *BASIN_NAMES, "basin_id", "gauge_id", "station_id"]
    candidates += [name for name, other in data.variables.items() if getattr(other, "cf_role", "") == "timeseries_id"]
    for name in candidates:
        if name in data.variables and data[name].dimensions[:1] == (basin,):
            ids = [text.strip() for text in texts(data[name])]
            break
    else:
        ids = [str(number + 1) for number in range(len(data.dimensions[basin]))]
    if "" in ids:
        raise InputError(f"{path}: basin {ids.index('') + 1} of {len(ids)} has an empty id: give each basin one")
    twice = [name for name, times in Counter(ids).items() if times > 1]
    if twice:
        raise InputError(f"{path}: basin '{twice[0]}' comes twice ({len(twice)} such): expected each once")
    return ids


def basin_attributes(data: Any, basin: str) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Everything of the dimension basin alone, float64 (NaN = unknown) or text [basin], and the units by name."""
    found: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    for name, variable in data.variables.items():
        characters = variable.dtype is not str and variable.dtype.kind == "S"
        if variable.dimensions[:1] != (basin,) or variable.ndim != (2 if characters else 1) or name == basin:
            continue
        if variable.dtype is str or characters:
            found[name] = np.array(texts(variable))
        elif variable.dtype.kind in "fiu":
            variable.set_auto_maskandscale(True)
            found[name] = np.ma.filled(np.ma.asarray(variable[:], np.float64), np.nan)
            units[name] = str(getattr(variable, "units", ""))
    return found, units
