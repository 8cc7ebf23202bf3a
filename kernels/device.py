"""Run a model over days and cells on a GPU, and reverse it: as kernels/simulate.py, with arrays on the device.

All work is queued on the stream; nothing waits for it and nothing is copied to the host. `empty(shape, dtype name)`
makes the arrays that are returned and all scratch memory, so that a framework's own allocator can serve.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .device_call import Array, DeviceCall, Empty, as_device, empty_array, launch
from .device_order import Order
from .loops import cuda as loops
from .loops import cuda_compiled
from .model import Model
from .simulate import Gradient, Run, segment_length


def simulate(
    model: Model,
    forcing: Array,
    parameters: Array,
    state: Array,
    *,
    dynamic: Array | None = None,
    dynamic_names: Sequence[str] = (),
    geometry: Array | None = None,
    weights: Array | None = None,
    weighted: Sequence[str] | None = None,
    outputs: Sequence[str] = ("runoff",),
    period: np.ndarray | None = None,
    checkpoints: bool = False,
    sort_every: int = 0,
    empty: Empty = empty_array,
    stream: Any = 0,
) -> Run:
    """As kernels.simulate.simulate; the arrays of the result are those that `empty` made.

    sort_every: steps after which cells are sorted anew, so that those which take the same branches are stepped side
    by side (kernels/device_order.py); 0: not at all. The results are the same to the bit.
    """
    call = DeviceCall(
        model, forcing, parameters, dynamic=dynamic, dynamic_names=dynamic_names, geometry=geometry, weights=weights,
        weighted=weighted, outputs=outputs, period=period, empty=empty, stream=stream,
    )  # fmt: skip
    start = call.require(as_device(state), "state", (len(model.states), call.cells))
    segment = segment_length(call.days)
    kept = -(-call.days // segment) if checkpoints else 1
    final = empty(start.shape, call.precision)
    saved = empty((kept, *start.shape), call.precision)
    daily = empty((call.days, call.count, call.places), call.precision)
    order = Order(call, sort_every)
    step(call, order, start, as_device(final), as_device(saved), checkpoints, segment, as_device(daily))
    result = daily
    if period is not None:
        result = empty((call.periods, call.count, call.places), call.precision)
        total = cuda_compiled.plain(loops.sum_periods, call.precision)
        launch(total, call.count * call.places, stream, as_device(daily), call.period, as_device(result))
    return Run(result, final, saved, segment if checkpoints else 0)


def step(
    call: DeviceCall, order: Order, start: Any, final: Any, saved: Any, keep: bool, segment: int, daily: Any
) -> None:
    """All days, a stretch after the other."""
    loop = cuda_compiled.forward(call.model, call.precision, call.rows, call.dynamic_rows, order.is_on)
    total = cuda_compiled.plain(loops.sum_outputs, call.precision)
    length = order.stretch(min(call.stretch(call.count, segment), max(call.days, 1)), segment)
    series = call.empty((length, max(call.count, 1), call.cells))
    for begin in range(0, max(call.days, 1), length):
        end, before = min(begin + length, call.days), final if begin else start
        launch(
            loop, call.cells, call.stream, call.forcing, call.geometry, call.parameters, call.dynamic,
            order.at(before), before, final, saved, keep, segment, begin, end, series,
        )  # fmt: skip
        items = (end - begin) * call.count * call.places
        launch(total, items, call.stream, series, call.weight, begin, end, daily)


def simulate_adjoint(
    model: Model,
    run: Run,
    forcing: Array,
    parameters: Array,
    d_outputs: Array,
    d_state: Array,
    *,
    dynamic: Array | None = None,
    dynamic_names: Sequence[str] = (),
    geometry: Array | None = None,
    weights: Array | None = None,
    weighted: Sequence[str] | None = None,
    outputs: Sequence[str] = ("runoff",),
    period: np.ndarray | None = None,
    want_forcing: bool = False,
    want_weights: bool = False,
    sort_every: int = 0,
    empty: Empty = empty_array,
    stream: Any = 0,
) -> Gradient:
    """As kernels.simulate.simulate_adjoint; the gradient of `dynamic` means nothing where there is none.

    sort_every: as in simulate, and not necessarily the same.
    """
    call = DeviceCall(
        model, forcing, parameters, dynamic=dynamic, dynamic_names=dynamic_names, geometry=geometry, weights=weights,
        weighted=weighted, outputs=outputs, period=period, empty=empty, stream=stream,
    )  # fmt: skip
    if run.segment == 0:
        raise ValueError("the run kept no states to reverse from: call simulate with checkpoints=True")
    d_final = call.require(as_device(d_state), "d_state", (len(model.states), call.cells))
    given = call.require(as_device(d_outputs), "d_outputs", (call.periods, call.count, call.places))
    d_parameters = empty(call.parameters.shape, call.precision)
    d_initial = empty(d_final.shape, call.precision)
    d_dynamic = empty(call.dynamic.shape, call.precision)
    d_forcing = empty(call.forcing.shape, call.precision) if want_forcing else None
    d_weight = call.empty(call.weight.shape if want_weights else (1, 1))
    gradients = (d_initial, d_parameters, d_dynamic, d_forcing)
    reverse(call, Order(call, sort_every), run, given, d_final, *gradients, d_weight, want_weights)
    d_weights = empty((call.components, call.places), call.precision) if want_weights else None
    share = cuda_compiled.plain(loops.sum_weight, call.precision)
    for k, use in enumerate(call.is_weighted if want_weights else []):
        launch(share, call.places * call.components, stream, d_weight, use, k, k == 0, as_device(d_weights))
    return Gradient(d_parameters, d_dynamic, d_initial, d_forcing, d_weights)


def reverse(
    call: DeviceCall, order: Order, run: Run, d_outputs: Any, d_final: Any, d_initial: Array, d_parameters: Array,
    d_dynamic: Array, d_forcing: Array | None, d_weight: Any, want_weights: bool,
) -> None:  # fmt: skip
    """All days backwards, a stretch after the other."""
    loop = cuda_compiled.adjoint(call.model, call.precision, call.rows, call.dynamic_rows, order.is_on)
    total = cuda_compiled.plain(loops.sum_forcing, call.precision)
    rows, states = len(call.model.forcings), len(call.model.states)
    length = min(call.stretch(rows if d_forcing is not None else 0, run.segment), max(call.days, 1))
    length = order.stretch(length, run.segment)
    d_weather = call.empty((length, rows, call.cells) if d_forcing is not None else (1, 1, 1))
    scratch = call.empty((run.segment, states, call.cells))
    start, of_parameters, of_days = as_device(d_initial), as_device(d_parameters), as_device(d_dynamic)
    saved, begins = as_device(run.saved), range(0, max(call.days, 1), length)
    for begin in reversed(begins):
        end, first = min(begin + length, call.days), begin == begins[-1]
        launch(
            loop, call.cells, call.stream, call.forcing, call.geometry, call.parameters, call.dynamic,
            order.at(saved[begin // run.segment]), call.weight, call.period, saved, run.segment, begin, end,
            d_outputs, d_final if first else start, start, of_parameters, of_days, d_weather, d_weight,
            d_forcing is not None, want_weights, first, scratch,
        )  # fmt: skip
        if d_forcing is not None:
            items = (end - begin) * rows * call.places
            launch(total, items, call.stream, d_weather, begin, end, as_device(d_forcing))
