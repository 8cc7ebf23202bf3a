"""What is wrong with a map of downstream cells, as lists of cells."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .flow_direction import NO_CELL, NOWHERE, OFF_GRID
from .loops import loops


class Faults(NamedTuple):
    """Flat indices of cells, int64: links that leave the grid, links to no cell, loops, and cells without neighbours.

    Loops are always wrong. off_grid is what a cut-out of a larger map has, nowhere what a map has whose rivers end in
    the ocean: as_ends and receiving make ends of them. isolated cells neither give nor receive: small islands.
    """

    off_grid: np.ndarray
    nowhere: np.ndarray
    loops: list[np.ndarray]
    isolated: np.ndarray


def faults(downstream: npt.ArrayLike) -> Faults:
    """The faults of a map of downstream cells, int64 [y, x] or [cell], as decode gives it."""
    flat = np.asarray(downstream, np.int64).ravel()
    links, to_nothing = _links(flat)
    receives = np.zeros(flat.size, bool)
    receives[flat[links]] = True
    ends = flat == np.arange(flat.size)
    return Faults(
        off_grid=np.flatnonzero(flat == OFF_GRID),
        nowhere=np.union1d(to_nothing, np.flatnonzero(flat == NOWHERE)),
        loops=loops(flat),
        isolated=np.flatnonzero(ends & ~receives),
    )


def stray(downstream: npt.ArrayLike) -> tuple[int, int]:
    """How many links leave the grid or lead to no cell, and how many there are in all."""
    flat = np.asarray(downstream, np.int64).ravel()
    links, to_nothing = _links(flat)
    astray = int(np.count_nonzero((flat == OFF_GRID) | (flat == NOWHERE)))
    return astray + to_nothing.size, astray + links.size


def _links(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells that flow to another cell of the grid, and those of them that flow to what is no cell."""
    links = np.flatnonzero((flat >= 0) & (flat != np.arange(flat.size)))
    return links, links[flat[flat[links]] == NO_CELL]
