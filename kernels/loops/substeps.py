"""Passes with sub-steps: the loop over them is around the loop over cells, whose body so stays small enough to be
vector code, and one body serves any number of them.

kernels/loops/compiled.py puts the parts of a pass (kernels/model.py: Substeps) in place.
"""

from .cpu import WIDTH

STEPS = 1


def begin(state, forcing, geometry, parameter, new_state, flux, count):
    """Stands for what comes before the sub-steps."""


def step(state, forcing, geometry, parameter, new_state, flux, count):
    """Stands for a sub-step."""


def end(state, forcing, geometry, parameter, new_state, flux, count):
    """Stands for what comes after the sub-steps."""


def keep(flux, s, count):
    """Stands for what keeps sub-step s in scratch rows; in the adjoint for what recalls it."""


def begin_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """Stands for the reverse of begin."""


def step_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """Stands for the reverse of a sub-step."""


def end_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """Stands for the reverse of end."""


def cell(flux, s, i):
    """Stands for keep or recall of one cell."""


def sweep_kept(flux, s, count):
    """Keep or recall sub-step s of a block."""
    if flux.shape[1] == WIDTH:
        for i in range(count):
            cell(flux, s, i)


def substepped(state, forcing, geometry, parameter, new_state, flux, count):
    """One step of a block."""
    begin(state, forcing, geometry, parameter, new_state, flux, count)
    for s in range(STEPS):
        step(state, forcing, geometry, parameter, new_state, flux, count)
        keep(flux, s, count)
    end(state, forcing, geometry, parameter, new_state, flux, count)


def substepped_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """One step of a block, reversed."""
    end_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        count,
    )  # fmt: skip
    for back in range(STEPS):
        keep(flux, STEPS - 1 - back, count)
        step_adjoint(
            state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
            count,
        )  # fmt: skip
    begin_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        count,
    )  # fmt: skip
