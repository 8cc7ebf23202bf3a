"""The weather of a training on a grid: the days of a run, its warm-up before them, of this rank's places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ConfigurationError
from ..forcing_reader import require_plausible
from ..forcing_rows import makers
from ..parallel.division import Division
from ..timeaxis import TimeAxis
from ..warmup import warmup_days

BLOCK = 366


@dataclass(frozen=True)
class Days:
    """The days of the arrays: the lead, which fills the stores as in freshet run, then begin up to stop.

    lead    indices on the axis of the source
    begin, stop   first day after the lead, and the day behind the last, on the axis
    """

    lead: np.ndarray
    begin: int
    stop: int

    @property
    def index(self) -> np.ndarray:
        """Index on the axis of the source of every day of the arrays."""
        return np.concatenate((self.lead, np.arange(self.begin, self.stop)))

    @property
    def offset(self) -> int:
        """What to add to an index on the axis for the place in the arrays."""
        return len(self.lead) - self.begin


def days_of(settings: Any, axis: TimeAxis, periods: dict[str, tuple[int, int]]) -> Days:
    """The days of a run that holds all periods: from the start of &run, else from the first period.

    ConfigurationError where a period lies before the start of &run.
    """
    first, stop = min(start for start, _ in periods.values()), max(stop for _, stop in periods.values())
    begin = axis.index(settings.run.start, f"{settings.path}: &run start") if settings.run.start else first
    if begin > first:
        raise ConfigurationError(
            f"{settings.path}: &run start is {settings.run.start}, but a period of &training begins at "
            f"{axis.text(first)}: put the start back"
        )
    lead = warmup_days(axis, begin, settings.run.warmup_days)
    return Days(lead, begin, stop)


def read_forcing(settings: Any, mine: Any, days: Days) -> np.ndarray:
    """Forcing [time, row, place] of this rank's places, in the precision of the run, read block by block.

    InputError with place, day and value where a value cannot be.
    """
    variables, index = settings.model.forcings, days.index
    whole = np.empty((len(index), len(variables), len(mine.ids)), settings.run.precision)
    if not len(mine.ids):
        return whole
    made = makers(settings.model, mine)
    for begin in range(0, len(index), BLOCK):
        asked = index[begin : begin + BLOCK]
        low = int(asked.min())
        values = mine.forcing(low, int(asked.max()) + 1)[asked - low]
        require_plausible(variables, values, mine, asked)
        block = whole[begin : begin + BLOCK]
        block[:, : values.shape[1]] = values
        for row, maker in enumerate(made, values.shape[1]):
            block[:, row] = maker(asked)
    return whole


def climate(forcing: np.ndarray, division: Division, period: tuple[int, int]) -> dict[str, np.ndarray]:
    """Means of the weather in a period by name, float64 [place] of all places: inputs of a network."""
    names = ("precipitation_mean", "air_temperature_mean", "potential_evaporation_mean", "frost_fraction")
    total = np.zeros((len(names), forcing.shape[2]))
    # Day by day: the order of the sum must not depend on how many places a rank has.
    for day in forcing[slice(*period)]:
        total[:3] += day[:3]
        total[3] += day[1] < 0.0
    whole = division.world.all_gather(total / (period[1] - period[0]), division.places)
    return dict(zip(names, whole, strict=True))
