"""Steps of the model gathered into intervals: amounts are added up, states are the last ones, the rest is averaged."""

from collections.abc import Iterable, Sequence

import numpy as np

from ..kernels.model import Model
from ..kernels.variable import Variable

SUM, MEAN, LAST = "sum", "mean", "last"


def methods(model: Model) -> dict[str, str]:
    """What an interval of steps has of every flux and state of a model, by name: 'sum', 'mean' or 'last'."""
    states = dict.fromkeys((variable.name for variable in model.states), LAST)
    return states | {variable.name: variable.aggregated for variable in model.fluxes}


def gathered(values: np.ndarray, steps: int, method: str) -> np.ndarray:
    """[interval, ...] from values [step, ...], `steps` in each interval; in the same precision.

    Sums run in float64, one step after the other: their bits do not depend on how places are cut.
    """
    if steps == 1:
        return values
    grouped = values.reshape(len(values) // steps, steps, *values.shape[1:])
    if method == LAST:
        return np.ascontiguousarray(grouped[:, -1])
    total = grouped[:, 0].astype(np.float64)
    for step in range(1, steps):
        total += grouped[:, step]
    if method == MEAN:
        total /= steps
    return total.astype(values.dtype)


def gathered_rows(values: np.ndarray, steps: int, of_rows: Sequence[str]) -> np.ndarray:
    """As gathered, of values [step, row, place] whose rows have methods of their own."""
    if steps == 1:
        return values
    found = np.empty((len(values) // steps, *values.shape[1:]), values.dtype)
    for row, method in enumerate(of_rows):
        found[:, row] = gathered(values[:, row], steps, method)
    return found


def over_days(variable: Variable, states: Iterable[str]) -> str:
    """What an interval of several days has of a quantity of each day. States are averaged, unless they are said to be
    those at the end."""
    return variable.over_time or MEAN if variable.name in states else variable.aggregated
