"""The parameter network of δHBV 2.0 (Song et al., 2024): an LSTM for what varies, a perceptron for what does not."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..kernels.variable import Variable
from .network import AttributeNetwork, Parameters, linear, start_at, starting_values
from .network_lstm import DailyNetwork


class SplitNetwork(DailyNetwork):
    """Dynamic parameters as DailyNetwork; static ones, and the routing, from attributes alone.

    static_hidden: sizes of the hidden layers of the perceptron. ValueError where no parameter is dynamic.
    """

    def __init__(
        self,
        variables: Sequence[Variable],
        components: int,
        inputs: int,
        *,
        static_hidden: Sequence[int] = (256, 256),
        activation: str = "relu",
        **daily: Any,
    ):
        super().__init__(variables, components, inputs, **daily)
        if not self.names:
            raise ValueError("a network of kind 'lstm_mlp' needs dynamic parameters: name them in dynamic")
        seed, spread = daily.get("seed", 0), daily.get("spread", 1.0)
        generator = torch.Generator().manual_seed(seed)
        self.static = AttributeNetwork(
            variables, components, inputs, hidden=static_hidden, dropout=daily.get("dropout", 0.5),
            activation=activation, spread=spread, seed=seed + 1,
        )  # fmt: skip
        start = starting_values(variables, components, spread, generator)[self.rows]
        self.last = linear(self.last.in_features, len(self.rows), generator)
        start_at(self.last, start)

    def forward(self, attributes: Tensor, place: Tensor, forcing: Tensor, warmup: int = 0) -> Parameters:
        """As DailyNetwork; a dynamic parameter among the static ones is that of the last day."""
        raw, _ = self.layers(attributes, forcing, max(0, warmup - 1), self._of_daily())
        found = self.static(attributes, place)
        last = self._series(raw[-1:])
        rows = [last[name][0] if name in last else found.static[row] for name, row in self.number.items()]
        static = torch.stack(rows)
        return found._replace(static=static, dynamic=self._daily(raw, static))

    def _of_daily(self) -> tuple[Tensor, Tensor]:
        return self.last.weight, self.last.bias
