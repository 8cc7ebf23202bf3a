"""The part of the land that has weather."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..gridded.cells import locate
from ..gridded.mask import has_weather
from .grid import Grid


def with_weather(grid: Grid, weather: Any) -> tuple[np.ndarray, list[str]]:
    """The land [y, x] where every series has a value on the first day, as HydroPy takes it, and a note on the rest.

    weather: a Weather of driver/gridded. InputError where cells of the land lie outside of its grid.
    """
    cell = np.flatnonzero(grid.land)
    covered = np.ones(len(cell), bool)
    for series in weather.series.values():
        place = locate(series.layout, grid.latitudes(cell), grid.longitudes(cell), series.where)
        covered &= has_weather(series, (weather.axis.first,))[place]
    land = np.zeros(grid.shape, bool)
    land.flat[cell[covered]] = True
    left = cell[~covered]
    if not len(left):
        return land, []
    return land, [f"{len(left)} cells of the land are left out, for they have no weather (first: {grid.name(left[0])})"]
