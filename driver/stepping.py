"""The model and the unit hydrograph, stepped from block to block with their states carried on."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.routing import unit_hydrograph
from ..kernels.routing.declarations import ROUTED as UNROUTED
from ..kernels.simulate import initial_state, simulate
from .output_variables import ROUTED
from .parameters import Parameters

# Cell-days of one call of the kernels: about a second, so that a request to stop is soon heard.
CELL_DAYS = 100_000_000
# Numbers that a call may leave behind, to bound memory: the balance needs some ten times as many bytes for a moment.
OUTPUT_NUMBERS = 5_000_000


class Stepper:
    """State [row, cell] of all cells and history [lag - 1, series, place] of the routing, before the next day.

    names: everything that `advance` gives, routed flow included; `runoff` is always routed, as streamflow.
    """

    def __init__(
        self,
        model: Model,
        parameters: Parameters,
        geometry: np.ndarray | None,
        names: Iterable[str],
        precision: str,
        threads: int,
    ):
        wanted = dict.fromkeys(["streamflow", *names])
        self.routed = [variable.name for variable in ROUTED if variable.name in wanted]
        sources = [UNROUTED[name] for name in self.routed]
        self.outputs = list(dict.fromkeys([*sources, *(name for name in wanted if name not in self.routed)]))
        self.model, self.threads, self.geometry = model, threads, geometry
        self.values = parameters.cells(precision)
        self.places = parameters.values.shape[2]
        self.weights = unit_hydrograph.ordinates(*parameters.routing.astype(precision))
        self.state = initial_state(model, self.values.shape[1], precision)
        self.history = unit_hydrograph.no_history(len(sources), self.places, self.values.dtype)
        self._rows = [self.outputs.index(name) for name in sources]

    @property
    def days_at_once(self) -> int:
        """How many days one call should have."""
        by_work = CELL_DAYS // self.values.shape[1]
        by_memory = OUTPUT_NUMBERS // (self.places * (len(self.outputs) + len(self.routed)))
        return max(1, min(by_work, by_memory))

    def prepare(self) -> None:
        """Have everything compiled, without a step."""
        self.advance(np.empty((0, len(self.model.forcings), self.places), self.values.dtype))

    def advance(self, forcing: np.ndarray) -> dict[str, np.ndarray]:
        """Step through the days of forcing [time, row, place]; values [time, place] by name."""
        result = simulate(
            self.model,
            forcing,
            self.values,
            self.state,
            geometry=self.geometry,
            outputs=self.outputs,
            threads=self.threads,
        )
        self.state = result.state
        flow = np.ascontiguousarray(result.outputs[:, self._rows])
        routed, self.history = unit_hydrograph.route(flow, self.weights, self.history)
        days = {name: result.outputs[:, row] for row, name in enumerate(self.outputs)}
        return days | {name: routed[:, row] for row, name in enumerate(self.routed)}

    def in_transit(self) -> np.ndarray:
        """Water [place], mm, that has left the cells but not yet passed the outlet."""
        return unit_hydrograph.in_transit(self.history, self.weights)[self.routed.index("streamflow")]

    def carry(self) -> dict[str, Any]:
        """What has to be kept for an exact continuation."""
        return {"state": self.state, "routing_history": self.history}

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on from what carry gave."""
        self.state, self.history = kept["state"], kept["routing_history"]
