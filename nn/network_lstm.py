"""Networks that read the daily weather: the parameter network of δHBV (Feng et al., 2022), and a benchmark without HBV.

Linear, ReLU, LSTM with dropout of weights, linear. Inputs are the normalised forcing of the day and the attributes of
the basin; the product with the attributes is the same every day and computed once.
"""

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..kernels.variable import Variable
from .lstm import LSTM, State
from .network import Parameters, Ranges, linear, start_at, starting_values
from .weather import Weather

MEMORY = 730  # days after which an LSTM with dynamic parameters has forgotten how it began
YEAR = 365  # days whose hidden values are held together where no gradient is wanted
ROWS = 3  # of the forcing: precipitation, air temperature, potential evaporation


class DailyLayers(nn.Module):
    """From forcing [time, row, place] and attributes [place, attribute] to hidden values of every day.

    hidden: width of the linear layer, and units of the LSTM
    """

    def __init__(self, attributes: int, hidden: Sequence[int], dropout: float, lower: bool, generator: torch.Generator):
        super().__init__()
        width, size = hidden[0], hidden[-1]
        self.weather = Weather(ROWS)
        self.first = linear(ROWS + attributes, width, generator)
        self.lstm = LSTM(width, size, generator, dropout, lower)

    def forward(
        self, attributes: Tensor, forcing: Tensor, warmup: int = 0, head: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Rows [time, place, row] of a linear layer, `head`, on the days behind the warm-up (no rows without one), and
        hidden values of the last day [place, unit].

        The warm-up runs without gradient: it fills the memory. Where no gradient is wanted at all, hidden values are
        held of a year at most.
        """
        weather, static = self.first.weight.split([ROWS, self.first.in_features - ROWS], 1)
        same = nn.functional.linear(attributes, static, self.first.bias)
        weights = self.lstm.weights()
        state: State | None = None
        rows = []
        for first, stop in _pieces(warmup, len(forcing)):
            with torch.set_grad_enabled(torch.is_grad_enabled() and first >= warmup):
                hidden, state = self.lstm((self.weather(forcing[first:stop]), weather, same), weights, state)
            if head is not None and first >= warmup:
                rows.append(nn.functional.linear(hidden.to(same.dtype), *head))
        if state is None:
            raise ValueError("a network that reads the weather was given no day of it")
        nothing = same.new_empty((0, same.shape[0], 0))
        return torch.cat(rows) if len(rows) > 1 else rows[0] if rows else nothing, state[0].to(same.dtype)


def _pieces(warmup: int, days: int) -> list[tuple[int, int]]:
    """First day, and that behind the last, of what is run at once: the warm-up, then the rest."""
    most = days if torch.is_grad_enabled() else YEAR
    starts = [*range(0, warmup, YEAR), *range(warmup, days, max(1, most))]
    return list(itertools.pairwise([*starts, days]))


class DailyNetwork(nn.Module):
    """Parameters from weather and attributes: static ones as of the last day, dynamic ones of every day.

    dynamic          names of the parameters that vary by day, each component its own
    dynamic_dropout  share of basins and parameters that stay as on the last day, all days of a batch, while training
    window           days that the network sees before it gives static parameters, where none is dynamic
    """

    def __init__(
        self,
        variables: Sequence[Variable],
        components: int,
        inputs: int,
        *,
        hidden: Sequence[int] = (256, 256),
        dropout: float = 0.5,
        dynamic: Sequence[str] = (),
        dynamic_dropout: float = 0.0,
        window: int = 365,
        lower: bool = False,
        spread: float = 1.0,
        seed: int = 0,
    ):
        super().__init__()
        self.ranges = Ranges(variables, components)
        self.names, self.components, self.window = tuple(dynamic), components, window
        self.dynamic_dropout = dynamic_dropout
        generator = torch.Generator().manual_seed(seed)
        self.layers = DailyLayers(inputs, hidden, dropout, lower, generator)
        self.last = linear(hidden[-1], self.ranges.rows, generator)
        start_at(self.last, starting_values(variables, components, spread, generator))
        self.number = {variable.name: number for number, variable in enumerate(variables)}
        self.rows = [self.number[name] * components + k for name in self.names for k in range(components)]

    @property
    def width(self) -> int:
        """Numbers of a place and day that vary."""
        return len(self.names) * self.components

    @property
    def memory(self) -> int:
        """Days that it should see before it tells static parameters: as many as in training."""
        return MEMORY if self.names else self.window

    @property
    def reads(self) -> str:
        """What of the weather it needs: 'days' one by one, or a 'window' of them."""
        return "days" if self.names else "window"

    def forward(self, attributes: Tensor, place: Tensor, forcing: Tensor, warmup: int = 0) -> Parameters:
        """Parameters of places with attributes [place, attribute] under a forcing [time, row, place].

        Dynamic ones are of the days from the last of the warm-up on: what nn/physics.py takes.
        """
        if not self.names:
            _, last = self.layers(attributes, forcing[-self.window :])
            return self.ranges(self.last(last).T.contiguous())
        raw, last = self.layers(attributes, forcing, max(0, warmup - 1), self._of_daily())
        found = self.ranges(self.last(last).T.contiguous())
        return found._replace(dynamic=self._daily(raw, found.static))

    def _of_daily(self) -> tuple[Tensor, Tensor]:
        """Weights and biases of the parameters that vary."""
        return self.last.weight[self.rows], self.last.bias[self.rows]

    def _series(self, raw: Tensor) -> dict[str, Tensor]:
        """Daily values [time, component, place] by name, from raw ones [time, place, row]."""
        low, width = self.ranges.low[self.rows], self.ranges.width[self.rows]
        values = low + width * torch.sigmoid(raw.transpose(1, 2))
        return dict(zip(self.names, values.split(self.components, 1), strict=True))

    def _daily(self, raw: Tensor, static: Tensor) -> dict[str, Tensor]:
        """The same, some of them replaced by their last day while training."""
        daily = self._series(raw)
        if not (self.training and self.dynamic_dropout):
            return daily
        kept = {}
        for name, series in daily.items():
            stays = torch.rand(series.shape[2]).to(series.device) < self.dynamic_dropout
            kept[name] = torch.where(stays, static[self.number[name]], series)
        return kept
