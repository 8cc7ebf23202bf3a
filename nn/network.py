"""Networks that give a model its parameters: from basin attributes, one set for all basins, or one set per basin.

All of them end in the same place: a number per parameter and component goes through a sigmoid to the range that the
declarations allow. They start close to the declared defaults.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..kernels.model import Model
from ..kernels.routing.unit_hydrograph import PARAMETERS as ROUTING
from ..kernels.variable import Variable

KINDS = ("attributes", "single", "basin")
ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU, "silu": nn.SiLU}
EDGE = 0.02  # a default nearer to its bounds than this share of the range starts here: the sigmoid is flat there
SHRINK = 0.1  # of the last layer's weights at the start, so that the defaults decide


class Parameters(NamedTuple):
    """Physical values: static [parameter, component, place], routing [2, place], dynamic [time, component, place].

    correction: of precipitation, see nn/correction.py
    """

    static: Tensor
    routing: Tensor
    dynamic: dict[str, Tensor]
    correction: Tensor | None = None


class Ranges(nn.Module):
    """Raw numbers [row, place] to physical values; rows are parameter * components + component, then routing."""

    low: Tensor
    width: Tensor

    def __init__(self, variables: Sequence[Variable], components: int):
        super().__init__()
        self.shape = (len(variables), components)
        low = [v.low for v in variables for _ in range(components)] + [v.low for v in ROUTING]
        high = [v.high for v in variables for _ in range(components)] + [v.high for v in ROUTING]
        self.register_buffer("low", torch.tensor(low)[:, None], persistent=False)
        self.register_buffer("width", torch.tensor(high)[:, None] - self.low, persistent=False)

    @property
    def rows(self) -> int:
        """Raw numbers that a place needs."""
        return self.low.shape[0]

    def forward(self, raw: Tensor) -> Parameters:
        """Sigmoid, then range; the arrays are contiguous, as the loops want them."""
        value = self.low + self.width * torch.sigmoid(raw)
        split = self.shape[0] * self.shape[1]
        return Parameters(value[:split].reshape(*self.shape, -1), value[split:], {})


def starting_values(
    variables: Sequence[Variable], components: int, spread: float, generator: torch.Generator
) -> Tensor:
    """Raw numbers [row] that give the declared defaults, scattered between components by `spread` before the sigmoid.

    Without any scatter all components would be the same for ever: they would get the same gradient.
    """
    share = [(v.default - v.low) / (v.high - v.low) for v in variables for _ in range(components)]
    share += [(v.default - v.low) / (v.high - v.low) for v in ROUTING]
    raw = torch.logit(torch.tensor(share).clamp(EDGE, 1.0 - EDGE))
    if components > 1:
        raw[: -len(ROUTING)] += spread * torch.randn(len(share) - len(ROUTING), generator=generator)
    return raw


class AttributeNetwork(nn.Module):
    """A multilayer perceptron from normalised attributes [place, attribute] to parameters."""

    def __init__(
        self,
        variables: Sequence[Variable],
        components: int,
        inputs: int,
        *,
        hidden: Sequence[int] = (256, 256),
        dropout: float = 0.0,
        activation: str = "relu",
        spread: float = 1.0,
        seed: int = 0,
    ):
        super().__init__()
        self.ranges = Ranges(variables, components)
        generator = torch.Generator().manual_seed(seed)
        layers: list[nn.Module] = []
        for size in hidden:
            layers += [linear(inputs, size, generator), ACTIVATIONS[activation]()]
            layers += [nn.Dropout(dropout)] if dropout > 0 else []
            inputs = size
        last = linear(inputs, self.ranges.rows, generator)
        start_at(last, starting_values(variables, components, spread, generator))
        self.layers = nn.Sequential(*layers, last)

    def forward(self, attributes: Tensor, place: Tensor) -> Parameters:
        """Parameters of the places whose attributes [place, attribute] these are; their numbers are not needed."""
        return self.ranges(self.layers(attributes).T.contiguous())


class ParameterTable(nn.Module):
    """Parameters learned as they are: one set for all places (places = 1), or one for each of `places`."""

    def __init__(
        self, variables: Sequence[Variable], components: int, places: int = 1, *, spread: float = 1.0, seed: int = 0
    ):
        super().__init__()
        self.ranges = Ranges(variables, components)
        start = starting_values(variables, components, spread, torch.Generator().manual_seed(seed))
        self.raw = nn.Parameter(start[:, None].repeat(1, places))

    def forward(self, attributes: Tensor, place: Tensor) -> Parameters:
        """Parameters of the places with these numbers [place]; attributes are not looked at."""
        single = self.raw.shape[1] == 1
        return self.ranges(self.raw.expand(-1, len(place)) if single else self.raw[:, place])


def build(
    kind: str,
    model: Model,
    components: int,
    *,
    inputs: int = 0,
    places: int = 0,
    hidden: Sequence[int] = (256, 256),
    dropout: float = 0.0,
    activation: str = "relu",
    spread: float = 1.0,
    seed: int = 0,
) -> nn.Module:
    """The network of that kind, a function of attributes [place, attribute] and place numbers [place].

    'attributes' learns from basin attributes, 'single' is one set for all basins, 'basin' one for each of `places`.
    The seed alone decides the start. ValueError on an unknown kind or activation, or no attributes.
    """
    if kind == "attributes":
        if inputs < 1:
            raise ValueError("a network of kind 'attributes' needs at least one basin attribute, got none")
        if activation not in ACTIVATIONS:
            raise ValueError(f"unknown activation '{activation}', expected one of: {', '.join(ACTIVATIONS)}")
        return AttributeNetwork(
            model.parameters, components, inputs,
            hidden=hidden, dropout=dropout, activation=activation, spread=spread, seed=seed,
        )  # fmt: skip
    if kind not in KINDS:
        raise ValueError(f"unknown kind of network '{kind}', expected one of: {', '.join(KINDS)}")
    return ParameterTable(model.parameters, components, 1 if kind == "single" else places, spread=spread, seed=seed)


def start_at(last: nn.Linear, values: Tensor) -> None:
    """Have the last layer begin with these raw numbers [row], whatever comes in."""
    with torch.no_grad():
        last.weight.mul_(SHRINK)
        last.bias.copy_(values)


def linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """A layer whose weights come from this generator alone: the same seed, the same start, whatever ran before."""
    layer = nn.utils.skip_init(nn.Linear, inputs, outputs)
    bound = inputs**-0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        layer.bias.uniform_(-bound, bound, generator=generator)
    return layer
