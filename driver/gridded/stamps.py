"""Time stamps of gridded files: seconds of a calendar, their step, and the day to which each belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..timeaxis import EPOCH
from ..timedecode import UNITS, calendar_name, stamp_seconds

DAY = 86400
HOUR = 3600
TIME_NAMES = ("time", "valid_time", "Time", "date", "day")
# Where the time of a mean or sum stands in its time step.
SHARES = {"begin": 0.0, "middle": 0.5, "end": 1.0}
# Stamps that were computed in float32 or through fractions of a day may be off by this share of a step.
JITTER = 0.05


@dataclass(frozen=True)
class Stamps:
    """Time stamps of one file.

    seconds   since 0001-01-01 of the calendar, int64 [time]
    calendar  CF name
    name      of the coordinate, and dimension of its dimension
    begins    beginning of the time that each value stands for, where bounds tell it, else None
    """

    seconds: np.ndarray
    calendar: str
    name: str
    dimension: str
    begins: np.ndarray | None = None


def read_stamps(data: Any, path: Path) -> Stamps:
    """The time stamps of an open netCDF file. InputError where there are none, or units or calendar are unknown."""
    names = [name for name in TIME_NAMES if name in data.variables and data[name].ndim == 1]
    names += [name for name, other in data.variables.items() if UNITS.fullmatch(str(getattr(other, "units", "")))]
    if not names:
        there = ", ".join(list(data.variables)[:12])
        raise InputError(f"{path} has no time coordinate, expected 'time' ('days since ...'); has: {there}")
    time = data[names[0]]
    where, units = f"{path}: {names[0]}", str(getattr(time, "units", ""))
    calendar = calendar_name(str(getattr(time, "calendar", "standard")), where)
    if not time.size:
        raise InputError(f"{where} holds no time step: expected daily weather")
    seconds = stamp_seconds(time[:], units, calendar, where)
    bounds = data.variables.get(str(getattr(time, "bounds", "")))
    begins = None
    if bounds is not None and bounds.shape == (time.size, 2) and str(getattr(bounds, "units", units)) == units:
        begin, end = (stamp_seconds(bounds[:, side], units, calendar, where) for side in (0, 1))
        # Bounds of a file that was cut or averaged by careless programs are no help.
        sound = (begin < end) & (begin <= seconds) & (seconds <= end) & (end - begin == (end - begin)[0])
        begins = begin if sound.all() else None
    return Stamps(seconds, calendar, names[0], time.dimensions[0], begins)


def time_step(seconds: np.ndarray, calendar: str, where: Callable[[int], str]) -> int:
    """Seconds from each stamp to the next, a divisor of a day. where: gives file and variable of a stamp.

    InputError that names the first stamp which is missing, comes twice or out of order, or says that the series is
    monthly.
    """
    if len(seconds) < 2:
        return DAY
    steps = np.diff(seconds)
    step = int(np.median(steps))
    if step > 25 * DAY:
        raise InputError(
            f"{where(0)}: the series is {'monthly' if step < 40 * DAY else 'coarser than monthly'}, expected daily or "
            "finer: freshet needs the weather of each day; for evaporation take the daily temperature and pet = 'oudin'"
        )
    wrong = np.abs(steps - step) > JITTER * step
    if wrong.any() or step <= 0:
        place = int(np.argmax(wrong)) if step > 0 else 0
        raise InputError(_irregular(seconds, place, max(abs(step), 1), calendar, where))
    step = round(step / 60) * 60 if step >= HOUR else step
    if step > DAY or DAY % step:
        raise InputError(
            f"{where(0)}: a step is {step / HOUR:g} hours, expected a day or a part of it: 1, 3, 6, 24 ..."
        )
    return step


def _irregular(seconds: np.ndarray, place: int, step: int, calendar: str, where: Callable[[int], str]) -> str:
    """One line on the first stamp that is not one step behind the stamp before."""
    before, after = int(seconds[place]), int(seconds[place + 1])
    first, second = stamp_text(before, calendar, step), stamp_text(after, calendar, step)
    here, there = where(place), where(place + 1)
    pair = here if here == there else f"{here} and {there}"
    if after == before:
        return f"{pair}: {second} comes twice: expected each time once, correct the files or the list of them"
    if after < before:
        if here == there:
            return f"{pair}: {second} follows {first}; expected the times in order: sort the file"
        return f"{pair} overlap: {second} comes in both: leave one of them out"
    missing = stamp_text(before + step, calendar, step)
    if here != there:
        return f"{missing} is missing: {here} ends with {first}, {there} begins with {second}: is a file missing?"
    late = "out of order" if (seconds == before + step).any() else "missing"
    return f"{pair}: {missing} is {late}: {first} is followed by {second}: correct the file"


def in_calendar(stamps: Stamps, calendar: str) -> Stamps | None:
    """The stamps counted in another calendar, None where it has other days.

    standard and proleptic_gregorian are one from 1582-10-15 on, and programs take one for the other.
    """
    import cftime

    if stamps.calendar == calendar:
        return stamps
    if {stamps.calendar, calendar} != {"standard", "proleptic_gregorian"}:
        return None
    old, new = (
        round(float(cftime.date2num(cftime.datetime(1582, 10, 15, calendar=name), EPOCH, calendar=name))) * DAY
        for name in (stamps.calendar, calendar)
    )
    if stamps.seconds.min() < old:
        return None
    begins = None if stamps.begins is None else stamps.begins + new - old
    return replace(stamps, seconds=stamps.seconds + new - old, calendar=calendar, begins=begins)


def stamp_text(seconds: int, calendar: str, step: int = 1) -> str:
    """'YYYY-MM-DD', with the time of day where the step is shorter than a day."""
    import cftime

    date = cftime.num2date(int(seconds), EPOCH.replace("days", "seconds"), calendar=calendar)
    day = f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
    return day if step >= DAY else f"{day} {date.hour:02d}:{date.minute:02d}"
