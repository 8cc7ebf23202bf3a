"""Ranks as threads of one process, with queues between them: routing under any cut without a launcher."""

from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import numpy as np
from freshet.kernels.network.cut import cut
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.route import route, route_adjoint


class Queues:
    """Post between ranks: one queue for each (from, to, tag)."""

    def __init__(self):
        self.queues = {}

    def queue(self, key):
        return self.queues.setdefault(key, Queue())


class Post:
    """The exchange of one rank."""

    def __init__(self, queues, rank):
        self.queues, self.rank = queues, rank

    def send(self, rank, tag, array):
        self.queues.queue((self.rank, rank, tag)).put(array.copy())

    def receive(self, rank, tag, shape, dtype):
        array = self.queues.queue((rank, self.rank, tag)).get(timeout=60)
        assert array.shape == shape
        assert array.dtype == dtype
        return array

    def finish(self):
        pass


def routed(problem, ranks=1, threads=1, weight=None):
    """discharge, state, and gradients of sum(discharge w) + sum(state v) of a river problem, put together of all ranks.

    problem: router, downstream, lateral, parameters, geometry, state, d_discharge, d_state.
    """
    nodes = len(problem.downstream)
    bounds = cut(np.ones(nodes) if weight is None else weight, ranks)
    queues = Queues()

    def part(rank):
        own = slice(bounds[rank], bounds[rank + 1])
        mine = plan(problem.downstream, bounds, rank, threads)
        arrays = {
            name: np.ascontiguousarray(getattr(problem, name)[:, own])
            for name in ("lateral", "parameters", "geometry", "state", "d_discharge", "d_state")
        }
        options = {"geometry": arrays["geometry"], "exchange": Post(queues, rank), "substeps": problem.substeps}
        given = arrays["lateral"], arrays["parameters"]
        run = route(problem.router, mine, *given, arrays["state"], checkpoints=True, **options)
        back = route_adjoint(problem.router, mine, run, *given, arrays["d_discharge"], arrays["d_state"], **options)
        return run.discharge, run.state, back.lateral, back.parameters, back.state

    with ThreadPoolExecutor(ranks) as pool:
        parts = list(pool.map(part, range(ranks)))
    return [np.concatenate(pieces, axis=1) for pieces in zip(*parts, strict=True)]
