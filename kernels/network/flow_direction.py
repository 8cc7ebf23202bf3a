"""Maps of flow directions turned into downstream cells."""

from typing import Any

import numpy as np
import numpy.typing as npt

from .codings import CODINGS, INDEX, Coding

NO_CELL = -1  # not part of the network
OFF_GRID = -2  # its link leaves the grid
NOWHERE = -3  # its link leads to an id that no cell has


def decode(
    codes: npt.ArrayLike,
    coding: str,
    *,
    north_first: bool = True,
    east_positive: bool = True,
    wraps: bool = False,
    ids: npt.ArrayLike | None = None,
) -> np.ndarray:
    """Flat index (row * columns + column) of every cell's downstream cell, int64 [y, x].

    Its own index where the water stays, NO_CELL where there is no cell, OFF_GRID where the link leaves the grid; a
    link may lead to a place that is NO_CELL (see faults and nodes). codes [y, x] may be masked or have NaN where there
    is no cell. north_first: the first row is the northernmost; east_positive: columns run eastwards; wraps: the last
    column touches the first. coding 'index': codes are flat indices, or, where ids [y, x] are given, the id of the
    downstream cell; its own or 0 where the water stays, negative where there is no cell; NOWHERE for an unknown id.

    Raises:
        ValueError: an unknown coding, or a number that the coding does not know.
    """
    numbers, given = whole_numbers(codes)
    if coding == INDEX:
        return _by_index(numbers, given) if ids is None else _by_id(numbers, given, ids)
    if coding not in CODINGS:
        raise ValueError(f"unknown coding '{coding}', expected one of: {', '.join((*CODINGS, INDEX))}")
    if coding == "d8" and np.asanyarray(codes).dtype == np.int8:
        numbers[numbers == -128] = 128  # which does not fit a signed byte
    rows, columns, ends, given = _steps(numbers, given, CODINGS[coding], coding)
    return _follow(rows if north_first else -rows, columns if east_positive else -columns, ends, given, wraps)


def whole_numbers(codes: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The codes as int64 [y, x], and where there is one, bool [y, x].

    Raises:
        ValueError: not a map, or not whole numbers.
    """
    array: Any = np.ma.masked_invalid(codes) if np.asanyarray(codes).dtype.kind == "f" else np.ma.asarray(codes)
    if array.ndim != 2 or array.dtype.kind not in "iufb":
        raise ValueError(f"flow directions have shape {array.shape} and type {array.dtype}, expected numbers [y, x]")
    given = ~np.ma.getmaskarray(array)
    raw = array.filled(0)
    if raw.dtype.kind == "f":
        given &= np.abs(raw) < 2.0**62  # a fill value that nobody declared
        raw = np.where(given, raw, 0)
        if not np.array_equal(raw, np.rint(raw)):
            raise ValueError(f"flow directions must be whole numbers, found {raw[raw != np.rint(raw)][0]}")
    return raw.astype(np.int64), given


def _steps(numbers: np.ndarray, given: np.ndarray, coding: Coding, name: str) -> tuple[np.ndarray, ...]:
    """Rows southwards and columns eastwards of each link, where water stays, and where there is a cell."""
    known = (*coding.steps, *coding.ends, *coding.nothing)
    table = np.zeros((4, 258), np.int64)  # rows: known, cell, south, east; the code is shifted by one
    table[0, np.array(known) + 1] = 1
    table[1, np.array([*coding.steps, *coding.ends]) + 1] = 1
    for code, step in coding.steps.items():
        table[2:, code + 1] = step
    table[0, 0] = 1
    unknown = given & ((numbers > 256) | (table[0, np.clip(numbers, -1, 256) + 1] == 0))
    if unknown.any():
        row, column = np.argwhere(unknown)[0]
        raise ValueError(f"{numbers[row, column]} at row {row}, column {column} is no flow direction of '{name}'")
    cell, south, east = table[1:, np.where(given, np.clip(numbers, -1, 256), 256) + 1]
    given = given & (cell == 1) & (numbers >= -1)
    return south, east, given & (south == 0) & (east == 0), given


def _follow(rows: np.ndarray, columns: np.ndarray, ends: np.ndarray, given: np.ndarray, wraps: bool) -> np.ndarray:
    ny, nx = given.shape
    row = np.arange(ny)[:, None] + rows
    column = np.arange(nx)[None, :] + columns
    if wraps:
        column %= nx
    inside = (row >= 0) & (row < ny) & (column >= 0) & (column < nx)
    downstream = np.where(inside, row * nx + column, OFF_GRID)
    own = np.arange(ny * nx).reshape(ny, nx)
    return np.where(given, np.where(ends, own, downstream), NO_CELL)


def _by_index(numbers: np.ndarray, given: np.ndarray) -> np.ndarray:
    downstream = np.where(given & (numbers >= 0), numbers, NO_CELL)
    return np.where(downstream >= numbers.size, OFF_GRID, downstream)


def _by_id(numbers: np.ndarray, given: np.ndarray, ids: npt.ArrayLike) -> np.ndarray:
    named, has_id = whole_numbers(ids)
    if named.shape != numbers.shape:
        raise ValueError(f"ids have shape {named.shape}, expected that of the downstream ids, {numbers.shape}")
    given = given & has_id & (numbers >= 0) & (named >= 0)
    cells = np.flatnonzero(given)
    known, first = np.unique(named.flat[cells], return_index=True)
    if known.size < cells.size:
        raise ValueError(f"ids of cells must differ: {cells.size} cells have {known.size} ids")
    downstream = np.full(numbers.size, NO_CELL)
    wanted = numbers.flat[cells]
    place = np.minimum(np.searchsorted(known, wanted), known.size - 1)
    found = known[place] == wanted if known.size else np.zeros(0, bool)
    downstream[cells] = np.where(found, cells[first[place]], np.where(wanted == 0, cells, NOWHERE))
    return downstream.reshape(numbers.shape)
