"""What a router is to the house: its declarations and the pair of functions that steps one reach."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..variable import Variable


@dataclass(frozen=True)
class Router:
    """A router: how water moves through the reach of a node, and on to the next node.

    delayed     every link holds water back for one sub-step: inflow of a sub-step is what the nodes above let go in the
                one before, and all nodes step at once. Otherwise a node takes what the nodes above let go in the same
                sub-step, and nodes step in topological order.
    linear      the gradient of a reach does not depend on its states, which then need not be kept
    substeps    sub-steps of a step
    prepare     (parameters [row, node], geometry [row, node], seconds of a sub-step) -> coefficients [row, node]
    prepare_adjoint  the same arguments and d_coefficients -> d_parameters

    reach(state, inflow, lateral, coefficient, out, b, i) steps node i of block b in place; water in m3 of a sub-step.
    reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i) takes
    the state before that sub-step; d_state is turned from the gradient after to that before, d_inflow is set, d_lateral
    and d_coefficient are added to. State arrays are [block, row, WIDTH], water arrays [block, WIDTH].

    The last state of a delayed router is `in_transit`; the loop keeps it, the reach does not see it.
    """

    name: str
    label: str
    options: dict[str, bool] = field(hash=False)
    states: tuple[Variable, ...]
    parameters: tuple[Variable, ...]
    geometry: tuple[Variable, ...]
    coefficients: tuple[str, ...]
    delayed: bool
    substeps: int
    prepare: Callable[[np.ndarray, np.ndarray, float], np.ndarray]
    prepare_adjoint: Callable[[np.ndarray, np.ndarray, float, np.ndarray], np.ndarray]
    reach: Callable
    reach_adjoint: Callable
    reference: str = ""
    linear: bool = False

    @property
    def reach_states(self) -> int:
        """States that the reach itself steps."""
        return len(self.states) - self.delayed


DISCHARGE = Variable(
    "discharge",
    "m3 s-1",
    "water that leaves the cell by the river, and all that ends there",
    0,
    standard_name="water_volume_transport_in_river_channel",
    symbol="dis",
)
# Every delayed router has it, as its last state.
IN_TRANSIT = Variable(
    "in_transit", "m3", "water on the links to the node, which arrives in the next sub-step", 0, default=0.0
)
