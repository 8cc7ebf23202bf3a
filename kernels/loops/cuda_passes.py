"""The adjoint on a GPU of models whose step has several passes, or rows that follow from their parameters.

As cuda.adjoint, but the step forward stands at one place of the code, from where it serves the replay and the reverse:
of a large model a second copy of it would double the code and the time to compile it. The rows of a cell lie in memory
that each thread has for itself (months are rows chosen at run time), so that nothing is lost by it.
"""

from typing import Any

import numpy as np
from numba import cuda

from .cuda import cell_of, is_new_month

REAL: Any = np.float32
STATES, FLUXES, PARAMETERS, FORCINGS = 1, 1, 1, 1
ALL_FLUXES, ALL_PARAMETERS = 1, 1  # with rows of scratch, with derived rows
STATE, FLUX, PARAMETER, FORCING = (1, 1), (1, 1), (1, 1), (1, 1)
OUTPUTS, ROWS = 1, (0,)
DAILY, DYNAMIC = 0, (0,)
DERIVES = False


def head(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the first pass."""


def tail(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the pass after it."""


def both(state, forcing, geometry, parameter, new_state, flux, i, j):
    """One step of a cell: a pass, then the next."""
    head(state, forcing, geometry, parameter, new_state, flux, i, j)
    tail(state, forcing, geometry, parameter, new_state, flux, i, j)


def head_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the adjoint of the first pass."""


def tail_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the adjoint of the pass after it."""


def both_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """One step of a cell, reversed: the last pass first."""
    tail_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        i, j,
    )  # fmt: skip
    head_adjoint(
        state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter,
        i, j,
    )  # fmt: skip


def lone_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """The step of a model of one pass, reversed."""
    column_adjoint(state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j)


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the adjoint of a model of one pass."""


def step(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for all passes of a step."""


def step_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for all passes of a step, reversed."""


def derive(parameter, forcing, geometry, i, j):
    """Stands for the model's derive."""


def derive_adjoint(parameter, forcing, geometry, d_parameter, i, j):
    """Stands for the model's derive_adjoint."""


def adjoint(
    forcing, geometry, parameter, dynamic, order, weight, period, saved, segment, begin, end, d_outputs, d_final,
    d_state, d_parameter, d_dynamic, d_weather, d_weight, want_forcing, want_weight, first, states,
):  # fmt: skip
    """As cuda.adjoint."""
    thread = cuda.grid(1)
    if thread < parameter.shape[1]:
        cell = cell_of(order, thread)
        place = cell % forcing.shape[2]
        local = cuda.local.array(PARAMETER, REAL)
        d_local = cuda.local.array(PARAMETER, REAL)
        old = cuda.local.array(STATE, REAL)
        new = cuda.local.array(STATE, REAL)
        flux = cuda.local.array(FLUX, REAL)
        d_old = cuda.local.array(STATE, REAL)
        d_new = cuda.local.array(STATE, REAL)
        d_flux = cuda.local.array(FLUX, REAL)
        d_today = cuda.local.array(FORCING, REAL)
        for row in range(PARAMETERS):
            local[row, 0] = parameter[row, cell]
            d_local[row, 0] = 0.0 if first else d_parameter[row, cell]
        for row in range(PARAMETERS, ALL_PARAMETERS):
            local[row, 0] = 0.0
            d_local[row, 0] = 0.0
        for row in range(STATES):
            d_new[row, 0] = d_final[row, cell]
        for k in range(OUTPUTS):
            if want_weight and first:
                d_weight[k, cell] = 0.0
        for start in range(begin + (end - begin - 1) // segment * segment, begin - 1, -segment):
            length = min(segment, end - start)
            for row in range(STATES):
                old[row, 0] = saved[start // segment, row, cell]
            # the days forwards, then those before the last one backwards: the last one is replayed and reversed at once
            before = start
            for n in range(2 * length - 1):
                t = start + (n if n < length else 2 * length - 2 - n)
                for row in range(STATES):
                    if n < length:
                        states[t - start, row, cell] = old[row, 0]
                    else:
                        old[row, 0] = states[t - start, row, cell]
                for d in range(DAILY):
                    local[DYNAMIC[d], 0] = dynamic[t, d, cell]
                if DERIVES and (DAILY > 0 or is_new_month(forcing, t, before, place)):
                    derive(local, forcing[t], geometry, 0, place)
                before = t
                step(old, forcing[t], geometry, local, new, flux, 0, place)
                if n < length and want_weight:
                    fold_weights(d_outputs, period[t], d_weight, new, flux, cell, place)
                if n < length - 1:
                    for row in range(STATES):
                        old[row, 0] = new[row, 0]
                else:
                    spread_outputs(d_outputs, period[t], weight, d_new, d_flux, cell, place)
                    reverse(
                        forcing, geometry, t, start, begin, d_new, d_dynamic, d_weather, want_forcing, local, d_local,
                        old, new, flux, d_old, d_flux, d_today, cell, place,
                    )  # fmt: skip
        for row in range(STATES):
            d_state[row, cell] = d_new[row, 0]
        for row in range(PARAMETERS):
            d_parameter[row, cell] = d_local[row, 0]


def fold_weights(d_outputs, period, d_weight, new, flux, cell, place):
    """Gradient of the component weights."""
    for k in range(OUTPUTS):
        row = ROWS[k]
        value = flux[row, 0] if row < FLUXES else new[row - FLUXES, 0]
        d_weight[k, cell] += d_outputs[period, k, place] * value


def spread_outputs(d_outputs, period, weight, d_new, d_flux, cell, place):
    """Gradients of the rows that are asked for; those of all other fluxes are zero."""
    for row in range(ALL_FLUXES):
        d_flux[row, 0] = 0.0
    for k in range(OUTPUTS):
        row = ROWS[k]
        share = weight[k, cell] * d_outputs[period, k, place]
        if row < FLUXES:
            d_flux[row, 0] += share
        else:
            d_new[row - FLUXES, 0] += share


def reverse(
    forcing, geometry, t, start, begin, d_new, d_dynamic, d_weather, want_forcing, local, d_local,
    old, new, flux, d_old, d_flux, d_today, cell, place,
):  # fmt: skip
    """One day backwards; d_new is the gradient of the state after it and becomes that before it."""
    for row in range(STATES):
        d_old[row, 0] = 0.0
    for row in range(FORCINGS):
        d_today[row, 0] = 0.0
    step_adjoint(old, forcing[t], geometry, local, new, flux, d_new, d_flux, d_old, d_today, d_local, 0, place)
    if DERIVES and (DAILY > 0 or is_new_month(forcing, t, max(t - 1, start), place)):
        derive_adjoint(local, forcing[t], geometry, d_local, 0, place)
    for d in range(DAILY):
        d_dynamic[t, d, cell] = d_local[DYNAMIC[d], 0]
        d_local[DYNAMIC[d], 0] = 0.0
    for row in range(FORCINGS):
        if want_forcing:
            d_weather[t - begin, row, cell] = d_today[row, 0]
    for row in range(STATES):
        d_new[row, 0] = d_old[row, 0]
