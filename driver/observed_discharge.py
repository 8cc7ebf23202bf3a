"""Observed discharge at gauges: series by gauge id from netCDF and csv, on the days that are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .catchments.fields import FIELDS
from .catchments.netcdf_file import basin_dimension, basin_ids, opened, time_axis
from .catchments.netcdf_variable import Packed
from .catchments.table import UNKNOWN, days_of_text, read_text
from .errors import ConfigurationError, InputError
from .files import NETCDF
from .grid.river import Gauge
from .nearest import suggestion
from .timeaxis import EPOCH, TimeAxis
from .units import conversion

AT_GAUGES = "gauges*.nc"
ENDINGS = (".nc", ".nc4", ".cdf")
GREGORIAN = ("standard", "proleptic_gregorian", "gregorian")
LOWEST = -1e-6  # mm d-1; what is less is a mark of no value, or no discharge of a river


@dataclass(frozen=True)
class Observations:
    """Series of a file: days since 0001-01-01 of its calendar on which each begins, and values [time] by gauge id.

    values are in mm d-1 of the gauge's area where per_area is False, else such that a division by an area in km2 gives
    mm d-1 over it.
    """

    calendar: str
    first: int
    values: Mapping[str, np.ndarray]
    per_area: bool


def observations_file(settings: Any) -> Path:
    """The file of observed discharge that the settings name. ConfigurationError where there is none."""
    asked = settings.data.discharge or (settings.grid.gauges if settings.data.form == "grid" else "")
    if not asked:
        raise ConfigurationError(
            f"{settings.path}: no observed discharge: name a file of series by gauge id in &data discharge"
        )
    return Path(asked)


def observed_discharge(path: Path, gauges: Sequence[Gauge], axis: TimeAxis) -> np.ndarray:
    """Observed discharge [time, gauge] on the days of an axis, mm d-1 over the gauge's upstream area on the network.

    So a volume in the file is compared as a volume, a depth as a depth over the gauge's own area. NaN where the file
    holds nothing. The file is netCDF with one dimension of gauges and one of time, or csv with a column of dates and
    one for each gauge in m3 s-1, or the folder of a run. InputError where it has no series of any gauge, its unit is
    unknown, or its calendar is another.
    """
    whole = np.full((axis.count, len(gauges)), np.nan)
    parts = _parts(path)
    if not any(gauge.id in part.values for part in parts for gauge in gauges):
        near = suggestion(gauges[0].id, parts[0].values) if gauges else ""
        raise InputError(
            f"{path} has no series of any of the {len(gauges)} gauges on the network (first: "
            f"{gauges[0].id if gauges else 'none'}{near}): are the ids the same?"
        )
    for part in parts:
        _put(whole, part, gauges, axis, path)
    whole[~(whole >= LOWEST)] = np.nan
    return np.maximum(whole, 0.0)


def _parts(path: Path) -> list[Observations]:
    """The series of a file, or of the files at gauges that a run has left in a folder."""
    files = sorted(path.glob(AT_GAUGES)) if path.is_dir() else [path]
    if not files:
        raise InputError(f"'{path}' has no file of series at gauges ({AT_GAUGES}), as freshet run leaves them")
    return [_netcdf(file) if file.suffix.lower() in ENDINGS else _text(file) for file in files]


def _put(whole: np.ndarray, part: Observations, gauges: Sequence[Gauge], axis: TimeAxis, path: Path) -> None:
    """Put the series of a file into [time, gauge]."""
    first = _first_day(part, axis, path)
    for place, gauge in enumerate(gauges):
        series = part.values.get(gauge.id)
        if series is None:
            continue
        low, high = max(first, axis.first), min(first + len(series), axis.first + axis.count)
        if high > low:
            area = 1e-6 * gauge.upstream_area
            scale = 1.0 / area if part.per_area else _own_area(gauge) / area
            whole[low - axis.first : high - axis.first, place] = series[low - first : high - first] * scale


def _own_area(gauge: Gauge) -> float:
    """km2 to which a depth observed at the gauge refers."""
    return 1e-6 * (gauge.area if np.isfinite(gauge.area) else gauge.upstream_area)


def _first_day(found: Observations, axis: TimeAxis, path: Path) -> int:
    """First day of the file as a day of the axis' calendar."""
    if found.calendar == axis.calendar:
        return found.first
    if found.calendar in GREGORIAN and axis.calendar in GREGORIAN:
        import cftime

        date = cftime.num2date(found.first, EPOCH, calendar=found.calendar)
        return TimeAxis.parse(f"{date.year:04d}-{date.month:02d}-{date.day:02d}", 1, axis.calendar).first
    raise InputError(f"{path} has calendar {found.calendar}, the weather has {axis.calendar}: no day is the same")


def _netcdf(path: Path) -> Observations:
    with NETCDF, opened(path) as data:
        time, axis = time_axis(data, path)
        gauge = basin_dimension(data, time, path)
        names = [name for name, one in data.variables.items() if set(one.dimensions) == {time, gauge}]
        known = [name for name in FIELDS["discharge"].names if name in names]
        known += [n for n in names if getattr(data[n], "standard_name", "") in FIELDS["discharge"].standard_names]
        if not known:
            raise InputError(
                f"{path} has no discharge by {gauge} and {time}, expected one of: "
                f"{', '.join(FIELDS['discharge'].names)}"
            )
        variable = data[known[0]]
        packed = Packed(variable, "discharge", path)
        values = packed.decode(variable[:])
        values = values if variable.dimensions[0] == gauge else values.T
        series = dict(zip(basin_ids(data, gauge, path), values, strict=True))
        return Observations(axis.calendar, axis.first, series, packed.per_area)


def _text(path: Path) -> Observations:
    table = read_text(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    date, *names = [str(name).strip() for name in table.columns]
    if date.lower() not in ("date", "time", "day"):
        raise InputError(f"{path}: the first column is '{date}', expected 'date', then one column for each gauge")
    days = days_of_text(table.iloc[:, 0].tolist(), f"{path}: column '{date}'")
    if len(days) == 0:
        raise InputError(f"{path} has no day")
    place = days - days.min()
    whole = {}
    for number, name in enumerate(names, 1):
        texts = [text.strip() for text in table.iloc[:, number]]
        try:
            values = np.array([float("nan" if text in UNKNOWN else text) for text in texts])
        except ValueError as error:
            raise InputError(f"{path}: column '{name}' holds what is no number ({error})") from error
        whole[name] = np.full(int(place.max()) + 1, np.nan)
        whole[name][place] = values * conversion("discharge", "m3 s-1", str(path))[0]
    return Observations("standard", int(days.min()), whole, per_area=True)
