"""From a map of downstream cells to the nodes of a network."""

import numpy as np
import numpy.typing as npt

from .flow_direction import NO_CELL
from .order import canonical_order, reordered


def receiving(downstream: npt.ArrayLike) -> np.ndarray:
    """The map where what was no cell is an end if a link leads to it: the ocean at the mouths; same shape."""
    changed = np.array(downstream, np.int64)
    flat = changed.reshape(-1)
    targets = np.unique(flat[flat >= 0])
    ocean = targets[flat[targets] == NO_CELL]
    flat[ocean] = ocean
    return changed


def as_ends(downstream: npt.ArrayLike, cells: npt.ArrayLike) -> np.ndarray:
    """The map with the given cells (flat indices) as ends of their rivers, whatever they flowed to; same shape."""
    changed = np.array(downstream, np.int64)
    changed.reshape(-1)[np.asarray(cells, np.int64)] = cells
    return changed


def nodes(downstream: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The network in canonical order: flat index of each node's cell, and downstream node; int64 [node] both.

    downstream [y, x] as decode gives it; weight [y, x], if given, orders the tributaries (see canonical_order).

    Raises:
        ValueError: a link that leaves the grid or leads to no cell, or a loop; faults lists them.
    """
    flat = np.asarray(downstream, np.int64).ravel()
    cell = np.flatnonzero(flat != NO_CELL)
    number = np.full(flat.size, -1, np.int64)
    number[cell] = np.arange(cell.size)
    bad = (flat[cell] < 0) | (number[flat[cell]] < 0)
    if bad.any():
        raise ValueError(f"{bad.sum()} links leave the grid or lead to no cell, the first at flat index {cell[bad][0]}")
    links = number[flat[cell]]
    order = canonical_order(links, None if weight is None else np.ravel(np.asarray(weight))[cell])
    return cell[order], reordered(links, order)
