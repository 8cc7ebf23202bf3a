"""Arrays on a grid put into canonical order: the one way in which every door makes a GridSource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...kernels.network.accumulate import accumulate
from ...kernels.network.flow_direction import NO_CELL
from ...kernels.network.nodes import nodes
from ..errors import InputError
from .directions import without_faults
from .distances import link_length
from .gauges import Site, put_on_network
from .grid import Grid
from .river import River
from .source import Files, GridSource


def assemble(
    grid: Grid,
    fields: Mapping[str, np.ndarray],
    weather: Any,
    downstream: np.ndarray | None = None,
    gauges: Sequence[Site] = (),
    distance: str = "sphere",
    notes: Sequence[str] = (),
    files: Files = (),
    reach: float = 1.6,
    dtype: type = np.float32,
) -> GridSource:
    """The source of the active cells of a grid, with its river where flow directions are given.

    fields      static fields by HydroPy's names, [y, x] or [12, y, x]; see land_area for what becomes of area, lsm and
                glacier. Cells without land area are not active. Any other field goes to places and nodes as it is
    weather     gives .axis and .on(latitude[place], longitude[place], elevation[place]) -> Reader (a Weather of
                driver/gridded)
    downstream  int64 [y, x], number of the cell into which each cell drains, its own number where the water ends, -1
                where there is no river; every active cell needs one. Cells that only receive are not active
    gauges      are put on the network by place and upstream area, at most `reach` cell widths from where they are
    distance    'sphere', or 'hydropy' for the original's own distance between cells
    dtype       of the weather

    ConfigurationError that lists loops and lost links by place, InputError where no cell is active.
    """
    fields = {**fields, "area": grid.area}
    area = land_area(fields)
    active = grid.land & (area > 0)
    if not active.any():
        raise InputError("no cell of the grid has land: is the land mask of another grid, or empty?")
    told = list(notes)
    river, cell = None, np.flatnonzero(active)
    if downstream is not None:
        # Glaciers hold no place, but belong to the basin.
        basin = active | (grid.land & (drained_area(fields) > 0) & (downstream != NO_CELL))
        sound, more = without_faults(downstream, basin, grid, "refuse")
        told += more
        river, cell = river_of(grid, fields, sound, active, distance)
        found, more = put_on_network(gauges, grid, river, reach)
        told += more
        river = River(river.downstream, river.cell, river.place, river.fields, found)
    places = {name: np.ascontiguousarray(_flat(values)[..., cell]) for name, values in fields.items()}
    precise = {} if dtype is np.float32 else {"dtype": dtype}
    reader = weather.on(grid.latitudes(cell), grid.longitudes(cell), places.get("srftopo"), **precise)

    def all_files() -> list[tuple[str, str]]:
        return [*(files() if callable(files) else files), *getattr(weather, "files", [])]

    return GridSource(grid, cell, area.ravel()[cell], places, reader, weather.axis, river, told, all_files)


def land_area(fields: Mapping[str, np.ndarray]) -> np.ndarray:
    """Land to which the model's mm refer, m2: area (lsm - lsm glacier), none where all land is glacier.

    A field `landarea` (m2), where given, takes the place of area times lsm; lsm is 1 and glacier 0 where not given.
    """
    glacier = np.nan_to_num(fields.get("glacier", np.zeros(())))
    if "landarea" in fields:
        given = np.nan_to_num(fields["landarea"])
        return np.where(glacier < 1, given - given * glacier, 0.0)
    lsm = np.nan_to_num(fields.get("lsm", np.ones(())))
    land: np.ndarray = fields["area"] * np.where(glacier < 1, lsm - lsm * glacier, 0.0)
    return land


def drained_area(fields: Mapping[str, np.ndarray]) -> np.ndarray:
    """Area that belongs to a river basin, m2: land with its glaciers."""
    return land_area({name: values for name, values in fields.items() if name != "glacier"})


def river_of(
    grid: Grid, fields: Mapping[str, np.ndarray], downstream: np.ndarray, active: np.ndarray, distance: str
) -> tuple[River, np.ndarray]:
    """The river in canonical order, and the cells of the places."""
    cell, links = nodes(downstream)
    owned = active.ravel()[cell]
    place = np.where(owned, np.cumsum(owned) - 1, -1)
    flat = {name: _flat(values)[cell] for name, values in fields.items() if values.ndim == 2}
    height = np.maximum(np.nan_to_num(flat.get("srftopo", np.zeros(len(cell)))), 0.0)
    length = link_length(grid, cell, links, distance)
    end = links == np.arange(len(links))
    slope = np.where(end, 0.0, np.maximum(height - height[links], 0.1) / length)
    upstream = accumulate(links, np.where(grid.land.ravel()[cell], drained_area(flat), 0.0))
    own = {"length": length, "slope": slope, "elevation": height, "upstream_area": upstream}
    return River(links, cell, place, {**flat, **own}), cell[owned]


def _flat(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float64).reshape(*values.shape[:-2], -1)
