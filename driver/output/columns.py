"""The columns of all ranks cut into chunks whose width does not depend on the number of ranks."""

from collections.abc import Iterator
from typing import Any

import numpy as np

# Cells in a chunk of a store.
WIDTH = 8192


class Columns:
    """Whole chunks out of the slabs of ranks: a chunk belongs to the rank that has its first cell.

    bounds    int64 [rank + 1] of the cells; a rank sends the cells before its first chunk to the owners of their chunk
    exchange  send and receive arrays (driver/parallel/exchange.py); None where there is one rank
    """

    def __init__(self, bounds: np.ndarray, rank: int, exchange: Any, width: int):
        self.bounds, self.rank, self.exchange, self.width = bounds, rank, exchange, width
        self.first, self.stop = int(bounds[rank]), int(bounds[rank + 1])

    def whole(self, values: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """First cell and values [record, cell] of the chunks of this rank, made of all ranks' values [record, cell].

        Collective: every rank goes through all of it.
        """
        own = -(-self.first // self.width) * self.width  # where this rank's first chunk begins
        self._send_before(values, own)
        for begin in range(own, self.stop, self.width):
            end = min(begin + self.width, int(self.bounds[-1]))
            parts = [values[:, begin - self.first : min(end, self.stop) - self.first]]
            parts += self._received(self.stop, end, len(values), values.dtype)
            yield begin, np.concatenate(parts, axis=1)

    def _send_before(self, values: np.ndarray, own: int) -> None:
        """Send the cells before this rank's first chunk."""
        stop = min(own, self.stop)
        if stop > self.first:
            owner = int(np.searchsorted(self.bounds, own - self.width, "right")) - 1
            self.exchange.send(owner, 0, values[:, : stop - self.first])

    def _received(self, begin: int, end: int, records: int, dtype: Any) -> list[np.ndarray]:
        """The cells from begin to end of a chunk, from the ranks behind this one."""
        parts = []
        for rank in range(self.rank + 1, len(self.bounds) - 1):
            low, high = max(begin, int(self.bounds[rank])), min(end, int(self.bounds[rank + 1]))
            if high > low:
                parts.append(self.exchange.receive(rank, 0, (records, high - low), dtype))
        return parts
