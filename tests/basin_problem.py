"""A small river basin to learn: HydroPy and the cascade on a branching network, whole or as one rank's slab of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import torch
from freshet.kernels.network.cut import cut
from freshet.kernels.registry import model
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.registry import router
from freshet.nn.physics import Physics
from freshet.nn.river import River
from freshet.nn.river_basins import RIVER, Basins, Domain, Learned
from freshet.nn.shift_network import Shifts
from freshet.nn.slabs import Slabs

from problem import seasonal_forcing
from river_problem import random_network
from river_ranks import Post, Queues

NODES, DAYS = 24, 420
LEARNED = ("rm_crit", "qsb_max", "lag_land", "lag_base")


class Meeting:
    """Ranks as threads: every gather waits for all of them."""

    def __init__(self, ranks):
        self.barrier, self.slabs = Barrier(ranks, timeout=60), [None] * ranks

    def gather(self, rank):
        def together(array, bounds):
            self.slabs[rank] = array.copy()
            self.barrier.wait()
            whole = np.concatenate(self.slabs, axis=-1)
            assert [bounds[0], bounds[-1]] == [0, whole.shape[-1]]  # as World.all_gather needs them
            self.barrier.wait()
            return whole

        return together


def basin(rank=0, ranks=1, meeting=None, exchange=None, seed=0):
    """(network, Basins) of one rank; every rank makes the same numbers from the seed."""
    rng, chosen, cascade = np.random.default_rng(seed), model("hydropy"), router("cascade")
    down = random_network(NODES, rng)
    place = np.arange(NODES) - (np.arange(NODES) > 5)
    place[5] = -1
    places = NODES - 1
    forcing = seasonal_forcing(chosen, DAYS, places, rng)
    base = np.tile(np.array([v.default for v in chosen.parameters])[:, None], (1, places))
    base[0] *= rng.uniform(0.7, 1.3, places)
    base[3] = base[0] * 1.2
    geometry = np.full((1, places), 0.03)
    river_base = rng.uniform(0.1, 0.5, (1, NODES))
    area = rng.uniform(1e9, 3e9, places)
    bounds = cut(np.ones(NODES), ranks)
    before = np.concatenate(([0], np.cumsum(place >= 0)))
    gather = meeting.gather(rank) if meeting else None
    nodes, cells = Slabs(bounds, rank, gather), Slabs(before[bounds], rank, gather)
    own, mine = slice(cells.low, cells.high), slice(nodes.low, nodes.high)
    local = np.where(place[mine] >= 0, place[mine] - cells.low, -1)
    variables = {v.name: v for v in chosen.trainable}
    rows = [v.name for v in chosen.parameters]
    learned = [variables[name] for name in LEARNED]
    gauges = np.flatnonzero(down == np.arange(NODES))[:2]
    domain = Domain(
        forcing=torch.from_numpy(np.ascontiguousarray(forcing[:, :, own])),
        geometry=torch.from_numpy(np.ascontiguousarray(geometry[:, own])),
        base=torch.from_numpy(base),
        river_base=torch.from_numpy(river_base),
        learned=(*(Learned((rows.index(name),)) for name in LEARNED), Learned((0,), of=RIVER)),
        node_place=torch.from_numpy(place),
        inputs=torch.from_numpy(rng.normal(size=(places, 3))),
        gauges=torch.from_numpy(gauges),
        area=torch.full((2,), 2e10, dtype=torch.float64),
        observed=torch.from_numpy(rng.gamma(2.0, 0.6, (DAYS, 2))),
        places=cells,
        nodes=nodes,
        at_gauges=Slabs(np.searchsorted(gauges, bounds), rank, gather),
    )
    physics = Physics(chosen, outputs=("runoff",))
    river = River(
        cascade,
        plan(down, bounds, rank),
        area[own],
        local,
        np.full((1, nodes.high - nodes.low), 4.0),
        exchange=exchange,
    )
    of_river = next(v for v in cascade.parameters if v.name == "lag_river")
    start = np.concatenate((base[[rows.index(name) for name in LEARNED]], river_base[:, place >= 0][:, :places]))
    ranged = [*learned, of_river.__class__("lag_river", "d", "", 0.05, 5.0, 0.3)]
    return Shifts(ranged, torch.from_numpy(start), "attributes", inputs=3, hidden=(8,)), Basins(physics, river, domain)


def assert_the_same_on_ranks(trained, ranks):
    """trained(rank=, ranks=, meeting=, exchange=) gives what its epochs found, and weights by name."""
    alone_found, alone = trained()
    meeting, queues = Meeting(ranks), Queues()

    def part(rank):
        return trained(rank=rank, ranks=ranks, meeting=meeting, exchange=Post(queues, rank))

    with ThreadPoolExecutor(ranks) as pool:
        for found, weights in pool.map(part, range(ranks)):
            assert found == alone_found
            for name, weight in alone.items():
                assert torch.equal(weight, weights[name]), name
