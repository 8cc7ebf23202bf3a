"""What a model is to the house: its declarations and the pair of functions that steps one cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .combined import Combined
from .variable import Variable

DAY = 86400
# mm of water in a unit of a state that holds water.
MILLIMETRES = {"mm": 1.0, "m": 1000.0}


class Substeps(NamedTuple):
    """The parts of a pass that consists of sub-steps: begin, then `number` times step and keep, then end.

    keep(flux, s, i) keeps sub-step s in scratch rows, recall(flux, s, i) brings it back for step_adjoint.
    """

    number: int
    begin: Callable
    step: Callable
    keep: Callable
    end: Callable
    begin_adjoint: Callable
    step_adjoint: Callable
    recall: Callable
    end_adjoint: Callable


@dataclass(frozen=True)
class Model:
    """A model in one of its forms.

    column(state, forcing, geometry, parameter, new_state, flux, i, j) steps cell i by one step; forcing and geometry
    are those of place j. column_adjoint takes the same states and inputs and reverses that step.
    Both are plain Python functions of array rows; kernels/bind.py compiles them. trainable has the parameters that a
    network may give, with the bounds of the training; where it is empty, all parameters with their own bounds.

    later: further passes over all cells of a block after the column, each with its adjoint: a pass that branches and
    one that is vector code can so share a step. A pass leaves rows that an earlier one wrote as they are. Adjoints of
    models with passes, the column's too, also take new_state and flux, and add to all gradients:
    (state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j).
    Gradients lie at i, those of the forcing too: on a GPU i is 0 and j the place.
    derive(parameter, forcing, geometry, i, j) fills the rows `derived` behind the parameters: once for each value of
    the first forcing row (the month). derive_adjoint(parameter, forcing, geometry, d_parameter, i, j) hands their
    gradients to the parameters' and leaves them zero. work: scratch rows behind the fluxes. exact: no operation is
    fused with another (parity with an original that branches on rounding; a GPU fuses them nevertheless).
    branches: the state, if any, that is above 0 where a cell takes branches that others do not; processors that step
    cells in lockstep may sort them by it.

    handed: rows of the fluxes of the first of several passes that the other passes and its own reverse read; with them
    a step is reversed without running that pass once more.
    substeps: the parts of those passes that have sub-steps; loops over blocks of cells run part after part.
    combined: outputs that are made of others after the sum over components. counts: fluxes that count what went wrong,
    which a run adds up and tells. Options may say the length of a step in s (`step`); otherwise it is a day.
    """

    name: str
    label: str
    options: Mapping[str, bool | int | float] = field(hash=False)
    states: tuple[Variable, ...]
    forcings: tuple[Variable, ...]
    parameters: tuple[Variable, ...]
    geometry: tuple[Variable, ...]
    fluxes: tuple[Variable, ...]
    column: Callable
    column_adjoint: Callable
    reference: str = ""
    trainable: tuple[Variable, ...] = ()
    later: tuple[tuple[Callable, Callable], ...] = ()
    derived: tuple[Variable, ...] = ()
    derive: Callable | None = None
    derive_adjoint: Callable | None = None
    work: int = 0
    exact: bool = False
    handed: tuple[int, ...] = ()
    branches: str = ""
    combined: tuple[Combined, ...] = ()
    counts: tuple[str, ...] = ()
    substeps: Mapping[Callable, Substeps] = field(default_factory=dict, hash=False)

    @property
    def steps_per_day(self) -> int:
        """Steps of the loops in a day."""
        return DAY // int(self.options.get("step", DAY))

    @property
    def storages(self) -> tuple[tuple[int, float], ...]:
        """Row of each state that holds water, and the mm of a unit of it: those with balance = 1, or, where none has,
        all states."""
        declared = any(variable.balance for variable in self.states)
        return tuple(
            (row, MILLIMETRES[variable.unit])
            for row, variable in enumerate(self.states)
            if variable.balance or not declared
        )

    @property
    def outputs(self) -> tuple[Variable, ...]:
        """Everything that can be asked for: fluxes, then states at the end of the step."""
        return self.fluxes + self.states
