"""What a model is to the house: its declarations and the pair of functions that steps one cell."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .variable import Variable


@dataclass(frozen=True)
class Model:
    """A model in one of its forms.

    column(state, forcing, geometry, parameter, new_state, flux, i, j) steps cell i by one step; forcing and geometry
    are those of place j. column_adjoint takes the same states and inputs and reverses that step.
    Both are plain Python functions of array rows; kernels/bind.py compiles them. trainable has the parameters that a
    network may give, with the bounds of the training; where it is empty, all parameters with their own bounds.
    """

    name: str
    label: str
    options: dict[str, bool | int] = field(hash=False)
    states: tuple[Variable, ...]
    forcings: tuple[Variable, ...]
    parameters: tuple[Variable, ...]
    geometry: tuple[Variable, ...]
    fluxes: tuple[Variable, ...]
    column: Callable
    column_adjoint: Callable
    reference: str = ""
    trainable: tuple[Variable, ...] = ()

    @property
    def outputs(self) -> tuple[Variable, ...]:
        """Everything that can be asked for: fluxes, then states at the end of the step."""
        return self.fluxes + self.states
