"""What one gradient of a hybrid model costs: every cell and day, routed, discharge and storage both in the loss."""

import resource
import time

import numpy as np
import torch
from freshet.kernels.rivers.plan import plan
from freshet.nn.physics import Physics
from freshet.nn.river import River

from hydropy_case import Case

PUBLISHED = 120e9  # ns; Wang et al. (2024): two minutes and 200 GB on two processors of 32 cores
GAUGES = 24


def hybrid(cells: int, days: int, repeats: int, threads: int) -> dict:
    """Forward, loss = 1 - NSE of discharge at gauges + 1 - NSE of storage, backward to the parameters of all cells."""
    torch.set_num_threads(threads)
    case = Case(cells, days)
    physics = Physics(case.model, outputs=("runoff", "land_water_storage"), threads=threads)
    river = River(case.router, plan(case.downstream, threads=threads), case.area, np.arange(cells), case.reservoirs)
    forcing, geometry = torch.from_numpy(case.forcing), torch.from_numpy(case.geometry)
    parameters = torch.from_numpy(case.parameters[:, None]).requires_grad_()
    lag = torch.from_numpy(case.lag).requires_grad_()
    state = torch.from_numpy(case.state[:, None])
    gauges = torch.from_numpy(np.sort(np.argsort(case.downstream)[-GAUGES:]))
    random = torch.Generator().manual_seed(1)
    flow_seen = torch.rand((days, GAUGES), generator=random)
    store_seen = torch.rand((days, cells), generator=random)

    def unlike(simulated: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        spread = (seen - seen.mean(0)).square().sum(0)
        return ((simulated - seen).square().sum(0) / spread).mean()

    def gradient() -> None:
        parameters.grad = lag.grad = None
        out, _ = physics(forcing, parameters, state=state, geometry=geometry)
        flow, _ = river(out[:, 0], lag)
        storage = out[:, 1] - out[:, 1].mean(0)
        (unlike(flow[:, gauges], flow_seen) + unlike(storage, store_seen)).backward()

    gradient()
    best = float("inf")
    for _ in range(repeats):
        begin = time.perf_counter()
        gradient()
        best = min(best, time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {
        "case": case.name, "what": "gradient, s", "ours_ns": best * 1e9, "peer": "published", "peer_ns": PUBLISHED,
        "ratio": PUBLISHED / 1e9 / best, "peak_mb": peak, "peer_peak_mb": 200e3,
    }  # fmt: skip
