"""What a model counts of what went wrong: added up over the run, and told at its end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..kernels.model import Model
from .step_outputs import COUNT
from .stepping import Steps


class Counts:
    """Numbers [place] of every flux in model.counts, over all components, since the first day of output."""

    def __init__(self, model: Model, places: int):
        self.totals = {name: np.zeros(places) for name in model.counts}

    @property
    def names(self) -> list[str]:
        """Outputs that counting needs."""
        return [f"{name}{COUNT}" for name in self.totals]

    def clear(self) -> None:
        """Count from now on."""
        for total in self.totals.values():
            total[:] = 0.0

    def add(self, days: Steps) -> None:
        """Count what the days had."""
        for name, total in self.totals.items():
            for day in days.fields[f"{name}{COUNT}"]:
                np.add(total, day, out=total)

    def carry(self) -> dict[str, np.ndarray]:
        """What has to be kept for an exact continuation."""
        return {f"count_{name}": total for name, total in self.totals.items()}

    def restore(self, kept: Mapping[str, np.ndarray]) -> None:
        """Go on from what carry gave."""
        self.totals = {name: kept[f"count_{name}"] for name in self.totals}
