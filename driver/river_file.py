"""Files of the parameters of a router by cell of the river network: netCDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.rivers.router import Router
from .errors import InputError
from .files import NETCDF, whole_file
from .nearest import suggestion

# Coordinates nearer than this, in degrees, are the same.
NEAR = 1e-4


def read_river_parameters(path: Path, form: Router, source: Any) -> dict[str, np.ndarray]:
    """Parameters and geometry of a router by name, float64 [node], for the nodes of the source's river.

    The file holds them as (cell) with latitude (cell) and longitude (cell), as write_river_parameters leaves them.
    Cells are found by their coordinates; others than those of the network may be there. InputError, with file and
    place, where a name is unknown or a cell is missing.
    """
    import netCDF4

    known = [variable.name for variable in (*form.parameters, *form.geometry)]
    try:
        with NETCDF, netCDF4.Dataset(path) as data:
            found: dict[str, np.ndarray] = {
                name: np.ma.filled(np.ma.asarray(variable[:], dtype=float), np.nan)
                for name, variable in data.variables.items()
            }
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"cannot read the parameters of the router in '{path}': {error}") from error
    latitude, longitude = (found.pop(name, None) for name in ("latitude", "longitude"))
    for name, values in found.items():
        if name not in known:
            raise InputError(f"'{path}': router '{form.name}' has no parameter '{name}'{suggestion(name, known)}")
        if latitude is None or longitude is None or values.shape != latitude.shape or values.ndim != 1:
            raise InputError(f"'{path}': {name} has to have the dimension (cell), as latitude and longitude")
    if not found:
        raise InputError(f"'{path}' has no parameter of router '{form.name}'; known: {', '.join(known)}")
    place = _places(path, latitude, longitude, source)
    return {name: values[place] for name, values in found.items()}


def write_river_parameters(path: Path, given: Any, source: Any) -> None:
    """Write parameters and geometry of a RiverInput by cell; WriteError where that fails."""
    import netCDF4

    declared = (*given.router.parameters, *given.router.geometry)
    rows = (*given.parameters, *given.geometry)
    cell = source.river.cell
    with NETCDF, whole_file(path, given.parameters.nbytes) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts(
            {"Conventions": "CF-1.11", "title": f"parameters of {given.router.label}", "source": given.origin}
        )
        data.createDimension("cell", len(cell))
        for name, values, unit in (
            ("latitude", source.grid.latitudes(cell), "degrees_north"),
            ("longitude", source.grid.longitudes(cell), "degrees_east"),
        ):
            written = data.createVariable(name, "f8", ("cell",), fill_value=False)
            written.setncatts({"standard_name": name, "units": unit})
            written[:] = values
        for variable, row in zip(declared, rows, strict=True):
            written = data.createVariable(variable.name, "f8", ("cell",), fill_value=False)
            written.setncatts(
                {"long_name": variable.meaning, "units": variable.unit, "coordinates": "latitude longitude"}
            )
            written[:] = row


def _places(path: Path, latitude: Any, longitude: Any, source: Any) -> np.ndarray:
    """Index in the file of each node of the river."""
    cell = source.river.cell
    mine = _keys(source.grid.latitudes(cell), source.grid.longitudes(cell))
    theirs = {key: number for number, key in enumerate(_keys(latitude, longitude))}
    missing = [node for node, key in enumerate(mine) if key not in theirs]
    if missing:
        raise InputError(
            f"'{path}' has no cell at {source.grid.name(int(cell[missing[0]]))} ({len(missing)} of {len(cell)} cells "
            "of the network are missing): is it of another grid?"
        )
    return np.array([theirs[key] for key in mine], np.int64)


def _keys(latitude: np.ndarray, longitude: np.ndarray) -> list[tuple[int, int]]:
    """Coordinates that can be compared: multiples of NEAR, east from -180."""
    east = (np.asarray(longitude) + 180.0) % 360.0 - 180.0
    rows = zip(np.rint(np.asarray(latitude) / NEAR).tolist(), np.rint(east / NEAR).tolist(), strict=True)
    return [(int(a), int(b)) for a, b in rows]
