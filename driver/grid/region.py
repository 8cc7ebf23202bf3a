"""A part of a grid, cut out by latitude and longitude."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import ConfigurationError
from .coordinates import regular_grid
from .grid import Grid


def cut_region(grid: Grid, region: Sequence[float]) -> Grid:
    """The rows and columns whose centres lie in south, north, west, east (degrees); all where the region is empty.

    west > east crosses the date line, whatever the longitudes of the grid. ConfigurationError where nothing is left.
    """
    if not region:
        return grid
    if len(region) != 4 or region[0] >= region[1]:
        raise ConfigurationError(
            f"&grid region has {', '.join(f'{value:g}' for value in region)}, expected south, north, west, east"
        )
    south, north, west, east = region
    rows = np.flatnonzero((grid.latitude >= south) & (grid.latitude <= north))
    width = (east - west) % 360.0 or 360.0
    offset = (grid.longitude - west) % 360.0
    columns = np.flatnonzero(offset <= width)
    columns = columns[np.argsort(offset[columns], kind="stable")]
    columns = columns if grid.east_positive else columns[::-1]
    if not len(rows) or not len(columns):
        raise ConfigurationError(f"&grid region {south:g}, {north:g}, {west:g}, {east:g} holds no cell of the grid")
    area = grid.area[rows[:, None], columns]
    return regular_grid(grid.latitude[rows], grid.longitude[columns], area=area, where="&grid region", step=grid.step)
