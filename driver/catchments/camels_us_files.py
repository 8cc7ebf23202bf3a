"""The two kinds of series of CAMELS-US as text: weather of a basin, and discharge of its gauge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..timeaxis import check_days
from ..units import convert
from .record import without_sentinels
from .table import days_of_numbers, read_text

HEADER_LINES = 3
COLUMN = re.compile(r"(\w+)\((.+)\)")
DATE = ("Year", "Mnth", "Day")
FLOW_COLUMNS = ["gauge", "Year", "Mnth", "Day", "flow", "flag"]


@dataclass(frozen=True)
class Forcing:
    """Weather of one basin: days since 0001-01-01 (calendar standard), columns [time] in their units, area km2."""

    file: Path
    days: np.ndarray
    columns: dict[str, np.ndarray]
    units: dict[str, str]
    area: float


def read_header(file: Path) -> tuple[float, float, float]:
    """Latitude (degrees), elevation (m) and area (km2) of a forcing file. InputError where they are not there."""
    try:
        with file.open(encoding="utf-8") as lines:
            latitude, elevation, area = (float(next(lines, "")) for _ in range(HEADER_LINES))
    except (ValueError, OSError) as error:
        raise InputError(f"{file}: expected latitude, elevation and area in the first three lines ({error})") from error
    if not 0 < area < np.inf:
        raise InputError(f"{file}: area in the third line is {area:g} m2, expected more than 0")
    return latitude, elevation, area * 1e-6


def parse_forcing(file: Path, rows: int | None = None) -> Forcing:
    """A forcing file, or its first rows. InputError where it is not of the published form."""
    area = read_header(file)[2]
    table = read_text(file, sep=r"\s+", skiprows=HEADER_LINES, nrows=rows)
    missing = [name for name in DATE if name not in table.columns]
    if missing:
        raise InputError(
            f"{file}: line {HEADER_LINES + 1} has no column {', '.join(missing)}, expected Year Mnth Day ..."
        )
    columns, units = {}, {}
    for name in table.columns:
        match = COLUMN.fullmatch(name)
        if match:
            columns[match[1]] = without_sentinels(_numbers(table[name].to_numpy(), f"{file}: {name}"))
            units[match[1]] = match[2]
    date = [_numbers(table[name].to_numpy(), f"{file}: {name}") for name in DATE]
    return Forcing(file, _days(date, file), columns, units, area)


def parse_streamflow(file: Path, area: float) -> tuple[int, np.ndarray]:
    """First day (since 0001-01-01) and discharge, mm d-1, NaN where there is none, over an area in km2.

    Days that the file leaves out are gaps. InputError where it is not of the published form, or days are not in order.
    """
    table = read_text(file, sep=r"\s+", header=None, names=FLOW_COLUMNS, dtype={"gauge": str, "flag": str})
    date = [_numbers(table[name].to_numpy(), f"{file}: {name}") for name in DATE]
    days = _days(date, file)
    if not len(days) or (np.diff(days) < 1).any():
        check_days(days, "standard", f"{file}: dates")
    flow = without_sentinels(_numbers(table["flow"].to_numpy(), f"{file}: discharge"))
    values = np.full(int(days[-1] - days[0]) + 1, np.nan)
    values[days - days[0]] = convert(flow, "discharge", "cfs", f"{file}: discharge", np.array(area))
    return int(days[0]), values


def _numbers(values: np.ndarray, where: str) -> np.ndarray:
    if values.dtype.kind not in "fi":
        raise InputError(f"{where} holds what is no number: correct the file")
    return values.astype(np.float64)


def _days(date: list[np.ndarray], file: Path) -> np.ndarray:
    if not all(np.isfinite(part).all() for part in date):
        raise InputError(f"{file}: the last line breaks off: get the file again")
    years, months, days = (part.astype(np.int64) for part in date)
    return days_of_numbers(years, months, days, f"{file}: dates")
