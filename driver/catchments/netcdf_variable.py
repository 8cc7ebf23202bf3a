"""One series of a netCDF file: where it lies, how it is packed, and what its numbers are in freshet's unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..units import conversion
from .fields import FIELDS
from .record import without_sentinels


class Packed:
    """The decoding of one netCDF variable: packed numbers to freshet's unit, NaN where there is no value.

    variable  of a netCDF4.Dataset whose automatic masks and scales are off
    field     name in fields.FIELDS
    file      for messages
    unit      taken where the variable has no attribute 'units'
    """

    def __init__(self, variable: Any, field: str, file: Path, unit: str | None = None):
        attributes = {name: variable.getncattr(name) for name in variable.ncattrs()}
        self.name, self.file, self.dtype = variable.name, file, np.dtype(variable.dtype)
        self.where = f"{file}: {self.name}"
        if self.dtype.kind not in "fiu":
            raise InputError(f"{self.where} holds {self.dtype}, expected numbers")
        factor, offset, self.per_area = conversion(FIELDS[field].quantity, attributes.get("units", unit), self.where)
        self.scale, self.offset = float(attributes.get("scale_factor", 1.0)), float(attributes.get("add_offset", 0.0))
        self.factor, self.shift = factor, offset
        self.packed = self.scale != 1.0 or self.offset != 0.0
        self.fills = fills(attributes, self.dtype)
        self.low, self.high = valid_range(attributes)

    def decode(self, raw: np.ndarray, area: np.ndarray | None = None) -> np.ndarray:
        """Values in freshet's unit, float64. area: km2 [place], for units that are volumes."""
        values = raw.astype(np.float64, order="C")
        for fill in self.fills:
            missing = raw == fill
            if missing.any():
                values[missing] = np.nan
        if self.low is not None:
            values[raw < self.low] = np.nan
        if self.high is not None:
            values[raw > self.high] = np.nan
        if self.packed:
            values *= self.scale
            values += self.offset
        without_sentinels(values)
        if self.factor != 1.0:
            values *= self.factor
        if self.shift != 0.0:
            values += self.shift
        return values if area is None or not self.per_area else values / area


def fills(attributes: dict[str, Any], dtype: np.dtype) -> list[Any]:
    """Packed numbers that stand for no value; NaN needs none."""
    import netCDF4

    found = [attributes[name] for name in ("_FillValue", "missing_value") if name in attributes]
    if "_FillValue" not in attributes and dtype.itemsize > 1:
        found.append(netCDF4.default_fillvals[dtype.str[1:]])
    # In the type of the data: -9.99 in double precision is no float32.
    kind = dtype if dtype.kind == "f" else None
    numbers = [number for value in found for number in np.asarray(value, kind).ravel()]
    return [number for number in dict.fromkeys(numbers) if not np.isnan(number)]


def valid_range(attributes: dict[str, Any]) -> tuple[float | None, float | None]:
    """Smallest and largest packed number that is a value (CF: valid_min, valid_max, valid_range)."""
    low, high = attributes.get("valid_min"), attributes.get("valid_max")
    if "valid_range" in attributes:
        low, high = np.asarray(attributes["valid_range"]).ravel()[:2]
    return (None if low is None else float(low)), (None if high is None else float(high))
