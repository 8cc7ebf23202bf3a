"""What every door of VIC's forcing gives: the seven quantities by their names in the kernels, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...kernels.variable import Variable
from ...kernels.vic.parameters import WEATHER
from ..errors import InputError
from .parameters import Arrays

# Names of FORCE_TYPE lines by those of the kernels, and what a number of VIC's unit is in that of the kernels.
FORCE_TYPES = {variable.symbol: variable for variable in WEATHER}
KILO = 1000.0  # VIC has pressures in kPa
FACTORS = {"PRESSURE": KILO, "VP": KILO}
# What files of daily weather have, from which that of hours is derived; the first four are needed.
DAILY_TYPES = {
    "PREC": Variable("precipitation", "mm", "rain and snow of the day", 0, 2000),
    "TMIN": Variable("minimum", "degC", "lowest temperature of the day", -90, 60),
    "TMAX": Variable("maximum", "degC", "highest temperature of the day", -90, 65),
    "WIND": Variable("wind", "m s-1", "mean wind speed", 0, 60),
    "SWDOWN": Variable("shortwave", "W m-2", "mean of the 24 hours", 0, 600),
    "LWDOWN": Variable("longwave", "W m-2", "mean of the 24 hours", 20, 700),
    "VP": Variable("vapour_pressure", "Pa", "mean pressure of the water vapour", 0, 1e4),
}
# Series of plants, lakes and carbon that VIC takes as forcing too.
NOT_BUILT = ("ALBEDO", "LAI", "LAI_IN", "FCANOPY", "VEGCOVER", "CHANNEL_IN", "CATM", "FDIR", "PAR")
SKIP = "SKIP"


@dataclass(frozen=True)
class Types:
    """FORCE_TYPE names that files may have, with the variables that they become, and those that they must have."""

    known: Mapping[str, Variable]
    needed: tuple[str, ...]


STEPS = Types(FORCE_TYPES, tuple(FORCE_TYPES))
DAYS = Types(DAILY_TYPES, ("PREC", "TMIN", "TMAX", "WIND"))


@dataclass(frozen=True)
class Span:
    """Times of a series: `count` intervals of `interval` seconds from `start` (datetime64[s])."""

    start: np.datetime64
    interval: int
    count: int

    def times(self) -> np.ndarray:
        """The beginning of each interval."""
        return self.start + np.arange(self.count) * np.timedelta64(self.interval, "s")

    def number(self, time: np.datetime64) -> int:
        """How many intervals after the start a time is; it may lie outside. ValueError where it is within one."""
        apart = (time.astype("datetime64[s]") - self.start) // np.timedelta64(1, "s")
        if int(apart) % self.interval:
            raise ValueError(f"{time} is not the beginning of an interval of {self.interval} s from {self.start}")
        return int(apart) // self.interval


class Forcing(Protocol):
    """A series of weather at the places of a run."""

    span: Span

    def read(self, first: int, stop: int) -> Arrays:
        """Intervals first <= number < stop: every quantity by its name in the kernels, [time, place], float64."""


def require_types(names: list[str], where: str, types: Types = STEPS) -> None:
    """InputError where a FORCE_TYPE is not built or unknown, or one that is needed is not there."""
    for name in names:
        if name in NOT_BUILT:
            raise InputError(
                f"{where}: FORCE_TYPE {name} is not built: series of plants, lakes and carbon have no door"
            )
        if name not in types.known and name != SKIP:
            daily = " beside daily TMIN and TMAX" if types is DAYS else ""
            raise InputError(
                f"{where}: FORCE_TYPE {name} is unknown{daily}, expected one of: {', '.join(types.known)}, {SKIP}"
            )
    missing = [name for name in types.needed if name not in names]
    if missing and types is DAYS:
        needed = ", ".join(types.needed)
        raise InputError(f"{where}: no FORCE_TYPE {', '.join(missing)}: daily weather needs all of {needed}")
    if missing:
        raise InputError(
            f"{where}: no FORCE_TYPE {', '.join(missing)}: VIC 5 needs all of {', '.join(types.needed)}; "
            f"of daily values {', '.join(DAYS.needed)}"
        )


def plausible(force_type: str, values: np.ndarray, where: str, times: np.ndarray, types: Types = STEPS) -> np.ndarray:
    """Values [time, place] in the unit of the kernels. InputError with time and place where one cannot be."""
    variable = types.known[force_type]
    factor = FACTORS.get(force_type, 1.0)
    found = values * factor if factor != 1.0 else values
    wrong = ~((found >= variable.low) & (found <= variable.high))
    if wrong.any():
        time, place = np.argwhere(wrong)[0]
        value = values[time, place]
        what = "missing" if np.isnan(value) else f"{value:g}"
        unit = "kPa" if factor == KILO else variable.unit
        kelvin = " (kelvin? subtract 273.15)" if variable.unit == "degC" and 150.0 < value < 350.0 else ""
        raise InputError(
            f"{where}: {force_type} is {what} at {times[time]}, place {place + 1}; expected "
            f"{variable.low / factor:g} to {variable.high / factor:g} {unit}, the unit that VIC reads{kelvin}"
        )
    return found
