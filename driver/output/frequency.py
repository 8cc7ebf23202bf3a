"""How often records are written: hours, days, months, years, any multiple of them, or the whole run."""

import re
from dataclasses import dataclass

from ..timeaxis import TimeAxis
from .periods import limits

UNITS = ("hour", "day", "month", "year", "run")
LONGEST = {"hour": 24, "day": 366, "month": 12, "year": 100}
# Records of a unit have to make a whole of this many of them.
WHOLE = {"hour": 24, "month": 12, "year": 100}
HOURS = 24
STEP = "step"
# Numbers of a file up to which it holds a year of days; above, a month. Basins are kept in memory until then.
YEAR_BYTES = 256_000_000
YEAR_BYTES_GRID = 4_000_000_000
# Records that are compressed and written at once, which is also how many lie in one chunk.
WINDOWS = {"hour": 48, "day": 32, "month": 12, "year": 10, "run": 1}


@dataclass(frozen=True)
class Frequency:
    """A number of hours, days, months or years, or 'run'.

    Records are bounded by ticks: days, or the records of a day where there are several.
    """

    count: int
    unit: str

    @property
    def daily(self) -> bool:
        """Whether every day is a record."""
        return (self.count, self.unit) == (1, "day")

    @property
    def per_day(self) -> int:
        """Records of a day where there are several, otherwise 1: ticks of a day."""
        return HOURS // self.count if self.unit == "hour" else 1

    @property
    def each(self) -> bool:
        """Whether records are days or parts of them, which nothing is carried on for."""
        return self.daily or self.per_day > 1

    @property
    def text(self) -> str:
        """As a namelist has it: 'day', '5 days'."""
        return self.unit if self.count == 1 else f"{self.count} {self.unit}s"

    def end(self, day: int, axis: TimeAxis) -> int:
        """The day behind the period that holds a day; beyond the axis for 'run', which is ended by nothing else."""
        if self.unit == "run":
            return axis.count + 1
        if self.each:
            return day + 1
        date = axis.date(day)
        return day + (limits(date, self.unit, self.count)[1] - date).days

    def records(self, days: int) -> int:
        """At most so many records in a number of days."""
        if self.unit == "hour":
            return days * self.per_day
        shortest = {"day": 1, "month": 28, "year": 355, "run": max(days, 1)}[self.unit] * self.count
        return days // shortest + (1 if self.daily else 2)

    def span(self, numbers: int, itemsize: int, grid: bool) -> str:
        """What one file holds, where every record has so many numbers."""
        if self.unit == "run":
            return "run"
        if self.unit == "month":
            return "decade"
        if self.unit == "year":
            return "century"
        limit = YEAR_BYTES_GRID if grid else YEAR_BYTES
        several = self.count > 1 and self.unit == "day"
        return "year" if several or 366 * self.per_day * numbers * itemsize <= limit else "month"

    @property
    def window(self) -> int:
        """Records of a window, where nobody asks for another number; those of whole days."""
        if self.unit == "hour":
            return -(-WINDOWS["hour"] // self.per_day) * self.per_day
        return max(1, WINDOWS[self.unit] // (self.count if self.unit == "month" else 1))


def frequency(text: str, step: int = HOURS) -> Frequency:
    """The frequency that a text names; step: hours of a step of the model, which nothing can be shorter than.

    ValueError, with what is expected, where it names none.
    """
    word = " ".join(text.lower().split())
    if word == STEP:
        word = "day" if step == HOURS else f"{step} hours"
    found = re.fullmatch(r"(\d{1,3}) ?(hour|day|month|year)s?", word)
    if word not in UNITS and (not found or not 1 <= int(found[1]) <= LONGEST[found[2]]):
        raise ValueError(
            f"'{text}' is no frequency: expected 'step', 'day', 'month', 'year', 'run', or a multiple such as "
            "'3 hours' (at most 24), '5 days' (366), '3 months' (12) or '10 years' (100)"
        )
    count, unit = (int(found[1]), found[2]) if found else (1, word)
    if WHOLE.get(unit, count) % count:
        raise ValueError(f"'{text}': {count} {unit}s do not divide {WHOLE[unit]}, as needed for files that begin alike")
    if unit == "hour" and count % step:
        shortest = "a day" if step == HOURS else f"{step} h"
        raise ValueError(f"'{text}': the steps of the model have {shortest}, expected a multiple of that")
    return Frequency(1, "day") if (count, unit) == (HOURS, "hour") else Frequency(count, unit)
