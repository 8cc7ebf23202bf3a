"""A piece of the network as the loops take it: local indices, levels, and the links to other pieces."""

from dataclasses import dataclass

import numpy as np

from ..network.upstream import levels
from .sweeps import WIDTH


@dataclass(frozen=True)
class Piece:
    """Nodes that are routed in one go, ordered by level.

    nodes [n]            indices among the rank's own nodes
    start, upstream      tributaries of each node, places in the water array: own nodes, then (from padded on) ghosts
    down [n]             own node downstream, -1 where water ends or leaves the piece
    levels               first node of each level, and the end
    ends [n]             whether water ends there
    ghosts, ghost_down   columns of the series that flow in, and the own nodes they flow to
    links, sources       columns of the series that flow out, and the own nodes they come from
    """

    nodes: np.ndarray
    start: np.ndarray
    upstream: np.ndarray
    down: np.ndarray
    levels: np.ndarray
    ends: np.ndarray
    ghosts: np.ndarray
    ghost_down: np.ndarray
    links: np.ndarray
    sources: np.ndarray

    @property
    def blocks(self) -> int:
        """Blocks of WIDTH that hold the nodes."""
        return -(-len(self.nodes) // WIDTH)

    @property
    def padded(self) -> int:
        """Places of the blocks."""
        return self.blocks * WIDTH


def piece(
    nodes: np.ndarray, first: int, downstream: np.ndarray, start: np.ndarray, above: np.ndarray, links: np.ndarray
) -> Piece:
    """The piece of the given nodes (canonical indices, ascending) of a rank that begins at `first`.

    start, above: tributaries of all nodes (network.upstream); links: nodes of the columns of the series, ascending.
    """
    nodes = nodes[np.argsort(_levels(nodes, downstream), kind="stable")]
    sorted_nodes = np.sort(nodes)
    places = np.argsort(nodes, kind="stable")
    padded = -(-len(nodes) // WIDTH) * WIDTH
    # Tributaries, in the order of the network whether they are own nodes or ghosts.
    counts = start[nodes + 1] - start[nodes]
    own_start = np.concatenate(([0], np.cumsum(counts)))
    entries = np.repeat(start[nodes] - own_start[:-1], counts) + np.arange(own_start[-1])
    tributaries = above[entries]
    local = _place(tributaries, sorted_nodes, places)
    foreign = np.flatnonzero(local < 0)
    local[foreign] = padded + np.arange(len(foreign))
    below = _place(downstream[nodes], sorted_nodes, places)
    ends = downstream[nodes] == nodes
    leaving = np.flatnonzero(~ends & (below < 0))
    level = _levels(np.sort(nodes), downstream)
    return Piece(
        nodes=nodes - first,
        start=own_start,
        upstream=local,
        down=np.where(ends, -1, below),
        levels=np.concatenate(([0], np.cumsum(np.bincount(level)))).astype(np.int64),
        ends=ends,
        ghosts=np.searchsorted(links, tributaries[foreign]),
        ghost_down=np.repeat(np.arange(len(nodes)), counts)[foreign],
        links=np.searchsorted(links, nodes[leaving]),
        sources=leaving,
    )


def _place(wanted: np.ndarray, sorted_nodes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Place of each wanted node in the piece, -1 where it is not there."""
    found = np.searchsorted(sorted_nodes, wanted)
    found[found == len(sorted_nodes)] = 0
    return np.where(sorted_nodes[found] == wanted, places[found], -1)


def _levels(nodes: np.ndarray, downstream: np.ndarray) -> np.ndarray:
    """Level of each of the ascending nodes within the piece."""
    below = np.searchsorted(nodes, downstream[nodes])
    below[below == len(nodes)] = 0
    inside = nodes[below] == downstream[nodes]
    return levels(np.where(inside, below, np.arange(len(nodes))))
