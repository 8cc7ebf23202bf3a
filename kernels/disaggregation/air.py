"""Vapour and pressure of the air, Pa."""

import numpy as np

GRAVITY, DRY_AIR = 9.80665, 287.05  # m s-2, J kg-1 K-1
SEA_LEVEL, LAPSE = 101325.0, 0.0065  # Pa; K m-1
SEA_TEMPERATURE = 288.15  # K (ICAO, 1993)
KELVIN = 273.15


def saturation(temperature: np.ndarray) -> np.ndarray:
    """Saturation vapour pressure over water, Pa, of air at degC (Tetens, 1930; Murray, 1967)."""
    return 610.78 * np.exp(17.269 * temperature / (237.3 + temperature))


def standard_pressure(elevation: np.ndarray) -> np.ndarray:
    """Pressure of the standard atmosphere (ICAO, 1993) at an elevation (m), Pa."""
    return SEA_LEVEL * (1.0 - LAPSE * np.asarray(elevation, np.float64) / SEA_TEMPERATURE) ** (
        GRAVITY / (DRY_AIR * LAPSE)
    )


def pressure(elevation: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Pressure at an elevation (m), Pa, where the air there is at degC and 6.5 K km-1 warmer below (hypsometric)."""
    middle = temperature + (KELVIN + 0.5 * LAPSE * elevation)
    return SEA_LEVEL * np.exp((-GRAVITY / DRY_AIR) * elevation / middle)
