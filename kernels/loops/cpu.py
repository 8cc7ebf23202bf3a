"""The loops over days and cells on a CPU: forward, and the adjoint by recompute and reverse.

A unit of work is a range of places with all their components, so sums over components run in one fixed order whatever
the number of threads. Inside it, blocks of one component and up to WIDTH places are stepped through all days while
their parameters and states lie in cache. Names in capitals below are array sizes:
forcing [T, F, B], geometry [G, B], parameter [P, M * B], dynamic [T, D, M * B], state [S, M * B], weight [M, B],
outputs [N, K, B]. `column`, `sweep` and their adjoints are put in place by kernels/bind.py.
"""

# Columns of the scratch arrays. A constant, and tested in the sweeps, so that the compiler knows the distance between
# rows and need not check at run time whether they overlap: 256 cells and their rows stay in the nearest caches.
WIDTH = 256


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the model's column."""


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Stands for the model's column_adjoint."""


def sweep(state, forcing, geometry, parameter, new_state, flux, count, place):
    """One day of a block of cells."""
    if new_state.shape[1] == WIDTH and flux.shape[1] == WIDTH:
        for i in range(count):
            column(state, forcing, geometry, parameter, new_state, flux, i, place + i)


def sweep_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, count, place
):  # fmt: skip
    """One day of a block of cells, reversed."""
    if d_state.shape[1] == WIDTH and d_forcing.shape[1] == WIDTH and d_parameter.shape[1] == WIDTH:
        for i in range(count):
            column_adjoint(
                state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, place + i
            )


def gather(source, first, count, target):
    """Copy the rows of a block out of a large array."""
    for row in range(source.shape[0]):
        for i in range(count):
            target[row, i] = source[row, first + i]


def scatter(source, count, target, first):
    """Copy the rows of a block back into a large array."""
    for row in range(source.shape[0]):
        for i in range(count):
            target[row, first + i] = source[row, i]


def gather_rows(source, first, count, rows, target):
    """Copy today's values of the parameters that vary."""
    for d in range(rows.shape[0]):
        row = rows[d]
        for i in range(count):
            target[row, i] = source[d, first + i]


def add_outputs(flux, state, rows, weight, m, place, count, outputs):
    """Add a component's share of the chosen rows: fluxes first, then states."""
    fluxes = flux.shape[0]
    for k in range(rows.shape[0]):
        row = rows[k]
        if row < fluxes:
            for i in range(count):
                outputs[k, place + i] += weight[k, m, place + i] * flux[row, i]
        else:
            for i in range(count):
                outputs[k, place + i] += weight[k, m, place + i] * state[row - fluxes, i]


def forward(
    forcing, geometry, parameter, dynamic, dynamic_rows, state, weight, rows, period, outputs, final, saved, segment,
    begin, end, a, b, flux, local,
):  # fmt: skip
    """Step the places begin to end through all days; keep the states at segment starts in saved where segment > 0."""
    days = forcing.shape[0]
    places = forcing.shape[2]
    components = state.shape[1] // places
    for place in range(begin, end, WIDTH):
        count = min(WIDTH, end - place)
        for m in range(components):
            first = m * places + place
            gather(parameter, first, count, local)
            gather(state, first, count, a)
            for t in range(days):
                gather_rows(dynamic[t], first, count, dynamic_rows, local)
                if segment > 0 and t % segment == 0:
                    scatter(a, count, saved[t // segment], first)
                sweep(a, forcing[t], geometry, local, b, flux, count, place)
                add_outputs(flux, b, rows, weight, m, place, count, outputs[period[t]])
                a, b = b, a
            scatter(a, count, final, first)


def fold_weights(flux, state, rows, d_outputs, m, place, count, d_weight):
    """Gradient of the component weights."""
    fluxes = flux.shape[0]
    for k in range(rows.shape[0]):
        row = rows[k]
        for i in range(count):
            value = flux[row, i] if row < fluxes else state[row - fluxes, i]
            d_weight[k, m, place + i] += d_outputs[k, place + i] * value


def spread_outputs(rows, weight, d_outputs, m, place, count, d_flux, d_state):
    """Reverse of add_outputs for one component."""
    fluxes = d_flux.shape[0]
    for k in range(rows.shape[0]):
        row = rows[k]
        if row < fluxes:
            for i in range(count):
                d_flux[row, i] = 0.0
    for k in range(rows.shape[0]):
        row = rows[k]
        if row < fluxes:
            for i in range(count):
                d_flux[row, i] += weight[k, m, place + i] * d_outputs[k, place + i]
        else:
            for i in range(count):
                d_state[row - fluxes, i] += weight[k, m, place + i] * d_outputs[k, place + i]


def fold_dynamic(rows, count, d_local, first, d_dynamic):
    """Hand today's gradient of the parameters that vary to its own array."""
    for d in range(rows.shape[0]):
        row = rows[d]
        for i in range(count):
            d_dynamic[d, first + i] = d_local[row, i]
            d_local[row, i] = 0.0


def add_forcing(d_block, count, d_forcing, place):
    """Add a component's share of the gradient of the forcing."""
    for row in range(d_block.shape[0]):
        for i in range(count):
            d_forcing[row, place + i] += d_block[row, i]


def adjoint(
    forcing, geometry, parameter, dynamic, dynamic_rows, weight, rows, period, saved, segment,
    d_outputs, d_final, d_parameter, d_dynamic, d_state, d_forcing, d_weight, want_forcing, want_weight,
    begin, end, states, flux, local, da, db, d_flux, d_block, d_local,
):  # fmt: skip
    """Reverse of forward for the places begin to end: replay each segment from its start, then reverse its days."""
    days = forcing.shape[0]
    places = forcing.shape[2]
    components = parameter.shape[1] // places
    d_flux[:, :] = 0.0
    for place in range(begin, end, WIDTH):
        count = min(WIDTH, end - place)
        for m in range(components):
            first = m * places + place
            gather(parameter, first, count, local)
            gather(d_final, first, count, da)
            d_local[:, :] = 0.0
            for s in range(saved.shape[0] - 1, -1, -1):
                start = s * segment
                length = min(segment, days - start)
                gather(saved[s], first, count, states[0])
                for k in range(length if want_weight else length - 1):
                    t = start + k
                    gather_rows(dynamic[t], first, count, dynamic_rows, local)
                    sweep(states[k], forcing[t], geometry, local, states[k + 1], flux, count, place)
                    if want_weight:
                        fold_weights(flux, states[k + 1], rows, d_outputs[period[t]], m, place, count, d_weight)
                for k in range(length - 1, -1, -1):
                    t = start + k
                    gather_rows(dynamic[t], first, count, dynamic_rows, local)
                    spread_outputs(rows, weight, d_outputs[period[t]], m, place, count, d_flux, da)
                    sweep_adjoint(
                        states[k], forcing[t], geometry, local, da, d_flux, db, d_block, d_local, count, place
                    )
                    fold_dynamic(dynamic_rows, count, d_local, first, d_dynamic[t])
                    if want_forcing:
                        add_forcing(d_block, count, d_forcing[t], place)
                    da, db = db, da
            scatter(da, count, d_state, first)
            scatter(d_local, count, d_parameter, first)
