"""How well the water balance of a run closed: of every place, and of the rivers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Residuals:
    """Residuals of all places since the start of the run.

    total    mm [place] since the start; largest: mm d-1 [place], of the worst day; inflow: mm [place], all that entered
    river    sums of the river network in m3 (river_stepping.river_balance), empty without rivers
    counts   what the model counted of what went wrong, over all places and components
    """

    total: np.ndarray
    largest: np.ndarray
    inflow: np.ndarray
    river: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def facts(self, ids: Sequence[str]) -> dict[str, Any]:
        """Largest residual of a day and of the run, with the places that have them, and the sums of the rivers."""
        daily, worst = int(np.argmax(self.largest)), int(np.argmax(np.abs(self.total)))
        return {
            "largest_daily_residual_mm": float(self.largest[daily]),
            "largest_daily_residual_basin": ids[daily],
            "largest_total_residual_mm": float(self.total[worst]),
            "largest_total_residual_basin": ids[worst],
            "inflow_mm": float(self.inflow.mean()),
            **({"river": self.river} if self.river else {}),
            **({"counts": self.counts} if self.counts else {}),
        }

    def text(self) -> str:
        """One line for a file."""
        total = self.total[int(np.argmax(np.abs(self.total)))]
        said = f"largest residual of a day {self.largest.max():.3g} mm, since the start {total:.3g} mm"
        return f"{said}; {self.river_text()}" if self.river else said

    def counts_text(self) -> str:
        """What was counted, in one line."""
        said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in self.counts.items())
        return f"fallbacks (sub-steps of all components): {said}"

    def river_text(self) -> str:
        """What the rivers took in, let go and hold, in one line."""
        entered, left, stored, lost = (
            self.river[name] / 1e9 for name in ("entered_m3", "left_m3", "stored_m3", "residual_m3")
        )
        share = abs(lost) / max(abs(entered), 1e-30)
        return (
            f"rivers: {entered:.6g} km3 entered = {left:.6g} km3 left at the ends + {stored:.3g} km3 more in rivers "
            f"(residual {lost:.2g} km3, {share:.1g} of what entered)"
        )
