"""Places of a source in a CF netCDF file: basins in a row, or cells of a grid on latitude and longitude."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .netcdf_places import write_basins, write_coordinates


class BasinLayout:
    """Basins in a row, with where they are, as far as known.

    dimensions  of values by place
    coordinates  what CF's attribute of this name says, '' on a grid
    """

    dimensions: tuple[str, ...] = ("basin",)
    coordinates = "latitude longitude"

    def __init__(self, source: Any):
        missing = np.full(len(source.ids), np.nan)
        self.ids = list(source.ids)
        self.where = {name: source.attributes.get(name, missing) for name in ("latitude", "longitude")}

    def define(self, data: Any) -> None:
        """Write dimensions and coordinates to a netCDF4.Dataset."""
        write_basins(data, self.ids)
        write_coordinates(data, self.where)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values [..., place] on the dimensions of the file."""
        return values


class GridLayout:
    """Cells on the latitudes and longitudes of their grid; NaN where there is no cell."""

    dimensions: tuple[str, ...] = ("latitude", "longitude")
    coordinates = ""

    def __init__(self, source: Any):
        self.grid, self.cell = source.grid, source.cell

    def define(self, data: Any) -> None:
        """As BasinLayout.define."""
        axes = (
            ("latitude", self.grid.latitude, {"units": "degrees_north", "axis": "Y"}),
            ("longitude", self.grid.longitude, {"units": "degrees_east", "axis": "X"}),
        )
        for name, centres, told in axes:
            data.createDimension(name, len(centres))
            written = data.createVariable(name, "f8", (name,))
            written.setncatts({"standard_name": name, "long_name": f"{name} of the centre of the cell"} | told)
            written[:] = centres

    def spread(self, values: np.ndarray) -> np.ndarray:
        """As BasinLayout.spread."""
        whole = np.full((*values.shape[:-1], self.grid.latitude.size * self.grid.longitude.size), np.nan)
        whole[..., self.cell] = values
        return whole.reshape(*values.shape[:-1], *self.grid.shape)


Layout = BasinLayout | GridLayout


def layout(source: Any) -> Layout:
    """How the places of the source lie in a file."""
    return GridLayout(source) if hasattr(source, "grid") else BasinLayout(source)


def create(data: Any, name: str, places: Layout, before: tuple[str, ...], told: Mapping[str, Any]) -> Any:
    """A variable of float64 by place, with dimensions `before` in front and the attributes `told`."""
    on_grid = isinstance(places, GridLayout)
    written = data.createVariable(
        name, "f8", (*before, *places.dimensions), fill_value=np.nan if on_grid else False, zlib=on_grid
    )
    written.setncatts(dict(told) | ({"coordinates": places.coordinates} if places.coordinates else {}))
    return written
