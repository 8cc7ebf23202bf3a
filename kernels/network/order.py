"""The canonical order of a river network: heavy-first post-order.

Every node lies before its downstream node, every subtree is one interval, and of the tributaries of a node the one
with the largest subtree comes first. Cut anywhere, such an order has at most (tributaries - 1) pending links for each
light link on the way to the outlet, of which there are at most log2(nodes) (Sleator & Tarjan, 1983, heavy paths).
"""

import numpy as np
import numpy.typing as npt

from . import check
from .compiled import compiled


def canonical_order(downstream: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> np.ndarray:
    """The nodes in canonical order, as their present indices, int64 [node].

    Basins come by the index of their outlet, tributaries by falling weight of their subtree, then by index. The order
    does not depend on the number of ranks. weight [node] is 1 where it is not given.

    Raises:
        ValueError: an index out of range, a loop, or a bad weight.
    """
    downstream = check.links(downstream)
    nodes = downstream.size
    weight = check.weights(weight, nodes)
    topological = upstream_first(downstream)
    count, size = _subtrees(downstream, topological, weight)
    heavy = np.argsort(-size, kind="stable")
    return _post_order(downstream, topological, heavy, count)


def upstream_first(downstream: npt.ArrayLike) -> np.ndarray:
    """Some order in which every node lies before its downstream node, int64 [node]; for networks in any order.

    Raises:
        ValueError: the network has a loop.
    """
    downstream = check.links(downstream)
    queue, placed = _upstream_first(downstream)
    if placed < downstream.size:
        raise ValueError(
            f"{downstream.size - placed} nodes lie on loops or below them: kernels.network.loops lists them"
        )
    return queue


def reordered(downstream: npt.ArrayLike, order: npt.ArrayLike) -> np.ndarray:
    """The same network with its nodes put in the given order: new downstream indices, int64 [node]."""
    downstream, order = check.links(downstream), np.asarray(order, np.int64)
    position = np.empty_like(downstream)
    position[order] = np.arange(downstream.size)
    return position[downstream[order]]


@compiled
def _upstream_first(downstream):
    """Kahn's algorithm: a node enters the queue when all its tributaries have."""
    nodes = downstream.size
    waiting = np.zeros(nodes, np.int32)
    for i in range(nodes):
        if downstream[i] != i:
            waiting[downstream[i]] += 1
    queue, placed = np.empty(nodes, np.int64), 0
    for i in range(nodes):
        if waiting[i] == 0:
            queue[placed] = i
            placed += 1
    done = 0
    while done < placed:
        i = queue[done]
        done += 1
        j = downstream[i]
        if j != i:
            waiting[j] -= 1
            if waiting[j] == 0:
                queue[placed] = j
                placed += 1
    return queue, placed


@compiled
def _subtrees(downstream, topological, weight):
    """Number of nodes and weight of every subtree."""
    count, size = np.ones(downstream.size, np.int64), weight.copy()
    for i in topological:
        j = downstream[i]
        if j != i:
            count[j] += count[i]
            size[j] += size[i]
    return count, size


@compiled
def _post_order(downstream, topological, heavy, count):
    """Every subtree gets an interval of positions; its root is the last of it."""
    nodes = downstream.size
    first, taken = np.empty(nodes, np.int64), np.zeros(nodes, np.int64)
    for i in heavy:  # until its downstream node is placed, first counts from the start of that one's interval
        j = downstream[i]
        if j != i:
            first[i] = taken[j]
            taken[j] += count[i]
    start = 0
    for i in range(nodes):
        if downstream[i] == i:
            first[i] = start
            start += count[i]
    order = np.empty(nodes, np.int64)
    for k in range(nodes - 1, -1, -1):
        i = topological[k]
        j = downstream[i]
        if j != i:
            first[i] += first[j]
        order[first[i] + count[i] - 1] = i
    return order
