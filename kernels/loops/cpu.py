"""The loops over days and cells on a CPU: forward, and the adjoint by recompute and reverse.

A unit of work is a range of places with all their components, so sums over components run in one fixed order whatever
the number of threads. Inside it, blocks of up to WIDTH cells are stepped through all days while their parameters and
states lie in cache. Array sizes: forcing [T, F, B], geometry [G, B], parameter [P, M * B], dynamic [T, D, M * B],
state [S, M * B], weight [K, M, B], outputs [N, K, B]; scratch arrays are [rows, WIDTH].
`column`, `sweep` and their adjoints are put in place by kernels/loops/compiled.py; passes.py has those of models of
several passes, derive.py what follows from the parameters.

The days' loops make no views and rebind no arrays: each would cost a locked reference count, a quarter of the time.
"""

from .block import (
    add_forcing,
    add_outputs,
    copy,
    fold_dynamic,
    fold_weights,
    gather,
    gather_places,
    gather_rows,
    gather_weather,
    hand,
    recall,
    remember,
    scatter,
    spread_outputs,
    take,
)

# Columns of the scratch arrays. A constant, and tested in the sweeps, so that the compiler knows the distance between
# rows and need not check at run time whether they overlap. So many cells and their rows stay in the nearest caches; no
# power of two, which would put the values of one cell into the same few lines of them (VIC's surface takes twice the
# time at 256), but a multiple of a cache line.
WIDTH = 272
# Blocks are filled up to a multiple of this with copies of their last cell: every cell goes through the vector code,
# whose fused operations need not be those of a scalar remainder, and so the bits do not depend on the cut.
LANES = 16


# Put in place for each model: how many rows are fluxes, and whether rows follow from the parameters and the month.
FLUXES = 0
DERIVES = False
# Rows of the fluxes that the reverse of a step needs of its first pass, which is then not run once more; and whether
# there are any.
HANDED = (0,)
HANDS = False


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the model's column."""


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the model's column_adjoint."""


def sweep(state, forcing, geometry, parameter, new_state, flux, count):
    """One day of a block of cells."""
    if new_state.shape[1] == WIDTH and flux.shape[1] == WIDTH:
        for i in range(count):
            column(state, forcing, geometry, parameter, new_state, flux, i, i)


def sweep_derive(parameter, forcing, geometry, count):
    """Stands for derive over a block of cells."""


def sweep_derive_adjoint(parameter, forcing, geometry, d_parameter, count):
    """Stands for derive_adjoint over a block of cells."""


def sweep_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, count
):  # fmt: skip
    """One day of a block of cells, reversed."""
    if d_state.shape[1] == WIDTH and d_forcing.shape[1] == WIDTH and d_parameter.shape[1] == WIDTH:
        for i in range(count):
            column_adjoint(
                state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, i
            )


def is_new(forcing, dynamic_rows, t, start, place):
    """Whether what follows from the parameters is not that of the step before: the first step, a month's or any."""
    return t == start or dynamic_rows.shape[0] > 0 or forcing[t, 0, place] != forcing[t - 1, 0, place]


def forward(
    forcing, geometry, parameter, dynamic, dynamic_rows, weight, rows, period, outputs, state, saved, keep, segment,
    begin, end, weather, shape, a, b, flux, local,
):  # fmt: skip
    """Step the places begin to end through all days, state in place; keep it at segment starts where asked for.

    All components take a segment before any takes the next: its forcing and outputs are then still in cache.
    """
    days = forcing.shape[0]
    places = forcing.shape[2]
    components = state.shape[1] // places
    for place in range(begin, end, WIDTH):
        count = min(WIDTH, end - place)
        group = max(1, WIDTH // count)
        for start in range(0, days, segment):
            for m in range(0, components, group):
                size = min(group, components - m)
                lanes = (size * count + LANES - 1) // LANES * LANES
                gather(parameter, places, m, size, place, count, lanes, local)
                gather(state, places, m, size, place, count, lanes, a)
                gather_places(geometry, size, place, count, lanes, shape)
                if keep:
                    scatter(a, places, m, size, place, count, saved[start // segment])
                for t in range(start, min(start + segment, days)):
                    gather_rows(dynamic, t, dynamic_rows, places, m, size, place, count, lanes, local)
                    gather_weather(forcing, t, size, place, count, lanes, weather)
                    if DERIVES and is_new(forcing, dynamic_rows, t, start, place):
                        sweep_derive(local, weather, shape, lanes)
                    sweep(a, weather, shape, local, b, flux, lanes)
                    add_outputs(flux, FLUXES, b, rows, weight, m, size, place, count, outputs, period[t])
                    copy(b, lanes, a)
                scatter(a, places, m, size, place, count, state)


def adjoint(
    forcing, geometry, parameter, dynamic, dynamic_rows, weight, rows, period, saved, segment,
    d_outputs, d_state, d_parameter, d_dynamic, d_forcing, d_weight, want_forcing, want_weight,
    begin, end, weather, shape, states, a, b, flux, local, da, db, d_flux, d_weather, d_local,
):  # fmt: skip
    """Reverse of forward for the places begin to end: replay each segment from its start, then reverse its days.

    d_state holds the gradient of the final state and is turned into that of the initial one; d_parameter, d_forcing
    and d_weight are added to.
    """
    days = forcing.shape[0]
    places = forcing.shape[2]
    components = parameter.shape[1] // places
    d_flux[:, :] = 0.0
    for place in range(begin, end, WIDTH):
        count = min(WIDTH, end - place)
        group = max(1, WIDTH // count)
        for s in range(saved.shape[0] - 1, -1, -1):
            start = s * segment
            length = min(segment, days - start)
            for m in range(0, components, group):
                size = min(group, components - m)
                lanes = (size * count + LANES - 1) // LANES * LANES
                gather(parameter, places, m, size, place, count, lanes, local)
                gather(saved[s], places, m, size, place, count, lanes, a)
                gather(d_state, places, m, size, place, count, lanes, da)
                gather(d_parameter, places, m, size, place, count, lanes, d_local)
                gather_places(geometry, size, place, count, lanes, shape)
                for k in range(length):
                    t = start + k
                    remember(a, lanes, states, k)
                    gather_rows(dynamic, t, dynamic_rows, places, m, size, place, count, lanes, local)
                    gather_weather(forcing, t, size, place, count, lanes, weather)
                    if DERIVES and is_new(forcing, dynamic_rows, t, start, place):
                        sweep_derive(local, weather, shape, lanes)
                    if k < length - 1 or want_weight or HANDS:
                        sweep(a, weather, shape, local, b, flux, lanes)
                        if HANDS:
                            hand(flux, HANDED, lanes, states, k, a.shape[0])
                        if want_weight:
                            fold_weights(flux, FLUXES, b, rows, d_outputs, period[t], m, size, place, count, d_weight)
                        copy(b, lanes, a)
                if HANDS:
                    remember(a, lanes, states, length)
                for k in range(length - 1, -1, -1):
                    t = start + k
                    gather_rows(dynamic, t, dynamic_rows, places, m, size, place, count, lanes, local)
                    gather_weather(forcing, t, size, place, count, lanes, weather)
                    if DERIVES and k < length - 1 and is_new(forcing, dynamic_rows, t + 1, start, place):
                        sweep_derive(local, weather, shape, lanes)
                    spread_outputs(rows, weight, d_outputs, period[t], m, size, place, count, d_flux, FLUXES, da)
                    recall(states, k, lanes, a)
                    if HANDS:
                        recall(states, k + 1, lanes, b)
                        take(states, k, a.shape[0], HANDED, lanes, flux)
                    sweep_adjoint(a, weather, shape, local, b, flux, da, d_flux, db, d_weather, d_local, lanes)
                    if DERIVES and is_new(forcing, dynamic_rows, t, start, place):
                        sweep_derive_adjoint(local, weather, shape, d_local, lanes)
                    fold_dynamic(dynamic_rows, d_local, places, m, size, place, count, d_dynamic, t)
                    if want_forcing:
                        add_forcing(d_weather, size, place, count, d_forcing, t)
                    copy(db, lanes, da)
                scatter(da, places, m, size, place, count, d_state)
                scatter(d_local, places, m, size, place, count, d_parameter)
