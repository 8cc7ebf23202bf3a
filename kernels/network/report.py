"""How a network would be shared out between any number of ranks, worked out without running it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import check
from .cut import Links, cut, cut_links
from .peers import Peer, mainstem_on_root, round_robin, whole_basins
from .schedule import Costs, schedule
from .stages import stages


@dataclass(frozen=True)
class PartitionReport:
    """A network in intervals of its canonical order.

    imbalance: work of the busiest rank by the mean; links between ranks in total and at most into or out of one rank;
    neighbours: most ranks that one receives from or sends to; stage_zero: share of the nodes that wait for nobody;
    bytes_per_step: what all links carry, and at most one rank's; seconds of a run of so many steps: on one core, on
    the ranks with windows that follow one another freely, and with all ranks waiting for the last after each window.
    """

    ranks: int
    nodes: int
    imbalance: float
    links: int
    links_in: int
    links_out: int
    neighbours_in: int
    neighbours_out: int
    stages: int
    stage_zero: float
    bytes_per_step: int
    bytes_per_rank: int
    steps: int
    serial_seconds: float
    seconds: float
    seconds_with_barriers: float
    peers: tuple[Peer, ...]

    @property
    def efficiency(self) -> float:
        """Speed-up against one core, by the number of ranks."""
        return self.serial_seconds / (self.seconds * self.ranks)

    @property
    def efficiency_with_barriers(self) -> float:
        """The same where all wait for all after every window."""
        return self.serial_seconds / (self.seconds_with_barriers * self.ranks)

    def peer_efficiency(self, peer: Peer) -> float:
        """The same for another way of sharing."""
        return self.serial_seconds / (self.steps * peer.seconds * self.ranks)


def partition_report(
    downstream: npt.ArrayLike,
    weight: npt.ArrayLike | None,
    ranks: int,
    *,
    steps: int = 3600,
    steps_per_window: int = 30,
    costs: Costs = Costs(),  # noqa: B008 - an immutable tuple
    peers: bool = True,
) -> PartitionReport:
    """Cut a network for so many ranks and tell what that means.

    downstream [node] is in canonical order; weight [node] is 1 where the vertical model runs and 0 where a node only
    receives water (or its relative cost), ones where it is None; costs are those of one core and of the messages.
    Reading and writing are not counted.

    Raises:
        ValueError: a network without nodes or not in canonical order, a bad weight, fewer than one rank.
    """
    downstream = check.canonical(downstream)
    land = check.weights(weight, downstream.size)
    if not downstream.size:
        raise ValueError("a network without nodes cannot be shared out")
    work = costs.river + costs.land * land
    bounds = cut(work, ranks)
    links, stage = cut_links(downstream, bounds), stages(downstream, bounds)
    owner = np.repeat(np.arange(ranks), np.diff(bounds))
    window = schedule(owner, stage, links, land, costs, steps_per_window)
    windows = -(-steps // steps_per_window)
    load = np.bincount(owner, work, ranks)
    into, out = (np.bincount(side, minlength=ranks) for side in (links.target, links.source))
    neighbours_in, neighbours_out = _neighbours(links, ranks)
    return PartitionReport(
        ranks=ranks,
        nodes=downstream.size,
        imbalance=float(load.max() / load.mean()),
        links=links.node.size,
        links_in=int(into.max()),
        links_out=int(out.max()),
        neighbours_in=neighbours_in,
        neighbours_out=neighbours_out,
        stages=int(stage.max()) + 1,
        stage_zero=float(np.mean(stage == 0)),
        bytes_per_step=8 * links.node.size,
        bytes_per_rank=8 * int((into + out).max()),
        steps=steps,
        serial_seconds=float(steps * work.sum()),
        seconds=window.run(windows),
        seconds_with_barriers=windows * window.run(1),
        peers=_peers(downstream, work, ranks, costs) if peers else (),
    )


def _peers(downstream: np.ndarray, work: np.ndarray, ranks: int, costs: Costs) -> tuple[Peer, ...]:
    return (
        round_robin(downstream, work, ranks, costs),
        whole_basins(downstream, work, ranks),
        mainstem_on_root(downstream, work, ranks, costs),
    )


def _neighbours(links: Links, ranks: int) -> tuple[int, int]:
    """Most ranks that one rank receives from, and sends to."""
    source, target = np.unique(np.stack([links.source, links.target]), axis=1)
    return int(np.bincount(target, minlength=ranks).max()), int(np.bincount(source, minlength=ranks).max())
