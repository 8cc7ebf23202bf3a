"""Records that belong together: what is collected, and then gathered, compressed and written at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .periods import Part


@dataclass(frozen=True)
class Window:
    """Consecutive records of one file.

    part    the file; first: number of the first record in it
    values  by variable: [record, column]
    bounds  int64 [record, 2], ticks of the run; per_day: ticks of a day
    """

    part: Part
    first: int
    values: Mapping[str, np.ndarray]
    bounds: np.ndarray
    per_day: int = 1

    @property
    def days(self) -> tuple[int, int]:
        """First day, and the day behind the last."""
        return int(self.bounds[0, 0]) // self.per_day, int(self.bounds[-1, 1]) // self.per_day
