"""Days simulated before the start, so that the stores are filled when the run begins."""

import numpy as np

from .timeaxis import TimeAxis


def warmup_days(axis: TimeAxis, start: int, warmup: int) -> np.ndarray:
    """Indices on `axis` of the warm-up days of a run that begins at day `start`.

    The days before `start` where the data have them; before the first day of the data the same days of the year from
    the first year of the data, so that the seasons go on.
    """
    index = np.arange(start - warmup, start)
    year = min(360 if axis.calendar == "360_day" else 365, axis.count)
    return np.where(index < 0, index % year, index)
