"""Parameters of a gridded model from static fields: every cell starts from its own value, a network shifts it.

value = low + (high - low) sigmoid(start + shift), where start gives the cell's own value (the default that follows from
its fields) and shift comes from the network, which begins at zero. So training begins with the model as it is, but for
values beyond the bounds, which begin at them. Ranges whose bounds are DECADES apart are shifted in their logarithm.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..kernels.variable import Variable
from .network import ACTIVATIONS, EDGE, linear, start_at

DECADES = 30.0  # ratio of the bounds from which a range is seen as its logarithm
KINDS = ("attributes", "single", "basin")


class Shifts(nn.Module):
    """Rows of parameters [row, place] of the given variables.

    start    [row, place] values to begin with
    kind     'attributes': a perceptron of inputs [place, input]; 'single': one shift for all places; 'basin': one each
    """

    low: Tensor
    width: Tensor
    begin: Tensor

    def __init__(
        self,
        variables: Sequence[Variable],
        start: Tensor,
        kind: str,
        *,
        inputs: int = 0,
        hidden: Sequence[int] = (64, 64),
        dropout: float = 0.0,
        activation: str = "tanh",
        seed: int = 0,
    ) -> None:
        super().__init__()
        if kind not in KINDS:
            raise ValueError(f"unknown kind of network '{kind}', expected one of: {', '.join(KINDS)}")
        self.variables, self.kind = tuple(variables), kind
        self._logarithm = torch.tensor([v.low > 0 and v.high / v.low > DECADES for v in variables])[:, None]
        low = self._seen(torch.tensor([v.low for v in variables], dtype=start.dtype)[:, None])
        high = self._seen(torch.tensor([v.high for v in variables], dtype=start.dtype)[:, None])
        self.register_buffer("low", low, persistent=False)
        self.register_buffer("width", high - low, persistent=False)
        share = ((self._seen(start) - low) / (high - low)).clamp(EDGE, 1.0 - EDGE)
        self.register_buffer("begin", torch.logit(share), persistent=False)
        places = start.shape[1]
        if kind == "attributes":
            self.layers = _layers(inputs, hidden, len(variables), dropout, activation, seed).to(start.dtype)
        else:
            self.raw = nn.Parameter(torch.zeros((len(variables), 1 if kind == "single" else places), dtype=start.dtype))

    def _seen(self, values: Tensor) -> Tensor:
        """Values, or their logarithm where the range spans decades."""
        return torch.where(self._logarithm, torch.log(values.clamp(min=1e-30)), values)

    def forward(self, inputs: Tensor, place: Tensor | None = None) -> Tensor:
        """Values [row, place] from inputs [place, input], which only the kind 'attributes' looks at.

        place: numbers of the places that the inputs are of; None = all, in order. Only for the kind 'attributes'.
        """
        shift = self.layers(inputs).T if self.kind == "attributes" else self.raw
        begin = self.begin if place is None else self.begin[:, place]
        value = self.low + self.width * torch.sigmoid(begin + shift)
        # of large values that are no logarithms the exponential is infinite, and infinity times 0 no gradient
        return torch.where(self._logarithm, torch.exp(torch.where(self._logarithm, value, 0.0)), value)


def _layers(
    inputs: int, hidden: Sequence[int], outputs: int, dropout: float, activation: str, seed: int
) -> nn.Sequential:
    """A perceptron that gives nearly zero at the start; the seed alone decides it."""
    if inputs < 1:
        raise ValueError("a network of kind 'attributes' needs at least one static field, got none")
    if activation not in ACTIVATIONS:
        raise ValueError(f"unknown activation '{activation}', expected one of: {', '.join(ACTIVATIONS)}")
    generator = torch.Generator().manual_seed(seed)
    layers: list[nn.Module] = []
    for size in hidden:
        layers += [linear(inputs, size, generator), ACTIVATIONS[activation]()]
        layers += [nn.Dropout(dropout)] if dropout > 0 else []
        inputs = size
    last = linear(inputs, outputs, generator)
    start_at(last, torch.zeros(outputs))
    return nn.Sequential(*layers, last)
