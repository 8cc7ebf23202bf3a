"""Sorting of cells on a GPU, so that those which take the same branches are stepped side by side (loops/cuda_order.py).

Threads take cells in the sorted order, and all arrays stay where they are: results lie in the original order and are
equal to the bit, since no cell knows of another. Where nothing is sorted the kernels know of no order at all.
"""

from typing import Any

from .device_call import DeviceCall, as_device, launch
from .loops import cuda_order
from .loops.cuda_compiled import plain
from .variable import row_of


class Order:
    """The order of a call's cells, made anew every so many steps (0: cells are not sorted).

    Raises ValueError where the number is negative or the model declares no state to sort by.
    """

    def __init__(self, call: DeviceCall, every: int) -> None:
        if every < 0:
            raise ValueError(f"sort_every is {every}, expected a number of steps, or 0")
        if every and not call.model.branches:
            raise ValueError(f"cells of {call.model.label} cannot be sorted: the model declares no state to sort by")
        self.call, self.every, self.is_on = call, every, every > 0
        self.cells = self._integers(call.cells if self.is_on else 1)
        if self.is_on:
            self.row = row_of(call.model.states, call.model.branches)
            self.counts = self._integers(-(-call.cells // cuda_order.CHUNK))

    def _integers(self, count: int) -> Any:
        return as_device(self.call.make((count,), "int32"))

    def stretch(self, steps: int, segment: int) -> int:
        """Steps of a launch, of which memory allows so many: whole segments, of which states are kept."""
        return min(steps, max(1, self.every // segment) * segment) if self.is_on else steps

    def at(self, states: Any) -> Any:
        """The order by states [state, cell]; one number that nobody reads where cells are not sorted."""
        if self.is_on:
            chunks, precision = self.counts.shape[0], self.call.precision
            launch(plain(cuda_order.count, precision), chunks, self.call.stream, states, self.row, self.counts)
            launch(
                plain(cuda_order.arrange, precision), chunks, self.call.stream, states, self.row, self.counts,
                self.cells,
            )  # fmt: skip
        return self.cells
