"""Parameter networks as functions whose inputs can be attributed to, and inputs summed to their attributes."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .network_lstm import DailyNetwork
from .normalisation import Normalisation
from .shift_network import Shifts


class ParametersOf:
    """Values [sample, output] of the chosen parameters of a network that is a function of attributes.

    network  gives Parameters from attributes [place, attribute] and place numbers (nn/network.py); in the state of use
    rows     numbers of the model's parameters, then (from their count on) of the two of routing
    each     every component an output of its own, in the order parameter, component; else their mean
    """

    alike = True

    def __init__(self, network: nn.Module, rows: Sequence[int], each: bool = False):
        self.network, self.rows, self.each = network.eval(), list(rows), each

    def __call__(self, inputs: Tensor, place: Tensor) -> Tensor:
        """Values [sample, output] of inputs [sample, input]; places do not matter."""
        found = self.network(inputs, place)
        return _picked(list(found.static), found.routing, self.rows, self.each)


class DailyParametersOf:
    """As ParametersOf, of a network that reads the weather too: every place keeps its own, whatever its attributes.

    forcing  [time, row, place] of the days that the network sees; static parameters are those of the last of them,
             dynamic ones the mean over the last `window`
    """

    alike = False
    once = True
    chunk = 64  # series of all days at once

    def __init__(self, network: DailyNetwork, forcing: Tensor, rows: Sequence[int], each: bool = False):
        self.network, self.forcing, self.rows, self.each = network.eval(), forcing, list(rows), each
        network.layers.lstm.lower = False

    def __call__(self, inputs: Tensor, place: Tensor) -> Tensor:
        """Values [sample, output] of inputs [sample, input] under the weather of places [sample]."""
        network = self.network
        found = network(inputs, place, self.forcing[:, :, place])
        values = list(found.static)
        for name, daily in found.dynamic.items():
            values[network.number[name]] = daily[-network.window :].mean(0)
        return _picked(values, found.routing, self.rows, self.each)


def _picked(values: Sequence[Tensor], routing: Tensor, rows: Sequence[int], each: bool) -> Tensor:
    """Chosen rows [sample, output] of parameters, each [component, sample], and routing [2, sample] behind them."""
    picked = []
    for row in rows:
        if row >= len(values):
            picked.append(routing[row - len(values), None])
        else:
            picked.append(values[row] if each else values[row].mean(0, keepdim=True))
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
