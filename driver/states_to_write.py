"""States written in the form of another program, at a day that the settings name or at the end of the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .errors import ConfigurationError
from .parallel.collect import gather_arrays
from .parallel.division import Division
from .restart import DIMENSIONS
from .schedule import Schedule


class StatesToWrite:
    """What &vic state_path asks for; nothing where the source writes no states.

    ConfigurationError where the day is not one of the run, or the file would have no room for the tiles of a place.
    """

    def __init__(self, settings: Any, source: Any):
        self.inputs = getattr(source, "inputs", None)
        self.path = settings.vic.state_path if self.inputs is not None else ""
        date = settings.vic.state_date
        self.dates = (date,) if self.path and date else ()
        if self.dates:
            _require_day(settings, source, date)
        if self.inputs is not None and self.path:
            _require_room(settings, self.inputs)

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


def _require_day(settings: Any, source: Any, date: str) -> None:
    from .checking import period

    where = f"{settings.path}: &vic state_date"
    first, last = period(settings, source)
    try:
        day = source.axis.offset(date)
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: {error}") from error
    # What a run without warm-up begins with is no result of it.
    earliest = first if settings.run.warmup_days else first + 1
    if not earliest <= day <= last + 1:
        raise ConfigurationError(
            f"{where}: found {date}, expected {source.axis.text(earliest)} to {source.axis.text(last + 1)}, days "
            "before which the run has states: write one of them, or leave state_date out for the end of the run"
        )


def _require_room(settings: Any, inputs: Any) -> None:
    place = inputs.crowded()
    if place:
        raise ConfigurationError(
            f"{settings.path}: &vic state_path: found two tiles of one class at {place} of {inputs.given.source}, "
            "expected one of each, as VIC's state files have room for: merge them there, or leave state_path out"
        )
