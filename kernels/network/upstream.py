"""Who flows into a node, how far it is from the farthest headwater, and where its water ends."""

import numpy as np
import numpy.typing as npt

from . import check
from .compiled import compiled


def upstream(downstream: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Tributaries: start int64 [node + 1], nodes int64; those of i are nodes[start[i]:start[i + 1]], ascending.

    Raises:
        ValueError: an index out of range.
    """
    return _upstream(check.links(downstream))


def levels(downstream: npt.ArrayLike) -> np.ndarray:
    """Number of links on the longest way down to each node of a network in canonical order, int32 [node]; headwaters 0.

    Raises:
        ValueError: the network is not in canonical order.
    """
    return _levels(check.canonical(downstream))


def outlet(downstream: npt.ArrayLike) -> np.ndarray:
    """The node at which the water of each node of a network in canonical order ends, int64 [node]: its basin.

    Raises:
        ValueError: the network is not in canonical order.
    """
    return _outlet(check.canonical(downstream))


@compiled
def _upstream(downstream):
    nodes = downstream.size
    start = np.zeros(nodes + 1, np.int64)
    for i in range(nodes):
        if downstream[i] != i:
            start[downstream[i] + 1] += 1
    for i in range(nodes):
        start[i + 1] += start[i]
    tributaries, filled = np.empty(start[nodes], np.int64), start[:-1].copy()
    for i in range(nodes):
        j = downstream[i]
        if j != i:
            tributaries[filled[j]] = i
            filled[j] += 1
    return start, tributaries


@compiled
def _levels(downstream):
    level = np.zeros(downstream.size, np.int32)
    for i in range(downstream.size):
        j = downstream[i]
        if j != i:
            level[j] = max(level[j], level[i] + 1)
    return level


@compiled
def _outlet(downstream):
    end = downstream.copy()
    for i in range(downstream.size - 1, -1, -1):
        end[i] = end[downstream[i]]
    return end
