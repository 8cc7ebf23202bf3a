"""Outputs of VIC that follow from forcing and parameters alone: the air and the leaves (vic.md, sections 2 and 6)."""

from collections.abc import Callable

import numpy as np

from ..combined import Around, Rows
from .atmosphere import GAS, ZERO
from .parameters import CLOCK, MONTHS, SINGLE, WEATHER, C, F, P

KILO = 1000.0
VAPOUR = 18.016 / 28.97  # mass of water over that of air


def _parts(around: Around, quantity: int) -> np.ndarray:
    """A quantity F of all sub-steps, float64 [time, sub-step, place]."""
    substeps = (around.forcing.shape[1] - len(CLOCK)) // len(WEATHER)
    first = len(CLOCK) + quantity * substeps
    return around.forcing[:, first : first + substeps].astype(np.float64)


def _mean(parts: np.ndarray, around: Around) -> np.ndarray:
    """Mean of the sub-steps, added up one after the other."""
    total = parts[:, 0].copy()
    for k in range(1, parts.shape[1]):
        total += parts[:, k]
    return np.asarray(total / parts.shape[1], around.forcing.dtype)


def saturated(temperature: np.ndarray) -> np.ndarray:
    """Vapour pressure of saturated air, Pa, with VIC's factor below 0 degC."""
    over_water = 0.61078 * np.exp(17.269 * temperature / (237.3 + temperature))
    frost = np.where(temperature < 0, 1.0 + 0.00972 * temperature + 0.000042 * temperature * temperature, 1.0)
    return np.asarray(over_water * frost * KILO)


def _vapour(around: Around) -> np.ndarray:
    return np.minimum(_parts(around, F.vapour_pressure), saturated(_parts(around, F.air_temperature)))


def _deficit(around: Around) -> np.ndarray:
    return np.maximum(saturated(_parts(around, F.air_temperature)) - _parts(around, F.vapour_pressure), 0.0)


def _density(rows: Rows, around: Around) -> np.ndarray:
    return _mean(_parts(around, F.pressure) / (GAS * (_parts(around, F.air_temperature) + ZERO)), around)


def _humidity(rows: Rows, around: Around) -> np.ndarray:
    return _mean(VAPOUR * _vapour(around) / _parts(around, F.pressure), around)


def _relative(rows: Rows, around: Around) -> np.ndarray:
    vapour = _vapour(around)
    return _mean(100.0 * vapour / (vapour + _deficit(around)), around)


def _echo(quantity: int, factor: float = 1.0) -> Callable[[Rows, Around], np.ndarray]:
    return lambda rows, around: _mean(factor * _parts(around, quantity), around)


# Name, unit, meaning and how it is made.
AIR = (
    ("OUT_DENSITY", "kg m-3", "density of the air", _density),
    ("OUT_VP", "kPa", "vapour pressure", lambda rows, around: _mean(_vapour(around) / KILO, around)),
    ("OUT_VPD", "kPa", "deficit of vapour pressure", lambda rows, around: _mean(_deficit(around) / KILO, around)),
    ("OUT_QAIR", "1", "specific humidity", _humidity),
    ("OUT_REL_HUMID", "%", "relative humidity", _relative),
    ("OUT_AIR_TEMP", "degC", "air temperature", _echo(F.air_temperature)),
    ("OUT_PRESSURE", "kPa", "air pressure", _echo(F.pressure, 1.0 / KILO)),
    ("OUT_SWDOWN", "W m-2", "incoming shortwave radiation", _echo(F.shortwave)),
    ("OUT_LWDOWN", "W m-2", "incoming longwave radiation", _echo(F.longwave)),
    ("OUT_WIND", "m s-1", "wind speed", _echo(F.wind)),
)


def leaf_area(rows: Rows, around: Around) -> np.ndarray:
    """Leaf area of the step's month, mean of the place."""
    months = around.parameters[len(SINGLE) : len(SINGLE) + MONTHS]
    total = np.zeros((MONTHS, around.weights.shape[1]))
    for component, weight in enumerate(around.weights):
        total += weight * months[:, component] * around.parameters[P.vegetated, component]
    month = around.forcing[:, C.month].astype(int) - 1
    return np.asarray(np.take_along_axis(total, month, axis=0), around.forcing.dtype)
