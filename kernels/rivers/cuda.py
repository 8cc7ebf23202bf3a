"""The river loops on a GPU: one thread steps one place; a sub-step of a delayed router is two launches, that of another
one for each level. Water is pulled from above in the order of the network: no atomic operations, and two runs agree to
the bit.

Array sizes: state, coefficient [1, row, place]; water [1, place], flow and its gradient with a place more where nothing
flows. The router's reach and its adjoint are put in place by kernels/rivers/device_work.py.
"""

from numba import cuda


def reach(state, inflow, lateral, coefficient, out, b, i):
    """Stands for the router's reach."""


def reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i):
    """Stands for the router's reach_adjoint."""


def spread(rows, nodes, places, stores):
    """Values [row, node] to stores [1, row, place]."""
    k = cuda.grid(1)
    if k < nodes.shape[0]:
        for row in range(stores.shape[1]):
            stores[0, row, places[k]] = rows[row, nodes[k]]


def collect(stores, nodes, places, rows):
    """Stores [1, row, place] to values [row, node]."""
    k = cuda.grid(1)
    if k < nodes.shape[0]:
        for row in range(stores.shape[1]):
            rows[row, nodes[k]] = stores[0, row, places[k]]


def recall(kept, kept_water, n, stores, arrived):
    """State and water from what was kept as number n."""
    i = cuda.grid(1)
    if i < stores.shape[2]:
        for row in range(stores.shape[1]):
            stores[0, row, i] = kept[n, row, i]
        arrived[0, i] = kept_water[n, i]


def clear(stores):
    """Nothing in stores [1, row, place]."""
    i = cuda.grid(1)
    if i < stores.shape[2]:
        for row in range(stores.shape[1]):
            stores[0, row, i] = 0.0


def scale(series, step, nodes, places, factor, water):
    """Water of each place: a step of a series [time, node] times a factor."""
    k = cuda.grid(1)
    if k < nodes.shape[0]:
        water[0, places[k]] = series[step, nodes[k]] * factor


def give(water, nodes, places, factor, series, step):
    """A step of a series [time, node]: the water of each place times a factor; the water begins anew."""
    k = cuda.grid(1)
    if k < nodes.shape[0]:
        series[step, nodes[k]] = water[0, places[k]] * factor
        water[0, places[k]] = 0.0


def keep(state, arrived, kept, kept_water, n, i):
    """State and water before a sub-step, as number n."""
    for row in range(kept.shape[1]):
        kept[n, row, i] = state[0, row, i]
    kept_water[n, i] = arrived[0, i]


def pull(flow, first, second, start, more, i):
    """What the places above let go, in the order of the network."""
    water = flow[0, first[i]] + flow[0, second[i]]
    for e in range(start[i], start[i + 1]):
        water += flow[0, more[e]]
    return water


def sweep(state, arrived, local, coefficient, flow, total, kept, kept_water, n, count):
    """A sub-step of all reaches; n >= 0: what was before it is kept as number n."""
    i = cuda.grid(1)
    if i < count:
        if n >= 0:
            keep(state, arrived, kept, kept_water, n, i)
        reach(state, arrived, local, coefficient, flow, 0, i)
        total[0, i] += flow[0, i]


def arrive(flow, first, second, start, more, ends, arrived, total, count):
    """What left comes into transit; where water ends it counts as discharged."""
    i = cuda.grid(1)
    if i < count:
        water = pull(flow, first, second, start, more, i)
        if ends[i]:
            total[0, i] += water
            water = 0.0
        arrived[0, i] = water


def sweep_level(
    state, arrived, local, coefficient, flow, total, kept, kept_water, n, first, second, start, more, low, high
):  # fmt: skip
    """A sub-step of the reaches of a level, with what those above let go in it."""
    i = low + cuda.grid(1)
    if i < high:
        arrived[0, i] = pull(flow, first, second, start, more, i)
        if n >= 0:
            keep(state, arrived, kept, kept_water, n, i)
        reach(state, arrived, local, coefficient, flow, 0, i)
        total[0, i] += flow[0, i]


def depart(down, ends, d_total, d_arrived, d_flow, count):
    """Gradient of the water that leaves: its discharge, and where it arrives."""
    i = cuda.grid(1)
    if i < count:
        to = down[i]
        d_flow[0, i] = d_total[0, i] + (d_total[0, to] if ends[to] else d_arrived[0, to])


def sweep_adjoint(
    state, arrived, local, coefficient, d_state, d_flow, d_arrived, d_local, d_coefficient, count
):  # fmt: skip
    """A sub-step of all reaches, reversed; state and arrived are those before it."""
    i = cuda.grid(1)
    if i < count:
        reach_adjoint(state, arrived, local, coefficient, d_state, d_flow, d_arrived, d_local, d_coefficient, 0, i)


def sweep_level_adjoint(
    state, arrived, local, coefficient, d_state, d_flow, d_arrived, d_local, d_coefficient, down, d_total, low, high
):  # fmt: skip
    """A sub-step of the reaches of a level, reversed."""
    i = low + cuda.grid(1)
    if i < high:
        d_flow[0, i] = d_total[0, i] + d_arrived[0, down[i]]
        reach_adjoint(state, arrived, local, coefficient, d_state, d_flow, d_arrived, d_local, d_coefficient, 0, i)
