"""Parameter networks as functions whose inputs can be attributed to, and inputs summed to their attributes."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .normalisation import Normalisation
from .shift_network import Shifts


class ParametersOf:
    """Values [sample, output] of the chosen parameters of a network that is a function of attributes.

    network  gives Parameters from attributes [place, attribute] and place numbers (nn/network.py); in the state of use
    rows     numbers of the model's parameters, then (from their count on) of the two of routing
    alike    (True) says that places do not matter: the mean over the background is the same for all
    each     every component an output of its own, in the order parameter, component; else their mean
    """

    alike = True

    def __init__(self, network: nn.Module, rows: Sequence[int], each: bool = False):
        self.network, self.rows, self.each = network.eval(), list(rows), each

    def __call__(self, inputs: Tensor, place: Tensor) -> Tensor:
        """Values [sample, output] of inputs [sample, input]; places do not matter."""
        found = self.network(inputs, place)
        static, count = found.static, len(found.static)
        picked = []
        for row in self.rows:
            if row >= count:
                picked.append(found.routing[row - count, None])
            else:
                picked.append(static[row] if self.each else static[row].mean(0, keepdim=True))
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
