"""A stretch of days kept as it stands in the file, so that blocks of days are not each decompressed from the start."""

from collections.abc import Callable

import numpy as np

# Bytes kept of one series. A whole record of some hundred basins fits; a longer one is read piece by piece.
BUDGET = 64 * 2**20


class Window:
    """Blocks of days [time, ...] out of a stretch that is read at once.

    read       gives the days from start up to stop, [time, ...], as they stand in the file
    count      days of the record
    day_bytes  size of one day
    budget     bytes to keep; a block that is larger is kept all the same
    """

    def __init__(self, read: Callable[[int, int], np.ndarray], count: int, day_bytes: int, budget: int = BUDGET):
        self.read, self.count = read, count
        self.length = max(budget // max(day_bytes, 1), 1)
        self.start, self.kept = 0, np.empty((0, 0))

    def block(self, start: int, stop: int) -> np.ndarray:
        """The days from start up to stop, [time, ...]; must not be written to."""
        if not self.start <= start <= stop <= self.start + len(self.kept):
            self.kept = np.empty((0, 0))
            self.start = 0 if self.length >= self.count else start
            self.kept = self.read(self.start, min(self.start + max(self.length, stop - start), self.count))
        return self.kept[start - self.start : stop - self.start]
