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


def gather(flow, start, upstream, arrived, low, high):
    """What the nodes above let go, summed in the order of the network; for the nodes low to high."""
    for i in range(low, high):
        water = flow[0] * 0.0
        for k in range(start[i], start[i + 1]):
            water += flow[upstream[k]]
        arrived[i] = water


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
    for i in range(len(ends)):
        total[i] += arrived[i] if ends[i] else arrived[i] * 0.0
        arrived[i] = arrived[i] * 0.0 if ends[i] else arrived[i]


def add(flow, total, count):
    """Add what left each node."""
    for i in range(count):
        total[i] += flow[i]


def take_lateral(lateral, step, nodes, seconds, water):
    """Lateral inflow of a step, m3 s-1, as m3 of a sub-step."""
    for i in range(len(nodes)):
        water[i] = lateral[step, nodes[i]] * seconds


def give_discharge(total, per_second, nodes, discharge, step):
    """Water of a step, m3, as its mean flow, m3 s-1; total begins anew."""
    for i in range(len(nodes)):
        discharge[step, nodes[i]] = total[i] * per_second
        total[i] = total[i] * 0.0
