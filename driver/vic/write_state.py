"""A state as a file of VIC 5's image driver (netCDF), under the names of its documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.model import Model
from ..errors import WriteError
from ..files import NETCDF, whole_file
from .assemble import Assembled
from .image import ImageGrid
from .parameters import UNUSED, Arrays, VicParameters
from .state_file import BAND, CLASS, ENTRIES, FROST, LAYER, NODE, class_slots

FILL = 9.969209968386869e36


def write_state(
    path: Path,
    model: Model,
    state: np.ndarray,
    given: VicParameters,
    assembled: Assembled,
    grid: ImageGrid,
    time: np.datetime64,
) -> None:
    """State [row, cell] at a time; the file is of the cells of the grid, without values where nothing runs.

    Depth and albedo of the snow and melt kept by the canopy stand in it as additions (FRESHET_...), so that nothing is
    lost on the way. WriteError where a place has two tiles of one class (VIC's file has no room for them), or writing
    fails.
    """
    import netCDF4

    place = crowded(given)
    if place:
        raise WriteError(f"cannot write '{path}': {place} has two tiles of one class, VIC's file one of each")
    values = _by_name(model, state, assembled)
    slots, bands = class_slots(given, assembled), assembled.bands.area.shape[0]
    rows, columns = grid.shape
    size = given.classes * bands * rows * columns * 8
    with NETCDF, whole_file(path, size * len(model.states)) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts({"title": "states of VIC", "source": "freshet", "history": f"states at {time}"})
        lengths = {CLASS: given.classes, BAND: bands, LAYER: int(model.options["layers"]),
                   NODE: int(model.options["nodes"]), FROST: 1, "lat": rows, "lon": columns}  # fmt: skip
        for name, length in lengths.items():
            data.createDimension(name, length)
        _coordinates(data, grid, lengths)
        _nodes(data, model, given, grid)
        for entry in ENTRIES:
            if entry.own and entry.state not in values:
                continue
            own = (entry.axis,) if entry.axis else ()
            frost = (FROST,) if entry.name == "STATE_SOIL_ICE" else ()
            variable = data.createVariable(
                entry.name, "f8", (CLASS, BAND, *own, *frost, "lat", "lon"), fill_value=FILL, compression="zlib"
            )
            variable.units = entry.unit
            full = _on_grid(values[entry.state], slots, assembled, grid, (given.classes, bands))
            variable[...] = full[:, :, :, None] if frost else full


def crowded(given: VicParameters) -> str:
    """The first place that has two tiles of one class, in words; '' where there is none."""
    ordered = np.sort(given.tiles["veg_class"], axis=0)
    twice = (ordered[1:] == ordered[:-1]) & (ordered[1:] != UNUSED)
    return given.where(int(np.argwhere(twice)[0][1])) if twice.any() else ""


def _by_name(model: Model, state: np.ndarray, assembled: Assembled) -> Arrays:
    """States by name [component, place], layers and nodes before them."""
    shape = assembled.components.tile.shape
    rows = {variable.name: row.reshape(shape) for variable, row in zip(model.states, state, strict=True)}
    found = {name: row for name, row in rows.items() if not name.rpartition("_")[2].isdecimal()}
    layers, nodes = int(model.options["layers"]), int(model.options["nodes"])
    found["soil_moisture"] = np.stack([rows[f"soil_moisture_{k + 1}"] for k in range(layers)])
    found["soil_ice"] = np.stack([rows.get(f"soil_ice_{k + 1}", np.zeros(shape)) for k in range(layers)])
    found["soil_temperature"] = np.stack([rows[f"soil_temperature_{n + 1}"] for n in range(nodes)])
    found["snow_coverage"] = np.where(found["snow_water_equivalent"] > 0, 1.0, 0.0)
    found["snow_flux"] = np.zeros(shape)
    return found


def _on_grid(
    values: np.ndarray, slots: np.ndarray, assembled: Assembled, grid: ImageGrid, sizes: tuple[int, int]
) -> np.ndarray:
    """[class, band, (layer or node,) y, x] from values [(layer or node,) component, place]; FILL elsewhere."""
    used, band = assembled.components.used, assembled.components.band
    place = np.broadcast_to(np.arange(used.shape[1]), used.shape)[used]
    full = np.full((*values.shape[:-2], *sizes, *grid.shape), FILL)
    full[..., slots[used], band[used], grid.row[place], grid.column[place]] = values[..., used]
    return np.moveaxis(full, 0, 2) if values.ndim == 3 else full


def node_depths(given: VicParameters, nodes: int, frozen: bool) -> np.ndarray:
    """Depths of the thermal nodes [node, place], m: 0, the first layer's and dp; in frozen forms vic.md, section 7."""
    deepest = given.soil["dp"]
    if not frozen:
        return np.stack([np.zeros_like(deepest), given.layers["depth"][0], deepest])
    # VIC computes these in single precision, with functions that are exact to the last digit of it.
    scale = (np.log(deepest + 1.0).astype(np.float32) / np.float32(nodes - 1)).astype(np.float32)
    powers = [np.exp((scale * np.float32(k)).astype(np.float64)).astype(np.float32) for k in range(nodes)]
    return np.stack([power.astype(np.float64) - 1.0 for power in powers])


def _nodes(data: Any, model: Model, given: VicParameters, grid: ImageGrid) -> None:
    depth = node_depths(given, int(model.options["nodes"]), bool(model.options["frozen"]))
    below = np.diff(depth, axis=0, append=depth[-1:])
    # Each node stands for half of what lies between it and its neighbours.
    thickness = 0.5 * (below + np.concatenate([np.zeros_like(below[:1]), below[:-1]]))
    for name, values in (("node_depth", depth), ("dz_node", thickness)):
        variable = data.createVariable(name, "f8", (NODE, "lat", "lon"), fill_value=FILL)
        variable.units = "m"
        full = np.full((len(values), *grid.shape), FILL)
        full[:, grid.row, grid.column] = values
        variable[...] = full


def _coordinates(data: Any, grid: ImageGrid, lengths: dict[str, int]) -> None:
    for name, values, unit in (("lat", grid.latitude, "degrees_north"), ("lon", grid.longitude, "degrees_east")):
        variable = data.createVariable(name, "f8", (name,), fill_value=False)
        variable.setncatts({"units": unit, "standard_name": "latitude" if name == "lat" else "longitude"})
        variable[:] = values
    for name, dimension in ((CLASS, CLASS), (BAND, BAND), ("layer", LAYER), ("frost_area", FROST)):
        data.createVariable(name, "i4", (dimension,), fill_value=False)[:] = np.arange(lengths[dimension]) + 1
