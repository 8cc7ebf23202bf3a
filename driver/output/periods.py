"""Pieces of the calendar: the periods of means, and the files that hold them."""

from dataclasses import dataclass
from typing import Any

import cftime

from ..timeaxis import TimeAxis

# What one file holds: unit and count of the calendar.
SPANS = {"month": ("month", 1), "year": ("year", 1), "decade": ("year", 10), "century": ("year", 100)}


@dataclass(frozen=True)
class Part:
    """The days begin to end (not included) that one file holds; whole where its span of the calendar ends with them."""

    name: str
    begin: int
    end: int
    whole: bool


def limits(date: cftime.datetime, unit: str, count: int = 1) -> tuple[cftime.datetime, cftime.datetime]:
    """First day of the piece of the calendar that holds a date, and of the next piece.

    unit: 'day' (pieces counted from 1 January of each year), 'month' or 'year' (pieces counted from year 0; no year
    before 1).
    """
    if unit == "day":
        return _days(date, count)
    if unit == "month":
        low = (date.month - 1) // count * count
        after = low + count
        return _midnight(date, date.year, low + 1), _midnight(date, date.year + after // 12, after % 12 + 1)
    low = date.year // count * count
    return _midnight(date, max(low, 1)), _midnight(date, low + count)


def part(axis: TimeAxis, span: str, day: int, stem: str = "history") -> Part:
    """The file that holds a day of the axis, cut to the axis; a span of 'run' never ends, for runs can be prolonged."""
    if span == "run":
        return Part(f"{stem}.nc", 0, axis.count, False)
    date = axis.date(day)
    low, high = limits(date, *SPANS[span])
    begin, end = day + (low - date).days, day + (high - date).days
    name = {"month": f"{low.year:04d}-{low.month:02d}", "year": f"{low.year:04d}"}.get(
        span, f"{low.year:04d}-{high.year - 1:04d}"
    )
    return Part(f"{stem}_{name}.nc", max(begin, 0), min(end, axis.count), end <= axis.count)


def _days(date: cftime.datetime, count: int) -> tuple[cftime.datetime, cftime.datetime]:
    import datetime

    first, last = _midnight(date, date.year), _midnight(date, date.year + 1)
    place = (_midnight(date, date.year, date.month, date.day) - first).days // count * count
    low = first + datetime.timedelta(days=place)
    return low, min(low + datetime.timedelta(days=count), last)


def _midnight(date: Any, year: int, month: int = 1, day: int = 1) -> cftime.datetime:
    return cftime.datetime(year, month, day, calendar=date.calendar, has_year_zero=date.has_year_zero)
