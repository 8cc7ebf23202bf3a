"""Daily weather as a network sees it: normalised over training basins and days."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .network import Parameters

ROOT, OFFSET = 0.5, 0.1  # of the precipitation's transform: log10(sqrt(p) + 0.1)
SMALLEST_DEVIATION = 1e-3  # below it a row does not vary: divide by 1 (Feng et al., 2022)


class Weather(nn.Module):
    """Forcing [time, row, place] to inputs [time, place, row]: z = (x - mean) / deviation, of the first `skewed` rows
    after log10(sqrt(x) + 0.1) (Feng et al., 2022). Mean and deviation are kept with the weights."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, rows: int, skewed: Sequence[int] = (0,)):
        super().__init__()
        self.skewed = tuple(skewed)
        self.register_buffer("mean", torch.zeros(rows))
        self.register_buffer("deviation", torch.ones(rows))

    @torch.no_grad()
    def fit(self, forcing: Tensor) -> None:
        """Take mean and deviation of all days and places of a forcing [time, row, place]."""
        for row in range(len(self.mean)):
            values = self._seen(forcing[:, row].double(), row)
            values = values[torch.isfinite(values)]
            deviation = float(values.std(correction=0)) if len(values) else 0.0
            self.mean[row] = values.mean() if len(values) else 0.0
            self.deviation[row] = deviation if deviation >= SMALLEST_DEVIATION else 1.0

    def forward(self, forcing: Tensor) -> Tensor:
        """Inputs [time, place, row]; what is no number becomes 0, the mean."""
        rows = [self._seen(values, row) for row, values in enumerate(forcing.unbind(1))]
        return torch.nan_to_num((torch.stack(rows, -1) - self.mean) / self.deviation, 0.0, 0.0, 0.0)

    def _seen(self, values: Tensor, row: int) -> Tensor:
        return torch.log10(values.clamp(min=0.0) ** ROOT + OFFSET) if row in self.skewed else values


def reads(network: nn.Module) -> str:
    """What a network needs of the weather: 'nothing', a 'window' of days, or all 'days'."""
    return str(getattr(network, "reads", "nothing"))


def asked(network: nn.Module, attributes: Tensor, place: Tensor, forcing: Tensor, warmup: int) -> Parameters:
    """Parameters under a forcing [time, row, place]; only networks that read the weather get to see it."""
    if reads(network) == "nothing":
        return network(attributes, place)
    return network(attributes, place, forcing, warmup)
