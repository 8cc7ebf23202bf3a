"""Height of the places: of the grid, of a file, or as the surface pressure tells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..catchments.netcdf_file import opened
from ..degrees import position
from ..errors import InputError
from ..files import NETCDF
from .cells import locate
from .layout import read_layout
from .series_reader import SeriesReader, aggregate

if TYPE_CHECKING:
    from .weather import Weather

NAMES = ("elevation", "orog", "ASurf", "elev", "z", "topo", "srftopo", "height", "altitude", "dem")
STANDARD_NAMES = ("surface_altitude", "height_above_reference_ellipsoid")
GRAVITY = 9.80665  # m s-2, of ECMWF's geopotential
GEOPOTENTIAL = "m**2 s**-2"
# Days whose mean pressure tells the height.
DAYS = 31


def elevation_of(
    weather: Weather,
    readers: Mapping[str, SeriesReader],
    latitude: np.ndarray,
    longitude: np.ndarray,
    given: np.ndarray | None,
    remarks: list[str],
) -> np.ndarray:
    """Height, m [place]: of the file that &weather names, else as given, else from the surface pressure.

    InputError where it stays unknown at a place.
    """
    heights = np.full(len(latitude), np.nan) if given is None else np.array(given, np.float64)
    if weather.options.elevation:
        heights = read_elevation(Path(weather.options.elevation), latitude, longitude)
        remarks.append(f"elevation read from {weather.options.elevation}")
    unknown = ~np.isfinite(heights)
    if unknown.any() and "surface_pressure" in readers:
        heights = np.where(unknown, _from_pressure(readers["surface_pressure"], weather), heights)
        remarks.append(f"elevation of {int(unknown.sum())} cells from the mean surface pressure of {DAYS} days")
        unknown = ~np.isfinite(heights)
    if unknown.any():
        place = int(np.argmax(unknown))
        raise InputError(
            f"pet = '{weather.pet}' needs the elevation, which is not known at "
            f"{position(latitude[place], longitude[place])} ({int(unknown.sum())} of {len(unknown)} cells): name a "
            "file of it in &weather elevation, add files of surface pressure, or choose pet = 'oudin' or 'hargreaves'"
        )
    return heights


def read_elevation(path: Path, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Height, m, at places [place] out of a netCDF file. InputError where the file has none there."""
    with NETCDF, opened(path) as data:
        data.set_auto_maskandscale(True)
        names = [name for name in NAMES if name in data.variables]
        names += [name for name, one in data.variables.items() if getattr(one, "standard_name", "") in STANDARD_NAMES]
        if not names:
            raise InputError(f"{path} has no elevation, expected a variable named one of: {', '.join(NAMES)}")
        layout, variable = read_layout(data, path), data[names[0]]
        extra = [name for name in variable.dimensions if name not in layout.dimensions]
        values = variable[tuple(0 if name in extra else slice(None) for name in variable.dimensions)]
        kept = [name for name in variable.dimensions if name not in extra]
        values = np.ma.filled(np.ma.asarray(values, np.float64), np.nan)
        if kept != list(layout.dimensions):
            values = values.T
        factor = 1 / GRAVITY if str(getattr(variable, "units", "")).replace("^", "**") == GEOPOTENTIAL else 1.0
    return np.asarray(values.ravel()[locate(layout, latitude, longitude, str(path))] * factor)


def _from_pressure(reader: SeriesReader, weather: Weather) -> np.ndarray:
    """Height at which the standard atmosphere (FAO-56, eq. 7) has the mean pressure of the first days."""
    first = weather.axis.first
    steps = reader.steps(first, first + min(DAYS, weather.axis.count))
    pressure = aggregate(steps, reader.series.per_day, "mean").astype(np.float64)
    with np.errstate(invalid="ignore"):
        mean = np.nanmean(pressure, axis=0) if np.isfinite(pressure).any() else pressure[0]
        return 293.0 / 0.0065 * (1.0 - (mean / 101.3) ** (1 / 5.26))
