"""The land and the rivers of a gridded run as a file: what its figures are drawn on, and readers route with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputError
from .files import NETCDF, whole_file

NETWORK = "network.nc"
# Static fields that are written where the source has them: name in the file, of the source, unit, meaning.
FIELDS = (
    ("elevation", "srftopo", "m", "height of the land"),
    ("glacier", "glacier", "1", "share of the land under glaciers"),
    ("lake", "flake", "1", "share of the land under lakes"),
    ("climate_zone", "climate_zone", "1", "zone of climate after Koeppen and Geiger, see flag_meanings"),
)
FLAGS = {"climate_zone": "Af Am Aw BWh BWk BSh BSk Cs Cw Cf Ds Dw Df ET EF"}


@dataclass(frozen=True)
class Network:
    """A grid and its rivers.

    latitude [y], longitude [x]  degrees, cell centres; land_area [y, x] m2
    downstream int64 [y, x]      number (row * columns + column) of the cell into which a cell drains, its own where the
                                 water ends, -1 without a river
    fields                       by name [y, x]: upstream_area m2 and those of FIELDS, NaN where there is none
    """

    latitude: np.ndarray
    longitude: np.ndarray
    land_area: np.ndarray
    downstream: np.ndarray
    fields: dict[str, np.ndarray]


def write_network(path: Path, source: Any) -> None:
    """Write grid and river of a GridSource; WriteError where that fails."""
    import netCDF4

    grid, river = source.grid, source.river
    land = np.zeros(grid.area.size)
    land[source.cell] = source.land_area
    rows: list[tuple[str, str, np.ndarray, dict[str, Any]]] = [
        ("land_area", "f8", land, {"units": "m2", "long_name": "area of the land in the cell, to which mm refer"})
    ]
    if river is not None:
        links = np.full(grid.area.size, -1, np.int64)
        links[river.cell] = river.cell[river.downstream]
        rows.append(("downstream", "i8", links, {"long_name": "row * columns + column of the next cell; own at ends"}))
        area = _on_grid(grid, river.cell, river.fields["upstream_area"])
        rows.append(("upstream_area", "f4", area, {"units": "m2", "long_name": "land that drains through the cell"}))
    for name, field, unit, meaning in FIELDS:
        values, cell = source.fields.get(field), source.cell
        if river is not None and field in river.fields:
            values, cell = river.fields[field], river.cell
        if values is not None:
            attributes: dict[str, Any] = {"units": unit, "long_name": meaning}
            if name in FLAGS:
                numbers = np.arange(len(FLAGS[name].split()), dtype=np.float32)
                attributes |= {"flag_values": numbers, "flag_meanings": FLAGS[name]}
            rows.append((name, "f4", _on_grid(grid, cell, values), attributes))
    with NETCDF, whole_file(path, 30 * grid.area.size) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts({"Conventions": "CF-1.11", "title": "land and rivers of the run"})
        _write_axes(data, grid)
        for name, kind, values, described in rows:
            missing = np.nan if kind == "f4" else False
            variable = data.createVariable(
                name, kind, ("latitude", "longitude"), compression="zlib", complevel=1, fill_value=missing
            )
            variable.setncatts(described)
            variable[:] = values.reshape(grid.shape)


def read_network(path: Path) -> Network:
    """Read what write_network wrote; InputError where the file is not that."""
    import netCDF4

    try:
        with NETCDF, netCDF4.Dataset(path) as data:
            found = {name: np.ma.filled(variable[:], np.nan) for name, variable in data.variables.items()}
        latitude, longitude, land = (found.pop(name) for name in ("latitude", "longitude", "land_area"))
        downstream = found.pop("downstream", np.full(land.shape, -1, np.int64))
    except (OSError, RuntimeError, KeyError) as error:
        raise InputError(f"'{path}' is not the network of a gridded run ({error}): run again") from error
    return Network(latitude, longitude, land, downstream, found)


def _on_grid(grid: Any, cell: np.ndarray, values: np.ndarray) -> np.ndarray:
    result = np.full(grid.area.size, np.nan, np.float32)
    result[cell] = values
    return result


def _write_axes(data: Any, grid: Any) -> None:
    for name, values, unit in (
        ("latitude", grid.latitude, "degrees_north"),
        ("longitude", grid.longitude, "degrees_east"),
    ):
        data.createDimension(name, len(values))
        variable = data.createVariable(name, "f8", (name,), fill_value=False)
        variable.setncatts({"standard_name": name, "units": unit})
        variable[:] = values
