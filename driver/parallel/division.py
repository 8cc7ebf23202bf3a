"""Which rank has which places, and which nodes of the river."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..catchments.source import ROWS, with_place_attributes
from ..forcing_rows import rows_read
from .world import World, equal_bounds

# A reach costs about as much as this share of a place's vertical model.
NODE_WEIGHT, PLACE_WEIGHT = 0.3, 1.0


@dataclass(frozen=True)
class Division:
    """The parts of all ranks: intervals of places, and of nodes where there is a river.

    crossings      how often water passes from rank to rank at most: so many windows the first ranks are ahead
    components     of each place: a rank has all cells of its places
    places, nodes  int64 bounds [rank + 1]; nodes is all zeros without a river. The places of a rank are those that
                   drain into its nodes: both are in canonical order, and so both are intervals
    """

    world: World
    places: np.ndarray
    nodes: np.ndarray
    components: int = 1
    crossings: int = 0

    @property
    def place_slab(self) -> slice:
        """This rank's places."""
        return slice(int(self.places[self.world.rank]), int(self.places[self.world.rank + 1]))

    @property
    def node_slab(self) -> slice:
        """This rank's nodes."""
        return slice(int(self.nodes[self.world.rank]), int(self.nodes[self.world.rank + 1]))

    @property
    def largest(self) -> int:
        """Places of the rank that has most of them, at least 1: what chooses windows, which all ranks share."""
        return max(1, int(np.diff(self.places).max()))

    def cut(self, source: Any) -> Any:
        """This rank's part of a source: what it reads; the source itself where that is all."""
        slab = self.place_slab
        if self.world.size == 1:
            return source
        if slab.stop == slab.start:
            return NoPlaces(source.axis, rows_read(source), getattr(source, "steps_per_day", 1))
        if hasattr(source, "slab"):
            return source.slab(slab.start, slab.stop)
        return source.select(source.ids[slab])


class NoPlaces:
    """The source of a rank that has nothing to do: no places, and days all the same."""

    def __init__(self, axis: Any, rows: int = len(ROWS), steps: int = 1):
        self.axis, self.rows_read, self.steps_per_day = axis, rows, steps
        self.ids: list[str] = []
        self.notes: list[str] = []
        self.files: list[tuple[str, str]] = []
        self.attributes = with_place_attributes({}, 0)

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """As Source.forcing."""
        return np.empty(((stop - start) * self.steps_per_day, self.rows_read, 0), np.float32)


def divide(world: World, source: Any, routed: bool, components: int = 1) -> Division:
    """Cut the places of a source, and its river where it is routed, so that ranks have equal work."""
    count = len(source.ids)
    if not routed:
        return Division(world, equal_bounds(count, world.size), np.zeros(world.size + 1, np.int64), components)
    from ...kernels.network.cut import cut
    from ...kernels.network.stages import stages

    has_place = source.river.place >= 0
    nodes = cut(NODE_WEIGHT + PLACE_WEIGHT * has_place, world.size)
    before = np.concatenate([[0], np.cumsum(has_place)])
    crossings = int(stages(source.river.downstream, nodes).max()) if world.size > 1 else 0
    return Division(world, before[nodes].astype(np.int64), nodes, components, crossings)
