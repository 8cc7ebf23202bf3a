"""Which cells of a file the places of a run are, and the boxes in which they are read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..degrees import position
from ..errors import InputError
from .layout import TOLERANCE, Layout

# Edge of the squares, in degrees, by which listed cells are looked up.
SQUARE = 0.01


@dataclass(frozen=True)
class Cells:
    """Places as cells of a layout.

    boxes  hyperslabs that hold them: a pair of slices (rows, columns), or one slice of a list; two where the places lie
           on both sides of the seam of the longitudes
    index  [place] number of the cell, row by row, in the boxes put side by side
    width  cells of one row of them; 1 in a list
    """

    boxes: list[tuple[slice, ...]]
    index: np.ndarray
    width: int


def locate(layout: Layout, latitude: np.ndarray, longitude: np.ndarray, where: str) -> np.ndarray:
    """Number of the cell, row by row, at each place [place]. InputError where none lies within 1e-4 degrees."""
    if layout.listed:
        cell = _nearest_listed(layout, latitude, longitude)
        north, east = layout.latitude[cell], layout.longitude[cell]
    else:
        row, column = _nearest(layout.latitude, latitude), _nearest(layout.longitude, longitude, 360.0)
        cell, north, east = row * len(layout.longitude) + column, layout.latitude[row], layout.longitude[column]
    apart = np.maximum(np.abs(north - latitude), _turned(east - longitude))
    # Negated, so that a coordinate that is no number is refused too.
    wrong = ~(apart <= TOLERANCE)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise InputError(
            f"{where}: no cell of the weather lies at {position(latitude[first], longitude[first])} "
            f"({int(wrong.sum())} of {len(wrong)} cells); the nearest, {position(north[first], east[first])}, is "
            f"{apart[first]:.4g} degrees away: shifted by half a cell, of another resolution, too small? remap it"
        )
    return cell


def boxed(layout: Layout, cell: np.ndarray) -> Cells:
    """The smallest boxes around cells [place] given by number, row by row; none around none."""
    if not len(cell):
        return Cells([], cell, 1)
    if layout.listed:
        first, last = int(cell.min()), int(cell.max()) + 1
        return Cells([(slice(first, last),)], cell - first, 1)
    row, column = np.divmod(cell, len(layout.longitude))
    rows = slice(int(row.min()), int(row.max()) + 1)
    spans = _spans(np.unique(column), len(layout.longitude), _wraps(layout.longitude))
    width = sum(last - first for first, last in spans)
    new = np.empty(len(layout.longitude), np.int64)
    new[np.concatenate([np.arange(*span) for span in spans])] = np.arange(width)
    index = (row - rows.start) * width + new[column]
    return Cells([(rows, slice(*span)) for span in spans], index, width)


def _spans(columns: np.ndarray, count: int, wraps: bool) -> list[tuple[int, int]]:
    """One span of columns, or two at the ends of a grid around the Earth where that leaves out more."""
    first, last = int(columns[0]), int(columns[-1]) + 1
    if not wraps or len(columns) == 1:
        return [(first, last)]
    gaps = np.diff(columns)
    place = int(np.argmax(gaps))
    if gaps[place] - 1 <= count - (last - first):
        return [(first, last)]
    # West of the gap, then east of it.
    return [(first, int(columns[place]) + 1), (int(columns[place + 1]), last)]


def _wraps(longitude: np.ndarray) -> bool:
    """Whether the grid goes around the Earth."""
    if len(longitude) < 2:
        return False
    step = np.median(np.abs((np.diff(longitude) + 180.0) % 360.0 - 180.0))
    return bool(abs(step * len(longitude) - 360.0) < 0.5 * step)


def _turned(degrees: np.ndarray) -> np.ndarray:
    """Size of an angle between two longitudes, 0 to 180."""
    return np.abs((degrees + 180.0) % 360.0 - 180.0)


def _nearest(values: np.ndarray, wanted: np.ndarray, period: float = 0.0) -> np.ndarray:
    """Index of the nearest value to each that is wanted; period: of values on a circle."""
    if period:
        values, wanted = values % period, wanted % period
    order = np.argsort(values, kind="stable")
    numbers = np.arange(len(values))[order]
    ordered = values[order]
    if period:
        ordered = np.concatenate([[ordered[-1] - period], ordered, [ordered[0] + period]])
        numbers = np.concatenate([[numbers[-1]], numbers, [numbers[0]]])
    right = (
        np.clip(np.searchsorted(ordered, wanted), 1, len(ordered) - 1)
        if len(ordered) > 1
        else np.zeros_like(wanted, np.int64)
    )
    left = np.maximum(right - 1, 0)
    return numbers[np.where(wanted - ordered[left] <= ordered[right] - wanted, left, right)]


def _nearest_listed(layout: Layout, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """The listed cell at each place, or any where none is near: looked up by squares and their neighbours."""
    width = round(360.0 / SQUARE)
    row, column = np.floor(layout.latitude / SQUARE), np.floor(layout.longitude % 360.0 / SQUARE)
    keys = (row * width + column).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    best, apart = np.zeros(len(latitude), np.int64), np.full(len(latitude), np.inf)
    rows = np.floor(latitude / SQUARE).astype(np.int64)
    columns = np.floor(longitude % 360.0 / SQUARE).astype(np.int64)
    for up in (-1, 0, 1):
        for right in (-1, 0, 1):
            wanted = (rows + up) * width + (columns + right) % width
            place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
            cell = order[place]
            distance = np.maximum(np.abs(layout.latitude[cell] - latitude), _turned(layout.longitude[cell] - longitude))
            best, apart = np.where(distance < apart, cell, best), np.minimum(distance, apart)
    return best
