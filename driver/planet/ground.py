"""The ground of a world on a grid: height, land, and what relief there is inside of cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .plates import plates
from .relief import heights

OCEAN = 0.71  # share of the sphere
SAMPLE = 2.0  # degrees: where the sea level is found
SPACING = 0.4  # degrees between samples inside of wide cells
FINE = 0.3  # degrees: finer cells are sampled once
CHUNK = 1_000_000  # points sampled at once: bounds the memory


@dataclass(frozen=True)
class Ground:
    """The ground on a global grid, north first, longitudes from -180.

    latitude [y], longitude [x]  degrees, cell centres
    height [y, x]     m above the sea, mean of the land where there is land in the cell, otherwise of the sea's floor
    share [y, x]      land in the cell, 0 to 1
    deviation [y, x]  m, of the height inside of the cell
    """

    latitude: np.ndarray
    longitude: np.ndarray
    height: np.ndarray
    share: np.ndarray
    deviation: np.ndarray


def cell_centres(resolution: float) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes [y] from north to south and longitudes [x] from -180 of a global grid, degrees."""
    rows = round(180.0 / resolution)
    latitude = 90.0 - 180.0 / rows * (np.arange(rows) + 0.5)
    return latitude, -180.0 + 180.0 / rows * (np.arange(2 * rows) + 0.5)


def on_sphere(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Points [y * x, 3] of the unit sphere at all pairs of latitudes and longitudes, degrees."""
    north, east = np.radians(latitude)[:, None], np.radians(longitude)[None, :]
    level = np.cos(north)
    height = np.broadcast_to(np.sin(north), (len(latitude), len(longitude)))
    points = np.stack([level * np.cos(east), level * np.sin(east), height], axis=-1)
    return np.ascontiguousarray(points.reshape(-1, 3))


def ground(resolution: float, seed: int, inside: int = 0) -> Ground:
    """The ground of the world of a seed: the same continents and mountains at any resolution.

    inside: samples along each side of a cell; 0 = chosen by the resolution.
    """
    made, sea = plates(seed), sea_level(seed)
    latitude, longitude = cell_centres(resolution)
    inside = inside or (1 if resolution < FINE else int(np.clip(round(resolution / SPACING), 2, 8)))
    fine_latitude, fine_longitude = cell_centres(resolution / inside)
    octaves = octaves_of(resolution / inside)
    result = np.empty((3, len(latitude), len(longitude)))
    step = max(1, CHUNK // (len(fine_longitude) * inside))
    for low in range(0, len(latitude), step):
        rows = fine_latitude[low * inside : (low + step) * inside]
        found = heights(on_sphere(rows, fine_longitude), np.uint64(seed), octaves, *made)
        samples = found.reshape(2, -1, inside, len(longitude), inside).swapaxes(2, 3).reshape(2, -1, inside**2)
        result[:, low : low + step] = _cells(samples, sea).reshape(3, -1, len(longitude))
    return Ground(latitude, longitude, *result)


def sea_level(seed: int) -> float:
    """Height over the relief's datum, m, below which OCEAN of the sphere lies."""
    latitude, longitude = cell_centres(SAMPLE)
    height = heights(on_sphere(latitude, longitude), np.uint64(seed), octaves_of(SAMPLE), *plates(seed))[0]
    weight = np.repeat(np.cos(np.radians(latitude)), len(longitude))
    order = np.argsort(height, kind="stable")
    below = np.cumsum(weight[order])
    return float(height[order][np.searchsorted(below, OCEAN * below[-1])])


def octaves_of(spacing: float) -> int:
    """Octaves of noise that samples so many degrees apart can show."""
    return int(np.clip(np.ceil(np.log2(1.33 / np.radians(spacing))), 7, 11))


def _cells(samples: np.ndarray, sea: float) -> np.ndarray:
    """Height, share of land and deviation [3, cell] from height and roughness of samples [2, cell, sample]."""
    height = samples[0] - sea
    above = height > 0.0
    count = above.sum(axis=1)
    land = np.where(above, height, 0.0).sum(axis=1) / np.maximum(count, 1)
    mean = np.where(count > 0, land, height.mean(axis=1))
    spread = np.where(above, (height - mean[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(count, 1)
    unseen = 0.5 * np.where(above, samples[1], 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.stack([mean, count / height.shape[1], np.sqrt(spread + unseen**2)])
