"""The model and the unit hydrograph, or the rivers, stepped from block to block with their states carried on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.routing import unit_hydrograph
from ..kernels.routing.declarations import ROUTED
from ..kernels.simulate import initial_state, simulate
from .over_time import SUM, gathered, gathered_rows, methods
from .parameters import Parameters
from .river_stepping import RiverStepper
from .step_outputs import COUNT, StepOutputs

# Cell-steps of one call of the kernels: about a second, so that a request to stop is soon heard.
CELL_STEPS = 100_000_000
# The same of a model whose steps cost a hundred times as much.
CELL_STEPS_SLOW = 1_000_000
# Numbers that a call may leave behind, to bound memory.
OUTPUT_NUMBERS = 25_000_000


@dataclass(frozen=True)
class Steps:
    """What some days left.

    names, outputs  [day, output, place], whose rows `names` are outputs of the model
    routed   [day, series, place] after the unit hydrograph, streamflow first; None where it is not used
    fields   everything by name: views [day, place] of the above, and discharge [day, node] of the river
    within   the same of each step of the model, [step, place], of what is wanted within the day
    """

    names: list[str]
    outputs: np.ndarray
    routed: np.ndarray | None
    fields: dict[str, np.ndarray]
    within: dict[str, np.ndarray] = field(default_factory=dict)


class Stepper:
    """State [row, cell] of all cells and history [lag - 1, series, place] of the routing, before the next day.

    parameters, weights, geometry: of the places at hand; weights [lag, place] are the ordinates of the unit hydrograph
    names: everything that `advance` gives, routed flow included; within: what it also gives of each step of a day
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
        within: Iterable[str] = (),
    ):
        wanted = dict.fromkeys(["runoff" if river else "streamflow", *names])
        self.routed = [] if river else [name for name in ROUTED if name in wanted]
        sources = [ROUTED[name] for name in self.routed]
        self.model, self.threads, self.geometry, self.river = model, threads, geometry, river
        self.values = parameters.cells(precision)
        self.places = parameters.values.shape[2]
        self.made = StepOutputs(model, parameters, precision, [*sources, *wanted, *within])
        self.outputs, self.within = self.made.rows, list(dict.fromkeys(within))
        self.steps = model.steps_per_day
        self.weights = np.ascontiguousarray(weights)
        self.state = initial_state(model, self.values.shape[1], precision)
        self.history = unit_hydrograph.no_history(len(sources), self.places, self.values.dtype)
        known = methods(model)
        self._methods = [SUM if name.endswith(COUNT) else known[name.partition("@")[0]] for name in self.outputs]
        self._rows = [self.outputs.index(name) for name in sources]
        self._runoff = self.outputs.index("runoff")
        self._largest = largest or self.places

    @property
    def days_at_once(self) -> int:
        """How many days one call should have: the same on all ranks."""
        components = max(1, self.values.shape[1] // max(1, self.places))
        work = CELL_STEPS_SLOW if self.model.work else CELL_STEPS
        by_work = work // (self._largest * components * self.steps)
        numbers = self.steps * len(self.outputs) + len(self.routed) + bool(self.river)
        return max(1, min(by_work, OUTPUT_NUMBERS // (self._largest * numbers)))

    def prepare(self) -> None:
        """Have everything compiled, without a step."""
        self.step(np.empty((0, len(self.model.forcings), self.places), self.values.dtype))
        if self.river is not None:
            self.river.prepare()

    def advance(self, forcing: np.ndarray) -> Steps:
        """Step through the days of forcing [step, row, place], then let the rivers flow."""
        days = self.step(forcing)
        if self.river is not None:
            days.fields["discharge"] = self.river.advance(days.outputs[:, self._runoff])
        return days

    def step(self, forcing: np.ndarray) -> Steps:
        """As advance, without the river."""
        values = self._simulate(forcing)
        outputs = gathered_rows(values, self.steps, self._methods)
        fields = {name: outputs[:, row] for row, name in enumerate(self.outputs)}
        each = {name: values[:, row] for row, name in enumerate(self.outputs)}
        for name, made in self.made.of(values, forcing).items():
            method = self.made.combined[name].variable.aggregated
            each[name], fields[name] = made, gathered(made, self.steps, method)
        within = {name: each[name] for name in self.within}
        if self.river is not None:
            return Steps(self.outputs, outputs, None, fields, within)
        flow = np.ascontiguousarray(outputs[:, self._rows])
        routed, self.history = unit_hydrograph.route(flow, self.weights, self.history)
        fields |= {name: routed[:, row] for row, name in enumerate(self.routed)}
        return Steps(self.outputs, outputs, routed, fields, within)

    def _simulate(self, forcing: np.ndarray) -> np.ndarray:
        """[step, output, place]."""
        if not self.places:
            return np.empty((len(forcing), len(self.outputs), 0), self.values.dtype)
        result = simulate(
            self.model,
            forcing,
            self.values,
            self.state,
            geometry=self.geometry,
            weights=self.made.weights,
            outputs=self.made.names,
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
