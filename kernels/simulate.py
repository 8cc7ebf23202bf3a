"""Run a model over days and cells, and reverse it: the numpy face of the loops."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from .aligned import zeros
from .call import Call
from .loops import compiled
from .loops.cpu import WIDTH
from .model import Model
from .threads import run_all

LINE_PLACES = 16  # as many float32 as a cache line holds


@dataclass(frozen=True)
class Run:
    """What a simulation leaves, and what its adjoint needs to know of it.

    outputs [period, output, place] sums over the steps of each period of the weighted sum over components
    state [state, cell] after the last step, saved [segment, state, cell] at segment starts (empty where not kept)
    """

    outputs: np.ndarray
    state: np.ndarray
    saved: np.ndarray
    segment: int


@dataclass(frozen=True)
class Gradient:
    """Gradients of a scalar: shapes as the inputs of simulate; forcing and weights None where not asked for."""

    parameters: np.ndarray
    dynamic: np.ndarray
    state: np.ndarray
    forcing: np.ndarray | None
    weights: np.ndarray | None


def initial_state(model: Model, cells: int, dtype: Any = np.float32) -> np.ndarray:
    """The declared defaults of all states, [state, cell], mm."""
    column = np.array([variable.default for variable in model.states], dtype)
    return np.repeat(column[:, None], cells, axis=1)


def simulate(
    model: Model,
    forcing: np.ndarray,
    parameters: np.ndarray,
    state: np.ndarray,
    *,
    dynamic: np.ndarray | None = None,
    dynamic_names: Sequence[str] = (),
    geometry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    weighted: Sequence[str] | None = None,
    outputs: Sequence[str] = ("runoff",),
    period: np.ndarray | None = None,
    threads: int = 1,
    checkpoints: bool = False,
) -> Run:
    """Step every cell through all days.

    forcing [time, row, place] in the units of model.forcings, parameters [row, cell], state [row, cell] before the
    first step (left as it is); cell = component * places + place. dynamic [time, row, cell] holds daily values of the
    parameters named in dynamic_names, whose rows of `parameters` are then not used. geometry [row, place];
    weights [component, place] for the sum over components (default: the mean), applied to the outputs in `weighted`
    (default: all), or [output, component, place] where each output has its own. period [time] numbers the output period
    of each step (default: each step its own).
    All arrays C-contiguous and of one precision. Raises ValueError where shapes or names do not fit. NaN is not looked
    for: limits hide it (potential evaporation that is NaN dries the soil), so that the caller has to refuse it.
    """
    call = Call(model, forcing, parameters, dynamic, dynamic_names, geometry, weights, weighted, outputs, period)
    call.require(state, "state", (len(model.states), call.cells))
    segment = segment_length(call.days)
    kept = -(-call.days // segment) if checkpoints else 0
    daily = zeros((call.days, len(outputs), call.places), call.dtype)
    result = Run(daily, _copy(state), zeros((kept, *state.shape), call.dtype), segment)
    steps = np.arange(call.days)
    loop = compiled.forward(model, call.precision)
    fluxes, given = len(model.fluxes) + model.work, len(model.parameters) + len(model.derived)

    def work(begin: int, end: int) -> None:
        a, b = call.scratch(len(model.states)), call.scratch(len(model.states))
        loop(
            forcing, call.geometry, parameters, call.dynamic, call.dynamic_rows, call.weight, call.rows, steps,
            daily, result.state, result.saved, checkpoints, segment, begin, end,
            call.scratch(len(model.forcings)), call.scratch(len(model.geometry)), a, b,
            call.scratch(fluxes), call.scratch(given),
        )  # fmt: skip

    _spread(work, call.places, threads)
    return result if period is None else replace(result, outputs=_sums(daily, call))


def simulate_adjoint(
    model: Model,
    run: Run,
    forcing: np.ndarray,
    parameters: np.ndarray,
    d_outputs: np.ndarray,
    d_state: np.ndarray,
    *,
    dynamic: np.ndarray | None = None,
    dynamic_names: Sequence[str] = (),
    geometry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    weighted: Sequence[str] | None = None,
    outputs: Sequence[str] = ("runoff",),
    period: np.ndarray | None = None,
    threads: int = 1,
    want_forcing: bool = False,
    want_weights: bool = False,
) -> Gradient:
    """Reverse of simulate called with checkpoints=True and the same arguments.

    d_outputs [period, output, place] and d_state [row, cell] are the gradients of the scalar with respect to the
    outputs and the final state. Raises ValueError where shapes do not fit or the run kept no states.
    """
    call = Call(model, forcing, parameters, dynamic, dynamic_names, geometry, weights, weighted, outputs, period)
    if call.days and run.saved.shape[0] == 0:
        raise ValueError("the run kept no states to reverse from: call simulate with checkpoints=True")
    call.require(run.saved, "states kept by the run", (-(-call.days // run.segment), len(model.states), call.cells))
    call.require(d_state, "d_state", (len(model.states), call.cells))
    call.require(d_outputs, "d_outputs", (call.periods, len(outputs), call.places))
    d_parameters = zeros(parameters.shape, call.dtype)
    d_initial = _copy(d_state)
    d_dynamic = np.empty_like(call.dynamic)
    d_forcing = zeros(forcing.shape if want_forcing else (1, 1, 1), call.dtype)
    d_weight = zeros(call.weight.shape if want_weights else (1, 1, 1), call.dtype)
    loop = compiled.adjoint(model, call.precision)
    states = len(model.states)
    fluxes, given = len(model.fluxes) + model.work, len(model.parameters) + len(model.derived)

    def work(begin: int, end: int) -> None:
        loop(
            forcing, call.geometry, parameters, call.dynamic, call.dynamic_rows, call.weight, call.rows, call.period,
            run.saved, run.segment, d_outputs, d_initial, d_parameters, d_dynamic, d_forcing, d_weight,
            want_forcing, want_weights, begin, end,
            call.scratch(len(model.forcings)), call.scratch(len(model.geometry)),
            zeros((run.segment + 1, states + len(model.handed), WIDTH), call.dtype), call.scratch(states),
            call.scratch(states),
            call.scratch(fluxes), call.scratch(given),
            call.scratch(states), call.scratch(states), call.scratch(fluxes),
            call.scratch(len(model.forcings)), call.scratch(given),
        )  # fmt: skip

    _spread(work, call.places, threads)
    share = None
    if want_weights:
        own = weights is not None and weights.ndim == 3
        share = d_weight if own else d_weight[call.is_weighted].sum(axis=0)
    return Gradient(d_parameters, d_dynamic, d_initial, d_forcing if want_forcing else None, share)


def _copy(array: np.ndarray) -> np.ndarray:
    target = zeros(array.shape, array.dtype)
    target[...] = array
    return target


def _sums(daily: np.ndarray, call: Call) -> np.ndarray:
    """Sums over the steps of each period, one step after the other: no cut of places or components changes the bits."""
    sums = np.zeros((call.periods, *daily.shape[1:]), call.dtype)
    for step, period in enumerate(call.period):
        sums[period] += daily[step]
    return sums


def segment_length(days: int) -> int:
    """Days between two kept states: near the square root, at most 32."""
    return max(1, min(32, round(days**0.5)))


def _spread(work: Callable[[int, int], None], places: int, threads: int) -> None:
    """Run work(begin, end) over all places, cut between threads; the loops release Python's lock.

    Where there are places enough, the cuts fall on cache lines: two threads that write to one line slow each other.
    """
    share = -(-places // max(1, threads))
    if share > LINE_PLACES:
        share = -(-share // LINE_PLACES) * LINE_PLACES
    cuts = list(range(0, places, share))
    run_all([partial(work, begin, min(begin + share, places)) for begin in cuts])
