"""How weather of hours is derived from daily files: settings of &vic that begin with daily_."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...kernels.disaggregation import ALWAYS, DEARDORFF, Clock

LOCAL, UTC = "local", "utc"
DEGREES_PER_HOUR = 15.0


@dataclass(frozen=True)
class DailyChoices:
    """Defaults are those of VIC 4 and MetSim.

    clock      what the clock of the run shows: 'local' = the sun's time at each place (noon at 12), 'utc'
    days       which days the daily values are of: 'local', 'utc'
    humidity   where the dew point lies below the lowest temperature: 'always', 'never', 'arid' (kernels' estimate())
    longwave   emissivity of clear air: kernels' CLEAR
    clouds     what clouds add to it: 'deardorff', 'bras'
    wet_above  mm: a day with more counts as wet
    """

    clock: str = LOCAL
    days: str = LOCAL
    humidity: str = ALWAYS
    longwave: str = "prata"
    clouds: str = DEARDORFF
    wet_above: float = 0.0

    def on(self, longitude: np.ndarray) -> Clock:
        """How clock, days and sun lie to each other at longitudes, degrees east."""
        east = (np.asarray(longitude, np.float64) + 180.0) % 360.0 - 180.0
        ahead = east / DEGREES_PER_HOUR
        shown = ahead if self.clock == LOCAL else np.zeros_like(ahead)
        midnight = -ahead if self.days == LOCAL else np.zeros_like(ahead)
        return Clock(midnight + shown, ahead - shown)


def daily_choices(vic: Mapping[str, Any]) -> DailyChoices:
    """From settings of &vic by key; what is not there has its default."""
    names = DailyChoices.__dataclass_fields__
    return DailyChoices(**{name: vic[f"daily_{name}"] for name in names if f"daily_{name}" in vic})
