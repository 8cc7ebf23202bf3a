"""Flow of a network over a continuous series: for validation, and for the test after training."""

import torch
from torch import Tensor, nn

from ..kernels.routing.unit_hydrograph import LAGS
from .batches import Series
from .network import Parameters


def spill(warmup: int) -> int:
    """Days of the warm-up whose flow still reaches the outlet within the days that follow."""
    return min(warmup, LAGS - 1)


@torch.no_grad()
def parameters(network: nn.Module, series: Series) -> Parameters:
    """Parameters of all places, as in use: without dropout."""
    training = network.training
    network.eval()
    try:
        return network(series.attributes, torch.arange(series.places, device=series.forcing.device))
    finally:
        network.train(training)


@torch.no_grad()
def predict(
    network: nn.Module, physics: nn.Module, series: Series, start: int, stop: int, *, warmup: int | None = None
) -> Tensor:
    """Simulated flow [time, place], mm d-1, of days start to stop, from one run over all days without a cut.

    The run begins `warmup` days before start, or with the first day of the series (None, or where it begins later).
    """
    begin = 0 if warmup is None else max(0, start - warmup)
    ahead = spill(start - begin)
    found = parameters(network, series)
    flow, _ = physics(
        series.forcing[begin:stop],
        found.static,
        found.routing,
        dynamic=found.dynamic or None,
        geometry=series.geometry if series.geometry.shape[0] else None,
        warmup=start - begin - ahead,
    )
    return flow[ahead:, 0]
