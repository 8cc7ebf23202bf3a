"""How long a window of steps takes on the ranks that share a network, worked out without running it.

A rank does its land, then its stages in rising order; before stage k it waits for what the links into that stage
bring. Links only lead from lower to higher ranks, and so nobody who is ahead waits for those behind him: from window
to window the ranks run on at the pace of the busiest one, and only the first window is waited for in full.
"""

from typing import NamedTuple

import numpy as np

from .cut import Links


class Costs(NamedTuple):
    """Seconds of one core: land of a place and river of a node, each per step; of a message; of a byte on its way."""

    land: float = 110e-9
    river: float = 40e-9
    message: float = 2e-6
    byte: float = 2e-10


class Window(NamedTuple):
    """Seconds of one window: of the busiest rank by itself, and until the last one has finished."""

    busiest: float
    makespan: float

    def run(self, windows: int) -> float:
        """Seconds of a run of so many windows, each rank starting the next one as soon as it can."""
        return (windows - 1) * self.busiest + self.makespan


def window(
    owner: np.ndarray, stage: np.ndarray, links: Links, land: np.ndarray, costs: Costs, ranks: int, steps: int
) -> Window:
    """The schedule of one window of so many steps.

    owner [node] is the rank, stage [node] as from stages, links as from cut_links with the stage of both ends read
    from stage; land [node] is 1 where a place has the vertical model (or its relative cost).
    """
    count = int(stage.max()) + 1 if stage.size else 1
    river = np.bincount(stage * np.int64(ranks) + owner, minlength=count * ranks).reshape(count, ranks)
    work = steps * costs.river * river
    work[0] += steps * costs.land * np.bincount(owner, land, ranks)
    messages = _messages(links, stage, ranks)
    sent = np.bincount(messages.stage * np.int64(ranks) + messages.source, minlength=count * ranks)
    received = np.bincount(messages.target_stage * np.int64(ranks) + messages.target, minlength=count * ranks)
    work += 0.5 * costs.message * (sent + received).reshape(count, ranks)
    flight = 0.5 * costs.message + costs.byte * 8 * steps * messages.size
    return Window(float(work.sum(axis=0).max()), _makespan(work, messages, flight))


class _Messages(NamedTuple):
    """What one rank sends another after a stage, for one stage of the receiver; size in links; [message]."""

    source: np.ndarray
    stage: np.ndarray
    target: np.ndarray
    target_stage: np.ndarray
    size: np.ndarray


def _messages(links: Links, stage: np.ndarray, ranks: int) -> _Messages:
    rows = np.stack([links.source, stage[links.node], links.target, stage[links.downstream]]).astype(np.int64)
    message, size = np.unique(rows, axis=1, return_counts=True)
    source, after, target, before = message
    return _Messages(source, after, target, before, size)


def _makespan(work: np.ndarray, messages: _Messages, flight: np.ndarray) -> float:
    """Time when the last rank has done all its stages, each after those before it and what it waits for."""
    finish = np.zeros(work.shape[1])
    arrival = np.zeros(work.shape)
    order = np.argsort(messages.stage, kind="stable")
    starts = np.searchsorted(messages.stage[order], np.arange(work.shape[0] + 1))
    for k in range(work.shape[0]):
        busy = work[k] > 0
        finish[busy] = np.maximum(finish[busy], arrival[k, busy]) + work[k, busy]
        now = order[starts[k] : starts[k + 1]]
        at = (messages.target_stage[now], messages.target[now])
        np.maximum.at(arrival, at, finish[messages.source[now]] + flight[now])
    return float(finish.max())
