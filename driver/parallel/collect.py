"""What a run carries from day to day, put together from all ranks in canonical order, and handed out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .division import Division

# Dimensions that are cut between ranks; along a 'cell' every component has all places in their order.
PLACE, CELL, NODE = "basin", "cell", "node"
Dimensions = Mapping[str, Sequence[str]]


def gather_arrays(
    division: Division, arrays: Mapping[str, np.ndarray], dimensions: Dimensions
) -> dict[str, np.ndarray] | None:
    """Arrays by name as one process would have them, on the root; None elsewhere.

    dimensions: names of the dimensions of each array, (basin,) where it is not listed. What has no dimension that is
    cut is the same on every rank, and taken from the root.
    """
    whole: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        found = _gather(division, array, dimensions.get(name, (PLACE,)))
        if found is not None:
            whole[name] = found
    return whole if division.world.root else None


def scatter_arrays(
    division: Division, arrays: Mapping[str, np.ndarray] | None, dimensions: Dimensions
) -> dict[str, np.ndarray]:
    """The reverse of gather_arrays: this rank's parts of the root's arrays."""
    given = arrays or {}
    return {
        name: _scatter(division, given.get(name), dimensions.get(name, (PLACE,)))
        for name in division.world.broadcast(list(given))
    }


def _gather(division: Division, array: np.ndarray, dimensions: Sequence[str]) -> np.ndarray | None:
    world = division.world
    if NODE in dimensions:
        return world.gather(array, division.nodes, dimensions.index(NODE))
    if PLACE in dimensions:
        return world.gather(array, division.places, dimensions.index(PLACE))
    if CELL not in dimensions:
        return array if world.root else None
    shape = (*array.shape[:-1], division.components, array.shape[-1] // division.components)
    whole = world.gather(array.reshape(shape), division.places)
    return None if whole is None else whole.reshape(*shape[:-2], shape[-2] * whole.shape[-1])


def _scatter(division: Division, array: np.ndarray | None, dimensions: Sequence[str]) -> np.ndarray:
    world = division.world
    if NODE in dimensions:
        return world.scatter(array, division.nodes, dimensions.index(NODE))
    if PLACE in dimensions:
        return world.scatter(array, division.places, dimensions.index(PLACE))
    if CELL not in dimensions:
        return world.broadcast(array)
    whole = None
    if array is not None:
        whole = array.reshape(*array.shape[:-1], division.components, array.shape[-1] // division.components)
    part = world.scatter(whole, division.places)
    return np.ascontiguousarray(part.reshape(*part.shape[:-2], part.shape[-2] * part.shape[-1]))
