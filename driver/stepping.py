"""The model and the unit hydrograph, or the rivers, stepped from block to block with their states carried on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.routing import unit_hydrograph
from ..kernels.routing.declarations import ROUTED
from ..kernels.simulate import initial_state, simulate
from .parameters import Parameters
from .river_stepping import RiverStepper

# Cell-days of one call of the kernels: about a second, so that a request to stop is soon heard.
CELL_DAYS = 100_000_000
# Numbers that a call may leave behind, to bound memory.
OUTPUT_NUMBERS = 25_000_000


@dataclass(frozen=True)
class Steps:
    """What some days left.

    outputs  [time, output, place], whose rows `names` are outputs of the model
    routed   [time, series, place] after the unit hydrograph, streamflow first; None where it is not used
    fields   everything by name: views [time, place] of the above, and discharge [time, node] of the river
    """

    names: list[str]
    outputs: np.ndarray
    routed: np.ndarray | None
    fields: dict[str, np.ndarray]


class Stepper:
    """State [row, cell] of all cells and history [lag - 1, series, place] of the routing, before the next day.

    parameters, weights, geometry: of the places at hand; weights [lag, place] are the ordinates of the unit hydrograph
    names: everything that `advance` gives, routed flow included
    river: routes the runoff between the places instead of the unit hydrograph inside each
    largest: places of the largest part of the run, which chooses how many days one call has
    """

    def __init__(
        self,
        model: Model,
        parameters: Parameters,
        weights: np.ndarray,
        geometry: np.ndarray | None,
        names: Iterable[str],
        precision: str,
        threads: int,
        river: RiverStepper | None = None,
        largest: int = 0,
    ):
        wanted = dict.fromkeys(["runoff" if river else "streamflow", *names])
        self.routed = [] if river else [name for name in ROUTED if name in wanted]
        sources = [ROUTED[name] for name in self.routed]
        own = [variable.name for variable in model.outputs]
        self.outputs = list(dict.fromkeys([*sources, *(name for name in wanted if name in own)]))
        self.model, self.threads, self.geometry, self.river = model, threads, geometry, river
        self.values = parameters.cells(precision)
        self.places = parameters.values.shape[2]
        self.weights = np.ascontiguousarray(weights)
        self.state = initial_state(model, self.values.shape[1], precision)
        self.history = unit_hydrograph.no_history(len(sources), self.places, self.values.dtype)
        self._rows = [self.outputs.index(name) for name in sources]
        self._runoff = self.outputs.index("runoff")
        self._largest = largest or self.places

    @property
    def days_at_once(self) -> int:
        """How many days one call should have: the same on all ranks."""
        by_work = CELL_DAYS // (self._largest * max(1, self.values.shape[1] // max(1, self.places)))
        by_memory = OUTPUT_NUMBERS // (self._largest * (len(self.outputs) + len(self.routed) + bool(self.river)))
        return max(1, min(by_work, by_memory))

    def prepare(self) -> None:
        """Have everything compiled, without a step."""
        self.step(np.empty((0, len(self.model.forcings), self.places), self.values.dtype))
        if self.river is not None:
            self.river.prepare()

    def advance(self, forcing: np.ndarray) -> Steps:
        """Step through the days of forcing [time, row, place], then let the rivers flow."""
        days = self.step(forcing)
        if self.river is not None:
            days.fields["discharge"] = self.river.advance(days.outputs[:, self._runoff])
        return days

    def step(self, forcing: np.ndarray) -> Steps:
        """As advance, without the river."""
        outputs = self._simulate(forcing)
        fields = {name: outputs[:, row] for row, name in enumerate(self.outputs)}
        if self.river is not None:
            return Steps(self.outputs, outputs, None, fields)
        flow = np.ascontiguousarray(outputs[:, self._rows])
        routed, self.history = unit_hydrograph.route(flow, self.weights, self.history)
        fields |= {name: routed[:, row] for row, name in enumerate(self.routed)}
        return Steps(self.outputs, outputs, routed, fields)

    def _simulate(self, forcing: np.ndarray) -> np.ndarray:
        if not self.places:
            return np.empty((len(forcing), len(self.outputs), 0), self.values.dtype)
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
        return result.outputs

    def in_transit(self) -> np.ndarray:
        """Water [place], mm, that has left the cells but not yet passed the outlet; zero where rivers carry it."""
        if self.river is not None:
            return np.zeros(self.places)
        return unit_hydrograph.in_transit(self.history, self.weights)[self.routed.index("streamflow")]

    def carry(self) -> dict[str, Any]:
        """What has to be kept for an exact continuation."""
        kept = {"state": self.state, "routing_history": self.history}
        return kept if self.river is None else {"state": self.state, **self.river.carry()}

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on from what carry gave."""
        self.state = kept["state"]
        if self.river is not None:
            self.river.restore(kept)
        else:
            self.history = kept["routing_history"]
