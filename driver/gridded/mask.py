"""Cells beyond the mask of the weather, and the nearest cells that have weather."""

from __future__ import annotations

import numpy as np

from ..degrees import position
from ..errors import InputError
from ..timeaxis import TimeAxis
from .layout import Layout
from .series import Series
from .series_reader import SeriesReader


def has_weather(series: Series, days: tuple[int, ...]) -> np.ndarray:
    """Whether a cell of the layout has a value at any time of these days (since 0001-01-01): bool [cell]."""
    reader = SeriesReader(series, np.arange(int(np.prod(series.layout.shape))))
    found = np.zeros(len(reader.cell), bool)
    for day in days:
        found |= np.isfinite(reader.steps(day, day + 1)).any(axis=0)
    return found


def with_neighbours(series: Series, cell: np.ndarray, reach: float, axis: TimeAxis, remarks: list[str]) -> np.ndarray:
    """The cells [place], where the first and the last day have no value replaced by the nearest cell that has.

    reach: greatest distance, degrees of a great circle. InputError where none lies within it.
    """
    there = has_weather(series, (axis.first, axis.first + axis.count - 1))
    lacking = np.flatnonzero(~there[cell])
    if not len(lacking):
        return cell
    known = np.flatnonzero(there)
    points = _points(series.layout)
    replaced = cell.copy()
    north, east = series.layout.coordinates()
    for place in lacking:
        nearness = points[known] @ points[cell[place]] if len(known) else np.array([-1.0])
        best = int(np.argmax(nearness))
        apart = float(np.degrees(np.arccos(np.clip(nearness[best], -1.0, 1.0))))
        if apart > reach:
            raise InputError(
                f"{series.where}: no weather at {position(north[cell[place]], east[cell[place]])}, and the nearest "
                f"cell that has is {apart:.2f} degrees away: mask the cell, or raise beyond_degrees = {reach:g} in "
                "&weather"
            )
        replaced[place] = known[best]
    first = cell[lacking[0]]
    remarks.append(
        f"{series.where}: {len(lacking)} cells without weather take that of the nearest cell that has, the first at "
        f"{position(north[first], east[first])}"
    )
    return replaced


def _points(layout: Layout) -> np.ndarray:
    """Unit vectors [cell, 3]."""
    north, east = (np.radians(degrees) for degrees in layout.coordinates())
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
