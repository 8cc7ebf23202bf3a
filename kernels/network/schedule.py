"""How long the ranks that share a network take for a run, worked out without running it.

In every window of steps a rank does its land, then its stages in rising order; before stage k it waits for what the
links into that stage bring. Sending does not wait. Links only lead from lower to higher ranks: nobody who is ahead
waits for those behind him, and so all ranks come to run at the pace of the busiest one, some windows apart.
"""

from typing import NamedTuple

import numpy as np

from .compiled import compiled
from .cut import Links


class Costs(NamedTuple):
    """Seconds of one core: land of a place and river of a node, each per step; of a message; of a byte on its way."""

    land: float = 110e-9
    river: float = 40e-9
    message: float = 2e-6
    byte: float = 2e-10


class Schedule(NamedTuple):
    """The work of one window: tasks by rising stage (the nodes of one rank and stage), and what each waits for.

    land [rank] is done before the first task; rank and seconds [task]; task i waits for the tasks
    source[start[i]:start[i + 1]] and for the flight of their messages.
    """

    land: np.ndarray
    rank: np.ndarray
    seconds: np.ndarray
    start: np.ndarray
    source: np.ndarray
    flight: np.ndarray

    def busiest(self) -> float:
        """Seconds of work of the busiest rank in one window."""
        return float((self.land + np.bincount(self.rank, self.seconds, self.land.size)).max())

    def run(self, windows: int) -> float:
        """Seconds until the last rank has finished so many windows, all from the same start."""
        return float(_run(windows, *self))


def schedule(
    owner: np.ndarray, stage: np.ndarray, links: Links, place: np.ndarray, costs: Costs, steps: int
) -> Schedule:
    """The schedule of windows of so many steps.

    owner [node] is the rank, stage [node] as from stages, links as from cut_links; place [node] is 1 where the
    vertical model runs (or its relative cost). Half of a message's cost is work, on either side; half is flight.
    """
    ranks = int(owner.max()) + 1
    nodes = np.bincount(stage * np.int64(ranks) + owner)
    task = np.flatnonzero(nodes)
    seconds = steps * costs.river * nodes[task]
    ends = [stage[i] * np.int64(ranks) + owner[i] for i in (links.downstream, links.node)]
    (target, source), size = np.unique(np.searchsorted(task, np.stack(ends)), axis=1, return_counts=True)
    np.add.at(seconds, source, 0.5 * costs.message)
    np.add.at(seconds, target, 0.5 * costs.message)
    return Schedule(
        land=steps * costs.land * np.bincount(owner, place, ranks),
        rank=task % ranks,
        seconds=seconds,
        start=np.searchsorted(target, np.arange(task.size + 1)),
        source=np.ascontiguousarray(source),
        flight=0.5 * costs.message + costs.byte * 8 * steps * size,
    )


@compiled
def _run(windows, land, rank, seconds, start, source, flight):
    clock, done = np.zeros(land.size), np.zeros(rank.size)
    for _ in range(windows):
        for r in range(land.size):
            clock[r] += land[r]
        for i in range(rank.size):
            now = clock[rank[i]]
            for k in range(start[i], start[i + 1]):
                now = max(now, done[source[k]] + flight[k])
            done[i] = now + seconds[i]
            clock[rank[i]] = done[i]
    return clock.max()
