"""The days of a run, and where it is cut: blocks, files of output, restarts.

Days are counted from the first day of output, which is day 0; the warm-up has negative days. Cuts are chosen by the
calendar and the settings alone, never by where a run was interrupted, and results do not depend on them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .output.periods import part
from .timeaxis import TimeAxis
from .warmup import warmup_days

# Weather of a block, as the kernels take it; the next block is read while this one is computed.
BLOCK_BYTES = 100_000_000


@dataclass(frozen=True)
class Schedule:
    """Where a run is cut.

    axis           the days of output
    start          place of the first of them on the source's axis
    warmup         indices of the warm-up days on the source's axis
    spans          what files of output hold: month, year, decade, century or run
    block          days read at once; restart_every: days between restarts, 0 = none before the end
    marks          days before which something else is due
    """

    axis: TimeAxis
    start: int
    warmup: np.ndarray
    spans: tuple[str, ...]
    block: int
    restart_every: int
    marks: tuple[int, ...] = ()

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
                end = min(end, self.file_end(begin))
                if self.restart_every:
                    end = min(end, (begin // self.restart_every + 1) * self.restart_every)
                end = min([end, *(day for day in self.marks if day > begin)])
            yield begin, end
            begin = end

    def restart_due(self, day: int) -> bool:
        """Whether a restart is to be written before day `day`."""
        return day == self.count or (day > 0 and self.restart_every > 0 and day % self.restart_every == 0)

    def file_end(self, day: int) -> int:
        """The day behind the last of the first file of output to end, of those that hold a day."""
        return min(part(self.axis, span, day).end for span in self.spans)

    def date_text(self, day: int) -> str:
        """Date of a day of the run, also of the day behind the last, or what a day of the warm-up is."""
        if day < 0:
            return f"day {day - self.first + 1} of {-self.first} of the warm-up"
        return self.axis.text(day)


def schedule(
    settings: Any, source: Any, places: int = 0, spans: tuple[str, ...] = ("year",), dates: Sequence[str] = ()
) -> Schedule:
    """The schedule that settings and source give; ConfigurationError where the period is outside of the data.

    places: of the rank that has most, which all have to agree on; 0 = all of the source. spans: of the files of output,
    at whose ends blocks end; dates: days 'YYYY-MM-DD' before which they also end, as far as they lie in the run.
    """
    from .checking import period

    first, last = period(settings, source)
    output = settings.output
    itemsize = 8 if settings.run.precision == "float64" else 4
    axis = source.axis.slice(first, last + 1)
    marks = [int(axis.offset(date)) for date in dates]
    return Schedule(
        axis=axis,
        start=first,
        warmup=warmup_days(source.axis, first, settings.run.warmup_days),
        spans=spans,
        block=_block(settings, places or len(source.ids), itemsize),
        restart_every=output.restart_every,
        marks=tuple(day for day in marks if 0 < day <= axis.count),
    )


def _block(settings: Any, places: int, itemsize: int) -> int:
    """Days that are read at once: as asked for, or as many as BLOCK_BYTES hold."""
    day = places * len(settings.model.forcings) * itemsize * settings.model.steps_per_day
    return max(1, min(settings.run.block, BLOCK_BYTES // max(day, 1)))
