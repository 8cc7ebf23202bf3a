"""Potential evaporation out of gridded weather as CF netCDF files, one a year: forcing for HydroPy and others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ..errors import ConfigurationError, InputError
from ..files import NETCDF, make_folder, require_space, whole_file
from ..timeaxis import TimeAxis
from .layout import Layout
from .mask import has_weather
from .reader import Reader
from .weather import Weather, open_weather

BLOCK = 32  # days
PER_SECOND = np.float32(1.0 / 86400.0)
FILL = np.float32(1e20)


def write_evaporation(
    settings: Any, folder: Path, years: tuple[int, int] | None = None, overwrite: bool = False
) -> Iterator[str]:
    """Write PET (kg m-2 s-1) of every year of the weather in &weather into `folder`, on the grid of the weather.

    years: the first and the last to write, by default all. Cells without weather on the first day have no value.
    Yields one line for each note and file. ConfigurationError where files are there and not to be replaced, or no year
    is left; otherwise as open_weather and Reader.forcing; WriteError where the disk is full.
    """
    weather = open_weather(settings)
    if weather.pet == "given":
        raise ConfigurationError(
            f"{settings.path}: &weather pet = '{settings.weather.pet}' takes the potential evaporation of the files: "
            "name a formula, such as pet = 'penman_monteith'"
        )
    parts = _years(weather.axis, years)
    files = {year: folder / f"pet_{weather.pet}_{year:04d}.nc" for year in parts}
    there = [str(file) for file in files.values() if file.exists()]
    if there and not overwrite:
        raise ConfigurationError(f"'{there[0]}' exists ({len(there)} such): choose another folder, or --overwrite")
    make_folder(folder, "prepare pet")
    cell, reader = _reader(weather)
    for year, (first, stop) in parts.items():
        _write(files[year], weather, reader, cell, first, stop)
        yield f"wrote {files[year]}: {weather.axis.text(first)} to {weather.axis.text(stop - 1)}"
    yield from (f"note: {note}" for note in reader.notes)


def _years(axis: TimeAxis, asked: tuple[int, int] | None) -> dict[int, tuple[int, int]]:
    """First day, and day behind the last, of each year."""
    of_day = axis.years()
    found = {}
    for year in np.unique(of_day).tolist():
        if asked is None or asked[0] <= year <= asked[1]:
            days = np.flatnonzero(of_day == year)
            found[year] = int(days[0]), int(days[-1]) + 1
    if not found:
        raise ConfigurationError(f"no year from {asked} lies in the weather, which has {axis}")
    return found


def _reader(weather: Weather) -> tuple[np.ndarray, Reader]:
    """The cells that have weather, and their reader."""
    there = np.ones(int(np.prod(weather.layout.shape)), bool)
    for series in weather.series.values():
        if series.layout.same(weather.layout):  # others are matched by place, and refused where they have nothing
            there &= has_weather(series, (weather.axis.first,))
    cell = np.flatnonzero(there)
    if not len(cell):
        raise InputError(f"{weather.series['precipitation'].where}: no cell has weather on {weather.axis.text(0)}")
    latitude, longitude = weather.layout.coordinates()
    return cell, weather.on(latitude[cell], longitude[cell])


def _write(file: Path, weather: Weather, reader: Reader, cell: np.ndarray, first: int, stop: int) -> None:
    import netCDF4

    layout, axis = weather.layout, weather.axis
    size = int(np.prod(layout.shape)) * (stop - first) * 4
    require_space(file, size, least=0.2)
    with whole_file(file, size) as temporary:
        with NETCDF:
            data = netCDF4.Dataset(str(temporary), "w")
        try:
            with NETCDF:
                variable = _define(data, weather, layout, axis, first, stop)
            for begin in range(first, stop, BLOCK):
                end = min(begin + BLOCK, stop)
                values = np.full((end - begin, int(np.prod(layout.shape))), FILL)
                values[:, cell] = reader.potential_evaporation(begin, end) * PER_SECOND
                with NETCDF:
                    variable[begin - first : end - first] = values.reshape(-1, *layout.shape)
        finally:
            with NETCDF:
                data.close()


def _define(data: Any, weather: Weather, layout: Layout, axis: TimeAxis, first: int, stop: int) -> Any:
    """Dimensions, coordinates and the variable; the variable."""
    data.setncatts(
        {
            "Conventions": "CF-1.11",
            "title": f"potential evaporation, {weather.pet}",
            "source": f"freshet {__version__}, pet = '{weather.pet}', from {', '.join(weather.series)}",
        }
    )
    dimensions = ("cell",) if layout.listed else ("lat", "lon")
    data.createDimension("time", stop - first)
    for name, count in zip(dimensions, layout.shape, strict=True):
        data.createDimension(name, count)
    time = data.createVariable("time", "f8", ("time",))
    begin = axis.text(first)
    time.setncatts({"units": f"days since {begin}", "calendar": axis.calendar, "standard_name": "time", "axis": "T"})
    time[:] = np.arange(stop - first)
    axes = {
        "lat": ("latitude", "degrees_north", layout.latitude),
        "lon": ("longitude", "degrees_east", layout.longitude),
    }
    for name, (standard, unit, values) in axes.items():
        written = data.createVariable(name, "f8", dimensions[:1] if layout.listed else (name,))
        written.setncatts({"units": unit, "standard_name": standard})
        written[:] = values
    variable = data.createVariable(
        "PET", "f4", ("time", *dimensions), zlib=True, complevel=1, shuffle=True, fill_value=FILL,
        chunksizes=(1, *layout.shape),
    )  # fmt: skip
    variable.setncatts(
        {
            "units": "kg m-2 s-1",
            "standard_name": "water_potential_evaporation_flux",
            "long_name": f"potential evaporation ({weather.pet})",
            "cell_methods": "time: mean",
        }
    )
    variable.set_auto_maskandscale(False)
    return variable
