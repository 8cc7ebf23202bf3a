"""Convolution in time with weights of each place, and its adjoint."""

from collections.abc import Callable
from functools import cache

from ..bind import bind_loop


def _convolve(padded, weights, routed):
    """routed [time, series, place] from padded [lag - 1 + time, series, place] and weights [lag, place]."""
    lags = weights.shape[0]
    for t in range(routed.shape[0]):
        for s in range(routed.shape[1]):
            for i in range(routed.shape[2]):
                routed[t, s, i] = 0
            for k in range(lags):
                for i in range(routed.shape[2]):
                    routed[t, s, i] += weights[k, i] * padded[t + lags - 1 - k, s, i]


def _convolve_adjoint(padded, weights, d_routed, d_padded, d_weights):
    """Reverse of _convolve: adds to d_padded and d_weights."""
    lags = weights.shape[0]
    for t in range(d_routed.shape[0]):
        for s in range(d_routed.shape[1]):
            for k in range(lags):
                for i in range(d_routed.shape[2]):
                    d = d_routed[t, s, i]
                    d_padded[t + lags - 1 - k, s, i] += weights[k, i] * d
                    d_weights[k, i] += padded[t + lags - 1 - k, s, i] * d


@cache
def convolve(precision: str) -> Callable:
    """The compiled convolution of one precision."""
    return bind_loop(_convolve, None, precision)


@cache
def convolve_adjoint(precision: str) -> Callable:
    """The compiled adjoint of the convolution."""
    return bind_loop(_convolve_adjoint, None, precision)
