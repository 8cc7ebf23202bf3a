"""Daily time axes in any CF calendar, years 1 to 9999."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .errors import ConfigurationError, InputError
from .timedecode import CALENDARS, calendar_name, days_of, parse_date

if TYPE_CHECKING:
    import cftime

EPOCH = "days since 0001-01-01"
LAST_YEAR = 9999


class TimeAxis:
    """Consecutive days of a CF calendar.

    start  cftime.datetime of the first day (its hour is dropped); its calendar is the axis' calendar
    count  number of days
    """

    def __init__(self, start: cftime.datetime, count: int):
        import cftime

        self.calendar = calendar_name(start.calendar or "standard")
        self.start = cftime.datetime(start.year, start.month, start.day, calendar=self.calendar)
        self.count = int(count)
        self.first = int(cftime.date2num(self.start, EPOCH, calendar=self.calendar))
        if self.count < 0 or not 1 <= self.start.year <= self.date(max(self.count - 1, 0)).year <= LAST_YEAR:
            raise ConfigurationError(
                f"{self.count} days from {self.start.strftime('%Y-%m-%d')} leave the years 1 to {LAST_YEAR}"
            )

    @classmethod
    def decode(cls, values: np.ndarray, units: str, calendar: str, where: str) -> TimeAxis:
        """The axis of a CF time coordinate: values in `units` ('days since ...') of a calendar.

        where: file and variable, for messages. InputError where units or calendar are unknown, the steps are not whole
        days, or a day is missing, comes twice or out of order: the first such date is named.
        """
        import cftime

        name = calendar_name(calendar, where)
        days = days_of(np.asarray(values), units, name, where)
        check_days(days, name, where)
        start = cftime.num2date(int(days[0]), EPOCH, calendar=name)
        return cls(start, len(days))

    @classmethod
    def parse(cls, start: str, count: int, calendar: str = "standard") -> TimeAxis:
        """The axis of `count` days from 'YYYY-MM-DD'. ConfigurationError where the calendar has no such day."""
        return cls(parse_date(start, calendar_name(calendar)), count)

    def date(self, index: int) -> cftime.datetime:
        """Date of a day; days before the first (negative) and after the last are counted on."""
        import cftime

        return cftime.num2date(self.first + int(index), EPOCH, calendar=self.calendar)

    def text(self, index: int) -> str:
        """Date of a day as 'YYYY-MM-DD'."""
        return date_text(self.date(index))

    def index(self, date: str, where: str = "") -> int:
        """Place of 'YYYY-MM-DD'. ConfigurationError where the calendar has no such day or the axis does not hold it.

        where: who asks for the date, such as 'x.nml: &run start', to begin the message with.
        """
        beginning = f"{where}: " if where else ""
        try:
            index = self.offset(date)
        except ConfigurationError as error:
            raise ConfigurationError(f"{beginning}{error}") from error
        if not 0 <= index < self.count:
            raise ConfigurationError(f"{beginning}{date} lies outside of the data, which has {self}")
        return index

    def offset(self, date: str) -> int:
        """Days from the first one to 'YYYY-MM-DD', wherever it lies. ConfigurationError where there is no such day."""
        import cftime

        wanted = parse_date(date, self.calendar)
        return int(cftime.date2num(wanted, EPOCH, calendar=self.calendar)) - self.first

    def slice(self, start: int, stop: int) -> TimeAxis:
        """The days from start up to, without, stop."""
        if not 0 <= start <= stop <= self.count:
            raise ConfigurationError(f"days {start} to {stop} lie outside of the axis, which has {self.count} days")
        return TimeAxis(self.date(start), stop - start)

    def years(self) -> np.ndarray:
        """Year of each day."""
        return self._years()[0]

    def day_of_year(self) -> np.ndarray:
        """Day of the year, from 1, days counted as they passed: 1582 of the standard calendar has 355."""
        return self._years()[1]

    def year_length(self) -> np.ndarray:
        """Days of the year in which each day lies: 365 or 366, 360 in 360_day, 355 in 1582 of the standard calendar."""
        return self._years()[2]

    def months(self) -> np.ndarray:
        """Month of each day, counted from the year 0: year * 12 + month - 1."""
        import cftime

        last = self.date(max(self.count - 1, 0))
        months = np.arange(self.start.year * 12 + self.start.month - 1, last.year * 12 + last.month)
        begins = [cftime.datetime(month // 12, month % 12 + 1, 1, calendar=self.calendar) for month in months]
        edges = np.asarray(cftime.date2num(begins, EPOCH, calendar=self.calendar), np.int64)
        return months[np.searchsorted(edges, self._days(), "right") - 1]

    def days_since(self, epoch: str) -> np.ndarray:
        """Days since 'YYYY-MM-DD' of the same calendar, int64 [count]: CF's 'days since <epoch>'."""
        import cftime

        return self._days() - int(cftime.date2num(parse_date(epoch, self.calendar), EPOCH, calendar=self.calendar))

    def _days(self) -> np.ndarray:
        return np.arange(self.first, self.first + self.count, dtype=np.int64)

    def _years(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Year, day of the year and length of the year of each day."""
        import cftime

        years = np.arange(self.start.year, self.date(max(self.count - 1, 0)).year + 1)
        begins = [cftime.datetime(year, 1, 1, calendar=self.calendar) for year in years]
        edges = np.asarray(cftime.date2num(begins, EPOCH, calendar=self.calendar), np.int64)
        last = cftime.datetime(int(years[-1]), 12, 30, calendar=self.calendar)
        end = int(cftime.date2num(last, EPOCH, calendar=self.calendar)) + (1 if self.calendar == "360_day" else 2)
        lengths = np.diff(np.append(edges, end))
        place = np.searchsorted(edges, self._days(), "right") - 1
        return years[place], self._days() - edges[place] + 1, lengths[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TimeAxis):
            return NotImplemented
        return (self.calendar, self.first, self.count) == (other.calendar, other.first, other.count)

    def __hash__(self) -> int:
        return hash((self.calendar, self.first, self.count))

    def __str__(self) -> str:
        if not self.count:
            return f"no day (calendar {self.calendar})"
        return f"{self.text(0)} to {self.text(self.count - 1)} (calendar {self.calendar})"

    def __repr__(self) -> str:
        return f"TimeAxis({self.text(0)}, {self.count}, {self.calendar})"


def date_text(date: cftime.datetime) -> str:
    """'YYYY-MM-DD' of a date."""
    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}"


def check_days(days: np.ndarray, calendar: str, where: str) -> None:
    """InputError that names the first day which is missing, comes twice or out of order.

    days: whole days since 0001-01-01 of the calendar.
    """
    import cftime

    if not len(days):
        raise InputError(f"{where} holds no day: expected a daily series")
    steps = np.diff(days)
    if (steps == 1).all():
        return

    def text(day: int) -> str:
        return date_text(cftime.num2date(int(day), EPOCH, calendar=calendar))

    place = int(np.argmax(steps != 1))
    before, after = int(days[place]), int(days[place + 1])
    if after > before:
        fault = "out of order" if (days == before + 1).any() else "missing"
        what = f"{text(before + 1)} is {fault}: {text(before)} is followed by {text(after)}"
        hint = "" if (after - before) < 28 else "; is the series monthly or yearly? expected one value a day"
    elif after == before:
        what, hint = f"{text(after)} comes twice", "; expected one value a day"
    else:
        what, hint = f"{text(after)} follows {text(before)}", "; expected the days in order"
    raise InputError(f"{where}: {what}{hint}: correct the file")


__all__ = ["CALENDARS", "EPOCH", "TimeAxis", "check_days", "date_text"]
