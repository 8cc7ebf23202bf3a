"""The gamma unit hydrograph of HBV's publications (Feng et al., 2022; Nash, 1957), with its adjoint.

Ordinates: u_k proportional to (k + 1/2)^(a - 1) exp(-(k + 1/2)/b), k = 0 .. lags - 1, summing to 1, with
a = max(route_a, 0) + 0.1 and b = max(route_b, 0) + 0.5. Routed flow at t is the sum of u_k flow(t - k).
"""

import numpy as np

from .convolution import convolve, convolve_adjoint
from .declarations import PARAMETERS

__all__ = ["LAGS", "PARAMETERS", "in_transit", "no_history", "ordinates", "ordinates_adjoint", "route", "route_adjoint"]

LAGS = 15
OFFSET_A, OFFSET_B = 0.1, 0.5


def ordinates(route_a: np.ndarray, route_b: np.ndarray, lags: int = LAGS) -> np.ndarray:
    """Ordinates [lag, place] for route_a, route_b [place], computed in float64, returned in the precision given."""
    middle = np.arange(lags)[:, None] + 0.5
    a = np.maximum(np.asarray(route_a, np.float64), 0.0) + OFFSET_A
    b = np.maximum(np.asarray(route_b, np.float64), 0.0) + OFFSET_B
    exponent = (a - 1.0) * np.log(middle) - middle / b
    weight = np.exp(exponent - exponent.max(axis=0))
    return np.ascontiguousarray((weight / weight.sum(axis=0)).astype(np.asarray(route_a).dtype))


def ordinates_adjoint(
    route_a: np.ndarray, route_b: np.ndarray, d_ordinates: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients [place] with respect to route_a and route_b; at zero and below it stops."""
    lags = d_ordinates.shape[0]
    middle = np.arange(lags)[:, None] + 0.5
    given_a, given_b = np.asarray(route_a, np.float64), np.asarray(route_b, np.float64)
    u = ordinates(given_a, given_b, lags)
    b = np.maximum(given_b, 0.0) + OFFSET_B
    spread = u * (d_ordinates - (u * d_ordinates).sum(axis=0))
    d_a = np.where(given_a > 0.0, (spread * np.log(middle)).sum(axis=0), 0.0)
    d_b = np.where(given_b > 0.0, (spread * middle).sum(axis=0) / b**2, 0.0)
    dtype = np.asarray(route_a).dtype
    return d_a.astype(dtype), d_b.astype(dtype)


def no_history(series: int, places: int, dtype: np.dtype | type, lags: int = LAGS) -> np.ndarray:
    """Flow of the days before the start: none, [lag - 1, series, place]."""
    return np.zeros((lags - 1, series, places), dtype)


def route(flow: np.ndarray, weights: np.ndarray, history: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Routed flow [time, series, place] and the history [lag - 1, series, place] that the next days need.

    flow [time, series, place], weights [lag, place]; history None is zero flow before the start. Sums run over the lags
    in fixed order, so that a run cut anywhere gives the same bits. Raises ValueError where shapes or precisions do not
    fit.
    """
    lags = weights.shape[0]
    padded = _padded(flow, weights, history)
    routed = np.empty_like(flow)
    convolve(flow.dtype.name)(padded, weights, routed)
    return routed, padded[padded.shape[0] - (lags - 1) :].copy()


def route_adjoint(
    flow: np.ndarray, weights: np.ndarray, d_routed: np.ndarray, history: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients with respect to flow, weights and history (shapes as theirs) for d_routed [time, series, place]."""
    lags = weights.shape[0]
    padded = _padded(flow, weights, history)
    if d_routed.shape != flow.shape or d_routed.dtype != flow.dtype:
        found = f"{d_routed.dtype}{list(d_routed.shape)}"
        raise ValueError(f"gradient of routed flow is {found}, expected {flow.dtype}{list(flow.shape)}")
    d_padded = np.zeros_like(padded)
    d_weights = np.zeros_like(weights)
    convolve_adjoint(flow.dtype.name)(padded, weights, np.ascontiguousarray(d_routed), d_padded, d_weights)
    return d_padded[lags - 1 :], d_weights, d_padded[: lags - 1]


def _padded(flow: np.ndarray, weights: np.ndarray, history: np.ndarray | None) -> np.ndarray:
    """Flow with that of the days before it; the compiled loops do not look whether an index is inside."""
    lags, places = weights.shape
    before = no_history(flow.shape[1], flow.shape[2], flow.dtype, lags) if history is None else history
    if places != flow.shape[2] or weights.dtype != flow.dtype:
        expected = f"{flow.dtype}[lag, {flow.shape[2]}]"
        raise ValueError(f"weights of the unit hydrograph are {weights.dtype}{[lags, places]}, expected {expected}")
    if before.shape != (lags - 1, *flow.shape[1:]) or before.dtype != flow.dtype:
        expected = f"{flow.dtype}{[lags - 1, *flow.shape[1:]]}"
        raise ValueError(f"flow of the days before is {before.dtype}{list(before.shape)}, expected {expected}")
    return np.concatenate((before, flow))


def in_transit(history: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Water [series, place], mm, that has left the model but not yet reached the outlet."""
    still_to_come = 1.0 - np.cumsum(weights.astype(np.float64), axis=0)[:-1]
    water = np.zeros(history.shape[1:])
    # Day by day: numpy's own sums have other bits where there is one place only.
    for share, flow in zip(still_to_come, history[::-1], strict=True):
        water += flow * share
    return water
