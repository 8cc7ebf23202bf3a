"""The numbers of one netCDF variable and what they are in freshet's unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catchments.netcdf_variable import fills, valid_range
from ..catchments.record import without_sentinels
from ..errors import InputError
from ..unit_spelling import canonical
from ..units import QUANTITIES, conversion
from .names import ECMWF_EVAPORATION, Field

# Units that are amounts of a time step instead of rates, and the quantities for which that can be.
AMOUNTS = tuple(map(canonical, ("m", "mm", "cm", "in", "kg m-2", "J m-2", "kJ m-2", "MJ m-2")))
AMOUNT_QUANTITIES = ("precipitation", "potential_evaporation", "shortwave", "longwave", "net_radiation")
# Factors of units without a dimension, by their spelling.
SHARES = {
    "relative_humidity": {"%": 1.0, "1": 100.0, "fraction": 100.0, "0-1": 100.0},
    "specific_humidity": {"kg kg-1": 1.0, "kg/kg": 1.0, "kg kg**-1": 1.0, "kg kg^-1": 1.0, "1": 1.0},
}
# Water as ECMWF writes it: "m of water equivalent".
EQUIVALENT = (" of water equivalent", " of water", " water equivalent", " w.e.", " w.eq.", " H2O")


class Packing:
    """How one variable of one file becomes a series in freshet's unit.

    amount     whether a number is the sum of its time step (or of the day so far) instead of a rate
    quantum    step between two packed numbers in freshet's unit; 0 where the numbers are not packed
    converted  'from the file's unit to freshet's', '' where they are the same
    """

    def __init__(self, variable: Any, field: Field, where: str):
        attributes = {name: variable.getncattr(name) for name in variable.ncattrs()}
        self.where, self.dtype, self.field = where, np.dtype(variable.dtype), field
        if self.dtype.kind not in "fiu":
            raise InputError(f"{where} holds {self.dtype}, expected numbers")
        unit = _plain_unit(str(attributes.get("units", "")))
        self.amount = field.quantity in AMOUNT_QUANTITIES and canonical(unit) in AMOUNTS
        self.factor, self.shift = _conversion(field, unit, where)
        if variable.name == ECMWF_EVAPORATION:
            self.factor = -self.factor  # positive down
        self.scale, self.offset = float(attributes.get("scale_factor", 1.0)), float(attributes.get("add_offset", 0.0))
        self.packed = self.scale != 1.0 or self.offset != 0.0
        self.quantum = abs(self.scale * self.factor) if self.packed and self.dtype.kind in "iu" else 0.0
        self.fills = fills(attributes, self.dtype)
        self.low, self.high = valid_range(attributes)
        ours = QUANTITIES[field.quantity].unit
        same = self.factor == 1.0 and self.shift == 0.0
        self.converted = "" if same else f"from '{attributes.get('units', '')}' to {ours}"

    def decode(self, raw: np.ndarray, dtype: Any = np.float32) -> np.ndarray:
        """Values in freshet's unit (amounts: as if the time step were a day), NaN where there is no value; a copy."""
        values = raw.astype(dtype)
        for fill in self.fills:
            missing = raw == fill
            if missing.any():
                values[missing] = np.nan
        for wrong in ([] if self.low is None else [raw < self.low]) + ([] if self.high is None else [raw > self.high]):
            values[wrong] = np.nan
        if self.packed:
            values *= dtype(self.scale)
            values += dtype(self.offset)
        if self.field.quantity != "net_radiation":  # -999 J m-2 can be
            without_sentinels(values)
        if self.factor != 1.0:
            values *= dtype(self.factor)
        if self.shift != 0.0:
            values += dtype(self.shift)
        return values


def _plain_unit(unit: str) -> str:
    for words in EQUIVALENT:
        unit = unit.replace(words, "")
    return unit.strip()


def _conversion(field: Field, unit: str, where: str) -> tuple[float, float]:
    """Factor and offset of a unit; shares must say whether they are a fraction or %, for both are no unit at all."""
    known = SHARES.get(field.quantity, {})
    if unit in known:
        return known[unit], 0.0
    if known and canonical(unit) == "":
        raise InputError(
            f"{where}: unit '{unit}' is no unit of {field.quantity.replace('_', ' ')}, expected one of: "
            f"{', '.join(known)}: correct the file"
        )
    factor, offset, _ = conversion(field.quantity, unit, where)
    return factor, offset
