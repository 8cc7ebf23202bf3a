"""A piece of the network as the loops take it: local indices, levels, and the links to other pieces."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..network.upstream import levels
from .sweeps import WIDTH

LANES = 16  # as many float32 as a vector holds: levels begin at multiples of it, so that none has a scalar rest


class Above(NamedTuple):
    """Where the water of a place comes from: places in the water array, where nothing stands for nobody.

    first, second [place]    the first two tributaries, in the order of the network
    more, more_of            further ones, and the places they flow to, by level; more_start [level + 1]
    """

    first: np.ndarray
    second: np.ndarray
    more: np.ndarray
    more_of: np.ndarray
    more_start: np.ndarray


@dataclass(frozen=True)
class Piece:
    """Nodes that are routed in one go, ordered by level.

    nodes, places [n]    indices among the rank's own nodes, and where their values lie in the arrays of the piece
    above                tributaries, places in the water array: own nodes, then (from padded on) ghosts, then nothing
    down [place]         place downstream; links have theirs from padded on, and the last is where nothing flows to
    levels               first place of each level, and the end
    heads                places at the beginning that nothing flows to
    ends                 places where water ends
    ghosts, ghost_down   columns of the series that flow in, and the places they flow to
    links, sources       columns of the series that flow out, and the places they come from
    """

    nodes: np.ndarray
    places: np.ndarray
    above: Above
    down: np.ndarray
    levels: np.ndarray
    heads: int
    ends: np.ndarray
    ghosts: np.ndarray
    ghost_down: np.ndarray
    links: np.ndarray
    sources: np.ndarray

    @property
    def blocks(self) -> int:
        """Blocks of WIDTH that hold the places."""
        return -(-int(self.levels[-1]) // WIDTH)

    @property
    def padded(self) -> int:
        """Places of the blocks."""
        return self.blocks * WIDTH

    @property
    def room(self) -> int:
        """Places of a water array: those of the blocks, of ghosts or links, and nothing."""
        return self.padded + max(len(self.ghosts), len(self.links)) + 1


def piece(
    nodes: np.ndarray, first: int, downstream: np.ndarray, start: np.ndarray, above: np.ndarray, links: np.ndarray
) -> Piece:
    """The piece of the given nodes (canonical indices, ascending) of a rank that begins at `first`.

    start, above: tributaries of all nodes (network.upstream); links: nodes of the columns of the series, ascending.
    """
    nodes, places, bounds, heads = _laid_out(nodes, downstream, start)
    padded = -(-int(bounds[-1]) // WIDTH) * WIDTH
    counts = start[nodes + 1] - start[nodes]
    own_start = np.concatenate(([0], np.cumsum(counts)))
    # Tributaries, in the order of the network whether they are own nodes or ghosts.
    number = np.arange(own_start[-1]) - np.repeat(own_start[:-1], counts)
    tributaries = above[np.repeat(start[nodes], counts) + number]
    local = _place(tributaries, nodes, places)
    foreign = np.flatnonzero(local < 0)
    local[foreign] = padded + np.arange(len(foreign))
    target = np.repeat(places, counts)
    below = _place(downstream[nodes], nodes, places)
    ends = downstream[nodes] == nodes
    leaving = np.flatnonzero(~ends & (below < 0))
    nothing = padded + max(len(foreign), len(leaving))
    below[leaving] = padded + np.arange(len(leaving))
    down = np.full(padded, nothing)
    down[places] = np.where(ends, nothing, below)
    return Piece(
        nodes=nodes - first,
        places=places,
        above=_above(local, number, target, bounds, padded, nothing),
        down=down.astype(np.uint32),
        levels=bounds,
        heads=heads,
        ends=places[ends],
        ghosts=np.searchsorted(links, tributaries[foreign]),
        ghost_down=target[foreign],
        links=np.searchsorted(links, nodes[leaving]),
        sources=places[leaving],
    )


def _laid_out(
    nodes: np.ndarray, downstream: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Nodes by level, those without tributaries first; their places; first place of each level; places of heads."""
    level = _levels(nodes, downstream)
    fed = start[nodes + 1] > start[nodes]
    order = np.lexsort((fed, level))
    sizes = np.bincount(level)
    bounds = np.concatenate(([0], np.cumsum(-(-sizes // LANES) * LANES))).astype(np.int64)
    before = np.concatenate(([0], np.cumsum(sizes)))[level[order]]
    return nodes[order], bounds[level[order]] + np.arange(len(nodes)) - before, bounds, int(np.sum(~fed))


def _above(local, number, target, bounds, padded, nothing) -> Above:
    """Tributaries by their number at the node that they flow to."""
    first, second = np.full((2, padded), nothing, np.uint32)
    first[target[number == 0]] = local[number == 0]
    second[target[number == 1]] = local[number == 1]
    more = number > 1
    return Above(first, second, local[more], target[more], np.searchsorted(target[more], bounds))


def _place(wanted: np.ndarray, nodes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Place of each wanted node in the piece, -1 where it is not there."""
    order = np.argsort(nodes)
    found = np.searchsorted(nodes, wanted, sorter=order)
    found = order[np.minimum(found, len(nodes) - 1)]
    return np.where(nodes[found] == wanted, places[found], -1)


def _levels(nodes: np.ndarray, downstream: np.ndarray) -> np.ndarray:
    """Level of each of the ascending nodes within the piece."""
    below = np.searchsorted(nodes, downstream[nodes])
    below[below == len(nodes)] = 0
    inside = nodes[below] == downstream[nodes]
    return levels(np.where(inside, below, np.arange(len(nodes))))
