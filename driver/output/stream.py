"""A stream: quantities that are written at one frequency to one kind of file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...kernels.variable import Variable
from ..timeaxis import TimeAxis
from .frequency import Frequency
from .layout import NODE, PLACE, Layout
from .periods import Part, part


@dataclass(frozen=True)
class Stream:
    """What is written, how often and where.

    name       'main', 'daily', 'monthly', 'yearly' or 'gauges'; stem: beginning of the names of its files
    locations  of the variables by name: PLACE or NODE
    layout     of the whole, as one process writes it
    bounds     by location int64 [rank + 1]: columns of each rank
    pick       by location: indices of this rank's columns among its places or nodes; all where it is not there
    span       what a file holds; window: records written at once, 0 = all of a file
    """

    name: str
    stem: str
    variables: Sequence[Variable]
    locations: Mapping[str, str]
    frequency: Frequency
    layout: Layout
    bounds: Mapping[str, np.ndarray]
    span: str
    window: int = 0
    pick: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def maps(self) -> bool:
        """Whether it has all places, not only gauges."""
        return self.name != "gauges"

    def part(self, axis: TimeAxis, day: int) -> Part:
        """The file that holds a day."""
        return part(axis, self.span, day, self.stem)

    def record_bounds(self, axis: TimeAxis, begin: int, end: int) -> np.ndarray:
        """Ticks of the records from the beginning of a file up to day `end`: int64 [record, 2]."""
        if self.frequency.per_day > 1:
            ticks = np.arange(begin * self.frequency.per_day, end * self.frequency.per_day)
            return np.stack([ticks, ticks + 1], axis=1)
        found, day = [], begin
        while day < end:
            stop = min(self.frequency.end(day, axis), end)
            found.append((day, stop))
            day = stop
        return np.array(found, np.int64).reshape(-1, 2)

    def own(self, location: str, rank: int) -> slice:
        """Columns of a rank."""
        return slice(int(self.bounds[location][rank]), int(self.bounds[location][rank + 1]))

    @property
    def cells(self) -> np.ndarray:
        """Bounds int64 [rank + 1] of cells in canonical order: nodes where there is routing, otherwise places."""
        return self.bounds[NODE] if self.bounds[NODE][-1] else self.bounds[PLACE]

    def take(self, days: Mapping[str, np.ndarray], name: str) -> np.ndarray:
        """This rank's columns of a variable, [time, column]; days: by name, of days or of steps within them."""
        chosen = self.pick.get(self.locations[name])
        return days[name] if chosen is None else days[name][:, chosen]
