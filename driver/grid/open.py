"""The door to grids: what &grid asks for, read, checked and put on one grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.network.flow_direction import NO_CELL
from ..catchments.checksums import Checksums
from ..errors import ConfigurationError, InputError
from .area import find, read_area, read_land_area, read_mask, require_areas
from .assemble import assemble, land_area
from .covered import with_weather
from .directions import read_directions, without_faults
from .fields import FIELDS, asked_fields, completed, constants, find_field, read_field
from .gauge_table import read_gauges
from .gauged import only_gauged
from .gauges import Site
from .grid import Grid
from .names import FLOW_DIRECTION, TARGET_ROW, recognised
from .products import PRODUCTS, product_of
from .region import cut_region
from .source import GridSource
from .static_file import StaticFile, open_static


@dataclass(frozen=True)
class StaticData:
    """All of a grid but its weather, as assemble takes it.

    grid        with land and area
    fields      by HydroPy's names, [y, x] or [12, y, x], complete on the land
    downstream  int64 [y, x] without faults, or None
    sites       gauges as their list has them
    notes       what was recognised, computed or filled
    """

    grid: Grid
    fields: dict[str, np.ndarray]
    downstream: np.ndarray | None
    sites: list[Site]
    notes: list[str]


def open_grid(settings: Any) -> GridSource:
    """The source that &grid and &weather ask for.

    ConfigurationError where something asked for is not there or the rivers have faults, InputError where files are
    broken or do not fit together.
    """
    from ..gridded import open_weather

    asked = settings.grid
    static = read_static(asked)
    weather = open_weather(settings)
    if asked.without_weather == "leave":
        land, notes = with_weather(static.grid, weather)
        static = replace(static, grid=replace(static.grid, land=land), notes=static.notes + notes)
    files = Checksums(
        [Path(path) for path in (*asked.path, *(file for file in (asked.gauges, asked.start_states) if file))]
    )
    source = assemble(
        static.grid, static.fields, weather, static.downstream, static.sites, asked.distance, static.notes,
        reach=asked.gauge_reach, files=files.files, dtype=getattr(np, settings.run.precision),
    )  # fmt: skip
    if settings.data.basins or settings.data.subset:
        raise ConfigurationError(f"{settings.path}: &data basins and subset are of catchments: take a region in &grid")
    return source


def read_static(asked: Any) -> StaticData:
    """Cells, fields, rivers and gauges as the group &grid asks for them."""
    files = [open_static(Path(path), asked.latitude, asked.longitude) for path in asked.path]
    whole = files[0].grid
    grid = cut_region(whole, asked.region)
    area, notes = read_area(files, asked, grid)
    grid = replace(grid, area=area)
    fields, more = _fields(files, asked, grid)
    notes += more
    downstream, more = directions_of(files, asked, grid)
    notes += more
    share, more = _land(files, asked, grid, fields, downstream)
    notes += more
    land = share > 0
    if "landarea" not in fields:
        require_areas(area, share, grid, asked)
    fields["lsm"] = share
    active = land & (land_area({**fields, "area": area}) > 0)
    fields, more = _complete(fields, active, grid, str(asked.path[0]))
    notes += more
    if downstream is not None:
        cut = grid.shape != whole.shape
        downstream, more = without_faults(downstream, land, grid, asked.lost_links, cut, str(asked.path[0]))
        notes += more
    sites = read_gauges(Path(asked.gauges)) if asked.gauges else []
    if sites and downstream is None:
        raise ConfigurationError("&grid gauges needs a river: name the variable of flow directions in flow_direction")
    grid = replace(grid, land=land)
    if asked.gauge_basins:
        grid, downstream = only_gauged({**fields, "area": area}, downstream, sites, grid, asked)
    return StaticData(grid, fields, downstream, sites, notes)


def _fields(files: list[StaticFile], asked: Any, grid: Grid) -> tuple[dict[str, np.ndarray], list[str]]:
    """Fields of the product, then those of HydroPy's own names, then what &grid fields says."""
    wanted = asked_fields(asked.fields)
    found: dict[str, np.ndarray] = {}
    notes: list[str] = []
    variables = [name for file in files for name in file.variables]
    product = product_of(variables) if asked.product == "auto" else asked.product

    def read(name: str) -> np.ndarray | None:
        for file in files:
            there = recognised((name.lower(),), file.variables)
            if there:
                return file.onto(grid, there)
        return None

    if product in PRODUCTS:
        found, notes = PRODUCTS[product](read, grid.latitude)
    for name in FIELDS:
        there = None if name == "lsm" else find_field(name, files, wanted)
        if there is not None:
            found[name] = read_field(name, *there, grid)
    found |= constants(wanted, grid)
    given, more = read_land_area(files, asked, grid)
    return found | ({} if given is None else {"landarea": given}), notes + more


def _complete(
    fields: dict[str, np.ndarray], active: np.ndarray, grid: Grid, where: str
) -> tuple[dict[str, np.ndarray], list[str]]:
    whole, notes = {}, []
    for name, values in fields.items():
        if name not in FIELDS:
            whole[name] = values
            continue
        whole[name], note = completed(name, values, active, grid, where)
        notes += [note] if note else []
    return whole, notes


def directions_of(files: list[StaticFile], asked: Any, grid: Grid) -> tuple[np.ndarray | None, list[str]]:
    """Number of the downstream cell [y, x], None where there is no river, and notes."""
    if asked.flow_direction == "none":
        return None, ["no flow directions: no river"]
    pair = None if asked.flow_direction else next((file for file in files if TARGET_ROW in file.variables), None)
    found = (pair, TARGET_ROW) if pair else find(files, asked.flow_direction, FLOW_DIRECTION, "flow directions")
    if found is None:
        return None, ["the files hold no flow directions: no river"]
    return read_directions(*found, asked, grid)


def _land(
    files: list[StaticFile], asked: Any, grid: Grid, fields: dict[str, np.ndarray], downstream: np.ndarray | None
) -> tuple[np.ndarray, list[str]]:
    """Share of land [y, x], from 0 to 1, and notes."""
    share, notes = read_mask(files, asked, grid)
    if share is None and "lsm" in fields:
        share = fields["lsm"]
    if share is None and downstream is not None and asked.land_mask != "none":
        share, notes = (downstream != NO_CELL).astype(np.float64), ["land: cells with a flow direction"]
    if share is None and asked.land_mask != "none":
        known = [np.isfinite(values).reshape(-1, *grid.shape).all(axis=0) for values in fields.values()]
        partial = [values for values in known if not values.all()]
        if partial:
            share, notes = partial[0].astype(np.float64), ["land: cells with static fields"]
    share = np.ones(grid.shape) if share is None else share
    if not (share > 0).any():
        raise InputError(f"{asked.path[0]}: no cell of the land mask is land (after the region)")
    return share, notes
