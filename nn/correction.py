"""A learned correction of precipitation, for forcings that are known to be biased: one bounded factor per basin, or a
factor with a yearly cycle. Off unless asked for; the volume that it adds has to be reported."""

import math

import torch
from torch import Tensor, nn

from .batches import Series
from .network import Parameters, linear
from .weather import asked, reads

KINDS = {"basin": 1, "season": 3}  # and their numbers per place
HIDDEN = 64


class Corrected(nn.Module):
    """A network whose parameters come with a correction of precipitation, learned beside it.

    network  gives the parameters
    kind     'basin': one factor; 'season': a factor with a yearly harmonic
    limit    largest factor; the smallest is 1/limit
    inputs   attributes of a place; 0: the correction of each of `places` is learned as it is (1: of all together)

    The factor starts at 1 everywhere.
    """

    def __init__(self, network: nn.Module, kind: str, limit: float, *, inputs: int = 0, places: int = 1, seed: int = 0):
        super().__init__()
        self.network, self.bound, count = network, math.log(limit), KINDS[kind]
        self.raw: nn.Parameter | None = None
        if not inputs:
            self.raw = nn.Parameter(torch.zeros(count, places))
            return
        generator = torch.Generator().manual_seed(seed)
        last = nn.utils.skip_init(nn.Linear, HIDDEN, count)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.layers = nn.Sequential(linear(inputs, HIDDEN, generator), nn.Tanh(), last)

    @property
    def reads(self) -> str:
        """What the network within needs of the weather."""
        return reads(self.network)

    @property
    def memory(self) -> int:
        """Days that the network within should see before it tells static parameters."""
        return getattr(self.network, "memory", 0)

    @property
    def width(self) -> int:
        """Numbers of a place and day that vary."""
        return getattr(self.network, "width", 0)

    def forward(self, attributes: Tensor, place: Tensor, forcing: Tensor | None = None, warmup: int = 0) -> Parameters:
        """Parameters with their correction, the logarithm of the factor: [1, place], or mean, cosine and sine.

        The network sees the weather as it was measured.
        """
        if forcing is None:
            found = self.network(attributes, place)
        else:
            found = asked(self.network, attributes, place, forcing, warmup)
        if self.raw is None:
            raw = self.layers(attributes).T
        else:
            raw = self.raw.expand(-1, len(place)) if self.raw.shape[1] == 1 else self.raw[:, place]
        shares = torch.tanh(raw)
        if len(shares) > 1:  # so that the mean and the harmonic together keep the bound
            shares = torch.cat([shares[:1] / 2.0, shares[1:] / 8.0**0.5])
        return found._replace(correction=(self.bound * shares).contiguous())


def factor(correction: Tensor, phase: Tensor | None) -> Tensor:
    """What precipitation is multiplied with: [1, place], or [time, place] of a phase [time] or [time, place] of the
    year in radians. ValueError where a yearly cycle has no phase."""
    if correction.shape[0] == 1:
        return torch.exp(correction)
    if phase is None:
        raise ValueError("a correction by season needs to know the days of the year")
    angle = phase if phase.ndim == 2 else phase[:, None]
    return torch.exp(correction[0] + correction[1] * torch.cos(angle) + correction[2] * torch.sin(angle))


def corrected(forcing: Tensor, correction: Tensor | None, phase: Tensor | None) -> Tensor:
    """Forcing [time, row, place] with its precipitation, the first row, corrected; as it is without a correction."""
    if correction is None:
        return forcing
    rain = forcing[:, :1] * factor(correction, phase)[:, None]
    return torch.cat([rain, forcing[:, 1:]], 1)


@torch.no_grad()
def added(correction: Tensor, series: Series, start: int, stop: int) -> Tensor:
    """Share [place] by which precipitation of days start to stop grows."""
    rain = series.forcing[start:stop, 0].double()
    phase = None if series.phase is None else series.phase[start:stop]
    more = (rain * (factor(correction.double(), phase) - 1.0)).sum(0)
    return more / rain.sum(0).clamp(min=1e-9)
