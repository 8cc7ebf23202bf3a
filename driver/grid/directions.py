"""Flow directions of a file as downstream cells of the grid: read, checked, and every fault named by its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...kernels.network.faults import faults
from ...kernels.network.flow_direction import NO_CELL, OFF_GRID, decode
from ...kernels.network.nodes import as_ends
from ...kernels.network.recognise import recognise
from ..errors import ConfigurationError
from .coordinates import matched
from .grid import Grid
from .names import TARGET_COLUMN, TARGET_ROW
from .static_file import StaticFile

LISTED = 6  # places told of each fault


def read_directions(file: StaticFile, name: str, asked: Any, grid: Grid) -> tuple[np.ndarray, list[str]]:
    """Number of the downstream cell of every cell of `grid`, int64 [y, x] as kernels.network has it, and notes.

    file, name  where the directions are; name TARGET_ROW stands for HydroPy's pair of row and column
    asked       the group &grid: coding, cell_ids
    Links that leave the grid towards cells of the file become OFF_GRID. ConfigurationError where the coding is unclear
    or a number is no direction.
    """
    notes: list[str] = []
    if name == TARGET_ROW:
        downstream = _targets(file)
        notes.append(f"{file.path}: rivers by row and column of the downstream cell ({TARGET_ROW}, {TARGET_COLUMN})")
    else:
        downstream, coding = _coded(file, name, asked)
        notes.append(f"{file.path}: {name} read as flow directions of coding '{coding}'")
    return _onto(downstream, file, grid), notes


def _coded(file: StaticFile, name: str, asked: Any) -> tuple[np.ndarray, str]:
    codes, own = file.read(name), file.grid
    lie = {"north_first": own.north_first, "east_positive": own.east_positive, "wraps": own.wraps}
    try:
        coding = asked.coding if asked.coding != "auto" else "index" if asked.cell_ids else recognise(codes, **lie)
        ids = file.read(asked.cell_ids) if asked.cell_ids and coding == "index" else None
        return decode(codes, coding, **lie, ids=ids), coding
    except ValueError as error:
        raise ConfigurationError(
            f"{file.path}: {name}: {error}: correct the file, or say in &grid what it holds (coding, cell_ids)"
        ) from error


def _targets(file: StaticFile) -> np.ndarray:
    """HydroPy's own: row and column, from 0 in the order of the file, of the cell that each cell drains into."""
    row, column = file.read(TARGET_ROW), file.read(TARGET_COLUMN)
    rows, columns = file.grid.shape
    known = np.isfinite(row) & np.isfinite(column)
    inside = known & (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    flat = np.where(inside, row, 0).astype(np.int64) * columns + np.where(inside, column, 0).astype(np.int64)
    return np.where(inside, flat, np.where(known, OFF_GRID, NO_CELL))


def _onto(downstream: np.ndarray, file: StaticFile, grid: Grid) -> np.ndarray:
    """The links of a file on another grid, which may be flipped, rolled or a part of it."""
    rows, columns = matched(grid, file.grid.latitude, file.grid.longitude, str(file.path))
    there = (rows[:, None] * len(file.grid.longitude) + columns[None, :]).ravel()
    here = np.full(downstream.size, OFF_GRID, np.int64)
    here[there] = np.arange(there.size)
    target = downstream.ravel()[there]
    return np.where(target >= 0, here[np.maximum(target, 0)], target).reshape(grid.shape)


def without_faults(
    downstream: np.ndarray,
    active: np.ndarray,
    grid: Grid,
    lost: str,
    cut: bool = False,
    where: str = "the river network",
) -> tuple[np.ndarray, list[str]]:
    """The links of the active cells and of what they drain into, NO_CELL elsewhere, and notes on what was ended.

    lost  'end' ends the water of cells whose link leads nowhere; 'refuse' is a ConfigurationError that lists them
    cut   the grid is a part of its file: links that leave it end

    ConfigurationError where there are loops, always.
    """
    flat = downstream.ravel().copy()
    absent = np.flatnonzero(active.ravel() & (flat == NO_CELL))
    wet = reached(flat, active.ravel())
    flat[~wet] = NO_CELL
    found = faults(flat)
    name = grid.names
    problems = [f"{where} has a loop of {len(loop)} cells: {_listed(loop, name)}" for loop in found.loops[:LISTED]]
    if len(found.loops) > LISTED:
        problems.append(f"{where} has {len(found.loops) - LISTED} more loops")
    kinds = [
        (found.off_grid, "drain off the grid", cut),
        (found.nowhere, "drain into cells that have no flow direction", False),
        (absent, "of the land mask have no flow direction", False),
    ]
    notes = []
    for cells, what, allowed in kinds:
        if len(cells):
            text = f"{len(cells)} cells {what}: {_listed(cells, name)}"
            if lost == "end" or allowed:
                notes.append(f"{where}: {text}: their water ends there")
            else:
                problems.append(f"{where}: {text}: correct the file, or write lost_links = 'end' in &grid")
            flat = as_ends(flat, cells)
    if problems:
        raise ConfigurationError("\n".join(problems))
    return flat.reshape(downstream.shape), notes


def reached(downstream: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Cells [cell] of `origin` and all that their water passes; loops are followed once."""
    wet, front = origin.copy(), np.flatnonzero(origin)
    while len(front):
        target = downstream[front]
        target = np.unique(target[target >= 0])
        front = target[~wet[target] & (downstream[target] != NO_CELL)]
        wet[front] = True
    return wet


def _listed(cells: np.ndarray, names: Callable[[np.ndarray], list[str]]) -> str:
    more = f", ... {len(cells) - LISTED} more" if len(cells) > LISTED else ""
    return ", ".join(names(np.asarray(cells)[:LISTED])) + more
