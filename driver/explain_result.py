"""What freshet explain has found."""

from dataclasses import dataclass

import numpy as np

from ..kernels.variable import Variable
from .explain_subject import Subject


@dataclass(frozen=True)
class One:
    """Attributions of one parameter, the mean over checkpoints.

    phi        [component, attribute, place]; they add up to value - expected [component, place], but for gap
    deviation  [component, attribute] of the importance between checkpoints, None with one of them
    """

    phi: np.ndarray
    value: np.ndarray
    expected: np.ndarray
    deviation: np.ndarray | None

    @property
    def gap(self) -> np.ndarray:
        """How far the attributions are from adding up [component, place]."""
        return self.phi.sum(1) - (self.value - self.expected)

    @property
    def importance(self) -> np.ndarray:
        """Mean of |phi| over places [component, attribute]."""
        return np.abs(self.phi).mean(-1)

    @property
    def completeness(self) -> float:
        """Root mean square of the gap as a share of that of what is explained, 0 where nothing is."""
        size = float(np.sqrt(((self.value - self.expected) ** 2).mean()))
        return float(np.sqrt((self.gap**2).mean())) / size if size > 0 else 0.0


@dataclass(frozen=True)
class Explanation:
    """What makes the parameters of places differ from the mean over a background.

    found       by the name of each variable
    members     the networks whose mean is explained
    background  places compared with
    samples     draws of them for each place
    """

    ids: list[str]
    attributes: tuple[str, ...]
    variables: tuple[Variable, ...]
    found: dict[str, One]
    members: list[Subject]
    background: int
    samples: int
