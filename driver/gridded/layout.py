"""Where the cells of a file lie: rows and columns of a regular grid, or a list of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError

LATITUDES = ("latitude", "lat", "nav_lat")
LONGITUDES = ("longitude", "lon", "nav_lon")
# Degrees within which two cells are one: more than float32 coordinates are off, less than any half cell.
TOLERANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Layout:
    """The cells of a file.

    latitude, longitude  degrees north and east: [y] and [x] of a grid, [cell] both where `listed`
    dimensions           names of the dimensions: (y, x), or (cell,)
    """

    latitude: np.ndarray
    longitude: np.ndarray
    dimensions: tuple[str, ...]

    @property
    def listed(self) -> bool:
        """Whether the cells are a list instead of a grid."""
        return len(self.dimensions) == 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns, or the number of cells."""
        return (len(self.latitude),) if self.listed else (len(self.latitude), len(self.longitude))

    def coordinates(self) -> tuple[np.ndarray, np.ndarray]:
        """Latitude and longitude of every cell [cell], row by row."""
        if self.listed:
            return self.latitude, self.longitude
        rows, columns = self.shape
        return np.repeat(self.latitude, columns), np.tile(self.longitude, rows)

    def same(self, other: Layout) -> bool:
        """Whether the cells are the same and in the same order."""
        if self.shape != other.shape:
            return False
        turned = np.abs(self.longitude - other.longitude) % 360.0
        apart = max(np.abs(self.latitude - other.latitude).max(), np.minimum(turned, 360.0 - turned).max())
        return bool(apart <= TOLERANCE)


def read_layout(data: Any, path: Path) -> Layout:
    """The cells of an open netCDF file. InputError where they are not told by latitude and longitude in degrees."""
    latitude = _find(data.variables, LATITUDES, "latitude", "degrees_north")
    longitude = _find(data.variables, LONGITUDES, "longitude", "degrees_east")
    if not latitude or not longitude:
        there = ", ".join(list(data.variables)[:12])
        raise InputError(f"{path} has no {'longitude' if latitude else 'latitude'}, expected lat and lon; has: {there}")
    north, east = data[latitude], data[longitude]
    if north.ndim != 1 or east.ndim != 1:
        raise InputError(
            f"{path}: {latitude} has {north.ndim} and {longitude} {east.ndim} dimensions, expected one each: the grid "
            "is rotated or curved; remap it to latitudes and longitudes first, such as with cdo remapcon"
        )
    dimensions = (*north.dimensions, *east.dimensions)
    dimensions = dimensions[:1] if dimensions[0] == dimensions[1] else dimensions
    latitudes = _checked(north, f"{path}: {latitude}", 90.0, distinct=len(dimensions) == 2)
    return Layout(latitudes, _checked(east, f"{path}: {longitude}", 360.0, len(dimensions) == 2), dimensions)


def _find(variables: Mapping[str, Any], names: tuple[str, ...], standard: str, unit: str) -> str:
    """Name of a coordinate, '' where there is none; any other name counts only if it says that it is degrees."""
    known = next((name for name in names if name in variables), "")
    told = (
        str(name)
        for name, variable in variables.items()
        if getattr(variable, "standard_name", "") == standard or getattr(variable, "units", "") == unit
    )
    return known or next(told, "")


def _checked(variable: Any, where: str, limit: float, distinct: bool) -> np.ndarray:
    """The values of a coordinate, float64."""
    values = np.asarray(variable[:], np.float64)
    wrong = ~(np.abs(values) <= limit + TOLERANCE)
    if wrong.any():
        raise InputError(f"{where} is {values[wrong][0]:g}, expected {-limit:g} to {limit:g} degrees: correct the file")
    if not len(values):
        raise InputError(f"{where} is empty: expected coordinates of cells")
    steps = np.diff(values)
    if distinct and len(values) > 1 and not ((steps > 0).all() or (steps < 0).all()):
        # A grid from 0 through 180 = -180 turns back once, at the date line.
        turned = values.copy()
        turned[values < values[0]] += 360.0
        if limit <= 90.0 or not (np.diff(turned) > 0).all():
            place = int(np.argmax(np.sign(steps) != np.sign(steps[0])))
            raise InputError(
                f"{where} goes from {values[place]:g} to {values[place + 1]:g}, expected values that only rise or only "
                "fall: correct the file"
            )
    return values
