"""The benchmark without a hydrological model: an LSTM that gives streamflow, trained and scored as the others."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .network import Parameters, linear
from .network_lstm import DailyLayers

FLOW = "streamflow"


class FlowNetwork(nn.Module):
    """Streamflow, mm d-1, from weather and attributes by the layers of the parameter network and one output.

    flow = scale softplus(output): never negative, linear where large. scale is the standard deviation of the training
    flow, kept with the weights.
    """

    scale: Tensor
    reads, width = "days", 1

    def __init__(
        self,
        inputs: int,
        *,
        hidden: Sequence[int] = (256, 256),
        dropout: float = 0.5,
        lower: bool = False,
        seed: int = 0,
    ):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.layers = DailyLayers(inputs, hidden, dropout, lower, generator)
        self.last = linear(hidden[-1], 1, generator)
        self.register_buffer("scale", torch.ones(()))
        self.memory = 0

    @torch.no_grad()
    def fit(self, observed: Tensor) -> None:
        """Take the scale from observed flow [time, place], mm d-1, with NaN in gaps."""
        known = observed[torch.isfinite(observed)].double()
        self.scale.fill_(float(known.std(correction=0).clamp(min=0.1)) if len(known) else 1.0)

    def forward(self, attributes: Tensor, place: Tensor, forcing: Tensor, warmup: int = 0) -> Parameters:
        """Flow [time, 1, place] of the days behind the warm-up, as the only daily parameter."""
        raw, _ = self.layers(attributes, forcing, warmup, (self.last.weight, self.last.bias))
        flow = self.scale * nn.functional.softplus(raw.transpose(1, 2))
        nothing = flow.new_empty((0, 1, flow.shape[2]))
        return Parameters(nothing, nothing[:, 0], {FLOW: flow})


class Passed(nn.Module):
    """Stands where the hydrological model stands, and passes on the flow that the network gives."""

    outputs = (FLOW,)

    def forward(
        self, forcing: Tensor, static: Tensor, routing: Tensor, *, dynamic: Mapping[str, Tensor], warmup: int = 0,
        **others: Any,
    ) -> tuple[Tensor, None]:  # fmt: skip
        """Flow [time, 1, place] of the days behind the warm-up."""
        flow = dynamic[FLOW]
        return flow[flow.shape[0] - (forcing.shape[0] - warmup) :], None
