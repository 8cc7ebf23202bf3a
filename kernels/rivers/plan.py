"""A rank's part of the network: pieces that wait for each other as little as can be, and the links between them.

Ranks own intervals of the canonical order. A node's stage is how often water has crossed between ranks before it
arrives there; a rank's threads cut its interval again. A piece is what one thread routes in one go, all steps of a
window at a time. Water on the links between pieces is a series [sub-step, link]; what others need of it is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..network.cut import cut, rank_of
from ..network.stages import stages
from ..network.upstream import upstream
from .piece import Piece, piece


@dataclass(frozen=True)
class Plan:
    """What one rank routes, and in which order.

    first, count    its interval of the canonical order
    batches         pieces by stage; those of one batch do not wait for each other: (stage, pieces)
    links           nodes (canonical) whose water crosses into, out of or between own pieces, ascending
    incoming, outgoing   (other rank, stage of the sending nodes) -> columns of the series
    """

    first: int
    count: int
    batches: tuple[tuple[int, tuple[Piece, ...]], ...]
    links: np.ndarray
    incoming: dict[tuple[int, int], np.ndarray]
    outgoing: dict[tuple[int, int], np.ndarray]

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
    for key in np.unique(group, axis=0):
        nodes = own[(group == key).all(axis=1)]
        made = piece(nodes, first, downstream, start, above, links)
        batches.setdefault((int(key[0]), int(key[1])), []).append(made)
    owner = rank_of(bounds, links)
    target = rank_of(bounds, downstream[links])
    return Plan(
        first,
        end - first,
        tuple((order[0], tuple(pieces)) for order, pieces in sorted(batches.items())),
        links,
        _messages(owner != rank, owner, stage[links]),
        _messages(target != rank, target, stage[links]),
    )


def _groups(downstream: np.ndarray, stage: np.ndarray, first: int, end: int, threads: int) -> np.ndarray:
    """(stage, how often water has crossed between threads at that stage, thread) of each own node."""
    own = np.arange(end - first)
    inner = np.where(downstream[first:end] < end, downstream[first:end] - first, own)
    # A link to a later stage begins anew: seen from the threads it is no link.
    inner = np.where(stage[first:end][inner] == stage[first:end], inner, own)
    cuts = cut(np.ones(end - first), max(1, min(threads, end - first))) if end > first else np.zeros(2, np.int64)
    crossings = stages(inner, cuts) if end > first else own
    return np.stack((stage[first:end], crossings, rank_of(cuts, own) if end > first else own), axis=1)


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
