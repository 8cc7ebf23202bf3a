"""Flow of a network over a continuous series: for validation, and for the test after training."""

from typing import Any

import torch
from torch import Tensor, nn

from ..kernels.routing.unit_hydrograph import LAGS
from .batches import Series
from .correction import corrected
from .network import Parameters
from .weather import asked, reads

NUMBERS = 24_000_000  # of daily parameters that are held at once while predicting


def spill(warmup: int) -> int:
    """Days of the warm-up whose flow still reaches the outlet within the days that follow."""
    return min(warmup, LAGS - 1)


@torch.no_grad()
def parameters(network: nn.Module, series: Series) -> Parameters:
    """Parameters of all places, as in use: without dropout.

    Static ones of networks that read the weather are those of the last known day, whatever is simulated with them;
    there is none that varies.
    """
    place = torch.arange(series.places, device=series.forcing.device)
    last = series.known or series.days
    first = max(0, last - max(1, getattr(network, "memory", 0)))
    found = _in_use(network, series.attributes, place, series.forcing[first:last], last - first - 1)
    return found._replace(dynamic={})


@torch.no_grad()
def predict(
    network: nn.Module, physics: nn.Module, series: Series, start: int, stop: int, *, warmup: int | None = None
) -> Tensor:
    """Simulated flow [time, place], mm d-1, of days start to stop, from one run over all days without a cut.

    The run begins `warmup` days before start, or with the first day of the series (None, or where it begins later).
    """
    begin = 0 if warmup is None else max(0, start - warmup)
    return simulate(network, physics, series, parameters(network, series), (begin, start, stop))[:, 0]


@torch.no_grad()
def simulate(network: Any, physics: nn.Module, series: Series, found: Parameters, days: tuple[int, int, int]) -> Tensor:
    """Outputs of the physics [time, output, place] of the days (begin, start, stop) from start on.

    found: the static parameters of all places. Parameters that vary do so from the first day on. Places take their
    turns where daily parameters of all would need too much memory.
    """
    begin, start, stop = days
    if reads(network) != "days":
        return _outputs(physics, series, found, days)
    together: int = max(1, NUMBERS // (network.width * (stop - begin)))
    outputs = []
    for first in range(0, series.places, together):
        here = slice(first, first + together)
        part = series.select(first, first + together)
        place = torch.arange(series.places, device=series.forcing.device)[here]
        daily = _in_use(network, part.attributes, place, part.forcing[begin:stop], 0).dynamic
        own = Parameters(
            found.static[:, :, here].contiguous(),
            found.routing[:, here].contiguous(),
            daily,
            None if found.correction is None else found.correction[:, here],
        )
        outputs.append(_outputs(physics, part, own, (begin, begin, stop))[start - begin :])
    return torch.cat(outputs, 2)


def _outputs(physics: nn.Module, series: Series, found: Parameters, days: tuple[int, int, int]) -> Tensor:
    begin, start, stop = days
    ahead = spill(start - begin)
    phase = None if series.phase is None else series.phase[begin:stop]
    flow, _ = physics(
        corrected(series.forcing[begin:stop], found.correction, phase),
        found.static,
        found.routing,
        dynamic=found.dynamic or None,
        geometry=series.geometry if series.geometry.shape[0] else None,
        warmup=start - begin - ahead,
    )
    return flow[ahead:]


def _in_use(network: nn.Module, attributes: Tensor, place: Tensor, forcing: Tensor, warmup: int) -> Parameters:
    training = network.training
    network.eval()
    try:
        return asked(network, attributes, place, forcing, warmup)
    finally:
        network.train(training)
