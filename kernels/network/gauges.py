"""Gauges put on the network: by place and by upstream area."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

EARTH_RADIUS = 6371.0  # km
_MOVING = 0.1  # a node at the edge of the search must match the area better by this much in ln(area)


class Snapped(NamedTuple):
    """For every gauge: its node (-1 where none fits), the nearest node, km from the gauge, area ratio node / gauge."""

    node: np.ndarray
    nearest: np.ndarray
    distance: np.ndarray
    ratio: np.ndarray

    @property
    def moved(self) -> np.ndarray:
        """Whether a gauge lies on another node than the nearest one, bool [gauge]."""
        return (self.node >= 0) & (self.node != self.nearest)


def snap(
    latitude: npt.ArrayLike,
    longitude: npt.ArrayLike,
    upstream_area: npt.ArrayLike,
    gauge_latitude: npt.ArrayLike,
    gauge_longitude: npt.ArrayLike,
    gauge_area: npt.ArrayLike,
    *,
    radius: float,
    worst_ratio: float = 2.0,
) -> Snapped:
    """Put gauges on nodes: the one within radius km whose upstream area fits best, a near one before a far one.

    latitude, longitude (degrees, any convention) and upstream_area are [node]; those of gauges [gauge], areas in the
    same unit, NaN or 0 where a gauge's area is not known: it goes to the nearest node. Chosen is the least of
    abs(ln(area ratio)) + distance / (10 radius). A gauge without a node within radius, or whose best ratio is beyond
    worst_ratio or 1 / worst_ratio, gets node -1; distance and ratio then tell of the nearest or the best node.

    Raises:
        ValueError: arrays that do not fit together, a radius that is not positive.
    """
    nodes = _rows(latitude, longitude, upstream_area, what="nodes")
    gauges = _rows(gauge_latitude, gauge_longitude, gauge_area, what="gauges")
    gauges[2, ~(gauges[2] > 0)] = np.nan
    if not radius > 0 or not worst_ratio >= 1:
        raise ValueError(f"radius {radius} km must be positive and worst_ratio {worst_ratio} at least 1")
    south_first = np.argsort(nodes[0], kind="stable")
    sorted_latitude = nodes[0, south_first]
    result = Snapped(*(np.full(gauges.shape[1], fill) for fill in (-1, -1, np.nan, np.nan)))
    reach = np.degrees(radius / EARTH_RADIUS)
    for k, (north, east, area) in enumerate(gauges.T):
        band = slice(*np.searchsorted(sorted_latitude, [north - reach, north + reach * (1 + 1e-12)]))
        near = np.sort(south_first[band])
        away = distance(north, east, nodes[0, near], nodes[1, near])
        near, away = near[away <= radius], away[away <= radius]
        if near.size:
            _choose(result, k, near, away, nodes[2, near] / area, radius, worst_ratio)
    return result


def distance(
    latitude: npt.ArrayLike, longitude: npt.ArrayLike, other_latitude: npt.ArrayLike, other_longitude: npt.ArrayLike
) -> np.ndarray:
    """Great-circle distance in km of places in degrees (haversine formula); arrays that broadcast."""
    north, east, other_north, other_east = (
        np.radians(np.asarray(a, np.float64)) for a in (latitude, longitude, other_latitude, other_longitude)
    )
    half = np.sin((other_north - north) / 2) ** 2
    half = half + np.cos(north) * np.cos(other_north) * np.sin((other_east - east) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def _choose(
    result: Snapped, k: int, near: np.ndarray, away: np.ndarray, ratio: np.ndarray, radius: float, worst: float
) -> None:
    """Fill in gauge k from the nodes within its radius."""
    nearest = int(np.argmin(away))
    best, fits = nearest, True
    if np.isfinite(ratio).any():
        with np.errstate(divide="ignore", invalid="ignore"):
            misfit = np.abs(np.log(ratio))
        cost = np.where(np.isfinite(misfit), misfit + _MOVING * away / radius, np.inf)
        best = int(np.argmin(cost))
        fits = bool(misfit[best] <= np.log(worst))
    result.nearest[k] = near[nearest]
    result.node[k] = near[best] if fits else -1
    result.distance[k], result.ratio[k] = away[best], ratio[best]


def _rows(*arrays: npt.ArrayLike, what: str) -> np.ndarray:
    rows = [np.asarray(array, np.float64) for array in arrays]
    if any(row.ndim != 1 or row.shape != rows[0].shape for row in rows):
        raise ValueError(f"latitude, longitude and area of {what} have shapes {[row.shape for row in rows]}")
    return np.stack(rows)
