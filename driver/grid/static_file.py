"""Static fields in a netCDF file: its coordinates, and its variables put on the grid of a run."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..catchments.netcdf_file import opened
from ..catchments.record import without_sentinels
from ..errors import InputError
from ..files import NETCDF
from ..nearest import suggestion
from .coordinates import matched, regular_grid
from .grid import Grid
from .names import LATITUDE, LONGITUDE, recognised

DAYS = (365, 366)


@dataclass(frozen=True)
class StaticFile:
    """A netCDF file with fields on a grid.

    grid        its coordinates as a Grid, in the order of the file
    dimensions  names of the dimensions of latitude and longitude
    variables   names, dimensions and units of all that lies on the grid
    """

    path: Path
    grid: Grid
    dimensions: tuple[str, str]
    variables: dict[str, tuple[tuple[str, ...], str]]

    def read(self, name: str) -> np.ndarray:
        """A variable as [y, x] or [month, y, x], float64, NaN where it is missing, in the order of the file.

        Days of a year become means of its months.

        InputError where the variable has other dimensions than those, or is not there.
        """
        self.require(name)
        with NETCDF, opened(self.path) as data:
            variable = data[name]
            more = [
                size
                for size, dimension in zip(variable.shape, variable.dimensions, strict=True)
                if dimension not in self.dimensions and size != 1
            ]
            if more not in ([], *([count] for count in (12, *DAYS))):
                raise InputError(
                    f"{self.path}: {name} has dimensions ({', '.join(variable.dimensions)}) of {variable.shape}, "
                    f"expected ({', '.join(self.dimensions)}), or 12 months or the days of a year before them"
                )
            values = numbers_on_grid(variable, self)
        values = values.reshape(*more, *values.shape[-2:])
        return np.ascontiguousarray(values if more in ([], [12]) else monthly_means(values))

    def onto(self, grid: Grid, name: str) -> np.ndarray:
        """A variable as read, but on another grid: rows and columns are found by their coordinates."""
        values = self.read(name)
        rows, columns = self.places(grid)
        return np.ascontiguousarray(values[..., rows[:, None], columns])

    def places(self, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
        """Row and column in this file of every row and column of another grid. InputError where it lacks one."""
        return matched(grid, self.grid.latitude, self.grid.longitude, str(self.path))

    def unit(self, name: str) -> str:
        """What the file says of the unit, '' where it says nothing."""
        return self.variables[name][1]

    def require(self, name: str) -> None:
        """InputError with the nearest name where the file has no such variable on its grid."""
        if name not in self.variables:
            raise InputError(f"{self.path} has no variable '{name}' on its grid{suggestion(name, self.variables)}")


def monthly_means(days: np.ndarray) -> np.ndarray:
    """Means of the months, [12, ...], of the days of a year of 365 or 366 days."""
    ends = np.cumsum([0, 31, len(days) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    return np.stack([days[first:stop].mean(axis=0) for first, stop in pairwise(ends)])


def open_static(path: Path, latitude: str = "", longitude: str = "") -> StaticFile:
    """The file, its coordinates checked. latitude, longitude: names of the coordinates, '' = recognised.

    InputError where there are none, or they are not regular.
    """
    with NETCDF, opened(path) as data:
        north, north_dimension = _coordinate(data, path, latitude, LATITUDE, "latitude", "degrees_north")
        east, east_dimension = _coordinate(data, path, longitude, LONGITUDE, "longitude", "degrees_east")
        steps = (_cell_size(data, north[0]), _cell_size(data, east[0]))
        dimensions = (north_dimension, east_dimension)
        variables = {
            name: (tuple(variable.dimensions), str(getattr(variable, "units", "")))
            for name, variable in data.variables.items()
            if set(dimensions) <= set(variable.dimensions) and variable.dtype is not str
        }
    return StaticFile(path, regular_grid(north[1], east[1], where=str(path), step=steps), dimensions, variables)


def _coordinate(
    data: Any, path: Path, asked: str, known: tuple[str, ...], what: str, unit: str
) -> tuple[tuple[str, np.ndarray], str]:
    """Name and values of a coordinate, and its dimension."""
    by_unit = [name for name, other in data.variables.items() if str(getattr(other, "units", "")).lower() == unit]
    bounds = [f"{name}_{end}" for name in known for end in ("bnds", "bounds")]
    name = asked or recognised(known, data.variables) or (by_unit or [""])[0] or recognised(bounds, data.variables)
    if name not in data.variables:
        missing = f"no variable '{name}'{suggestion(name, data.variables)}" if name else f"no {what}"
        raise InputError(f"{path} has {missing}; name it in &grid {what}; there are: {', '.join(data.variables)}")
    variable = data[name]
    values = _numbers(variable, path)
    if values.ndim == 2 and values.shape[1] == 2 and name.endswith(("bnds", "bounds")):
        return (name, values.mean(axis=1)), variable.dimensions[0]
    if values.ndim == 2:
        axis = int((values == values[:1]).all())
        if not (values == np.take(values, [0], axis=1 - axis)).all():
            raise InputError(f"{path}: {name} bends ({variable.dimensions}): interpolate to a regular grid first")
        return (name, np.take(values, 0, axis=1 - axis)), variable.dimensions[axis]
    if values.ndim != 1:
        raise InputError(f"{path}: {name} has dimensions {variable.dimensions}, expected one")
    return (name, values), variable.dimensions[0]


def _numbers(variable: Any, path: Path) -> np.ndarray:
    """All of a variable as float64, NaN where there is no value."""
    if np.dtype(variable.dtype).kind not in "fiu":
        raise InputError(f"{path}: {variable.name} holds {variable.dtype}, expected numbers")
    variable.set_auto_maskandscale(True)
    return without_sentinels(np.ma.filled(np.ma.asarray(variable[...], np.float64), np.nan))


def numbers_on_grid(variable: Any, file: StaticFile) -> np.ndarray:
    """All of an open variable as float64 [..., y, x], NaN where there is no value."""
    order = [variable.dimensions.index(dimension) for dimension in file.dimensions]
    others = [axis for axis in range(variable.ndim) if axis not in order]
    return np.moveaxis(_numbers(variable, file.path), [*others, *order], range(variable.ndim))


def _cell_size(data: Any, name: str) -> float:
    """Width of the cells by their bounds, degrees; 0 where there are none."""
    bounds = data.variables.get(str(getattr(data[name], "bounds", name)))
    if bounds is None or bounds.ndim != 2 or bounds.shape[1] != 2:
        return 0.0
    return float(abs(bounds[0, 1] - bounds[0, 0]))
