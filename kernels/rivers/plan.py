"""A rank's part of the network: pieces that wait for each other as little as can be, and the links between them.

Ranks own intervals of the canonical order. A node's stage is how often water has crossed between ranks before it
arrives there. A piece is what one thread routes in one go, all steps of a window at a time: of a rank's first stage,
which is nearly all of it, intervals small enough for a near cache, and then one piece of what they flow to; of every
later stage, one piece. Water on the links between pieces is a series [sub-step, link]; what others need of it is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..network.cut import cut, rank_of
from ..network.stages import stages
from ..network.upstream import upstream
from .piece import Piece, piece

# Nodes whose states, coefficients and water lie in a near cache while they step through a window.
PIECE = 8192


@dataclass(frozen=True)
class Plan:
    """What one rank routes, and in which order.

    first, count    its interval of the canonical order
    batches         pieces by stage; those of one batch do not wait for each other: (stage, pieces)
    links           nodes (canonical) whose water crosses into, out of or between own pieces, ascending
    incoming, outgoing   (other rank, stage of the sending nodes) -> columns of the series
    threads         that share the pieces of a batch
    """

    first: int
    count: int
    batches: tuple[tuple[int, tuple[Piece, ...]], ...]
    links: np.ndarray
    incoming: dict[tuple[int, int], np.ndarray]
    outgoing: dict[tuple[int, int], np.ndarray]
    threads: int = 1

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces, in the order of work."""
        return tuple(piece for _, batch in self.batches for piece in batch)


def plan(
    downstream: np.ndarray, bounds: Sequence[int] | np.ndarray | None = None, rank: int = 0, threads: int = 1
) -> Plan:
    """The part of one rank of a network in canonical order.

    downstream [node] of the whole network (own index where water ends), bounds [rank + 1] as from network.cut (default:
    one rank). Results do not depend on bounds and threads. ValueError where they do not fit the network.
    """
    downstream = np.ascontiguousarray(downstream, np.int64)
    bounds = np.asarray((0, len(downstream)) if bounds is None else bounds, np.int64)
    stage = stages(downstream, bounds)
    first, end = int(bounds[rank]), int(bounds[rank + 1])
    own = np.arange(first, end)
    group = _groups(downstream, stage, first, end, threads)
    links = _links(downstream, group, first, end)
    batches: dict[tuple[int, int], list[Piece]] = {}
    start, above = upstream(downstream)
    for nodes in _by_group(own, group):
        key = tuple(group[nodes[0] - first, :2].tolist())
        batches.setdefault(key, []).append(piece(nodes, first, downstream, start, above, links))
    owner = rank_of(bounds, links)
    target = rank_of(bounds, downstream[links])
    return Plan(
        first,
        end - first,
        tuple((order[0], tuple(pieces)) for order, pieces in sorted(batches.items())),
        links,
        _messages(owner != rank, owner, stage[links]),
        _messages(target != rank, target, stage[links]),
        max(1, threads),
    )


def _groups(downstream: np.ndarray, stage: np.ndarray, first: int, end: int, threads: int) -> np.ndarray:
    """(stage, whether water has crossed between intervals at that stage, interval) of each own node."""
    count = end - first
    group = np.zeros((count, 3), np.int64)
    if not count:
        return group
    group[:, 0] = stage[first:end]
    begin = np.flatnonzero(group[:, 0] == 0)
    if not len(begin):
        return group
    number = np.full(count, -1)
    number[begin] = np.arange(len(begin))
    below = downstream[first:end][begin] - first
    inner = np.where(below < count, number[np.minimum(below, count - 1)], -1)
    inner = np.where(inner < 0, np.arange(len(begin)), inner)  # a link to a later stage, seen from here, is none
    intervals = min(len(begin), threads * -(-len(begin) // (PIECE * threads)))
    cuts = cut(np.ones(len(begin)), intervals)
    crossed = stages(inner, cuts) > 0
    group[begin, 1] = crossed
    group[begin, 2] = np.where(crossed, 0, rank_of(cuts, np.arange(len(begin))))
    return group


def _by_group(own: np.ndarray, group: np.ndarray) -> list[np.ndarray]:
    """Nodes of each group, ascending; groups in rising order. One sort for all: there may be thousands of groups."""
    order = np.lexsort(group.T[::-1])
    begins = np.flatnonzero((np.diff(group[order], axis=0) != 0).any(axis=1)) + 1
    return np.split(own[order], begins) if len(own) else []


def _links(downstream: np.ndarray, group: np.ndarray, first: int, end: int) -> np.ndarray:
    """Nodes whose water crosses between own pieces, or between own and others' nodes, ascending."""
    flows = downstream != np.arange(len(downstream))
    into = flows & (downstream >= first) & (downstream < end)
    coming = np.flatnonzero(into[:first])
    own = np.arange(first, end)
    below = downstream[first:end]
    inside = below < end
    other = np.ones(end - first, bool)
    other[inside] = (group[below[inside] - first] != group[inside]).any(axis=1)
    return np.concatenate((coming, own[other & (below != own)]))


def _messages(crossing: np.ndarray, rank: np.ndarray, stage: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """Columns of the series by other rank and stage, of the links that cross between ranks."""
    found: dict[tuple[int, int], Any] = {}
    for column in np.flatnonzero(crossing):
        found.setdefault((int(rank[column]), int(stage[column])), []).append(int(column))
    return {key: np.array(columns, np.int64) for key, columns in sorted(found.items())}
