"""What CF says about time in words: calendars, units such as 'days since 1990-01-01', dates as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from .errors import ConfigurationError, InputError

if TYPE_CHECKING:
    import cftime

# CF names, each with its other spellings.
CALENDARS = {
    "standard": ("gregorian",),
    "proleptic_gregorian": (),
    "julian": (),
    "noleap": ("365_day", "no_leap"),
    "all_leap": ("366_day",),
    "360_day": ("30_day",),
}
UNITS = re.compile(r"\s*([A-Za-z]+)\s+since\s+(\S.*?)\s*", re.IGNORECASE)
PER_DAY: dict[str, float] = {
    "d": 1,
    "day": 1,
    "h": 24,
    "hr": 24,
    "hour": 24,
    "min": 1440,
    "minute": 1440,
    "s": 86400,
    "sec": 86400,
}
PER_DAY |= {"second": 86400, "millisecond": 86400e3, "microsecond": 86400e6, "nanosecond": 86400e9}
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# Time stamps that were computed in float32 or through fractions of a day may fall short of midnight by this much.
TOLERANCE = 1e-6


def calendar_name(calendar: str, where: str = "") -> str:
    """The CF name of a calendar. InputError (ConfigurationError without `where`) where it is unknown."""
    folded = calendar.strip().lower()
    for name, others in CALENDARS.items():
        if folded == name or folded in others:
            return name
    known = ", ".join(CALENDARS)
    if where:
        raise InputError(f"{where}: calendar '{calendar}' is unknown, expected one of: {known}")
    raise ConfigurationError(f"calendar '{calendar}' is unknown, expected one of: {known}")


def days_of(values: np.ndarray, units: str, calendar: str, where: str) -> np.ndarray:
    """Whole days since 0001-01-01 of CF time stamps, int64; the hour of the day is dropped.

    InputError where a stamp is missing or the units are not understood.
    """
    stamps, per_day, origin = _decoded(values, units, calendar, where)
    return np.floor(stamps / per_day + origin + TOLERANCE).astype(np.int64)


def stamp_seconds(values: np.ndarray, units: str, calendar: str, where: str) -> np.ndarray:
    """Whole seconds since 0001-01-01 of CF time stamps, int64. InputError as above."""
    stamps, per_day, origin = _decoded(values, units, calendar, where)
    return np.rint(stamps * (86400 / per_day)).astype(np.int64) + round(origin * 86400)


def _decoded(values: np.ndarray, units: str, calendar: str, where: str) -> tuple[np.ndarray, float, float]:
    """Stamps as float64, how many of their unit a day has, and days from 0001-01-01 to where they count from."""
    import cftime

    match = UNITS.fullmatch(units or "")
    word = match[1].lower() if match else ""
    per_day = PER_DAY.get(word) or PER_DAY.get(word.removesuffix("s"))
    if match is None or per_day is None:
        raise InputError(f"{where}: time has units '{units}', expected such as 'days since 1990-01-01'")
    stamps = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    if not np.isfinite(stamps).all():
        raise InputError(f"{where}: time stamp {int(np.argmin(np.isfinite(stamps))) + 1} is missing: correct the file")
    try:
        origin = cftime.num2date(0, f"days since {match[2]}", calendar=calendar)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"{where}: time has units '{units}' ({error}), expected 'days since 1990-01-01'") from error
    return stamps, per_day, float(cftime.date2num(origin, "days since 0001-01-01", calendar=calendar))


def parse_date(text: str, calendar: str) -> cftime.datetime:
    """The day 'YYYY-MM-DD' of a calendar. ConfigurationError where it is none."""
    import cftime

    match = DATE.fullmatch(text.strip())
    if match is None:
        raise ConfigurationError(f"'{text}' is not a date, expected 'YYYY-MM-DD'")
    try:
        return cftime.datetime(int(match[1]), int(match[2]), int(match[3]), calendar=calendar)
    except ValueError as error:
        raise ConfigurationError(f"the calendar {calendar} of the data has no day {text}: choose another") from error
