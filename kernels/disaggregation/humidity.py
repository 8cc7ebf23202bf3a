"""Vapour pressure between days."""

import numpy as np

from .air import saturation
from .edges import DAY, Edges, at
from .temperature import RISE


def mean_vapour_pressure(daily: np.ndarray, coldest: np.ndarray, temperature: np.ndarray, where: Edges) -> np.ndarray:
    """Mean of each step, Pa [step, place]: each day's value stands at its sunrise, straight lines lie between them
    (VIC 4.2's VP_INTERP, MetSim), and air of a temperature (degC) holds no more than saturation.
    """
    usual = (RISE - where.offset) % DAY - 0.5 * DAY
    day = np.floor((where.time - usual) / DAY).astype(np.intp)
    area = 0.5 * (daily[1:] + daily[:-1]) * np.diff(coldest, axis=0)
    begun = np.zeros_like(daily)
    begun[1:] = np.cumsum(area, axis=0)
    left = np.where(where.time < at(coldest, day), day - 1, day)
    length = at(coldest, left + 1) - at(coldest, left)
    v0, v1 = at(daily, left), at(daily, left + 1)
    u = (where.time - at(coldest, left)) / length
    total = at(begun, left) + length * u * (v0 + 0.5 * (v1 - v0) * u)
    mean = np.diff(total, axis=0) / np.diff(where.time, axis=0)
    return np.minimum(mean, saturation(temperature))
