"""Outputs that are made of others after the sum over components: ratios, other units, names of the original program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .variable import Variable

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Around:
    """What a combined output may know beside its sources: arrays of the places at hand.

    forcing [time, row, place], parameters [row, component, place] without derived ones, weights [component, place]
    """

    forcing: np.ndarray
    parameters: np.ndarray
    weights: np.ndarray


Rows = Mapping[str, "np.ndarray"]


@dataclass(frozen=True)
class Combined:
    """An output by its variable (which says what intervals of several steps have of it) and how it is made.

    sources   outputs of the model, as sums over components by their weights
    of        (sources by name [time, place], Around) -> [time, place]
    by_band   the sums run over the components of one elevation band, whose shares of tiles are their weights: there is
              one such output for each band, with its number behind its name
    """

    variable: Variable
    sources: tuple[str, ...]
    of: Callable[[Rows, Around], np.ndarray]
    by_band: bool = False
