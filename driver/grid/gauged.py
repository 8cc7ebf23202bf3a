"""The part of a grid that drains to gauges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...kernels.network.flow_direction import NO_CELL
from ..errors import ConfigurationError
from .assemble import land_area, river_of
from .gauges import Site, put_on_network
from .grid import Grid


def only_gauged(
    fields: Mapping[str, np.ndarray], downstream: np.ndarray | None, sites: Sequence[Site], grid: Grid, asked: Any
) -> tuple[Grid, np.ndarray]:
    """The grid and its links [y, x] with only the cells whose water passes a gauge; the lowest gauges become outlets.

    asked: the group &grid. ConfigurationError where there is no gauge, or none that fits the network.
    """
    if downstream is None or not sites:
        raise ConfigurationError("&grid gauge_basins needs gauges: name their table in &grid gauges")
    active = grid.land & (land_area(fields) > 0)
    river, _ = river_of(grid, fields, downstream, active, asked.distance)
    gauges, notes = put_on_network(sites, grid, river, asked.gauge_reach)
    if not gauges:
        raise ConfigurationError(f"&grid gauge_basins: no gauge fits the network ({notes[0]})")
    taken = np.zeros(len(river.cell), bool)
    taken[[gauge.node for gauge in gauges]] = True
    for node in range(len(taken) - 1, -1, -1):  # downstream nodes come later: from the mouths upwards
        taken[node] |= taken[river.downstream[node]]
    flat = np.full(downstream.size, NO_CELL, np.int64)
    ends = ~taken[river.downstream] | (river.downstream == np.arange(len(taken)))
    flat[river.cell[taken]] = np.where(ends, river.cell, river.cell[river.downstream])[taken]
    inside = np.zeros(downstream.size, bool)
    inside[river.cell[taken]] = True
    return replace(grid, land=grid.land & inside.reshape(grid.shape)), flat.reshape(downstream.shape)
