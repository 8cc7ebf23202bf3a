"""Distances from cells to the cells that they drain into."""

from __future__ import annotations

import numpy as np

from .grid import EARTH_RADIUS, Grid


def link_length(grid: Grid, cell: np.ndarray, downstream: np.ndarray, distance: str = "sphere") -> np.ndarray:
    """Metres [node] from the centre of each node's cell to that of its downstream node.

    cell, downstream  as in River. Where the water ends: the diameter of a circle of the cell's area (HydroPy's).
    distance          'sphere' for great circles; 'hydropy' for the original's own: the hypotenuse of the rows and
                      columns between the cells, without wrapping around the Earth (Stacke & Hagemann, 2021)
    """
    target = cell[downstream]
    between = _hydropy if distance == "hydropy" else _great_circle
    end = downstream == np.arange(len(downstream))
    return np.where(end, 2.0 * np.sqrt(grid.area.ravel()[cell] / np.pi), between(grid, cell, target))


def great_circle(
    latitude: np.ndarray, longitude: np.ndarray, to_latitude: np.ndarray, to_longitude: np.ndarray
) -> np.ndarray:
    """Metres between points on the sphere, degrees; the haversine formula, exact for neighbours too."""
    north, to_north = np.radians(latitude), np.radians(to_latitude)
    across = np.sin(np.radians(to_longitude - longitude) / 2.0) ** 2
    chord = np.sin((to_north - north) / 2.0) ** 2 + np.cos(north) * np.cos(to_north) * across
    return 2.0 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))


def _great_circle(grid: Grid, cell: np.ndarray, target: np.ndarray) -> np.ndarray:
    return great_circle(grid.latitudes(cell), grid.longitudes(cell), grid.latitudes(target), grid.longitudes(target))


def _hydropy(grid: Grid, cell: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Rows are pi R / rows of the globe apart, columns by the area of the cells of a row."""
    columns = len(grid.longitude)
    height = np.pi * EARTH_RADIUS / round(180.0 / grid.step[0])
    width = grid.area[:, 0] / height
    row, to_row = cell // columns, target // columns
    across = (width[row] + width[to_row]) / 2.0 * (target % columns - cell % columns)
    return np.hypot(across, height * (to_row - row))
