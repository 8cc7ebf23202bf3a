"""The loops over the nodes of a piece, in vector code where they can be: steps of reaches, and water on the links.

Nodes lie in blocks of WIDTH: states and coefficients are [block, row, WIDTH], water is [block, WIDTH], so that the
compiler knows the distance between rows. Compiled without fused operations, so that the bits of a node depend
neither on its place in a vector nor on the cut of the network.
"""

import numpy as np

WIDTH = 256


def reach(state, inflow, lateral, coefficient, out, b, i):
    """Stands for the router's reach."""


def reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i):
    """Stands for the router's reach_adjoint."""


def sweep(state, inflow, lateral, coefficient, out, block, low, high):
    """One sub-step of the nodes low to high of a block, in place."""
    if state.shape[2] == WIDTH and coefficient.shape[2] == WIDTH:
        b, first = np.uint64(block), np.uint64(low)
        for k in range(high - low):
            reach(state, inflow, lateral, coefficient, out, b, first + np.uint64(k))


def sweep_adjoint(
    state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, block, low, high
):  # fmt: skip
    """One sub-step of the nodes low to high of a block, reversed."""
    known = state.shape[2] == WIDTH and coefficient.shape[2] == WIDTH
    if known and d_state.shape[2] == WIDTH and d_coefficient.shape[2] == WIDTH:
        b, first = np.uint64(block), np.uint64(low)
        for k in range(high - low):
            reach_adjoint(
                state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b,
                first + np.uint64(k),
            )  # fmt: skip


def gather(flow, above, arrived, low, high):
    """What the nodes above let go; the sums run in the order of the network. For the places low to high."""
    for i in range(low, high):
        arrived[i] = flow[above.first[i]] + flow[above.second[i]]


def gather_more(flow, above, arrived, level, end):
    """What further tributaries let go, for the places of the levels from one to an end."""
    for e in range(above.more_start[level], above.more_start[end]):
        arrived[above.more_of[e]] += flow[above.more[e]]


def still(water, count):
    """Nothing arrives at the first places, which have no tributaries."""
    for i in range(count):
        water[i] = water[i] * 0.0


def take_ghosts(series, step, ghosts, flow, first):
    """Water on the links from other pieces, put behind the piece's own nodes."""
    for j in range(len(ghosts)):
        flow[first + j] = series[step, ghosts[j]]


def give_links(flow, links, sources, series, step):
    """Water on the links to other pieces."""
    for e in range(len(links)):
        series[step, links[e]] = flow[sources[e]]


def settle(arrived, ends, total):
    """Water that arrives where it ends counts as discharged, and is not in transit."""
    for e in range(len(ends)):
        i = ends[e]
        total[i] += arrived[i]
        arrived[i] = arrived[i] * 0.0


def add(flow, total, count):
    """Add what left each node."""
    for i in range(count):
        total[i] += flow[i]


def take_lateral(lateral, step, nodes, places, seconds, water):
    """Lateral inflow of a step, m3 s-1, as m3 of a sub-step."""
    for k in range(len(nodes)):
        water[places[k]] = lateral[step, nodes[k]] * seconds


def give_discharge(total, per_second, nodes, places, discharge, step):
    """Water of a step, m3, as its mean flow, m3 s-1; total begins anew."""
    for k in range(len(nodes)):
        discharge[step, nodes[k]] = total[places[k]] * per_second
        total[places[k]] = total[places[k]] * 0.0
