"""Coordinates of a grid: regular or refused, in any order of latitudes and any convention of longitudes."""

from __future__ import annotations

import numpy as np

from .grid import EARTH_RADIUS, Grid


def regular_grid(
    latitude: np.ndarray,
    longitude: np.ndarray,
    land: np.ndarray | None = None,
    area: np.ndarray | None = None,
    where: str = "the grid",
    step: tuple[float, float] | None = None,
) -> Grid:
    """A Grid of cell centres [y] and [x] in degrees, all cells active where no land mask [y, x] is given.

    area  [y, x] m2; computed on the sphere where not given
    step  degrees of latitude and longitude, needed only where there is one row or one column

    InputError that names `where` and the first place where the spacing is not regular.
    """
    raise NotImplementedError


def sphere_area(latitude: np.ndarray, step: tuple[float, float]) -> np.ndarray:
    """Area of the cells of each row on the sphere, m2 [y]: R^2 dlon (sin north - sin south)."""
    half, width = np.radians(step[0]) / 2, np.radians(step[1])
    north = np.minimum(np.radians(latitude) + half, np.pi / 2)
    south = np.maximum(np.radians(latitude) - half, -np.pi / 2)
    return EARTH_RADIUS**2 * width * (np.sin(north) - np.sin(south))
