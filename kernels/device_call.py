"""The arguments that a simulation on a GPU and its adjoint share: checked, on the device, with the defaults filled in.

An array is anything with __cuda_array_interface__: a torch tensor, a Numba device array. It is used where it lies.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import cuda

from .loops import cuda as loops
from .loops import cuda_compiled
from .loops.cuda_compiled import simulated
from .model import Model
from .variable import row_of

Array = Any
Empty = Callable[[tuple[int, ...], str], Array]

SCRATCH = 2**29  # bytes of a stretch of days at most, for what is kept of each cell and day
FEW, MANY = 32, 128  # threads of a block: few where cells are, so that all processors of the card get some
CROWD = 2**16  # cells from which blocks have many


def empty_array(shape: tuple[int, ...], dtype: str) -> Array:
    """An array of Numba's, where the caller has no memory of its own to give."""
    return cuda.device_array(shape, np.dtype(dtype))


def as_device(array: Array) -> Any:
    """The same memory as an array that kernels take; the simulator takes memory of the host."""
    arrays = cuda.cudadrv.devicearray
    if arrays.is_cuda_ndarray(array):
        return array
    return arrays.FakeCUDAArray(np.asarray(array)) if simulated() else cuda.as_cuda_array(array, sync=False)


def launch(kernel: Any, count: int, stream: Any, *arguments: Any) -> None:
    """Run a kernel with one thread for each of count items."""
    threads = MANY if count >= CROWD else FEW
    if count:
        kernel[-(-count // threads), threads, stream](*arguments)


@cache
def steps(days: int) -> Any:
    """0, 1, 2, ... on the device: each day its own output period."""
    return cuda.to_device(np.arange(max(days, 1)))


class DeviceCall:
    """Arrays of one call as the kernels take them. Raises ValueError where shapes, precisions or names do not fit."""

    def __init__(
        self,
        model: Model,
        forcing: Array,
        parameters: Array,
        *,
        dynamic: Array | None,
        dynamic_names: Sequence[str],
        geometry: Array | None,
        weights: Array | None,
        weighted: Sequence[str] | None,
        outputs: Sequence[str],
        period: np.ndarray | None,
        empty: Empty,
        stream: Any,
    ) -> None:
        self.model, self.stream, self.make = model, stream, empty
        self.forcing, self.parameters = as_device(forcing), as_device(parameters)
        self.dtype, self.precision = self.forcing.dtype, self.forcing.dtype.name
        if self.precision not in ("float32", "float64"):
            raise ValueError(f"forcing is {self.precision}, expected float32 or float64")
        self.days, _, self.places = self.forcing.shape
        self.cells, self.count = self.parameters.shape[1], len(outputs)
        self.require(self.forcing, "forcing", (self.days, len(model.forcings), self.places))
        self.require(self.parameters, "parameters", (len(model.parameters), self.cells))
        if self.places == 0 or self.cells % self.places:
            raise ValueError(f"{self.cells} cells are not a multiple of {self.places} places")
        self.components = self.cells // self.places
        self.dynamic_rows = tuple(row_of(model.parameters, name) for name in dynamic_names)
        self.rows = tuple(row_of(model.outputs, name) for name in outputs)
        self.dynamic = self.given(dynamic, "dynamic", (self.days, len(dynamic_names), self.cells), bool(dynamic_names))
        self.geometry = self.given(geometry, "geometry", (len(model.geometry), self.places), bool(model.geometry))
        given = self.given(weights, "weights", (self.components, self.places), weights is not None)
        self.is_weighted = [weights is not None and (weighted is None or name in weighted) for name in outputs]
        self.weight = self.empty((max(self.count, 1), self.cells))
        fill = cuda_compiled.plain(loops.fill_weight, self.precision)
        for k, use in enumerate(self.is_weighted):
            launch(fill, self.cells, stream, given, use, self.components, k, self.weight)
        self.set_period(period)

    def set_period(self, period: np.ndarray | None) -> None:
        """Output period of each day, on the device."""
        self.period, self.periods = steps(self.days), self.days
        if period is not None:
            if period.shape != (self.days,) or (self.days and period.min() < 0):
                raise ValueError(f"period must number each of the {self.days} steps from 0 on")
            self.periods = int(period.max()) + 1 if self.days else 0
            self.period = cuda.to_device(np.ascontiguousarray(period, np.int64), self.stream)

    def require(self, array: Any, name: str, shape: tuple[int, ...]) -> Any:
        """The array, if it is what the kernels expect."""
        if tuple(array.shape) != shape or array.dtype != self.dtype or not array.is_c_contiguous():
            raise ValueError(
                f"{name} is {array.dtype}{list(array.shape)}, expected C-contiguous {self.dtype}{list(shape)}"
            )
        return array

    def given(self, array: Array | None, name: str, shape: tuple[int, ...], expected: bool) -> Any:
        """The array; one number that nobody reads where none is expected."""
        if array is None and not expected:
            return self.dummy(len(shape))
        if array is None:
            raise ValueError(f"{name} is missing, expected {self.dtype}{list(shape)}")
        return self.require(as_device(array), name, shape) if expected else self.dummy(len(shape))

    def dummy(self, dimensions: int) -> Any:
        return self.empty((1,) * dimensions)

    def empty(self, shape: tuple[int, ...]) -> Any:
        """New memory for the kernels' own use."""
        return as_device(self.make(shape, self.precision))

    def stretch(self, rows: int, segment: int) -> int:
        """Days of a launch: whole segments, as many as the scratch memory of so many rows allows."""
        days = SCRATCH // max(1, rows * self.cells * self.dtype.itemsize)
        return max(1, days // segment) * segment
