"""What every function of this room asks of the arrays it is given."""

import numpy as np
import numpy.typing as npt


def links(downstream: npt.ArrayLike) -> np.ndarray:
    """Downstream indices as contiguous int64 [node].

    Raises:
        ValueError: they are not a vector of integers between 0 and the number of nodes.
    """
    array = np.asarray(downstream)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ValueError(f"downstream has shape {array.shape} and type {array.dtype}, expected integers [node]")
    if array.size and not (array.min() >= 0 and array.max() < array.size):
        node = int(np.flatnonzero((array < 0) | (array >= array.size))[0])
        raise ValueError(f"node {node} flows to {array[node]}, expected an index between 0 and {array.size - 1}")
    return np.ascontiguousarray(array, np.int64)


def canonical(downstream: npt.ArrayLike) -> np.ndarray:
    """Downstream indices of a network in which every node lies before its downstream node.

    Raises:
        ValueError: some node flows to one that lies before it.
    """
    array = links(downstream)
    back = array < np.arange(array.size)
    if back.any():
        node = int(np.flatnonzero(back)[0])
        raise ValueError(f"node {node} flows back to {array[node]}: put the network in canonical order first")
    return array


def weights(weight: npt.ArrayLike | None, nodes: int | None = None) -> np.ndarray:
    """Weights as float64 [node], ones where None is given.

    Raises:
        ValueError: wrong shape, or a weight that is negative or not finite.
    """
    array = np.ones(nodes or 0) if weight is None else np.ascontiguousarray(weight, np.float64)
    if array.ndim != 1 or nodes not in (None, array.size):
        raise ValueError(f"weight has shape {array.shape}, expected one number for each of {nodes} nodes")
    if not np.all(np.isfinite(array) & (array >= 0)):
        node = int(np.flatnonzero(~(np.isfinite(array) & (array >= 0)))[0])
        raise ValueError(f"weight of node {node} is {array[node]}, expected zero or more")
    return array


def bounds(given: npt.ArrayLike, nodes: int) -> np.ndarray:
    """Bounds of the ranks as int64 [rank + 1], from 0 to the number of nodes, never falling.

    Raises:
        ValueError: they are anything else.
    """
    array = np.ascontiguousarray(given, np.int64)
    if array.ndim != 1 or array.size < 2 or array[0] != 0 or array[-1] != nodes or np.any(np.diff(array) < 0):
        raise ValueError(f"bounds of ranks must rise from 0 to {nodes}")
    return array
