"""Loops of a network: rivers that flow back into themselves."""

import numpy as np
import numpy.typing as npt

from .compiled import compiled


def loops(downstream: npt.ArrayLike) -> list[np.ndarray]:
    """The nodes of every loop, each from its lowest index in the direction of flow; loops by their lowest index.

    downstream [node] may be in any order. A node that flows to itself or to a negative index ends a river.

    Raises:
        ValueError: an index beyond the last node.
    """
    nodes, starts = loop_nodes(downstream)
    found = [np.roll(loop, -int(loop.argmin())) for loop in np.split(nodes, starts[1:])] if nodes.size else []
    return sorted(found, key=lambda loop: int(loop[0]))


def loop_nodes(downstream: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The nodes of all loops one after the other, and where each loop starts; int64. For maps with very many loops."""
    downstream = np.ascontiguousarray(downstream, np.int64).ravel()
    if downstream.size and downstream.max() >= downstream.size:
        node = int(np.flatnonzero(downstream >= downstream.size)[0])
        raise ValueError(f"node {node} flows to {downstream[node]}, expected an index below {downstream.size}")
    return _loops(downstream)


@compiled
def _loops(downstream):
    """Walk down from every node until a known one; one of the same walk closes a loop."""
    nodes = downstream.size
    walk, entry = np.full(nodes, -1, np.int64), np.zeros(nodes, np.bool_)
    size = 0
    for origin in range(nodes):
        i = origin
        while i >= 0 and walk[i] < 0:
            walk[i] = origin
            i = -1 if downstream[i] == i else downstream[i]
        if i >= 0 and walk[i] == origin:
            entry[i] = True
            size += 1
            k = downstream[i]
            while k != i:
                size, k = size + 1, downstream[k]
    entries = np.flatnonzero(entry)
    found, starts, size = np.empty(size, np.int64), np.empty(entries.size, np.int64), 0
    for k in range(entries.size):
        starts[k], i = size, entries[k]
        while size == starts[k] or i != entries[k]:
            found[size], i = i, downstream[i]
            size += 1
    return found, starts
