"""Route water through a network, and reverse it: the numpy face of the river loops."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from ..threads import run_all
from .piece import Piece
from .plan import Plan
from .router import Router
from .work import Reverse, Window, to_blocks

DAY = 86400.0  # s


class Exchange(Protocol):
    """How series of water on cut links go from rank to rank."""

    def send(self, rank: int, tag: int, array: np.ndarray) -> None:
        """Send without waiting for the receiver; the array may be changed at once."""

    def receive(self, rank: int, tag: int, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        """Wait for what the rank sent under the tag."""

    def finish(self) -> None:
        """Wait until everything sent has left."""


@dataclass(frozen=True)
class RiverRun:
    """discharge [time, node] m3 s-1, state [row, node] after the last step; the rest is for the adjoint."""

    discharge: np.ndarray
    state: np.ndarray
    series: np.ndarray
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class RiverGradient:
    """Gradients of lateral [time, node], parameters [row, node] and the initial state [row, node]."""

    lateral: np.ndarray
    parameters: np.ndarray
    state: np.ndarray


def initial_river(router: Router, nodes: int, precision: Any) -> np.ndarray:
    """State [row, node] of rivers without water."""
    return np.zeros((len(router.states), nodes), precision)


def route(
    router: Router,
    plan: Plan,
    lateral: np.ndarray,
    parameters: np.ndarray,
    state: np.ndarray,
    *,
    geometry: np.ndarray | None = None,
    step_seconds: float = DAY,
    substeps: int = 0,
    exchange: Exchange | None = None,
    checkpoints: bool = False,
) -> RiverRun:
    """Discharge of all steps.

    lateral [time, node] m3 s-1 enters the own nodes, state [row, node] before the first step, parameters and geometry
    [row, node] as the router declares them; all of one precision and of the rank's own nodes, in canonical order.
    substeps: 0 = the router's own. exchange is needed where the plan has links to other ranks. checkpoints: keep what
    route_adjoint needs. Raises ValueError where shapes or precisions do not fit.
    """
    work = _Call(router, plan, lateral, parameters, state, geometry, step_seconds, substeps)
    series = np.empty((work.steps * work.substeps, len(plan.links)), work.dtype)
    discharge = np.zeros_like(lateral)
    final = np.empty_like(state)
    coefficients = router.prepare(parameters, work.geometry, work.seconds)
    windows = []
    arrays = lateral, state, series, discharge, final
    for stage, batches in _by_stage(plan):
        _receive(plan.incoming, stage - 1, exchange, series, 0)
        for batch in batches:
            ready = [Window(router, piece, to_blocks(coefficients, piece), work, checkpoints) for piece in batch]
            run_all([partial(window.forward, *arrays) for window in ready], plan.threads)
            windows += ready
        _send(plan.outgoing, stage, exchange, series, 0)
    if exchange:
        exchange.finish()
    return RiverRun(discharge, final, series if checkpoints else series[:0], tuple(windows) if checkpoints else ())


def route_adjoint(
    router: Router,
    plan: Plan,
    run: RiverRun,
    lateral: np.ndarray,
    parameters: np.ndarray,
    d_discharge: np.ndarray,
    d_state: np.ndarray,
    *,
    geometry: np.ndarray | None = None,
    step_seconds: float = DAY,
    substeps: int = 0,
    exchange: Exchange | None = None,
) -> RiverGradient:
    """Reverse of route called with checkpoints=True and the same arguments; links carry gradients upstream.

    d_discharge [time, node] and d_state [row, node]: gradients of the scalar with respect to discharge and final state.
    """
    work = _Call(router, plan, lateral, parameters, d_state, geometry, step_seconds, substeps)
    work.require(d_discharge, "d_discharge", lateral.shape)
    if len(run.windows) != len(plan.pieces):
        raise ValueError("the run kept no states to reverse from: call route with checkpoints=True")
    d_series = np.zeros(run.series.shape, work.dtype)
    gradient = RiverGradient(np.zeros_like(lateral), np.zeros_like(parameters), np.zeros_like(d_state))
    d_coefficients = np.zeros((len(router.coefficients), plan.count), work.dtype)
    windows = dict(zip(map(id, plan.pieces), run.windows, strict=True))
    arrays = lateral, d_discharge, d_state, run.series, d_series, gradient, d_coefficients
    for stage, batches in reversed(_by_stage(plan)):
        _receive(plan.outgoing, stage, exchange, d_series, 1)
        for batch in reversed(batches):
            reverse = [Reverse(windows[id(piece)], work) for piece in batch]
            run_all([partial(one.backward, *arrays) for one in reverse], plan.threads)
        _send(plan.incoming, stage - 1, exchange, d_series, 1)
    if exchange:
        exchange.finish()
    gradient.parameters[...] = router.prepare_adjoint(parameters, work.geometry, work.seconds, d_coefficients)
    return gradient


class _Call:
    """Arguments of one call, checked."""

    def __init__(self, router, plan, lateral, parameters, state, geometry, step_seconds, substeps):
        if lateral.ndim != 2 or lateral.dtype not in (np.float32, np.float64):
            raise ValueError(
                f"lateral is {lateral.dtype}{list(lateral.shape)}, expected float32 or float64 [time, node]"
            )
        self.dtype, self.steps, self.nodes = lateral.dtype, len(lateral), plan.count
        self.geometry = np.empty((0, plan.count), self.dtype) if geometry is None else geometry
        self.require(lateral, "lateral", (self.steps, plan.count))
        self.require(parameters, "parameters", (len(router.parameters), plan.count))
        self.require(state, "state", (len(router.states), plan.count))
        self.require(self.geometry, "geometry", (len(router.geometry), plan.count))
        self.substeps = substeps or router.substeps
        self.seconds = step_seconds / self.substeps
        self.per_second = 1.0 / step_seconds

    def require(self, array: np.ndarray, name: str, shape: tuple[int, ...]) -> None:
        if array.shape != shape or array.dtype != self.dtype or not array.flags.c_contiguous:
            raise ValueError(
                f"{name} is {array.dtype}{list(array.shape)}, expected C-contiguous {self.dtype}{list(shape)}"
            )


def _by_stage(plan: Plan) -> list[tuple[int, list[tuple[Piece, ...]]]]:
    """Batches of each stage, in the order of work; none where a stage has only messages that wait."""
    found: dict[int, list[tuple[Piece, ...]]] = {stage + 1: [] for _, stage in plan.incoming}
    for stage, batch in plan.batches:
        found.setdefault(stage, []).append(batch)
    return sorted(found.items())


def _send(messages: dict, stage: int, exchange: Exchange | None, series: np.ndarray, direction: int) -> None:
    for (rank, number), columns in messages.items():
        if number == stage:
            _needed(exchange).send(rank, 2 * number + direction, np.ascontiguousarray(series[:, columns]))


def _receive(messages: dict, stage: int, exchange: Exchange | None, series: np.ndarray, direction: int) -> None:
    for (rank, number), columns in messages.items():
        if number == stage:
            shape = (len(series), len(columns))
            series[:, columns] = _needed(exchange).receive(rank, 2 * number + direction, shape, series.dtype)


def _needed(exchange: Exchange | None) -> Exchange:
    if exchange is None:
        raise ValueError("the plan has links to other ranks: give an exchange")
    return exchange
