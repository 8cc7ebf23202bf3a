"""How the rows and columns of a grid lie on the globe."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Orientation(NamedTuple):
    """First row northernmost; columns run eastwards; the last column touches the first."""

    north_first: bool
    east_positive: bool
    wraps: bool


def orientation(latitude: npt.ArrayLike, longitude: npt.ArrayLike) -> Orientation:
    """Orientation of a regular grid from the centres of its rows and columns in degrees, any convention of longitude.

    Raises:
        ValueError: they do not run evenly in one direction.
    """
    north = _spacing(np.asarray(latitude, np.float64), "latitude")
    around = (np.diff(np.asarray(longitude, np.float64)) + 180.0) % 360.0 - 180.0  # 179.75 -> -179.75 is a small step
    east = _spacing(np.concatenate([[0.0], np.cumsum(around)]), "longitude")
    wraps = np.size(longitude) > 1 and abs(abs(east) * np.size(longitude) - 360.0) < 0.5 * abs(east)
    return Orientation(north <= 0, east >= 0, bool(wraps))


def _spacing(centre: np.ndarray, name: str) -> float:
    """Mean step; 0 for a single row or column."""
    if centre.ndim != 1 or not np.all(np.isfinite(centre)):
        raise ValueError(f"{name} has shape {centre.shape}, expected numbers along one dimension")
    if centre.size < 2:
        return 0.0
    steps = np.diff(centre)
    mean = float(steps.mean())
    if mean == 0 or np.any(np.abs(steps - mean) > 0.01 * abs(mean)):
        raise ValueError(f"{name} does not run evenly: steps from {steps.min():g} to {steps.max():g} degrees")
    return mean
