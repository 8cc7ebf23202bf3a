"""Sums since midnight (ERA5-Land) taken for sums of an hour (ERA5) would be twelve times too much: told by the data."""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from .series import Series

# Rises of a day that one sum an hour cannot have by chance, where it never falls on any wet day at any place.
RISES = 6
WET = 1.0  # mm


def require_no_running_sums(steps: np.ndarray, series: Series, first: int) -> None:
    """InputError where precipitation [day * per_day, place] rises all day as sums since midnight."""
    if series.per_day <= RISES:
        return
    parts = steps.reshape(-1, series.per_day, steps.shape[1])
    wet = np.asarray(parts[:, -1] > WET)
    if not wet.any():
        return
    rises = np.diff(parts, axis=1)
    with np.errstate(invalid="ignore"):
        falls = np.any(rises < 0.0, axis=1)[wet].any()
        many = np.sum(rises > 0.0, axis=1)[wet].mean() >= RISES
    if many and not falls:
        raise InputError(
            f"{series.place(first)} rises from the first hour to the last of every day of rain: these are sums since "
            "midnight as in ERA5-Land, not of an hour: set product = 'era5_land' in &weather"
        )
