"""A network that corrects potential evaporation from the weather and the attributes of a cell and its neighbours.

PET + error, the error from a convolution over 3 x 3 cells and 3 days (Wang et al., 2024, their PET network; the layers
behind the first convolution are this program's own). The correction is computed in chunks of days, which backward
computes again: memory does not grow with the record, but for the result itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

from .network import ACTIVATIONS, SHRINK
from .normalisation import SMALLEST_DEVIATION
from .slabs import Slabs

REACH = 1  # cells and days to each side


@dataclass(frozen=True)
class Neighbourhood:
    """Where places lie: row and column [place] in a box of `shape`; wraps: its last column is the first one's
    neighbour.
    """

    row: Tensor
    column: Tensor
    shape: tuple[int, int]
    wraps: bool = False

    def near(self) -> Tensor:
        """Number of the place in each of the 3 x 3 cells around each place, row by row; their count where none is."""
        height, width = self.shape
        count = len(self.row)
        box = torch.full((height + 2 * REACH, width + 2 * REACH), count, dtype=torch.int64)
        box[self.row + REACH, self.column + REACH] = torch.arange(count)
        if self.wraps:
            box[:, :REACH], box[:, -REACH:] = box[:, width : width + REACH].clone(), box[:, REACH : 2 * REACH].clone()
        span = range(2 * REACH + 1)
        return torch.stack([box[self.row + y, self.column + x] for y in span for x in span])


@dataclass(frozen=True)
class Ranks:
    """Which of how many this rank is, and gather(array, bounds), which puts slabs of the last axis together."""

    rank: int = 0
    size: int = 1
    gather: Any = field(default=None, compare=False)

    def slabs(self, edges: Sequence[int]) -> Slabs:
        """An equal cut of consecutive pieces, whose lengths are between the edges, counted from the first edge."""
        pieces = len(edges) - 1
        cuts = [edges[pieces * rank // self.size] - edges[0] for rank in range(self.size + 1)]
        return Slabs(cuts, self.rank, self.gather)


class _Corrected(torch.autograd.Function):
    """Chunks of days cut between ranks; backward computes each chunk again, and adds up in the order of the chunks."""

    @staticmethod
    def forward(ctx: Any, of: "Correction", start: int, stop: int, *weights: Tensor) -> Tensor:
        ctx.of, ctx.days = of, (start, stop)
        edges = of.edges(start, stop)
        slab = of.ranks.slabs(edges)
        own = [of.chunk(a, b) for a, b in _between(edges, slab)]
        none = of.weather.new_empty((0, of.weather.shape[2]))
        return slab.together(torch.cat([none, *own]).T).T.contiguous()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        of, (start, stop) = ctx.of, ctx.days
        edges, weights = of.edges(start, stop), list(of.parameters())
        slab = of.ranks.slabs(edges)
        found = []
        for a, b in _between(edges, slab):
            with torch.enable_grad():
                parts = torch.autograd.grad(of.chunk(a, b), weights, gradient[a - start : b - start])
            found.append(torch.cat([part.reshape(-1) for part in parts]))
        numbers = list(range(len(edges)))
        cut = of.ranks.slabs(numbers)
        count = sum(weight.numel() for weight in weights)
        own = torch.stack(found, 1) if found else gradient.new_empty((count, 0))
        total = cut.together(own).sum(1)
        sizes = [weight.numel() for weight in weights]
        pieces = torch.split(total, sizes)
        shaped = [piece.reshape(weight.shape) for piece, weight in zip(pieces, weights, strict=True)]
        return None, None, None, *shaped


def _between(edges: Sequence[int], slab: Slabs) -> list[tuple[int, int]]:
    low, high = slab.low + edges[0], slab.high + edges[0]
    return [(a, b) for a, b in pairwise(edges) if low <= a and b <= high]


class Correction(nn.Module):
    """Potential evaporation [time, place] of all places on every rank, corrected.

    weather     [time, row, place] of all places, raw; `corrected` is the row of potential evaporation, mm d-1
    attributes  [place, attribute] normalised
    places      where they lie
    period      first day and day behind the last from which the weather is normalised
    limit       mm d-1, by which potential evaporation rises or falls at most; it never falls below 0
    chunk       days that are computed at once

    The error is limit tanh(raw) where raw > 0, else min(PET, limit) tanh(raw): nothing is cut off, and no slope is 0.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(
        self,
        weather: Tensor,
        attributes: Tensor,
        places: Neighbourhood,
        period: tuple[int, int],
        *,
        corrected: int = 2,
        hidden: int = 16,
        limit: float = 2.0,
        activation: str = "tanh",
        chunk: int = 32,
        seed: int = 0,
        ranks: Ranks | None = None,
    ) -> None:
        super().__init__()
        self.weather, self.attributes, self.near = weather, attributes, places.near()
        self.corrected, self.limit, self.days, self.ranks = corrected, limit, chunk, ranks or Ranks()
        mean, deviation = _moments(weather[slice(*period)])
        self.register_buffer("mean", mean[:, None])
        self.register_buffer("deviation", deviation[:, None])
        rows, more, width = weather.shape[1], attributes.shape[1], 2 * REACH + 1
        generator = torch.Generator().manual_seed(seed)
        fan = rows * width**3 + more * width**2

        def weight(*shape: int, bound: float) -> nn.Parameter:
            made = torch.empty(shape, dtype=weather.dtype)
            return nn.Parameter(made.uniform_(-bound, bound, generator=generator))

        # Attributes are the same every day: a kernel over three days of them is one over their sum, applied once.
        self.of_weather = weight(hidden, rows, width, width, width, bound=fan**-0.5)
        self.of_attributes = weight(hidden, more, width, width, bound=fan**-0.5)
        self.bias = weight(hidden, bound=fan**-0.5)
        self.last = weight(hidden, bound=SHRINK * hidden**-0.5)
        self.last_bias = nn.Parameter(torch.zeros(1, dtype=weather.dtype))
        self.activation = ACTIVATIONS[activation]()

    def edges(self, start: int, stop: int) -> list[int]:
        """First days of the chunks and the day behind the last; they depend on the days alone."""
        return [*range(start, stop, self.days), stop]

    def chunk(self, start: int, stop: int) -> Tensor:
        """Corrected potential evaporation [time, place] of some days, all at once.

        The convolution is three products of matrices, one for each day beside, over the places alone: of a box around
        a basin a third is empty.
        """
        days = torch.arange(start - REACH, stop + REACH).clamp(0, len(self.weather) - 1)
        seen = ((self.weather[days] - self.mean) / self.deviation).transpose(0, 1)
        around = self._around(seen).flatten(0, 1).flatten(1)
        places, count = self.weather.shape[2], stop - start
        inner = self._of_places()[:, None]
        for lag in range(2 * REACH + 1):
            weights = self.of_weather[:, :, lag].permute(0, 2, 3, 1).flatten(1)
            part = weights @ around[:, lag * places : (lag + count) * places]
            inner = inner + part.unflatten(1, (count, places))
        inner = self.activation(inner).flatten(1)
        raw = torch.tanh(self.last @ inner + self.last_bias).reshape(count, places)
        before = self.weather[start:stop, self.corrected]
        return before + raw * torch.where(raw > 0, self.limit, before.clamp(max=self.limit))

    def _around(self, values: Tensor) -> Tensor:
        """Values [row, ..., place] of the cells around, [neighbour, row, ..., place]; 0 where no place is."""
        padded = functional.pad(values, (0, 1))
        around = values.new_empty((len(self.near), *values.shape))
        for part, near in zip(around, self.near, strict=True):
            torch.index_select(padded, -1, near, out=part)
        return around

    def _of_places(self) -> Tensor:
        """What attributes add to each place, [hidden, place]: the same every day."""
        weights = self.of_attributes.permute(0, 2, 3, 1).flatten(1)
        return weights @ self._around(self.attributes.T).flatten(0, 1) + self.bias[:, None]

    def forward(self, start: int, stop: int) -> Tensor:
        """Corrected potential evaporation [time, place], mm d-1, of the days from start up to stop."""
        return _Corrected.apply(self, start, stop, *self.parameters())


def _moments(weather: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each row, day by day so that no copy of the record is made."""
    mean = weather.new_zeros(weather.shape[1], dtype=torch.float64)
    square = torch.zeros_like(mean)
    for day in weather:
        known = day.double()
        mean += known.mean(1)
        square += (known**2).mean(1)
    mean, square = mean / len(weather), square / len(weather)
    deviation = torch.sqrt((square - mean**2).clamp(min=0.0))
    deviation = torch.where(deviation < SMALLEST_DEVIATION, 1.0, deviation)
    return mean.to(weather.dtype), deviation.to(weather.dtype)
