"""How often records are written: days, months, years, any multiple of them, or the whole run."""

import re
from dataclasses import dataclass

from ..timeaxis import TimeAxis
from .periods import limits

UNITS = ("day", "month", "year", "run")
LONGEST = {"day": 366, "month": 12, "year": 100}
# Numbers of a file up to which it holds a year of days; above, a month. Basins are kept in memory until then.
YEAR_BYTES = 256_000_000
YEAR_BYTES_GRID = 4_000_000_000
# Records that are compressed and written at once, which is also how many lie in one chunk.
WINDOWS = {"day": 32, "month": 12, "year": 10, "run": 1}


@dataclass(frozen=True)
class Frequency:
    """A number of days, months or years, or 'run'."""

    count: int
    unit: str

    @property
    def daily(self) -> bool:
        """Whether every day is a record."""
        return (self.count, self.unit) == (1, "day")

    @property
    def text(self) -> str:
        """As a namelist has it: 'day', '5 days'."""
        return self.unit if self.count == 1 else f"{self.count} {self.unit}s"

    def end(self, day: int, axis: TimeAxis) -> int:
        """The day behind the period that holds a day; beyond the axis for 'run', which is ended by nothing else."""
        if self.unit == "run":
            return axis.count + 1
        if self.daily:
            return day + 1
        date = axis.date(day)
        return day + (limits(date, self.unit, self.count)[1] - date).days

    def records(self, days: int) -> int:
        """At most so many records in a number of days."""
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
        return "year" if self.count > 1 or 366 * numbers * itemsize <= limit else "month"

    @property
    def window(self) -> int:
        """Records of a window, where nobody asks for another number."""
        return max(1, WINDOWS[self.unit] // (self.count if self.unit == "month" else 1))


def frequency(text: str) -> Frequency:
    """The frequency that a text names. ValueError, with what is expected, where it names none."""
    word = " ".join(text.lower().split())
    if word == "step":
        return Frequency(1, "day")
    if word in UNITS:
        return Frequency(1, word)
    found = re.fullmatch(r"(\d{1,3}) ?(day|month|year)s?", word)
    if not found or not 1 <= int(found[1]) <= LONGEST[found[2]]:
        raise ValueError(
            f"'{text}' is no frequency: expected 'day', 'month', 'year', 'run', or a multiple such as '5 days' (at "
            "most 366), '3 months' or '10 years' (at most 100)"
        )
    count, unit = int(found[1]), found[2]
    if (12 if unit == "month" else 100 if unit == "year" else count) % count:
        whole = "12" if unit == "month" else "100"
        raise ValueError(f"'{text}': {count} {unit}s do not divide {whole}, as needed for files that begin alike")
    return Frequency(count, unit)
