"""Rivers of a world: where the water of each land cell goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .flood import bottoms, flood, gathered, steepest

METRES_PER_DEGREE = 111_195.0
DEEP = 60.0  # m below its outlet that the bottom of a basin lies in a dry land to keep its water
DRY = 0.5  # precipitation over potential evaporation
WIDE = 2.0e10  # m2: smaller closed basins are filled by their lake and drain
INCISIONS = 3  # times that rivers cut in, and are found again
DEPTH, SMALL = 60.0, 5.0e9  # m and m2: a river of SMALL * (e - 1) m2 cuts DEPTH deep


@dataclass(frozen=True)
class Drainage:
    """Flow directions on a global grid.

    downstream int64 [y, x]  number (y * nx + x) of the cell into which a cell drains, its own where the water ends
                             (river mouths, and the bottoms of closed basins), -1 at sea
    closed bool [y, x]       bottoms of closed basins
    lake [y, x]              m of water over the ground where depressions are full
    rank int64 [y, x]        a cell's is higher than that of the cell into which it drains; -1 at sea
    """

    downstream: np.ndarray
    closed: np.ndarray
    lake: np.ndarray
    rank: np.ndarray


def drainage(
    height: np.ndarray,
    rugged: np.ndarray,
    land: np.ndarray,
    humidity: np.ndarray,
    area: np.ndarray,
    latitude: np.ndarray,
) -> Drainage:
    """Flow directions of land cells; dry deep basins stay closed.

    height [y, x] m; rugged [y, x] m: hills that send water this way or that; area [y, x] m2; humidity [y, x]:
    precipitation over potential evaporation, mean of the year; latitude [y] degrees, north first.
    """
    coast = land & _beside(~land)
    filled, rank = flood(height, coast, land)
    lonely = land & (rank < 0)  # a world without sea
    deep = land & (humidity < DRY) & (filled - height > DEEP)
    closed = bottoms(height, filled, deep, area, WIDE) | lonely
    step = 180.0 / len(latitude) * METRES_PER_DEGREE
    across = step * np.maximum(np.cos(np.radians(latitude)), 0.01)
    valleys = height + rugged
    for turn in range(INCISIONS + 1):
        level, rank = flood(valleys, coast | closed, land)
        downstream = steepest(level, rank, across, step, np.hypot(across, step))
        if turn < INCISIONS:
            valleys = height + rugged - _incised(downstream, rank, area)
    return Drainage(downstream, closed, np.where(land, filled - height, 0.0), rank)


def _incised(downstream: np.ndarray, rank: np.ndarray, area: np.ndarray) -> np.ndarray:
    """How deep rivers have cut into the ground, m [y, x]: what makes them join each other."""
    above = gathered(downstream, rank, area)
    return DEPTH * np.log1p(above / SMALL)


def _beside(cells: np.ndarray) -> np.ndarray:
    """Whether one of the eight neighbours of a cell is among the cells; columns wrap around."""
    across = cells | np.roll(cells, 1, axis=1) | np.roll(cells, -1, axis=1)
    result = across.copy()
    result[1:] |= across[:-1]
    result[:-1] |= across[1:]
    return result
