"""Models whose step has several passes over the cells of a block, and rows that follow from their parameters.

kernels/loops/compiled.py puts the passes in place; `head` is one of them, `tail` all that come after it.
"""

from .block import clear
from .cpu import WIDTH


def head(state, forcing, geometry, parameter, new_state, flux, count):
    """Stands for the first pass."""


def tail(state, forcing, geometry, parameter, new_state, flux, count):
    """Stands for the passes after it."""


def column_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the adjoint of one pass."""


def head_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """Stands for the adjoint of the first pass."""


def tail_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """Stands for the adjoints of the passes after it, the last one first."""


def derive(parameter, forcing, geometry, i, j):
    """Stands for the model's derive."""


def derive_adjoint(parameter, forcing, geometry, d_parameter, i, j):
    """Stands for the model's derive_adjoint."""


def both(state, forcing, geometry, parameter, new_state, flux, count):
    """One step of a block: a pass, then those after it."""
    head(state, forcing, geometry, parameter, new_state, flux, count)
    tail(state, forcing, geometry, parameter, new_state, flux, count)


def both_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """The passes of a step, reversed; new_state and flux are those at its end."""
    tail_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        count,
    )  # fmt: skip
    head_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        count,
    )  # fmt: skip


def pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """One pass over a block, reversed."""
    if (
        flux.shape[1] == WIDTH
        and d_new_state.shape[1] == WIDTH
        and d_flux.shape[1] == WIDTH
        and d_state.shape[1] == WIDTH
        and d_forcing.shape[1] == WIDTH
        and d_parameter.shape[1] == WIDTH
    ):
        for i in range(count):
            column_adjoint(
                state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing,
                d_parameter, i, i,
            )  # fmt: skip


def step_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """One step of a block, reversed: as loops/cpu.py wants it. The gradients of the fluxes are used up."""
    both(state, forcing, geometry, parameter, new_state, flux, count)
    clear(d_state, count)
    clear(d_forcing, count)
    both_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        count,
    )  # fmt: skip
    clear(d_flux, count)


def sweep_derive(parameter, forcing, geometry, count):
    """What follows from the parameters, for a block of cells."""
    if parameter.shape[1] == WIDTH:
        for i in range(count):
            derive(parameter, forcing, geometry, i, i)


def sweep_derive_adjoint(parameter, forcing, geometry, d_parameter, count):
    """Gradients of what follows from the parameters, handed to them."""
    if parameter.shape[1] == WIDTH and d_parameter.shape[1] == WIDTH:
        for i in range(count):
            derive_adjoint(parameter, forcing, geometry, d_parameter, i, i)
