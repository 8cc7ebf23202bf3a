"""Variables of VIC's netCDF files as numbers, told apart by their dimensions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..nearest import suggestion


def numbers(
    data: Any, path: Path, name: str, axes: tuple[str, ...], dimensions: tuple[str, ...] | None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A variable as float64 [..., y, x], NaN where it has no value, and the names of its last two dimensions.

    axes: what its other dimensions are, for messages; dimensions: names the last two have to have (None = any).
    InputError where the variable is not there, holds no numbers or has other dimensions.
    """
    if name not in data.variables:
        raise InputError(f"{path} has no variable '{name}'{suggestion(name, data.variables)}")
    variable = data[name]
    last = tuple(variable.dimensions[-2:])
    if variable.ndim != len(axes) + 2 or (dimensions is not None and last != tuple(dimensions)):
        expected = ", ".join((*axes, *(dimensions or ("lat", "lon"))))
        raise InputError(f"{path}: {name} has dimensions ({', '.join(variable.dimensions)}), expected ({expected})")
    return values(variable, path), last


def values(variable: Any, path: Path) -> np.ndarray:
    """All of an open variable as float64, NaN where it has no value. InputError where it holds no numbers."""
    if variable.dtype is str or np.dtype(variable.dtype).kind not in "fiu":
        raise InputError(f"{path}: {variable.name} holds {variable.dtype}, expected numbers")
    variable.set_auto_maskandscale(True)
    return np.ma.filled(np.ma.asarray(variable[...]).astype(np.float64), np.nan)


def coordinate(data: Any, path: Path, name: str) -> np.ndarray:
    """A 1-D coordinate, float64; of a 2-D one on a regular grid the values along its own axis. InputError otherwise."""
    if name not in data.variables:
        raise InputError(f"{path} has no coordinate '{name}'{suggestion(name, data.variables)}")
    found = values(data[name], path)
    if found.ndim == 2:
        axis = int((found == found[:1]).all())
        found = np.take(found, 0, axis=1 - axis) if (found == np.take(found, [0], axis=1 - axis)).all() else found
    if found.ndim != 1 or np.isnan(found).any():
        raise InputError(f"{path}: {name} is no regular coordinate: expected one value for each row or column")
    return found


def unpacked(variable: Any, raw: np.ndarray) -> np.ndarray:
    """Stored numbers of an open variable as float64, NaN where they stand for no value."""
    attributes = {name: variable.getncattr(name) for name in variable.ncattrs()}
    found = raw.astype(np.float64)
    for name in ("_FillValue", "missing_value"):
        if name in attributes:
            found[raw == attributes[name]] = np.nan
    # In place: series of many cells are large.
    if (factor := float(attributes.get("scale_factor", 1.0))) != 1.0:
        found *= factor
    if offset := float(attributes.get("add_offset", 0.0)):
        found += offset
    return found
