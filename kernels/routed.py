"""A model and its unit hydrograph in one call, and the adjoint of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .model import Model
from .routing import unit_hydrograph as uh
from .routing.declarations import ROUTED
from .simulate import Gradient, Run, simulate, simulate_adjoint


@dataclass(frozen=True)
class RoutedRun:
    """outputs [time, output, place], state [state, cell] and history [lag - 1, series, place] after the last day."""

    outputs: np.ndarray
    state: np.ndarray
    history: np.ndarray
    run: Run
    ordinates: np.ndarray
    routed: tuple[int, ...]


@dataclass(frozen=True)
class RoutedGradient:
    """Gradients: of the model's inputs, and of routing [2, place] and history [lag - 1, series, place]."""

    model: Gradient
    routing: np.ndarray
    history: np.ndarray


def simulate_routed(
    model: Model,
    forcing: np.ndarray,
    parameters: np.ndarray,
    routing: np.ndarray,
    state: np.ndarray,
    *,
    outputs: Sequence[str] = ("streamflow",),
    weighted: Sequence[str] | None = None,
    history: np.ndarray | None = None,
    lags: int = uh.LAGS,
    **options: Any,
) -> RoutedRun:
    """As simulate, with outputs that may be routed (names in ROUTED); routing [2, place] holds route_a and route_b.

    history [lag - 1, series, place] is flow of the days before the first (default: none), series in the order of the
    routed outputs. A routed flow and its unrouted one are weighted alike. Output periods are not routed: steps only.
    Raises ValueError where shapes, precisions or names do not fit.
    """
    if options.get("period") is not None:
        raise ValueError("flow is routed from step to step: sum the routed steps over periods instead")
    if routing.shape != (2, forcing.shape[-1]) or routing.dtype != forcing.dtype:
        raise ValueError(
            f"routing is {routing.dtype}{list(routing.shape)}, expected {forcing.dtype}[2, {forcing.shape[-1]}]: "
            "route_a and route_b"
        )
    run = simulate(
        model, forcing, parameters, state, outputs=unrouted(outputs), weighted=_weighted(weighted), **options
    )
    routed = tuple(k for k, name in enumerate(outputs) if name in ROUTED)
    ordinates = uh.ordinates(routing[0], routing[1], lags)
    flow = np.ascontiguousarray(run.outputs[:, routed])
    at_outlet, history = uh.route(flow, ordinates, history)
    values = run.outputs
    if routed:
        values = at_outlet if len(routed) == len(outputs) else values.copy()
        values[:, routed] = at_outlet
    return RoutedRun(values, run.state, history, run, ordinates, routed)


def simulate_routed_adjoint(
    model: Model,
    done: RoutedRun,
    forcing: np.ndarray,
    parameters: np.ndarray,
    routing: np.ndarray,
    d_outputs: np.ndarray,
    d_state: np.ndarray,
    *,
    outputs: Sequence[str] = ("streamflow",),
    weighted: Sequence[str] | None = None,
    history: np.ndarray | None = None,
    **options: Any,
) -> RoutedGradient:
    """Reverse of simulate_routed called with checkpoints=True and the same arguments."""
    flow = np.ascontiguousarray(done.run.outputs[:, done.routed])
    d_flow, d_ordinates, d_history = uh.route_adjoint(flow, done.ordinates, d_outputs[:, done.routed], history)
    d_a, d_b = uh.ordinates_adjoint(routing[0], routing[1], d_ordinates)
    if len(done.routed) == len(outputs):
        d_unrouted = np.ascontiguousarray(d_flow)
    else:
        d_unrouted = d_outputs.copy()
        d_unrouted[:, done.routed] = d_flow
    gradient = simulate_adjoint(
        model,
        done.run,
        forcing,
        parameters,
        d_unrouted,
        d_state,
        outputs=unrouted(outputs),
        weighted=_weighted(weighted),
        **options,
    )
    return RoutedGradient(gradient, np.stack((d_a, d_b)), d_history)


def unrouted(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(ROUTED.get(name, name) for name in names)


def _weighted(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else unrouted(names)
