"""Between the large arrays and a block of cells: copies in and out, and the sums over components.

A block holds the components m to m + size of the places place to place + count, components outermost. Lanes beyond its
cells are copies of the last one: they take part in the arithmetic, and nothing of them is read. Innermost indices are
np.uint64: signed ones are tested for being negative, which turns plain copies into gathers.
"""

import numpy as np


def gather(source, places, m, size, place, count, lanes, target):
    """Copy the rows of a block out of a large array [row, cell]."""
    for row in range(source.shape[0]):
        for k in range(size):
            here, there = np.uint64(k * count), np.uint64((m + k) * places + place)
            for i in range(np.uint64(count)):
                target[row, here + i] = source[row, there + i]
        fill(target, row, size * count, lanes)


def fill(target, row, cells, lanes):
    """Fill the lanes beyond the block's cells."""
    last = target[row, cells - 1]
    for i in range(np.uint64(cells), np.uint64(lanes)):
        target[row, i] = last


def gather_places(source, size, place, count, lanes, target):
    """Copy the rows of a block's places out of [row, place], once for each component."""
    for row in range(source.shape[0]):
        for k in range(size):
            here, there = np.uint64(k * count), np.uint64(place)
            for i in range(np.uint64(count)):
                target[row, here + i] = source[row, there + i]
        fill(target, row, size * count, lanes)


def gather_weather(source, t, size, place, count, lanes, target):
    """As gather_places, of day t of [time, row, place]."""
    for row in range(source.shape[1]):
        for k in range(size):
            here, there = np.uint64(k * count), np.uint64(place)
            for i in range(np.uint64(count)):
                target[row, here + i] = source[t, row, there + i]
        fill(target, row, size * count, lanes)


def gather_rows(source, t, rows, places, m, size, place, count, lanes, target):
    """Copy today's values of the parameters that vary."""
    for d in range(rows.shape[0]):
        row = rows[d]
        for k in range(size):
            here, there = np.uint64(k * count), np.uint64((m + k) * places + place)
            for i in range(np.uint64(count)):
                target[row, here + i] = source[t, d, there + i]
        fill(target, row, size * count, lanes)


def scatter(source, places, m, size, place, count, target):
    """Copy the rows of a block back into a large array [row, cell], which may have fewer of them (no derived ones)."""
    for row in range(target.shape[0]):
        for k in range(size):
            here, there = np.uint64(k * count), np.uint64((m + k) * places + place)
            for i in range(np.uint64(count)):
                target[row, there + i] = source[row, here + i]


def copy(source, lanes, target):
    """Copy the rows of one scratch array to another."""
    for row in range(source.shape[0]):
        for i in range(np.uint64(lanes)):
            target[row, i] = source[row, i]


def clear(target, lanes):
    """Set the rows of a block to zero."""
    for row in range(target.shape[0]):
        for i in range(np.uint64(lanes)):
            target[row, i] = 0.0


def remember(source, lanes, target, k):
    """Keep the state before day k of the segment."""
    for row in range(source.shape[0]):
        for i in range(np.uint64(lanes)):
            target[k, row, i] = source[row, i]


def recall(source, k, lanes, target):
    """The state before day k of the segment."""
    for row in range(target.shape[0]):
        for i in range(np.uint64(lanes)):
            target[row, i] = source[k, row, i]


def hand(source, rows, lanes, target, k, first):
    """Keep chosen fluxes of day k of the segment behind its state."""
    for n in range(len(rows)):
        for i in range(np.uint64(lanes)):
            target[k, first + n, i] = source[rows[n], i]


def take(source, k, first, rows, lanes, target):
    """The fluxes that hand has kept of day k."""
    for n in range(len(rows)):
        for i in range(np.uint64(lanes)):
            target[rows[n], i] = source[k, first + n, i]


def add_outputs(flux, fluxes, state, rows, weight, m, size, place, count, outputs, n):
    """Add the components' shares of the chosen rows, one after the other: fluxes first, then states.

    fluxes: how many rows are fluxes; scratch rows may follow them.
    """
    there = np.uint64(place)
    for o in range(rows.shape[0]):
        row = rows[o]
        for k in range(size):
            here = np.uint64(k * count)
            if row < fluxes:
                for i in range(np.uint64(count)):
                    outputs[n, o, there + i] += weight[o, m + k, there + i] * flux[row, here + i]
            else:
                for i in range(np.uint64(count)):
                    outputs[n, o, there + i] += weight[o, m + k, there + i] * state[row - fluxes, here + i]


def spread_outputs(rows, weight, d_outputs, n, m, size, place, count, d_flux, fluxes, d_state):
    """Reverse of add_outputs."""
    there = np.uint64(place)
    for o in range(rows.shape[0]):
        if rows[o] < fluxes:
            for i in range(np.uint64(size * count)):
                d_flux[rows[o], i] = 0.0
    for o in range(rows.shape[0]):
        row = rows[o]
        for k in range(size):
            here = np.uint64(k * count)
            if row < fluxes:
                for i in range(np.uint64(count)):
                    d_flux[row, here + i] += weight[o, m + k, there + i] * d_outputs[n, o, there + i]
            else:
                for i in range(np.uint64(count)):
                    d_state[row - fluxes, here + i] += weight[o, m + k, there + i] * d_outputs[n, o, there + i]


def fold_weights(flux, fluxes, state, rows, d_outputs, n, m, size, place, count, d_weight):
    """Gradient of the component weights."""
    there = np.uint64(place)
    for o in range(rows.shape[0]):
        row = rows[o]
        for k in range(size):
            here = np.uint64(k * count)
            for i in range(np.uint64(count)):
                value = flux[row, here + i] if row < fluxes else state[row - fluxes, here + i]
                d_weight[o, m + k, there + i] += d_outputs[n, o, there + i] * value


def fold_dynamic(rows, d_local, places, m, size, place, count, d_dynamic, t):
    """Hand today's gradient of the parameters that vary to its own array."""
    for d in range(rows.shape[0]):
        row = rows[d]
        for k in range(size):
            here, there = np.uint64(k * count), np.uint64((m + k) * places + place)
            for i in range(np.uint64(count)):
                d_dynamic[t, d, there + i] = d_local[row, here + i]
                d_local[row, here + i] = 0.0


def add_forcing(d_weather, size, place, count, d_forcing, t):
    """Add the components' shares of the gradient of the forcing, one after the other."""
    there = np.uint64(place)
    for row in range(d_weather.shape[0]):
        for k in range(size):
            here = np.uint64(k * count)
            for i in range(np.uint64(count)):
                d_forcing[t, row, there + i] += d_weather[row, here + i]
