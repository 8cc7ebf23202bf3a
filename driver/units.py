"""Every unit that the doors understand, converted once into freshet's own.

A unit is read as a product of powers, so 'mm/day', 'mm d-1', 'mm day^-1' and 'mm.d**-1' are one entry of the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .errors import InputError
from .unit_spelling import canonical

DAY = 86400.0
CUBIC_FOOT = 0.028316846592  # m3
INCH, FOOT = 25.4, 304.8  # mm


@dataclass(frozen=True)
class Quantity:
    """Something measured: freshet's unit, the values that can be, and what other units become.

    units      factor and offset into `unit`, by spelling (any spelling of the same powers is known)
    low, high  plausible values in `unit`
    tolerance  values at most this below `low` are rounding, and set to it
    volume     factor of volumes a time into `unit` over 1 km2 of basin, by spelling
    """

    name: str
    unit: str
    units: dict[str, tuple[float, float]]
    low: float
    high: float
    tolerance: float = 0.0
    volume: dict[str, float] = field(default_factory=dict)


# Depths without a time are sums of the day, as most daily products write them.
WATER = {
    "mm d-1": 1.0, "mm": 1.0, "kg m-2 d-1": 1.0, "kg m-2": 1.0,
    "mm h-1": 24.0, "mm s-1": DAY, "kg m-2 s-1": DAY, "kg m-2 h-1": 24.0,
    "m d-1": 1e3, "m": 1e3, "m h-1": 24e3, "m s-1": DAY * 1e3,
    "cm d-1": 10.0, "cm": 10.0, "in d-1": INCH, "in": INCH, "in h-1": 24 * INCH, "ft d-1": FOOT,
}  # fmt: skip
# mm d-1 over 1 km2.
VOLUME = {
    "m3 s-1": 86.4, "cms": 86.4, "m3 d-1": 1e-3, "m3 h-1": 24e-3, "l s-1": 0.0864,
    "cfs": 86.4 * CUBIC_FOOT, "ft3 s-1": 86.4 * CUBIC_FOOT,
}  # fmt: skip
# Energies without a time are sums of the day.
RADIATION = {
    "W m-2": 1.0, "J m-2": 1 / DAY, "J m-2 d-1": 1 / DAY, "J m-2 s-1": 1.0, "J m-2 h-1": 1 / 3600,
    "MJ m-2 d-1": 1e6 / DAY, "MJ m-2": 1e6 / DAY, "kJ m-2 d-1": 1e3 / DAY, "kJ m-2": 1e3 / DAY,
    "Wh m-2 d-1": 1 / 24, "kWh m-2 d-1": 1e3 / 24,
}  # fmt: skip
PRESSURE = {"kPa": 1.0, "Pa": 1e-3, "hPa": 0.1, "bar": 100.0}
SPEED = {"m s-1": 1.0, "km h-1": 1 / 3.6, "km d-1": 1e3 / DAY, "mph": 0.44704, "kn": 0.514444}
TEMPERATURE = {"degC": (1.0, 0.0), "K": (1.0, -273.15), "degF": (1 / 1.8, -32 / 1.8)}
DURATION = {"s": 1.0, "h": 3600.0, "min": 60.0}


def _plain(table: dict[str, float]) -> dict[str, tuple[float, float]]:
    return {unit: (factor, 0.0) for unit, factor in table.items()}


QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity("precipitation", "mm d-1", _plain(WATER), 0.0, 2000.0, tolerance=1e-6),
        # ERA5-Land's own has dew in it: a little below zero.
        Quantity("potential_evaporation", "mm d-1", _plain(WATER), 0.0, 100.0, tolerance=5.0),
        Quantity("temperature", "degC", TEMPERATURE, -90.0, 65.0),
        Quantity("discharge", "mm d-1", _plain(WATER), 0.0, 10000.0, volume=VOLUME),
        Quantity("shortwave", "W m-2", _plain(RADIATION), 0.0, 1400.0, tolerance=1.0),
        Quantity("longwave", "W m-2", _plain(RADIATION), 0.0, 900.0, tolerance=1.0),
        Quantity("net_radiation", "W m-2", _plain(RADIATION), -500.0, 700.0),
        Quantity("vapour_pressure", "kPa", _plain(PRESSURE), 0.0, 10.0),
        Quantity("pressure", "kPa", _plain(PRESSURE), 30.0, 115.0),
        # '1', 'kg kg-1' and '%' are no product of powers: the doors know them by their spelling.
        Quantity("specific_humidity", "kg kg-1", _plain({"g kg-1": 1e-3}), 0.0, 0.1, tolerance=1e-3),
        Quantity("relative_humidity", "%", _plain({"percent": 1.0}), 0.0, 130.0, tolerance=1.0),
        Quantity("wind", "m s-1", _plain(SPEED), -100.0, 100.0),
        Quantity("day_length", "s", _plain(DURATION), 0.0, DAY),
    )
}


def conversion(quantity: str, unit: str | None, where: str) -> tuple[float, float, bool]:
    """Factor and offset from `unit` into the quantity's own, and whether to divide by the basin's area in km2.

    where: file and variable. InputError where the unit is absent or unknown, with what is known.
    """
    table = QUANTITIES[quantity]
    name = canonical(unit) if unit else ""
    for known, (factor, offset) in table.units.items():
        if canonical(known) == name:
            return factor, offset, False
    for known, factor in table.volume.items():
        if canonical(known) == name:
            return factor, 0.0, True
    what = f"unit '{unit}' is unknown" if unit else "the unit is missing (attribute 'units')"
    choices = ", ".join([*table.units, *table.volume])
    raise InputError(
        f"{where}: {what}, expected a unit of {quantity.replace('_', ' ')}, one of: {choices}: correct the file"
    )


def convert(
    values: np.ndarray, quantity: str, unit: str | None, where: str, area: np.ndarray | None = None
) -> np.ndarray:
    """Values in freshet's unit, float64. area: of the basins, km2 [place], for volumes a time. InputError as above."""
    factor, offset, per_area = conversion(quantity, unit, where)
    result = np.asarray(values, np.float64) * factor + offset
    if not per_area:
        return result
    if area is None:
        raise InputError(f"{where}: unit '{unit}' is a volume, which needs the area of the basin: none is known")
    return result / area
