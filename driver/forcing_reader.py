"""Weather for the kernels, block by block, the next block read while the present one is computed."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.variable import Variable
from .errors import InputError
from .files import NETCDF
from .forcing_rows import makers
from .geometry import kind_of_place
from .schedule import Schedule

# Numbers that a row is made of at a time.
CACHED = 50_000


class ForcingReader:
    """Blocks of forcing [step, row, place] from a source, C-contiguous and in the precision of the run.

    seconds and bytes count what reading took. InputError names basin and date of a value that is no number or out of
    its declared limits.
    """

    def __init__(self, source: Any, model: Model, schedule: Schedule, precision: str):
        self.source, self.model, self.schedule, self.precision = source, model, schedule, precision
        self.seconds, self.bytes = 0.0, 0
        self._makers = makers(model, source)

    def blocks(self, begin: int) -> Iterator[tuple[int, int, np.ndarray]]:
        """First day, day behind the last, and forcing, of every block from day `begin` on."""
        with ThreadPoolExecutor(1, "reader") as pool:
            cuts = self.schedule.blocks(begin)
            coming = self._submit(pool, next(cuts, None))
            try:
                while coming is not None:
                    block = coming.result()
                    coming = self._submit(pool, next(cuts, None))
                    yield block
            finally:
                if coming is not None:
                    coming.cancel()

    def _submit(self, pool: ThreadPoolExecutor, cut: tuple[int, int] | None) -> Future | None:
        return None if cut is None else pool.submit(self._read, *cut)

    def _read(self, begin: int, end: int) -> tuple[int, int, np.ndarray]:
        days = self.schedule.source_days(begin, end)
        # Warm-up days may wrap around the first year: one read holds them all.
        low, high = int(days.min()), int(days.max()) + 1
        # Weather on grids takes the library's lock by itself, and only while the library is at work.
        with nullcontext() if hasattr(self.source, "slab") else NETCDF:
            started = time.perf_counter()
            values = self.source.forcing(low, high)
            self.seconds += time.perf_counter() - started
            self.bytes += values.nbytes
        if (np.diff(days) != 1).any():
            steps = self.model.steps_per_day
            values = values.reshape(high - low, steps, *values.shape[1:])[days - low]
            values = values.reshape(len(days) * steps, *values.shape[2:])
        require_plausible(self.model.forcings, values, self.source, days)
        return begin, end, self._completed(values, days)

    def _completed(self, values: np.ndarray, days: np.ndarray) -> np.ndarray:
        """The rows of all forcings of the model: those read, then those made here."""
        if not self._makers:
            return np.ascontiguousarray(values, self.precision)
        read = values.shape[1]
        rows = np.empty((len(days), len(self.model.forcings), values.shape[2]), self.precision)
        rows[:, :read] = values
        # A few days at a time: what is made in double precision stays in the caches.
        step = max(1, CACHED // max(1, values.shape[2]))
        for row, maker in enumerate(self._makers, read):
            for first in range(0, len(days), step):
                rows[first : first + step, row] = maker(days[first : first + step])
        return rows


def require_plausible(variables: Sequence[Variable], values: np.ndarray, source: Any, days: np.ndarray) -> None:
    """InputError with basin, date and value of the first forcing [time, row, place] outside of its declared limits.

    The kernels' arithmetic assumes numbers: a NaN let through could come out as a plausible flow. days: indices on the
    axis of the source, each with as many steps as the values have for a day.
    """
    steps = max(1, len(values) // max(1, len(days)))
    for row, variable in enumerate(variables[: values.shape[1]]):
        found = values[:, row]
        if not found.size or (found.min() >= variable.low and found.max() <= variable.high):
            continue  # a NaN would be the lowest, and is not
        wrong = ~((found >= variable.low) & (found <= variable.high))
        if wrong.any():
            step, place = np.argwhere(wrong)[0]
            kind, day = kind_of_place(source), int(days[step // steps])
            when = "" if steps == 1 else f", step {step % steps + 1} of {steps},"
            raise InputError(
                f"{variable.name} of {kind} {source.ids[place]} on {source.axis.text(day)}{when} is "
                f"{values[step, row, place]:g}, expected {variable.low:g} to {variable.high:g} {variable.unit} "
                f"({int(wrong.sum())} such values in this block): correct the data or leave the {kind} out"
            )
