"""One call of the river loops on a GPU at work: its arrays on the device, its launches, and their reverse."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numba import cuda

from ..device_call import Array, Empty, as_device, launch
from ..loops.cuda_compiled import bind_device, compile_kernel
from ..network.upstream import upstream
from . import cuda as loops
from .piece import Piece, piece
from .router import Router
from .work import segment_length


@cache
def kernel(router: Any, precision: str, name: str) -> Any:
    """A kernel of kernels/rivers/cuda.py with the router's reach in place."""
    parts = {"reach": router.reach, "reach_adjoint": router.reach_adjoint}
    given = {label: bind_device(part, router, precision) for label, part in parts.items()}
    return compile_kernel(getattr(loops, name), router, precision, given)


def wait(stream: Any) -> None:
    """Until what was queued is done; the standard stream waits by itself."""
    if hasattr(stream, "synchronize"):
        stream.synchronize()


@dataclass(frozen=True)
class DevicePlan:
    """A whole network as one piece; the arrays that the kernels read, on the device."""

    piece: Piece
    nodes: Any
    places: Any
    above: tuple[Any, ...]
    down: Any
    ends: Any

    @property
    def count(self) -> int:
        """Nodes of the network."""
        return len(self.piece.nodes)


def device_plan(downstream: np.ndarray) -> DevicePlan:
    """The plan of a network in canonical order, [node] (own index where water ends)."""
    downstream = np.ascontiguousarray(downstream, np.int64)
    whole = piece(np.arange(len(downstream)), 0, downstream, *upstream(downstream), np.empty(0, np.int64))
    ends = np.zeros(whole.room, np.uint8)
    ends[whole.ends] = 1
    start = np.searchsorted(whole.above.more_of, np.arange(whole.padded + 1))
    above = whole.above.first, whole.above.second, start, whole.above.more
    put = cuda.to_device
    return DevicePlan(whole, put(whole.nodes), put(whole.places), tuple(map(put, above)), put(whole.down), put(ends))


class Work:
    """Arrays of one call on the device, checked, and its launches; `arrived` is water in transit or its gradient."""

    def __init__(
        self, router: Router, plan: DevicePlan, lateral: Array, parameters: Array, geometry: Array | None,
        step_seconds: float, substeps: int, empty: Empty, stream: Any, coefficients: Any = None,
    ) -> None:  # fmt: skip
        self.router, self.plan, self.make, self.stream = router, plan, empty, stream
        self.lateral = as_device(lateral)
        self.dtype, self.precision = self.lateral.dtype, self.lateral.dtype.name
        if self.lateral.ndim != 2 or self.precision not in ("float32", "float64"):
            found = f"{self.precision}{list(self.lateral.shape)}"
            raise ValueError(f"lateral is {found}, expected float32 or float64 [time, node]")
        self.steps = self.lateral.shape[0]
        self.require(self.lateral, "lateral", (self.steps, plan.count))
        given = self.require(as_device(parameters), "parameters", (len(router.parameters), plan.count))
        shape = None
        if router.geometry:
            if geometry is None:
                raise ValueError(f"geometry is missing, expected {self.dtype}[{len(router.geometry)}, {plan.count}]")
            shape = self.require(as_device(geometry), "geometry", (len(router.geometry), plan.count))
        self.substeps = substeps or router.substeps
        kind = self.dtype.type
        self.seconds, self.per_second = kind(step_seconds / self.substeps), kind(1.0 / step_seconds)
        self.segment = segment_length(router, self.steps, self.substeps)
        on_host = [array.copy_to_host(stream=stream) for array in (given, *((shape,) if router.geometry else ()))]
        wait(stream)
        self.host = (on_host[0], on_host[1] if router.geometry else np.empty((0, plan.count), self.dtype))
        self.coefficients = coefficients
        if coefficients is None:
            made = np.ascontiguousarray(router.prepare(*self.host, step_seconds / self.substeps), self.dtype)
            self.coefficients = self.zeros((1, len(router.coefficients), plan.piece.padded))
            self.run("spread", plan.count, cuda.to_device(made, stream), plan.nodes, plan.places, self.coefficients)
        self.arrived, self.local, self.flow, self.total = (self.zeros((1, plan.piece.room)) for _ in range(4))

    def require(self, array: Any, name: str, shape: tuple[int, ...]) -> Any:
        """The array, if it is what the kernels expect."""
        if tuple(array.shape) != shape or array.dtype != self.dtype or not array.is_c_contiguous():
            raise ValueError(
                f"{name} is {array.dtype}{list(array.shape)}, expected C-contiguous {self.dtype}{list(shape)}"
            )
        return array

    def zeros(self, shape: tuple[int, ...]) -> Any:
        """New memory of stores [1, row, place] or water [1, place], with nothing in it."""
        array = as_device(self.make(shape, self.precision))
        self.run("clear", shape[-1], array.reshape((1, int(np.prod(shape[:-1])), shape[-1])))
        return array

    def room(self, numbers: int, rows: int) -> tuple[Any, Any]:
        """Memory for so many states and the water that arrives with them."""
        shapes = (numbers, rows, self.plan.piece.padded), (numbers, self.plan.piece.padded)
        states, water = (as_device(self.make(shape, self.precision)) for shape in shapes)
        return states, water

    def run(self, name: str, items: int, *arguments: Any) -> None:
        launch(kernel(self.router, self.precision, name), items, self.stream, *arguments)

    def stores(self, rows: Any) -> Any:
        """Values [row, node] as stores of the reaches; those in transit go to arrived."""
        plan, router = self.plan, self.router
        stores = self.zeros((1, router.reach_states, plan.piece.padded))
        self.run("spread", plan.count, rows, plan.nodes, plan.places, stores)
        if router.delayed:
            self.run("scale", plan.count, rows, len(router.states) - 1, plan.nodes, plan.places, 1.0, self.arrived)
        return stores

    def collected(self, stores: Any, water: Any) -> Array:
        """Reverse of stores: values [row, node]."""
        plan, router = self.plan, self.router
        rows = self.make((len(router.states), plan.count), self.precision)
        self.run("collect", plan.count, stores, plan.nodes, plan.places, as_device(rows))
        if router.delayed:
            last = len(router.states) - 1
            self.run("give", plan.count, water, plan.nodes, plan.places, 1.0, as_device(rows), last)
        return rows

    def step(self, stores: Any, arrived: Any, kept: Any, kept_water: Any, number: int) -> None:
        """One sub-step; what was before it is kept under its number, where that is not negative."""
        levels, above = self.plan.piece.levels, self.plan.above
        shared = (stores, arrived, self.local, self.coefficients, self.flow, self.total, kept, kept_water, number)
        if self.router.delayed:
            count = int(levels[-1])
            self.run("sweep", count, *shared, count)
            self.run("arrive", count, self.flow, *above, self.plan.ends, arrived, self.total, count)
            return
        for low, high in zip(levels[:-1].tolist(), levels[1:].tolist(), strict=True):
            self.run("sweep_level", high - low, *shared, *above, low, high)


class Reverse:
    """The steps of a call backwards."""

    def __init__(self, work: Work, d_stores: Any, d_coefficient: Any, d_discharge: Any, d_lateral: Any) -> None:
        self.work, self.d_stores, self.d_coefficient = work, d_stores, d_coefficient
        self.d_discharge, self.d_lateral = d_discharge, d_lateral
        room = (1, work.plan.piece.room)
        self.d_total, self.d_flow, self.d_local, self.arrived = (work.zeros(room) for _ in range(4))
        self.stores = work.zeros(tuple(d_stores.shape))
        self.kept, self.water = work.room(work.segment * work.substeps, work.router.reach_states)

    def segment(self, run: Any, number: int) -> None:
        """Replay a segment from the state that was kept at its start, then undo it."""
        work, plan = self.work, self.work.plan
        begin = number * run.segment
        length = min(run.segment, work.steps - begin)
        work.run("recall", plan.piece.padded, run.saved, run.saved_water, number, self.stores, self.arrived)
        for n in range(length * work.substeps):
            if n % work.substeps == 0:
                self.take(work.lateral, begin + n // work.substeps, work.seconds, work.local)
            work.step(self.stores, self.arrived, self.kept, self.water, n)
        for k in reversed(range(length)):
            self.take(work.lateral, begin + k, work.seconds, work.local)
            self.take(self.d_discharge, begin + k, work.per_second, self.d_total)
            for n in reversed(range(k * work.substeps, (k + 1) * work.substeps)):
                self.undo(self.kept[n : n + 1], self.water[n : n + 1])
            work.run("give", plan.count, self.d_local, plan.nodes, plan.places, work.seconds, self.d_lateral, begin + k)

    def take(self, series: Any, step: int, factor: float, water: Any) -> None:
        plan = self.work.plan
        self.work.run("scale", plan.count, series, step, plan.nodes, plan.places, factor, water)

    def undo(self, state: Any, arrived: Any) -> None:
        """One sub-step, from the state before it and the water that arrived."""
        work, plan, levels = self.work, self.work.plan, self.work.plan.piece.levels.tolist()
        shared = (
            state, arrived, work.local, work.coefficients, self.d_stores, self.d_flow, work.arrived, self.d_local,
            self.d_coefficient,
        )  # fmt: skip
        if work.router.delayed:
            work.run(
                "depart", levels[-1], plan.down, plan.ends, self.d_total, work.arrived, self.d_flow, levels[-1]
            )  # fmt: skip
            work.run("sweep_adjoint", levels[-1], *shared, levels[-1])
            return
        for low, high in zip(levels[-2::-1], levels[:0:-1], strict=True):
            work.run("sweep_level_adjoint", high - low, *shared, plan.down, self.d_total, low, high)
