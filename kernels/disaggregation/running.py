"""Means of the days before a day."""

import numpy as np


def running_mean(values: np.ndarray, days: int) -> np.ndarray:
    """Mean of each day and those before it, as many as `days` [day, place].

    The first days take the first full window, which looks ahead; a shorter record is one window. Nothing is taken from
    the other end of the record. The numbers of a day do not depend on how far the record goes on, but in that case.
    """
    days = min(days, len(values))
    sums = np.cumsum(values, axis=0)
    mean = np.empty_like(sums)
    mean[days - 1] = sums[days - 1]
    mean[days:] = sums[days:] - sums[:-days]
    mean[: days - 1] = mean[days - 1]
    return mean / days
