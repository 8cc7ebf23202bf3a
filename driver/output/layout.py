"""Where the columns of records lie in a file: a list of basins, a grid, the active cells of a grid, gauges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

# Where a variable is at home: places have the vertical model, nodes the river.
PLACE, NODE = "place", "node"
# Written where a grid has no value: CMIP's number.
FILL = 1e20
# Numbers in a chunk: of lists, and of grids, where a map and a series should both be quick to read.
LIST_CHUNK, GRID_CHUNK = 262_144, 65_536


@dataclass(frozen=True)
class Layout:
    """The shape of a record in a file.

    dimensions, shape  of a record, without time
    positions          by location: int64 [column], place of each column in the flattened shape
    write              writes dimensions and coordinates to a netCDF4.Dataset
    attributes         of every variable
    area_method        by location: what cell_methods say about the area
    """

    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    positions: Mapping[str, np.ndarray]
    write: Callable[[Any], None]
    attributes: Mapping[str, str] = field(default_factory=dict)
    area_method: Mapping[str, str] = field(default_factory=dict)

    def complete(self, location: str) -> bool:
        """Whether there is a value everywhere."""
        return len(self.positions[location]) == prod(self.shape)

    def box(self, records: int) -> tuple[int, ...]:
        """Shape of a chunk of so many records, without time: nearly square on grids."""
        if len(self.shape) == 1:
            return (max(1, min(self.shape[0], LIST_CHUNK // records)),)
        edge = max(16, int((GRID_CHUNK / records) ** 0.5))
        return tuple(min(length, edge) for length in self.shape)

    def spread(self, values: np.ndarray, location: str, fill: float) -> np.ndarray:
        """Values [column] in the shape of a record."""
        whole = np.full(prod(self.shape), fill, values.dtype)
        whole[self.positions[location]] = values
        return whole.reshape(self.shape)
