"""The days of a run, and where it is cut: blocks, files of output, restarts.

Days are counted from the first day of output, which is day 0; the warm-up has negative days. Cuts are chosen by the
calendar and the settings alone, never by where a run was interrupted, and results do not depend on them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cftime
import numpy as np

from .timeaxis import TimeAxis
from .warmup import warmup_days

# A file holds a year of days; where a year is bigger than this, a month.
YEAR_BYTES = 256_000_000
# Weather of a block, as the kernels take it; the next block is read while this one is computed.
BLOCK_BYTES = 100_000_000


@dataclass(frozen=True)
class Part:
    """The days begin to end (not included) that one file holds; whole where its span of the calendar ends with them."""

    name: str
    begin: int
    end: int
    whole: bool


@dataclass(frozen=True)
class Schedule:
    """Where a run is cut.

    axis           the days of output
    start          place of the first of them on the source's axis
    warmup         indices of the warm-up days on the source's axis
    span           what one file holds: month, year, decade or run
    block          days read at once; restart_every: days between restarts, 0 = none before the end
    """

    axis: TimeAxis
    start: int
    warmup: np.ndarray
    span: str
    block: int
    restart_every: int

    @property
    def first(self) -> int:
        """The first day simulated."""
        return -len(self.warmup)

    @property
    def count(self) -> int:
        """Number of days of output."""
        return self.axis.count

    def source_days(self, begin: int, end: int) -> np.ndarray:
        """Indices on the source's axis of the days begin to end, all in the warm-up or all behind it."""
        if begin < 0:
            return self.warmup[begin + len(self.warmup) : end + len(self.warmup)]
        return np.arange(self.start + begin, self.start + end)

    def blocks(self, begin: int) -> Iterator[tuple[int, int]]:
        """Pieces of the run from day `begin` on, none of which goes beyond the end of a file or a restart."""
        while begin < self.count:
            end = min(begin + self.block, self.count if begin >= 0 else 0)
            if begin >= 0:
                end = min(end, self.part(begin).end)
                if self.restart_every:
                    end = min(end, (begin // self.restart_every + 1) * self.restart_every)
            yield begin, end
            begin = end

    def restart_due(self, day: int) -> bool:
        """Whether a restart is to be written before day `day`."""
        return day == self.count or (day > 0 and self.restart_every > 0 and day % self.restart_every == 0)

    def part(self, day: int) -> Part:
        """The file that holds a day."""
        if self.span == "run":
            return Part("history.nc", 0, self.count, False)
        date = self.axis.date(day)
        low, high = _limits(date, self.span)
        begin, end = day + (low - date).days, day + (high - date).days
        name = {"month": f"{low.year:04d}-{low.month:02d}", "year": f"{low.year:04d}"}.get(
            self.span, f"{low.year:04d}-{high.year - 1:04d}"
        )
        return Part(f"history_{name}.nc", max(begin, 0), min(end, self.count), end <= self.count)

    def date_text(self, day: int) -> str:
        """Date of a day of the run, also of the day behind the last, or what a day of the warm-up is."""
        if day < 0:
            return f"day {day - self.first + 1} of {-self.first} of the warm-up"
        return self.axis.text(day)

    def month_end(self, day: int) -> int:
        """The day on which the month after that of a day begins."""
        date = self.axis.date(day)
        return day + (_limits(date, "month")[1] - date).days


def _limits(date: cftime.datetime, span: str) -> tuple[cftime.datetime, cftime.datetime]:
    """First day of the month, year or decade of a date, and of the next one."""

    def midnight(year: int, month: int = 1) -> cftime.datetime:
        return cftime.datetime(year, month, 1, calendar=date.calendar, has_year_zero=date.has_year_zero)

    if span == "month":
        low = midnight(date.year, date.month)
        return low, midnight(date.year + date.month // 12, date.month % 12 + 1)
    years = 10 if span == "decade" else 1
    first = max(date.year // years * years, 1)
    return midnight(first), midnight(date.year // years * years + years)


def file_span(frequency: str, numbers_of_day: int, itemsize: int) -> str:
    """What one file holds, for the frequency of output and the numbers written at each step."""
    if frequency in ("month", "run"):
        return {"month": "decade", "run": "run"}[frequency]
    return "year" if 366 * numbers_of_day * itemsize <= YEAR_BYTES else "month"


def schedule(settings: Any, source: Any, places: int = 0) -> Schedule:
    """The schedule that settings and source give; ConfigurationError where the period is outside of the data.

    places: of the rank that has most, which all have to agree on; 0 = all of the source.
    """
    from .checking import period

    first, last = period(settings, source)
    output = settings.output
    itemsize = 8 if settings.run.precision == "float64" else 4
    return Schedule(
        axis=source.axis.slice(first, last + 1),
        start=first,
        warmup=warmup_days(source.axis, first, settings.run.warmup_days),
        span=file_span(output.frequency, len(output.variables) * len(source.ids), itemsize),
        block=_block(settings, places or len(source.ids), itemsize),
        restart_every=output.restart_every,
    )


def _block(settings: Any, places: int, itemsize: int) -> int:
    """Days that are read at once: as asked for, or as many as BLOCK_BYTES hold."""
    day = places * len(settings.model.forcings) * itemsize
    return max(1, min(settings.run.block, BLOCK_BYTES // max(day, 1)))
