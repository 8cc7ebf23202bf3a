"""Between the large arrays and a block of cells: copies in and out, and the sums over components.

A block holds the components m to m + size of the places place to place + count, components outermost. Lanes beyond its
cells are copies of the last one: they take part in the arithmetic, and nothing of them is read.
"""


def gather(source, places, m, size, place, count, lanes, target):
    """Copy the rows of a block out of a large array [row, cell]."""
    for row in range(source.shape[0]):
        for k in range(size):
            first = (m + k) * places + place
            for i in range(count):
                target[row, k * count + i] = source[row, first + i]
        last = target[row, size * count - 1]
        for i in range(size * count, lanes):
            target[row, i] = last


def gather_places(source, size, place, count, lanes, target):
    """Copy the rows of a block's places out of [row, place], once for each component."""
    for row in range(source.shape[0]):
        for k in range(size):
            for i in range(count):
                target[row, k * count + i] = source[row, place + i]
        last = target[row, size * count - 1]
        for i in range(size * count, lanes):
            target[row, i] = last


def gather_rows(source, rows, places, m, size, place, count, lanes, target):
    """Copy today's values of the parameters that vary."""
    for d in range(rows.shape[0]):
        row = rows[d]
        for k in range(size):
            first = (m + k) * places + place
            for i in range(count):
                target[row, k * count + i] = source[d, first + i]
        last = target[row, size * count - 1]
        for i in range(size * count, lanes):
            target[row, i] = last


def scatter(source, places, m, size, place, count, target):
    """Copy the rows of a block back into a large array [row, cell]."""
    for row in range(source.shape[0]):
        for k in range(size):
            first = (m + k) * places + place
            for i in range(count):
                target[row, first + i] = source[row, k * count + i]


def add_outputs(flux, state, rows, weight, m, size, place, count, outputs):
    """Add the components' shares of the chosen rows, one after the other: fluxes first, then states."""
    fluxes = flux.shape[0]
    for o in range(rows.shape[0]):
        row = rows[o]
        for k in range(size):
            if row < fluxes:
                for i in range(count):
                    outputs[o, place + i] += weight[o, m + k, place + i] * flux[row, k * count + i]
            else:
                for i in range(count):
                    outputs[o, place + i] += weight[o, m + k, place + i] * state[row - fluxes, k * count + i]


def fold_weights(flux, state, rows, d_outputs, m, size, place, count, d_weight):
    """Gradient of the component weights."""
    fluxes = flux.shape[0]
    for o in range(rows.shape[0]):
        row = rows[o]
        for k in range(size):
            for i in range(count):
                value = flux[row, k * count + i] if row < fluxes else state[row - fluxes, k * count + i]
                d_weight[o, m + k, place + i] += d_outputs[o, place + i] * value


def spread_outputs(rows, weight, d_outputs, m, size, place, count, d_flux, d_state):
    """Reverse of add_outputs."""
    fluxes = d_flux.shape[0]
    for o in range(rows.shape[0]):
        if rows[o] < fluxes:
            for i in range(size * count):
                d_flux[rows[o], i] = 0.0
    for o in range(rows.shape[0]):
        row = rows[o]
        for k in range(size):
            if row < fluxes:
                for i in range(count):
                    d_flux[row, k * count + i] += weight[o, m + k, place + i] * d_outputs[o, place + i]
            else:
                for i in range(count):
                    d_state[row - fluxes, k * count + i] += weight[o, m + k, place + i] * d_outputs[o, place + i]


def fold_dynamic(rows, d_local, places, m, size, place, count, d_dynamic):
    """Hand today's gradient of the parameters that vary to its own array."""
    for d in range(rows.shape[0]):
        row = rows[d]
        for k in range(size):
            first = (m + k) * places + place
            for i in range(count):
                d_dynamic[d, first + i] = d_local[row, k * count + i]
                d_local[row, k * count + i] = 0.0


def add_forcing(d_weather, size, place, count, d_forcing):
    """Add the components' shares of the gradient of the forcing, one after the other."""
    for row in range(d_weather.shape[0]):
        for k in range(size):
            for i in range(count):
                d_forcing[row, place + i] += d_weather[row, k * count + i]
