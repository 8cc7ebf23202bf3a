"""The same network shared out as other models do, for comparison."""

from heapq import heapify, heapreplace
from typing import NamedTuple

import numpy as np

from .accumulate import accumulate
from .schedule import Costs


class Peer(NamedTuple):
    """A way of sharing: load of the busiest rank by the mean load, links between ranks, estimated seconds of a step."""

    name: str
    imbalance: float
    links: int
    seconds: float


def round_robin(downstream: np.ndarray, work: np.ndarray, ranks: int, costs: Costs) -> Peer:
    """Node i on rank i mod ranks (VIC's image driver, CTSM's clumps), one message to every neighbour in every step.

    work [node] is in seconds per step. The neighbours of a rank are taken to be as many as its links, at most all.
    """
    owner = np.arange(downstream.size) % ranks
    cut = owner[downstream] != owner
    load = np.bincount(owner, work, ranks)
    links = np.bincount(owner[cut], minlength=ranks) + np.bincount(owner[downstream[cut]], minlength=ranks)
    exchange = costs.message * np.minimum(links, 2 * (ranks - 1)) + costs.byte * 8 * links
    return Peer("round robin", float(load.max() * ranks / work.sum()), int(cut.sum()), float((load + exchange).max()))


def whole_basins(downstream: np.ndarray, work: np.ndarray, ranks: int) -> Peer:
    """Every basin on one rank, the largest first to the rank with least to do (CaMa-Flood)."""
    outlets = downstream == np.arange(downstream.size)
    basins = np.sort(accumulate(downstream, work)[outlets])[::-1]
    loads = np.zeros(ranks).tolist()
    heapify(loads)
    for basin in basins.tolist():
        heapreplace(loads, loads[0] + basin)
    return Peer("whole basins", float(max(loads) * ranks / work.sum()), 0, max(loads))


def mainstem_on_root(downstream: np.ndarray, work: np.ndarray, ranks: int, costs: Costs) -> Peer:
    """Tributaries whole, nodes with more upstream than a rank's share on one rank that waits for all (mizuRoute).

    The tributaries are taken to be shared out perfectly, also to the root as long as it has less than the others.
    """
    upstream = accumulate(downstream, np.ones(downstream.size))
    stem = upstream > downstream.size / ranks
    root = float(work[stem].sum())
    links = int(np.count_nonzero(~stem & stem[downstream]))
    others = (float(work.sum()) - root) / max(ranks - 1, 1)
    if root < others:
        root = others = float(work.sum()) / ranks
    gather = costs.message * min(links, ranks - 1) + costs.byte * 8 * links
    return Peer("mainstem on root", float(max(root, others) * ranks / work.sum()), links, max(root + gather, others))
