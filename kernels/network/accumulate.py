"""Sums along the rivers: what lies upstream of every node, and the adjoint."""

import numpy as np
import numpy.typing as npt

from . import check
from .compiled import compiled


def accumulate(downstream: npt.ArrayLike, values: npt.ArrayLike) -> np.ndarray:
    """Sum of values over every node and all that lies upstream of it, float64, [node] or [row, node] as the values.

    The network is in canonical order. A node's own value comes first, then its tributaries by ascending index: the
    same bits however many ranks there are.

    Raises:
        ValueError: the network is not in canonical order, or the values do not fit it.
    """
    downstream = check.canonical(downstream)
    total = _rows(values, downstream.size)
    _accumulate(downstream, total)
    return total.reshape(np.shape(values))


def accumulate_adjoint(downstream: npt.ArrayLike, d_total: npt.ArrayLike) -> np.ndarray:
    """Gradient with respect to the values of accumulate, from that with respect to its totals; same shape."""
    downstream = check.canonical(downstream)
    d_values = _rows(d_total, downstream.size)
    _accumulate_adjoint(downstream, d_values)
    return d_values.reshape(np.shape(d_total))


def _rows(values: npt.ArrayLike, nodes: int) -> np.ndarray:
    """A copy as float64 [row, node]."""
    array = np.array(values, np.float64, order="C")
    if array.ndim not in (1, 2) or array.shape[-1] != nodes:
        raise ValueError(f"values have shape {array.shape}, expected [node] or [row, node] with {nodes} nodes")
    return array.reshape(-1, nodes)


@compiled
def _accumulate(downstream, total):
    for row in range(total.shape[0]):
        for i in range(downstream.size):
            if downstream[i] != i:
                total[row, downstream[i]] += total[row, i]


@compiled
def _accumulate_adjoint(downstream, d_values):
    for row in range(d_values.shape[0]):
        for i in range(downstream.size - 1, -1, -1):
            if downstream[i] != i:
                d_values[row, i] += d_values[row, downstream[i]]
