"""Months of any calendar as numbers (12 year + month - 1), and units of water by the month."""

from __future__ import annotations

import numpy as np

from .errors import InputError
from .timeaxis import EPOCH
from .unit_spelling import canonical
from .units import WATER

RATE, STORAGE = "mm d-1", "mm"
# Into mm; a depth without a time is what is stored.
STORED = {"mm": 1.0, "cm": 10.0, "m": 1e3, "kg m-2": 1.0}
# Into mm a month.
MONTHLY = {"mm month-1": 1.0, "cm month-1": 10.0, "m month-1": 1e3, "kg m-2 month-1": 1.0}


def numbers(days: np.ndarray, calendar: str) -> np.ndarray:
    """Months in which days (since 0001-01-01) of a calendar lie."""
    import cftime

    dates = np.atleast_1d(cftime.num2date(np.asarray(days), EPOCH, calendar=calendar))
    return np.array([12 * date.year + date.month - 1 for date in dates], np.int64)


def lengths(months: np.ndarray, calendar: str) -> np.ndarray:
    """Days of months in a calendar, float64."""
    import cftime

    def first(month: int) -> float:
        return float(cftime.date2num(cftime.datetime(month // 12, month % 12 + 1, 1, calendar=calendar), EPOCH))

    return np.array([first(int(month) + 1) - first(int(month)) for month in months], np.float64)


def number_of(date: str) -> int:
    """The month of 'YYYY-MM-DD'."""
    year, month, _ = date.rsplit("-", 2)
    return 12 * int(year) + int(month) - 1


def text(month: int) -> str:
    """A month as 'YYYY-MM'."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def kind_of(unit: str, where: str) -> str:
    """RATE or STORAGE; InputError where the unit is neither."""
    name = canonical(unit.replace("months", "month"))
    if name in map(canonical, STORED):
        return STORAGE
    if name and name in [canonical(known) for known in (*WATER, *MONTHLY) if known not in STORED]:
        return RATE
    known = ", ".join([*STORED, *MONTHLY, *(each for each in WATER if each not in STORED)])
    raise InputError(f"{where}: unit '{unit}' is unknown, expected one of: {known}")


def converted(values: np.ndarray, unit: str, days: np.ndarray) -> np.ndarray:
    """Values [month, place] of a known unit in mm d-1 or mm; days [month] are the lengths of the months."""
    name = canonical(unit.replace("months", "month"))
    for table, divisor in ((STORED, np.ones_like(days)), (MONTHLY, days), (WATER, np.ones_like(days))):
        for known, factor in table.items():
            if canonical(known) == name:
                return np.asarray(values, np.float64) * factor / divisor[:, None]
    raise InputError(f"unit '{unit}' is unknown")
