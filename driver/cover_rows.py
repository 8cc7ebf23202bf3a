"""Length of the day and cover of the land as rows of a forcing, made of dates, latitudes and monthly fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..kernels.hydropy.cover import daily_values, day_length
from ..kernels.variable import Variable
from .errors import ConfigurationError

# Values [time, place] of days by their indices on the source's axis.
Maker = Callable[[np.ndarray], np.ndarray]
# Monthly fields of a source by what they become, and the numbers that a day may have.
MONTHLY = {"vegetation_fraction": ("fveg", 0.0, 1.0), "leaf_area_index": ("lai", 0.0, np.inf)}


def day_length_row(source: Any, variable: Variable) -> Maker:
    """Share of the day between sunrise and sunset. ConfigurationError where a latitude is not known."""
    latitude = np.asarray(source.attributes["latitude"], np.float64)
    unknown = ~np.isfinite(latitude)
    if unknown.any():
        raise ConfigurationError(
            f"the latitude of {source.ids[int(np.argmax(unknown))]} is not known: the length of its days needs it"
        )
    day, length = _calendar(source)
    # The cells of a row of a grid share their latitude.
    parallels, place = np.unique(latitude, return_inverse=True)
    return lambda days: day_length(parallels, day[days], length[days])[:, place]


def monthly_row(source: Any, variable: Variable) -> Maker:
    """A field by month as values of the day; the declared default everywhere where the source has no such field."""
    name, low, high = MONTHLY[variable.name]
    monthly = getattr(source, "fields", {}).get(name)
    if monthly is None:
        places = len(source.attributes["latitude"])
        return lambda days: np.full((len(days), places), variable.default)
    day, length = _calendar(source)
    return lambda days: np.clip(daily_values(monthly, day[days], length[days]), low, high)


def _calendar(source: Any) -> tuple[np.ndarray, np.ndarray]:
    """Day of the year and length of the year of every day of the axis; the year without ten days in 1582 has 365."""
    length = source.axis.year_length()
    return source.axis.day_of_year(), np.where(length == 355, 365, length)


ROWS: dict[str, Callable[[Any, Variable], Maker]] = {
    "day_length": day_length_row,
    **dict.fromkeys(MONTHLY, monthly_row),
}
