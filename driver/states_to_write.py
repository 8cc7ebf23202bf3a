"""States written in the form of another program, at a day that the settings name or at the end of the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .parallel.collect import gather_arrays
from .parallel.division import Division
from .restart import DIMENSIONS
from .schedule import Schedule


class StatesToWrite:
    """What &vic state_path asks for; nothing where the source writes no states."""

    def __init__(self, settings: Any, source: Any):
        self.inputs = getattr(source, "inputs", None)
        self.path = settings.vic.state_path if self.inputs is not None else ""
        date = settings.vic.state_date
        self.dates = (date,) if self.path and date else ()

    def write(self, day: int, schedule: Schedule, state: np.ndarray, division: Division) -> list[str]:
        """Write the states [row, cell] before `day`, where that is the day; what was written. Collective."""
        due = schedule.axis.offset(self.dates[0]) if self.dates else schedule.count
        inputs = self.inputs
        if inputs is None or not self.path or day != due:
            return []
        whole = gather_arrays(division, {"state": state}, DIMENSIONS)
        date = schedule.axis.text(day)
        path = Path(f"{self.path}.{date.replace('-', '')}_00000.nc")
        division.world.on_root(lambda: inputs.write_state(path, (whole or {})["state"], np.datetime64(date)))
        return [f"wrote states before {date}: {path}"]
