"""Rain of a day from a standard normal number: none below a threshold, more the farther above (power law).

amount = scale * (g - threshold)^1.5 where g > threshold; threshold and scale follow from the mean of the month and the
share of wet days (after Glasbey & Nevison, 1997: monotonic transformation of a latent Gaussian variable).
"""

import math

import numpy as np

_GRID = np.linspace(-4.0, 4.0, 1601)
_ERROR = np.array([math.erf(value / math.sqrt(2.0)) for value in _GRID.tolist()])
_ABOVE = 0.5 - 0.5 * _ERROR  # chance that a standard normal number lies above


def _means() -> np.ndarray:
    """Mean of (g - t)^1.5 above each threshold t of the grid."""
    g = np.linspace(-6.0, 7.0, 5201)
    density = np.exp(-0.5 * g * g) / math.sqrt(2.0 * math.pi) * (g[1] - g[0])
    return np.array([(np.maximum(g - t, 0.0) ** 1.5 * density).sum() for t in _GRID.tolist()])


_MEAN = _means()
DRIEST, WETTEST = 0.002, 0.92  # share of wet days


def share_above(value: np.ndarray) -> np.ndarray:
    """Chance that a standard normal number lies above a value."""
    return np.interp(value, _GRID, _ABOVE, left=1.0, right=0.0)


def thresholds(precipitation: np.ndarray, tas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Threshold and scale (mm d-1) of months with these means: mm d-1 and degC, any one shape.

    Warm air rains less often and harder.
    """
    typical = 1.0 + 0.16 * np.clip(tas + 5.0, 0.0, 32.0)
    wet = np.clip(precipitation / (precipitation + typical), DRIEST, WETTEST)
    threshold = np.interp(-wet, -_ABOVE, _GRID)
    return threshold, precipitation / np.interp(threshold, _GRID, _MEAN)
