"""The river network of a grid, in canonical order, and the gauges on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Gauge:
    """A place where discharge is wanted, and the node that stands for it.

    latitude, longitude        degrees, as the list of gauges says
    area                       m2 upstream, as the list says; NaN = not said
    node                       of the River; upstream_area is the network's at this node, m2
    moved_km                   from the gauge to the centre of the node's cell
    moved_cells                from the cell in which the gauge lies
    """

    id: str
    name: str
    latitude: float
    longitude: float
    area: float
    node: int
    upstream_area: float
    moved_km: float
    moved_cells: int


@dataclass(frozen=True)
class River:
    """Nodes in canonical order (every node before its downstream node).

    downstream  int64 [node], own index where the water ends
    cell        int64 [node], number of the cell in the grid
    place       int64 [node], index of the place that drains into this node, -1 where none does (receiving cells)
    fields      by name float64 [node]: length (m, to the downstream cell), slope, elevation (m), area and upstream_area
                (m2), and every static field of the grid without months, by HydroPy's names (flake, fwetl, srftopo, ...)
    """

    downstream: np.ndarray
    cell: np.ndarray
    place: np.ndarray
    fields: Mapping[str, np.ndarray] = field(default_factory=dict)
    gauges: Sequence[Gauge] = ()
