"""Maps as pictures of cells: the whole Earth in the Equal Earth projection, a part of it as it lies.

Equal Earth: Savric, Patterson & Jenny (2019, Int. J. Geogr. Inf. Sci. 33). Pictures are made by asking for every dot of
the picture in which cell it lies, so that a map takes no longer for a fine grid than for a coarse one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

A = (1.340264, -0.081106, 0.000893, 0.003796)
ROOT = np.sqrt(3.0) / 2.0


@dataclass(frozen=True)
class Frame:
    """What a map shows: longitudes west to east and latitudes south to north, degrees; whole: all the Earth."""

    west: float
    east: float
    south: float
    north: float
    whole: bool

    def forward(self, longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Place on the map of points, degrees; longitudes may lie beyond the frame."""
        longitude, latitude = np.asarray(longitude, float), np.asarray(latitude, float)
        if not self.whole:
            shape = np.cos(np.radians((self.south + self.north) / 2))
            return longitude * shape, latitude
        theta = np.arcsin(ROOT * np.sin(np.radians(latitude)))
        middle = (self.west + self.east) / 2
        x = np.radians(longitude - middle) * np.cos(theta) / (ROOT * _slope(theta))
        return x, _height(theta)

    def inverse(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude of points of the map, degrees; NaN off the Earth."""
        if not self.whole:
            return x / np.cos(np.radians((self.south + self.north) / 2)), y
        theta = y.copy()
        for _ in range(12):  # Newton's method
            theta = theta - (_height(theta) - y) / _slope(theta)
        sine = np.sin(theta) / ROOT
        latitude = np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
        turned = np.degrees(x * ROOT * _slope(theta) / np.cos(theta))
        off = (np.abs(sine) > 1.0) | (np.abs(turned) > 180.0)
        return np.where(off, np.nan, turned + (self.west + self.east) / 2), np.where(off, np.nan, latitude)

    def limits(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of the map."""
        x, y = self.outline()
        return float(x.min()), float(x.max()), float(y.min()), float(y.max())

    def outline(self) -> tuple[np.ndarray, np.ndarray]:
        """The edge of the map, once around."""
        up = np.linspace(self.south, self.north, 181)
        across = np.linspace(self.west, self.east, 181)
        longitude = np.concatenate([np.full(181, self.west), across, np.full(181, self.east), across[::-1]])
        latitude = np.concatenate([up, np.full(181, self.north), up[::-1], np.full(181, self.south)])
        return self.forward(longitude, latitude)

    def dots(self, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """Middles of the dots of a picture of the map: x [column] from the left, y [row] from the top."""
        left, right, bottom, top = self.limits()
        across, down = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
        return left + across * (right - left), top + down * (bottom - top)

    def picture(self, latitude: np.ndarray, longitude: np.ndarray, width: int) -> np.ndarray:
        """Number (row * columns + column) of the cell in each dot, int64 [row, column] from the top; -1 off the grid.

        latitude, longitude: centres of a regular grid, degrees; width: dots from left to right.
        """
        left, right, bottom, top = self.limits()
        height = max(2, round(width * (top - bottom) / (right - left)))
        x, y = np.meshgrid(*self.dots(width, height))
        east, north = self.inverse(x, y)
        known = np.isfinite(east)
        row = _nearest(latitude, np.where(known, north, latitude[0]))
        turned = (np.where(known, east, longitude[0]) - longitude[0] + 180.0) % 360.0 - 180.0 + longitude[0]
        around = abs(len(longitude) * (longitude[1] - longitude[0])) > 359.0 if len(longitude) > 1 else False
        column = _nearest(longitude, turned, around)
        return np.where(known & (row >= 0) & (column >= 0), row * len(longitude) + column, -1)


def frame_of(latitude: np.ndarray, longitude: np.ndarray, shown: np.ndarray) -> Frame:
    """The frame for the cells shown (bool [y, x]) of a grid: all the Earth for a global grid, else what holds them."""
    step = abs(longitude[1] - longitude[0]) if len(longitude) > 1 else abs(latitude[1] - latitude[0])
    if step * len(longitude) > 359.0 and abs(latitude[-1] - latitude[0]) > 120.0:
        middle = 0.5 * (longitude[0] + longitude[-1])
        return Frame(middle - 180.0, middle + 180.0, -90.0, 90.0, True)
    rows, columns = (np.flatnonzero(shown.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        rows, columns = np.arange(len(latitude)), np.arange(len(longitude))
    north, east = latitude[rows], longitude[columns]
    return Frame(east.min() - step, east.max() + step, north.min() - step, north.max() + step, False)


def _height(theta: np.ndarray) -> np.ndarray:
    square = theta * theta
    sixth = square**3
    return theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square))


def _slope(theta: np.ndarray) -> np.ndarray:
    square = theta * theta
    sixth = square**3
    return A[0] + 3.0 * A[1] * square + sixth * (7.0 * A[2] + 9.0 * A[3] * square)


def _nearest(centres: np.ndarray, values: np.ndarray, around: bool = False) -> np.ndarray:
    """Index of the cell of a regular axis in which each value lies, -1 beyond its ends."""
    step = centres[1] - centres[0] if len(centres) > 1 else 1.0
    found = np.rint((values - centres[0]) / step).astype(np.int64)
    if around:
        return found % len(centres)
    return np.where((found >= 0) & (found < len(centres)), found, -1)
