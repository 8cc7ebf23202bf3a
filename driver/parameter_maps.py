"""Parameter maps: what a run of a namelist would use as parameters, by basin or on the grid, as CF netCDF.

A map is a file of parameters by name like any other (&parameters source = 'file'), to the bit; on a grid it lies on
latitudes and longitudes, and is known from other files on a grid by a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from .errors import InputError
from .files import NETCDF, make_folder, whole_file
from .geometry import kind_of_place
from .grid.coordinates import regular_grid
from .parameters import Parameters, declared, parameters
from .place_layout import GridLayout, create, layout
from .provenance import now
from .settings_cross import READS

NAME = "parameter_map.nc"
MARK = "freshet_parameter_map"  # global attribute: every variable is a parameter by name, none a raw field
STEP = "grid_step"


def map_parameters(settings: Any, path: Path | None = None, source: Any = None) -> Path:
    """Write the parameters that a run of these settings would use; the path.

    path None: parameter_map.nc in the directory of &output. ConfigurationError or InputError as of a run, WriteError
    where the file cannot be written.
    """
    if source is None:
        from .catchments import open_source

        source = open_source(settings, "parameters")
    given = parameters(settings, source, settings.model)
    path = path or Path(settings.output.directory) / NAME
    make_folder(path.parent, "output")
    write_map(path, given, source, settings)
    print(
        f"{path}: {len(declared(settings.model))} parameters of {len(source.ids)} {kind_of_place(source)}s from "
        f"{given.origin}; run with them: &parameters source = 'file', path = '{path}'"
    )
    return path


def write_map(path: Path, given: Parameters, source: Any, settings: Any) -> None:
    """Write parameters with units, bounds, meaning, and where they come from; WriteError where that fails."""
    import netCDF4

    places, model = layout(source), settings.model
    told = _told(given, settings)
    with NETCDF, whole_file(path, given.values.nbytes) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts(told)
        front: tuple[str, ...] = ()
        if given.components > 1:
            data.createDimension("component", given.components)
            front = ("component",)
        places.define(data)
        if isinstance(places, GridLayout):
            data.setncattr(STEP, np.array(places.grid.step))
        for variable, rows in zip(declared(model), (*given.values, *given.routing), strict=True):
            about = {"long_name": variable.meaning, "units": variable.unit}
            before = front if rows.ndim > 1 else ()
            written = create(data, variable.name, places, before, about)
            written.valid_range = np.array([variable.low, variable.high])
            written[:] = places.spread(rows if before or rows.ndim == 1 else rows[0])


def is_map(path: Path) -> bool:
    """Whether a netCDF file is a parameter map on a grid. InputError where it cannot be read."""
    from .catchments.netcdf_file import opened

    with NETCDF, opened(path) as data:
        return on_grid(data)


def on_grid(data: Any) -> bool:
    """Whether a netCDF4.Dataset is a parameter map on a grid."""
    return MARK in data.ncattrs() and "latitude" in data.dimensions


def grid_table(path: Path, data: Any) -> tuple[list[str], dict[str, np.ndarray]]:
    """Names of the cells of a map on a grid, and parameters by name [component, cell]: as a table by basin.

    InputError where the file is not as it was written.
    """
    try:
        latitude, longitude = (np.asarray(data[name][:], np.float64) for name in ("latitude", "longitude"))
        north, east = (float(value) for value in data.getncattr(STEP))
        grid = regular_grid(latitude, longitude, where=f"'{path}'", step=(north, east))
    except (AttributeError, IndexError, ValueError) as error:
        raise InputError(f"'{path}' is no whole parameter map: {error}") from error
    columns = {
        name: np.ma.getdata(variable[:]).astype(np.float64).reshape(-1, grid.area.size)
        for name, variable in data.variables.items()
        if variable.dimensions[-2:] == ("latitude", "longitude")
    }
    there = np.any([np.isfinite(column).any(axis=0) for column in columns.values()], axis=0) if columns else []
    cell = np.flatnonzero(there)
    return grid.names(cell), {name: column[:, cell] for name, column in columns.items()}


def _told(given: Parameters, settings: Any) -> dict[str, Any]:
    """Global attributes of the file."""
    asked, model = settings.parameters, settings.model
    found: Mapping[str, Any] = {}
    if asked.source == "checkpoint":
        from ..nn import checkpoint
        from .checkpoint_provenance import provenance

        found = provenance(Path(asked.path), checkpoint.load(Path(asked.path)))
    return {
        "Conventions": "CF-1.11",
        "title": settings.run.title or f"parameters of {model.label}",
        "source": f"freshet {__version__}, model {model.label}: {given.origin}",
        "history": f"{now()}: freshet parameters {Path(settings.path).name}",
        "model": model.label,
        "parameters_sha256": given.checksum(),
        "namelist": settings.text(READS["parameters"]),
        MARK: np.int32(1),
        **found,
    }
