"""The rivers of a run, stepped from block to block with their water carried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..kernels.balance import add_volumes
from ..kernels.rivers.plan import plan
from ..kernels.rivers.route import DAY, Exchange, initial_river, route
from ..kernels.rivers.router import Router
from .parallel.division import Division


@dataclass(frozen=True)
class RiverInput:
    """What a router needs beside water, for the whole network: parameters and geometry [row, node], sub-steps a day.

    origin: where the parameters come from, in words
    """

    router: Router
    parameters: np.ndarray
    geometry: np.ndarray
    substeps: int = 0
    origin: str = "defaults"


class RiverStepper:
    """State [row, node] of a rank's nodes before the next day, and what they have moved since the start.

    taken, given  float64 [node], m3 since the start: what entered from the land, what left downstream
    begun         float64 [node], m3 in the river at the start
    """

    def __init__(
        self,
        given: RiverInput,
        source: Any,
        division: Division,
        precision: str,
        threads: int,
        exchange: Exchange | None,
    ):
        nodes, river = division.node_slab, source.river
        self.router, self.substeps, self.exchange = given.router, given.substeps, exchange
        self.plan = plan(river.downstream, division.nodes, division.world.rank, threads)
        self.parameters = np.ascontiguousarray(given.parameters[:, nodes], precision)
        self.geometry = np.ascontiguousarray(given.geometry[:, nodes], precision)
        self.state = initial_river(self.router, self.plan.count, precision)
        place = river.place[nodes]
        self._draining = np.flatnonzero(place >= 0)
        self._all = len(self._draining) == len(place)
        # mm d-1 over the land of a place -> m3 s-1
        self._factor = (source.land_area[division.place_slab] * (1e-3 / DAY)).astype(precision)
        self.clear()

    def clear(self) -> None:
        """Count from now on."""
        self.taken, self.given = np.zeros(self.plan.count), np.zeros(self.plan.count)
        self.begun = self.stored()

    def prepare(self) -> None:
        """Have everything compiled, on a network of two nodes: no other rank is asked."""
        kind = self.state.dtype
        parameters, geometry = (
            np.array([[variable.default] * 2 for variable in variables], kind).reshape(-1, 2)
            for variables in (self.router.parameters, self.router.geometry)
        )
        state, lateral = initial_river(self.router, 2, kind), np.zeros((1, 2), kind)
        route(self.router, plan(np.array([1, 1])), lateral, parameters, state, geometry=geometry)
        add_volumes(lateral, np.zeros(2))

    def advance(self, runoff: np.ndarray) -> np.ndarray:
        """Discharge m3 s-1 [time, node] of the days with this runoff, mm d-1 [time, place]."""
        lateral = np.empty((len(runoff), self.plan.count), self.state.dtype)
        if self._all:
            np.multiply(runoff, self._factor, out=lateral)
        else:
            lateral[...] = 0.0
            lateral[:, self._draining] = runoff * self._factor
        run = route(
            self.router,
            self.plan,
            lateral,
            self.parameters,
            self.state,
            geometry=self.geometry,
            substeps=self.substeps,
            exchange=self.exchange,
        )
        self.state = run.state
        add_volumes(lateral, self.taken)
        add_volumes(run.discharge, self.given)
        return run.discharge

    def stored(self) -> np.ndarray:
        """Water in the river, m3 float64 [node]."""
        water = np.zeros(self.plan.count)
        for variable, row in zip(self.router.states, self.state, strict=True):
            if variable.unit == "m3":
                water += row
        return water

    def carry(self) -> dict[str, np.ndarray]:
        """What has to be kept for an exact continuation."""
        return {
            "river_state": self.state,
            "river_taken": self.taken,
            "river_given": self.given,
            "river_begun": self.begun,
        }

    def restore(self, kept: Mapping[str, np.ndarray]) -> None:
        """Go on from what carry gave."""
        self.state = kept["river_state"]
        self.taken, self.given, self.begun = (kept[f"river_{name}"] for name in ("taken", "given", "begun"))


def river_balance(downstream: np.ndarray, taken: np.ndarray, given: np.ndarray, change: np.ndarray) -> dict[str, Any]:
    """The balance of a whole network, m3, from sums [node] since the start: what entered, left at the ends, is stored.

    residual: of all; largest: of the node that closes worst, and its number. A link loses nothing: what one node gives
    the next one takes.
    """
    ends = downstream == np.arange(len(downstream))
    above = np.zeros(len(downstream))
    np.add.at(above, downstream[~ends], given[~ends])
    by_node = taken + above - given - change
    worst = int(np.argmax(np.abs(by_node))) if len(by_node) else 0
    entered, left, stored = float(taken.sum()), float(given[ends].sum()), float(change.sum())
    return {
        "entered_m3": entered,
        "left_m3": left,
        "stored_m3": stored,
        "residual_m3": entered - left - stored,
        "largest_node": worst,
        "largest_residual_m3": float(by_node[worst]) if len(by_node) else 0.0,
    }
