"""A model and its unit hydrograph on a GPU in one call, and the adjoint of both: as kernels/routed.py."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import cuda

from .device import simulate, simulate_adjoint
from .device_call import Array, Empty, as_device, empty_array, launch
from .loops.cuda_compiled import plain
from .model import Model
from .routed import RoutedGradient, RoutedRun, unrouted
from .routing import cuda as loops
from .routing import unit_hydrograph as uh
from .routing.declarations import ROUTED


def simulate_routed(
    model: Model,
    forcing: Array,
    parameters: Array,
    routing: Array,
    state: Array,
    *,
    outputs: Sequence[str] = ("streamflow",),
    weighted: Sequence[str] | None = None,
    history: Array | None = None,
    lags: int = uh.LAGS,
    empty: Empty = empty_array,
    stream: Any = 0,
    **options: Any,
) -> RoutedRun:
    """As kernels.routed.simulate_routed; the arrays of the result are those that `empty` made.

    Raises ValueError where shapes or names do not fit.
    """
    names, chosen = unrouted(outputs), None if weighted is None else unrouted(weighted)
    run = simulate(
        model, forcing, parameters, state, outputs=names, weighted=chosen, empty=empty, stream=stream, **options
    )
    routed = tuple(k for k, name in enumerate(outputs) if name in ROUTED)
    flow, shape = as_device(run.outputs), as_device(routing)
    precision, places = flow.dtype.name, flow.shape[2]
    if tuple(shape.shape) != (2, places):
        raise ValueError(f"routing is {list(shape.shape)}, expected [2, {places}]: route_a and route_b")
    weights = empty((lags, places), precision)
    launch(plain(loops.ordinates, "float64"), places, stream, shape, as_device(weights))
    values = empty(flow.shape, precision)
    before = flow_of_before(history, lags, len(routed), places, precision, stream)
    kept = empty((lags - 1, len(routed), places), precision)
    for k in range(len(outputs)):
        series = routed.index(k) if k in routed else -1
        arguments = (flow, k, before, series)
        launch(
            plain(loops.route, precision), flow.shape[0] * places, stream, *arguments,
            as_device(weights), as_device(values),
        )  # fmt: skip
        if series >= 0:
            launch(plain(loops.remember, precision), (lags - 1) * places, stream, *arguments, as_device(kept))
    return RoutedRun(values, run.state, kept, run, weights, routed)


def simulate_routed_adjoint(
    model: Model,
    done: RoutedRun,
    forcing: Array,
    parameters: Array,
    routing: Array,
    d_outputs: Array,
    d_state: Array,
    *,
    outputs: Sequence[str] = ("streamflow",),
    weighted: Sequence[str] | None = None,
    history: Array | None = None,
    empty: Empty = empty_array,
    stream: Any = 0,
    **options: Any,
) -> RoutedGradient:
    """Reverse of simulate_routed called with checkpoints=True and the same arguments."""
    flow, given, weights = as_device(done.run.outputs), as_device(d_outputs), as_device(done.ordinates)
    precision, places, lags = flow.dtype.name, flow.shape[2], weights.shape[0]
    before = flow_of_before(history, lags, len(done.routed), places, precision, stream)
    d_flow, d_history = empty(flow.shape, precision), empty(before.shape, precision)
    for k in range(len(outputs)):
        series = done.routed.index(k) if k in done.routed else -1
        launch(
            plain(loops.route_adjoint, precision), (flow.shape[0] + lags - 1) * places, stream,
            given, k, series, weights, as_device(d_flow), as_device(d_history),
        )  # fmt: skip
    d_routing = shape_adjoint(done, flow, before, given, as_device(routing), empty, stream)
    gradient = simulate_adjoint(
        model, done.run, forcing, parameters, d_flow, d_state, outputs=unrouted(outputs),
        weighted=None if weighted is None else unrouted(weighted), empty=empty, stream=stream, **options,
    )  # fmt: skip
    return RoutedGradient(gradient, d_routing, d_history)


def shape_adjoint(
    done: RoutedRun, flow: Any, before: Any, d_outputs: Any, routing: Any, empty: Empty, stream: Any
) -> Array:
    """Gradient [2, place] of route_a and route_b; the ordinates once more in float64, as on the CPU."""
    precision, (lags, places) = flow.dtype.name, done.ordinates.shape
    d_weights = as_device(empty((lags, places), precision))
    exact = as_device(empty((lags, places), "float64"))
    d_routing = empty((2, places), precision)
    launch(
        plain(loops.weights_adjoint, precision), lags * places, stream,
        flow, columns(done.routed), before, d_outputs, d_weights,
    )  # fmt: skip
    launch(plain(loops.ordinates, "float64"), places, stream, routing, exact)
    launch(plain(loops.ordinates_adjoint, "float64"), places, stream, routing, exact, d_weights, as_device(d_routing))
    return d_routing


def flow_of_before(history: Array | None, lags: int, series: int, places: int, precision: str, stream: Any) -> Any:
    """The history given, or none: zero flow before the start."""
    if history is None:
        return no_history(lags, series, places, precision)
    return as_device(history)


@cache
def no_history(lags: int, series: int, places: int, precision: str) -> Any:
    """Zeros on the device, never written to."""
    return cuda.to_device(np.zeros((lags - 1, max(series, 1), places), precision))


@cache
def columns(routed: tuple[int, ...]) -> Any:
    """The columns of the routed series, on the device."""
    return cuda.to_device(np.array(routed, np.int64))
