"""A grid in a file: all of it, or the active cells alone (CF: compression by gathering)."""

from functools import partial
from typing import Any

import numpy as np

from .layout import NODE, PLACE, Layout

# The model's mm are those of the land in a cell.
AREA_METHOD = {PLACE: "area: mean where land"}
CELL_ATTRIBUTES = {"coordinates": "cell_latitude cell_longitude", "cell_measures": "area: cell_area"}
CELL_NUMBER = "row of the grid times number of columns plus column"
AREAS = {
    "cell_area": {"standard_name": "cell_area", "long_name": "area of the cell"},
    "land_area": {"long_name": "area of the land in the cell, to which mm refer; 0 where there is none"},
}
CellFact = tuple[np.ndarray, dict[str, str]]
LOCATION_FLAGS = {PLACE: 1, NODE: 2}
BOUNDS = {"latitude": "latitude_bounds", "longitude": "longitude_bounds"}


def grid_layout(source: Any, routed: bool) -> Layout:
    """The whole grid of a GridSource, in the order of its file; routed: with the nodes of its river."""
    positions = _cells(source, slice(None), slice(None), routed)
    attributes = {"cell_measures": "area: cell_area"}
    write = partial(_write_grid, source.grid, source.cell, source.land_area)
    return Layout(("latitude", "longitude"), source.grid.shape, positions, write, attributes, AREA_METHOD)


def cells_layout(source: Any, routed: bool) -> Layout:
    """The active cells and those of the river, in the order of the grid."""
    own = _cells(source, slice(None), slice(None), routed)
    cells = np.unique(np.concatenate(list(own.values())))
    positions = {location: np.searchsorted(cells, each) for location, each in own.items()}
    write = partial(_write_cells, source.grid, cells, (positions[PLACE], source.land_area))
    return Layout(("cell",), (len(cells),), positions, write, CELL_ATTRIBUTES, AREA_METHOD)


def part_layout(source: Any, places: slice, nodes: slice) -> Layout:
    """The cells of a part of the places and nodes, in canonical order, where the parts of ranks follow each other.

    Its files say in `cell_location` which cells have a place (1), a node of the river (2), or both (3).
    """
    own = _cells(source, places, nodes, nodes.stop > nodes.start)
    both = np.concatenate([own.get(NODE, np.empty(0, np.int64)), own[PLACE]])
    _, firsts = np.unique(both, return_index=True)
    cells = both[np.sort(firsts)]
    order = np.argsort(cells)
    positions = {location: order[np.searchsorted(cells[order], each)] for location, each in own.items()}
    kinds = np.zeros(len(cells), np.int8)
    for location, flag in LOCATION_FLAGS.items():
        kinds[positions.get(location, [])] += flag

    def write(data: Any) -> None:
        _write_cells(source.grid, cells, (positions[PLACE], source.land_area[places]), data)
        variable = data.createVariable("cell_location", "i1", ("cell",), fill_value=False)
        variable.setncatts({"flag_masks": np.array([1, 2], np.int8), "flag_meanings": "place node"})
        variable[:] = kinds

    positions.setdefault(NODE, np.empty(0, np.int64))
    return Layout(("cell",), (len(cells),), positions, write, CELL_ATTRIBUTES, AREA_METHOD)


def cell_facts(source: Any, routed: bool) -> dict[str, CellFact]:
    """What a file says by cell [cell], cells in canonical order: values and attributes by name.

    cell_place is the place of a cell among those of the model, -1 where it only receives water.
    """
    cells = source.river.cell if routed else source.cell
    place = source.river.place if routed else np.arange(len(cells))
    grid, land = source.grid, np.zeros(len(cells))
    land[place >= 0] = source.land_area[place[place >= 0]]
    return {
        "cell": (cells, {"long_name": CELL_NUMBER}),
        "cell_latitude": (grid.latitudes(cells), {"standard_name": "latitude", "units": _units("latitude")}),
        "cell_longitude": (grid.longitudes(cells), {"standard_name": "longitude", "units": _units("longitude")}),
        "cell_area": (grid.area.reshape(-1)[cells], {**AREAS["cell_area"], "units": "m2"}),
        "land_area": (land, {**AREAS["land_area"], "units": "m2"}),
        "cell_place": (place, {"long_name": "number of the place in the model, -1 where there is none"}),
    }


def _cells(source: Any, places: slice, nodes: slice, routed: bool) -> dict[str, np.ndarray]:
    own = {PLACE: source.cell[places]}
    if routed:
        own[NODE] = source.river.cell[nodes]
    return own


def _write_grid(grid: Any, cell: np.ndarray, land_area: np.ndarray, data: Any) -> None:
    _write_axes(data, grid)
    land = np.zeros(grid.area.size)
    land[cell] = land_area
    _write_areas(data, ("latitude", "longitude"), grid.area, land.reshape(grid.shape))


def _write_cells(grid: Any, cells: np.ndarray, land: tuple[np.ndarray, np.ndarray], data: Any) -> None:
    """Cells by number; land: places of cells among them, and their land areas."""
    _write_axes(data, grid)
    data.createDimension("cell", len(cells))
    number = data.createVariable("cell", "i8", ("cell",), fill_value=False)
    number.setncatts({"long_name": CELL_NUMBER, "compress": "latitude longitude"})
    number[:] = cells
    for name, values in (("latitude", grid.latitudes(cells)), ("longitude", grid.longitudes(cells))):
        variable = data.createVariable(f"cell_{name}", "f8", ("cell",), fill_value=False)
        variable.setncatts({"standard_name": name, "units": _units(name)})
        variable[:] = values
    areas = np.zeros(len(cells))
    areas[land[0]] = land[1]
    _write_areas(data, ("cell",), grid.area.reshape(-1)[cells], areas)


def _write_axes(data: Any, grid: Any) -> None:
    data.createDimension("latitude", grid.shape[0])
    data.createDimension("longitude", grid.shape[1])
    for name, axis, centres, step in (
        ("latitude", "Y", grid.latitude, grid.step[0]),
        ("longitude", "X", grid.longitude, grid.step[1]),
    ):
        variable = data.createVariable(name, "f8", (name,), fill_value=False)
        variable.setncatts(
            {"standard_name": name, "long_name": name, "units": _units(name), "axis": axis, "bounds": BOUNDS[name]}
        )
        variable[:] = centres
        limits = data.createVariable(BOUNDS[name], "f8", (name, "bound"), fill_value=False)
        limits[:] = _edges(centres, step, name)


def _edges(centres: np.ndarray, step: float, name: str) -> np.ndarray:
    """Both edges of each cell, in the direction of the axis; no latitude beyond the poles."""
    half = step / 2 if len(centres) < 2 or centres[-1] > centres[0] else -step / 2
    edges = np.stack([centres - half, centres + half], axis=1)
    return np.clip(edges, -90.0, 90.0) if name == "latitude" else edges


def _write_areas(data: Any, dimensions: tuple[str, ...], cell_area: np.ndarray, land_area: np.ndarray) -> None:
    for name, values in (("cell_area", cell_area), ("land_area", land_area)):
        variable = data.createVariable(name, "f8", dimensions, compression="zlib", complevel=1, fill_value=False)
        variable.setncatts({**AREAS[name], "units": "m2"})
        variable[:] = values


def _units(name: str) -> str:
    return "degrees_north" if name == "latitude" else "degrees_east"
