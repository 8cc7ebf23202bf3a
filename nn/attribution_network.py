"""Parameter networks as functions whose inputs can be attributed to, and inputs summed to their attributes."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .correction import Corrected
from .network import Parameters
from .normalisation import Normalisation
from .shift_network import Shifts
from .weather import asked


class ParametersOf:
    """Values [sample, output] of the chosen parameters of a network that is a function of attributes.

    network  gives Parameters from attributes [place, attribute] and place numbers (nn/network.py); in the state of use
    rows     numbers of the model's parameters, then (from their count on) of the two of routing, then of the mean
             factor of precipitation where one is learned
    each     every component an output of its own, in the order parameter, component; else their mean
    """

    alike = True

    def __init__(self, network: nn.Module, rows: Sequence[int], each: bool = False):
        self.network, self.rows, self.each = network.eval(), list(rows), each

    def __call__(self, inputs: Tensor, place: Tensor) -> Tensor:
        """Values [sample, output] of inputs [sample, input]; places do not matter."""
        found: Parameters = self.network(inputs, place)
        return _picked(list(found.static), found, self.rows, self.each)


class DailyParametersOf:
    """As ParametersOf, of a network that reads the weather too: every place keeps its own, whatever its attributes.

    forcing  [time, row, place] of the days that the network sees; static parameters are those of the last of them,
             dynamic ones the mean over the last `window`
    """

    alike = False
    once = True
    chunk = 64  # series of all days at once

    def __init__(self, network: nn.Module, forcing: Tensor, rows: Sequence[int], each: bool = False):
        self.network, self.forcing, self.rows, self.each = network.eval(), forcing, list(rows), each
        self.daily = parameter_network(network)
        self.daily.layers.lstm.lower = False

    def __call__(self, inputs: Tensor, place: Tensor) -> Tensor:
        """Values [sample, output] of inputs [sample, input] under the weather of places [sample]."""
        found = asked(self.network, inputs, place, self.forcing[:, :, place], 0)
        values = list(found.static)
        for name, daily in found.dynamic.items():
            values[self.daily.number[name]] = daily[-self.daily.window :].mean(0)
        return _picked(values, found, self.rows, self.each)


def parameter_network(network: nn.Module) -> Any:
    """The network that gives the parameters, without what corrects precipitation beside it."""
    return network.network if isinstance(network, Corrected) else network


def _picked(values: Sequence[Tensor], found: Parameters, rows: Sequence[int], each: bool) -> Tensor:
    """Chosen rows [sample, output]: of values, each [component, sample], of routing, and the factor behind them."""
    picked = []
    for row in rows:
        behind = row - len(values)
        if behind < 0:
            picked.append(values[row] if each else values[row].mean(0, keepdim=True))
        elif behind < len(found.routing):
            picked.append(found.routing[behind, None])
        elif found.correction is not None:
            picked.append(torch.exp(found.correction[:1]))
    return torch.cat(picked).T


class ShiftsOf:
    """Values [sample, output] of the chosen rows of a network that shifts the own values of each cell of a grid."""

    alike = False

    def __init__(self, network: Shifts, rows: Sequence[int]):
        self.network, self.rows = network.eval(), list(rows)

    def __call__(self, inputs: Tensor, place: Tensor) -> Tensor:
        """Values [sample, output] of inputs [sample, input] shifting the values of cells [sample]."""
        return self.network(inputs, place)[self.rows].T


def by_attribute(phi: Tensor, normalisation: Normalisation) -> Tensor:
    """Attributions [..., input] summed to attributes [..., attribute]: classes are several inputs."""
    parts = phi.split([attribute.size for attribute in normalisation.attributes], dim=-1)
    return torch.stack([part.sum(-1) for part in parts], -1)
