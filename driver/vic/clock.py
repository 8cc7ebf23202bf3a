"""Month and day of the year of steps, and forcing put into the rows of a form."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...kernels.vic.parameters import CLOCK, WEATHER


def calendar_rows(times: np.ndarray) -> np.ndarray:
    """Month (from 1) and day of the year (from 1) at the start of steps (datetime64), [time, row]."""
    months = times.astype("datetime64[M]")
    month = months.astype(int) % 12 + 1
    day = (times.astype("datetime64[D]") - times.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) + 1
    return np.stack([month, day], 1).astype(float)


def into_steps(values: np.ndarray, steps: int, parts: int, summed: bool) -> np.ndarray:
    """[step, part, place] from values [time, place] of equal intervals: summed, or averaged, over each part.

    ValueError where the intervals do not fit.
    """
    if len(values) % (steps * parts):
        raise ValueError(f"{len(values)} values do not make {steps} steps of {parts} parts")
    grouped = values.reshape(steps, parts, -1, values.shape[-1])
    if grouped.shape[2] == 1:
        return grouped[:, :, 0]
    # In sequence, as VIC adds them up: pairwise sums differ in the last digit.
    total = grouped[:, :, 0].copy()
    for k in range(1, grouped.shape[2]):
        total += grouped[:, :, k]
    return total if summed else total / grouped.shape[2]


def forcing_rows(times: np.ndarray, weather: Mapping[str, np.ndarray], parts: int) -> np.ndarray:
    """Forcing [time, row, place] of a form with `parts` sub-steps, from times of its steps and its weather by name.

    weather: every quantity of kernels/vic/parameters.WEATHER in its unit, [time, place] of equal intervals, as many
    for each part of a step or more. KeyError where one is missing, ValueError where the intervals do not fit.
    """
    steps, places = len(times), weather[WEATHER[0].name].shape[-1]
    rows = np.empty((steps, len(CLOCK) + len(WEATHER) * parts, places))
    rows[:, : len(CLOCK)] = calendar_rows(times)[:, :, None]
    for k, variable in enumerate(WEATHER):
        first = len(CLOCK) + k * parts
        summed = variable.name == "precipitation"
        rows[:, first : first + parts] = into_steps(weather[variable.name], steps, parts, summed)
    return rows
