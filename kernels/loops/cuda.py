"""The loops over days and cells on a GPU: one thread steps one cell, rows of its block are scalars in registers.

Of large models they lie in memory that each thread has for itself; adjoints of models with passes: cuda_passes.py.

A launch takes a stretch of days. What it leaves of each cell and day is summed over components by a second kernel, in a
fixed order and without atomic operations, so that two runs agree to the bit. Array sizes as in kernels/loops/cpu.py;
of one stretch: series [L, K, M * B], d_weather [L, F, M * B]; of one segment: states [L, S, M * B]. The weight is
[K, M * B] here.

The names in capitals, the column and its adjoint are put in place by kernels/loops/cuda_compiled.py. They are constants
to the compiler: a row chosen at run time would move the cell from registers to memory.
"""

from typing import Any

import numpy as np
from numba import cuda

REAL: Any = np.float32
STATES, FLUXES, PARAMETERS, FORCINGS = 1, 1, 1, 1
STATE, FLUX, PARAMETER, FORCING = (1, 1), (1, 1), (1, 1), (1, 1)  # with rows of scratch and derived parameters
DERIVES = False  # whether rows follow from the parameters and the month
OUTPUTS, ROWS = 1, (0,)  # how many rows are asked for, and which: fluxes first, then states
DAILY, DYNAMIC = 0, (0,)  # how many parameters vary by the day, and which


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the model's column."""


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the model's column_adjoint."""


def derive(parameter, forcing, geometry, i, j):
    """Stands for the model's derive."""


def cell_of(order, thread):
    """The cell that a thread steps; `sorted_cell` stands here where cells are sorted."""
    return thread


def sorted_cell(order, thread):
    """The cell that a thread steps, of an order that brings cells together which take the same branches."""
    return order[thread]


def is_new_month(forcing, t, before, place):
    """Whether step t is not in the month of step `before`, the last one handled."""
    return t == before or forcing[t, 0, place] != forcing[before, 0, place]


def forward(forcing, geometry, parameter, dynamic, order, initial, final, saved, keep, segment, begin, end, series):
    """The days from begin to end of one cell: state from initial to final, outputs to series."""
    thread = cuda.grid(1)
    if thread < parameter.shape[1]:
        cell = cell_of(order, thread)
        place = cell % forcing.shape[2]
        old = cuda.local.array(STATE, REAL)
        new = cuda.local.array(STATE, REAL)
        flux = cuda.local.array(FLUX, REAL)
        local = cuda.local.array(PARAMETER, REAL)
        for row in range(PARAMETERS):
            local[row, 0] = parameter[row, cell]
        for row in range(STATES):
            old[row, 0] = initial[row, cell]
        for t in range(begin, end):
            if keep and t % segment == 0:
                for row in range(STATES):
                    saved[t // segment, row, cell] = old[row, 0]
            for d in range(DAILY):
                local[DYNAMIC[d], 0] = dynamic[t, d, cell]
            if DERIVES and (DAILY > 0 or is_new_month(forcing, t, max(t - 1, begin), place)):
                derive(local, forcing[t], geometry, 0, place)
            column(old, forcing[t], geometry, local, new, flux, 0, place)
            for k in range(OUTPUTS):
                row = ROWS[k]
                series[t - begin, k, cell] = flux[row, 0] if row < FLUXES else new[row - FLUXES, 0]
            for row in range(STATES):
                old[row, 0] = new[row, 0]
        for row in range(STATES):
            final[row, cell] = old[row, 0]


def adjoint(
    forcing, geometry, parameter, dynamic, order, weight, period, saved, segment, begin, end, d_outputs, d_final,
    d_state, d_parameter, d_dynamic, d_weather, d_weight, want_forcing, want_weight, first, states,
):  # fmt: skip
    """Reverse of forward: replay each segment from its start into states, then reverse its days.

    d_final is the gradient of the state at end, d_state that at begin. Gradients of parameters and weights are sums
    over stretches: `first` starts them.
    """
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
        for row in range(STATES):
            d_new[row, 0] = d_final[row, cell]
        for k in range(OUTPUTS):
            if want_weight and first:
                d_weight[k, cell] = 0.0
        for start in range(begin + (end - begin - 1) // segment * segment, begin - 1, -segment):
            stop = min(start + segment, end)
            replay(
                forcing, geometry, dynamic, period, saved[start // segment], start, stop, d_outputs,
                d_weight, want_weight, states, local, old, new, flux, cell, place,
            )  # fmt: skip
            reverse(
                forcing, geometry, dynamic, weight, period, begin, start, stop, d_outputs, d_new,
                d_dynamic, d_weather, want_forcing, states, local, d_local, old, d_old, d_flux, d_today, cell, place,
            )  # fmt: skip
        for row in range(STATES):
            d_state[row, cell] = d_new[row, 0]
        for row in range(PARAMETERS):
            d_parameter[row, cell] = d_local[row, 0]


def replay(
    forcing, geometry, dynamic, period, saved, start, stop, d_outputs, d_weight, want_weight, states, local,
    old, new, flux, cell, place,
):  # fmt: skip
    """The days of a segment again: the state before each of them to states; gradient of the weights."""
    for row in range(STATES):
        old[row, 0] = saved[row, cell]
    for t in range(start, stop):
        for row in range(STATES):
            states[t - start, row, cell] = old[row, 0]
        for d in range(DAILY):
            local[DYNAMIC[d], 0] = dynamic[t, d, cell]
        if want_weight or t < stop - 1:
            column(old, forcing[t], geometry, local, new, flux, 0, place)
            for k in range(OUTPUTS):
                row = ROWS[k]
                if want_weight:
                    value = flux[row, 0] if row < FLUXES else new[row - FLUXES, 0]
                    d_weight[k, cell] += d_outputs[period[t], k, place] * value
            for row in range(STATES):
                old[row, 0] = new[row, 0]


def reverse(
    forcing, geometry, dynamic, weight, period, begin, start, stop, d_outputs, d_new,
    d_dynamic, d_weather, want_forcing, states, local, d_local, old, d_old, d_flux, d_today, cell, place,
):  # fmt: skip
    """The days of a segment backwards; d_new is the gradient of the state at stop and becomes that at start."""
    for t in range(stop - 1, start - 1, -1):
        for d in range(DAILY):
            local[DYNAMIC[d], 0] = dynamic[t, d, cell]
        for row in range(FLUXES):
            d_flux[row, 0] = 0.0
        for k in range(OUTPUTS):
            row = ROWS[k]
            share = weight[k, cell] * d_outputs[period[t], k, place]
            if row < FLUXES:
                d_flux[row, 0] += share
            else:
                d_new[row - FLUXES, 0] += share
        for row in range(STATES):
            old[row, 0] = states[t - start, row, cell]
        column_adjoint(old, forcing[t], geometry, local, d_new, d_flux, d_old, d_today, d_local, 0, place)
        for d in range(DAILY):
            d_dynamic[t, d, cell] = d_local[DYNAMIC[d], 0]
            d_local[DYNAMIC[d], 0] = 0.0
        for row in range(FORCINGS):
            if want_forcing:
                d_weather[t - begin, row, cell] = d_today[row, 0]
        for row in range(STATES):
            d_new[row, 0] = d_old[row, 0]


def fill_weight(given, use, components, k, weight):
    """Row k of weight [K, M * B]: the given weights [M, B], or equal shares."""
    cell = cuda.grid(1)
    if cell < weight.shape[1]:
        places = weight.shape[1] // components
        weight[k, cell] = given[cell // places, cell % places] if use else 1.0 / components


def sum_weight(d_weight, use, k, first, d_weights):
    """Add row k of the gradient of weight [K, M * B] to that of the given weights [M, B], where they were used."""
    cell = cuda.grid(1)
    if cell < d_weight.shape[1]:
        m, place = cell // d_weights.shape[1], cell % d_weights.shape[1]
        before = 0.0 if first else d_weights[m, place]
        d_weights[m, place] = before + (d_weight[k, cell] if use else 0.0)


def sum_outputs(series, weight, begin, end, daily):
    """daily [T, K, B] of a stretch: the components' weighted shares, one after the other."""
    outputs, places = daily.shape[1], daily.shape[2]
    n = cuda.grid(1)
    if n < (end - begin) * outputs * places:
        place = n % places
        k = n // places % outputs
        step = n // (places * outputs)
        total = series[step, k, place] * weight[k, place]
        for cell in range(place + places, series.shape[2], places):
            total += series[step, k, cell] * weight[k, cell]
        daily[begin + step, k, place] = total


def sum_forcing(d_weather, begin, end, d_forcing):
    """d_forcing [T, F, B] of a stretch: the components' shares, one after the other."""
    rows, places = d_forcing.shape[1], d_forcing.shape[2]
    n = cuda.grid(1)
    if n < (end - begin) * rows * places:
        place = n % places
        row = n // places % rows
        step = n // (places * rows)
        total = d_weather[step, row, place]
        for cell in range(place + places, d_weather.shape[2], places):
            total += d_weather[step, row, cell]
        d_forcing[begin + step, row, place] = total


def sum_periods(daily, period, outputs):
    """outputs [N, K, B] from daily [T, K, B]: the days of each period, one after the other."""
    rows, places = daily.shape[1], daily.shape[2]
    n = cuda.grid(1)
    if n < rows * places:
        place, k = n % places, n // places
        for p in range(outputs.shape[0]):
            outputs[p, k, place] = 0.0
        for t in range(daily.shape[0]):
            outputs[period[t], k, place] += daily[t, k, place]
