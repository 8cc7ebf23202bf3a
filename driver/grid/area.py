"""Area and land of cells: as files have them, or computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import InputError
from ..nearest import suggestion
from .fields import factor
from .grid import Grid
from .names import AREA, LAND_AREA, LAND_MASK, recognised
from .static_file import StaticFile


def find(files: Sequence[StaticFile], asked: str, known: Sequence[str], what: str) -> tuple[StaticFile, str] | None:
    """File and variable asked for, or recognised by its name; None where there is none.

    InputError with the nearest name where a variable asked for is not there.
    """
    for file in files:
        name = asked if asked in file.variables else "" if asked else recognised(known, file.variables)
        if name:
            return file, name
    if asked:
        there = [name for file in files for name in file.variables]
        raise InputError(f"no file of &grid path has '{asked}', asked for {what}{suggestion(asked, there)}")
    return None


def read_area(files: Sequence[StaticFile], asked: Any, grid: Grid) -> tuple[np.ndarray, list[str]]:
    """Area of whole cells, m2 [y, x], and notes. asked: the group &grid. InputError where a unit cannot be right."""
    found = None if asked.area == "sphere" else find(files, asked.area, AREA, "the area of cells")
    if found is None:
        return grid.area, ["area of the cells computed on the sphere"]
    file, name = found
    return _in_square_metres(file, name, grid)


def read_land_area(files: Sequence[StaticFile], asked: Any, grid: Grid) -> tuple[np.ndarray | None, list[str]]:
    """Area of land in cells, m2 [y, x], or None where no file has it, and notes; as read_area."""
    found = find(files, asked.land_area, LAND_AREA, "the land area of cells")
    return (None, []) if found is None else _in_square_metres(*found, grid)


def require_areas(area: np.ndarray, share: np.ndarray, grid: Grid, asked: Any) -> None:
    """InputError where a cell with land (its share > 0) has no area, which would lose its water without a word."""
    wrong = np.flatnonzero((share > 0) & ~(area > 0))
    if len(wrong):
        found = f"{area.ravel()[wrong[0]]:g} m2" if area.ravel()[wrong[0]] else "missing or 0"
        raise InputError(
            f"{asked.path[0]}: the area of cell {grid.names(wrong[:1])[0]} is {found}, but there is land "
            f"({len(wrong)} such cells), expected more than 0: correct the areas, take the cells off the land mask, or "
            "write area = 'sphere' in &grid"
        )


def _in_square_metres(file: StaticFile, name: str, grid: Grid) -> tuple[np.ndarray, list[str]]:
    where, unit = f"{file.path}: {name}", file.unit(name)
    values = file.onto(grid, name)
    ratio = _ratio(values, grid.area)
    notes = []
    if not unit:
        # Without a unit only the Earth can tell.
        unit = "km2" if 0.02e-6 < ratio < 2e-6 else "m2"
        notes.append(f"{where} has no unit: {unit} taken")
    scale = factor("m2", unit, where)
    if not 0.02 < ratio * scale < 2.0:
        raise InputError(
            f"{where}: the cells have {ratio * scale:.3g} times the area that they have on the sphere (unit '{unit}'): "
            "is the unit right?"
        )
    return np.nan_to_num(values) * scale, notes


def _ratio(values: np.ndarray, area: np.ndarray) -> float:
    known = np.isfinite(values) & (values > 0)
    return float(np.median(values[known] / area[known])) if known.any() else 0.0


def read_mask(files: Sequence[StaticFile], asked: Any, grid: Grid) -> tuple[np.ndarray | None, list[str]]:
    """Share of land, [y, x] from 0 to 1, or None where no file says; and notes.

    InputError where the numbers are neither shares nor missing at sea.
    """
    found = None if asked.land_mask == "none" else find(files, asked.land_mask, LAND_MASK, "the land mask")
    if found is None:
        return None, []
    file, name = found
    values, where = file.onto(grid, name), f"{file.path}: {name}"
    if values.ndim != 2:
        raise InputError(f"{where} has 12 months, expected one land mask")
    known = np.isfinite(values)
    if file.unit(name) in ("%", "percent"):
        values = values / 100.0
    if known.any() and np.nanmin(values) >= 0.0 and np.nanmax(values) <= 1.0 + 1e-6:
        return np.where(known, np.minimum(values, 1.0), 0.0), []
    if known.all():
        raise InputError(
            f"{where} goes from {np.nanmin(values):g} to {np.nanmax(values):g}, expected 0 to 1, '%' as its unit, or "
            "missing values at sea"
        )
    return known.astype(np.float64), [f"{where}: cells with a value are land"]
