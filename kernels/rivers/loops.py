"""The loops over steps of a piece of the network: forward, for both kinds of coupling.

Array sizes: lateral, discharge [step, node]; state [block, row, WIDTH]; water [block * WIDTH]; series
[step * substeps, link]. `sweep` is put in place by kernels/rivers/compiled.py. Water arrays come twice, flat for the
links and in blocks for the reaches: two views of the same memory, made before the loop.
"""

from .keep import keep_stores, keep_water
from .sweeps import WIDTH, add, gather, give_discharge, give_links, settle, take_ghosts, take_lateral


def sweep(state, inflow, lateral, coefficient, out, block, low, high):
    """Stands for the router's sweep."""


def step_delayed(
    state, coefficient, start, upstream, ends, arrived, arrived_blocks, local_blocks, flow, flow_blocks, total, count
):  # fmt: skip
    """One sub-step of all nodes at once: they take what is in transit, then what they let go comes into transit.

    flow holds the ghosts' water already.
    """
    for b in range(flow_blocks.shape[0]):
        sweep(state, arrived_blocks, local_blocks, coefficient, flow_blocks, b, 0, min(WIDTH, count - b * WIDTH))
    add(flow, total, count)
    gather(flow, start, upstream, arrived, 0, count)
    settle(arrived, ends, total)


def step_ordered(
    state, coefficient, start, upstream, levels, arrived, arrived_blocks, local_blocks, flow, flow_blocks, total, count
):  # fmt: skip
    """One sub-step level by level: nodes take what those above them let go in the same sub-step."""
    for n in range(len(levels) - 1):
        low, high = levels[n], levels[n + 1]
        gather(flow, start, upstream, arrived, low, high)
        for b in range(low // WIDTH, (high - 1) // WIDTH + 1):
            first, last = max(low - b * WIDTH, 0), min(high - b * WIDTH, WIDTH)
            sweep(state, arrived_blocks, local_blocks, coefficient, flow_blocks, b, first, last)
    add(flow, total, count)


def forward_delayed(
    lateral, nodes, coefficient, start, upstream, levels, ends, ghosts, links, sources, state, arrived, arrived_blocks,
    local, local_blocks, flow, flow_blocks, total, series, discharge, saved, saved_transit, keep, segment, substeps,
    seconds, per_second,
):  # fmt: skip
    """All steps of a piece of a delayed router; state and arrived (water in transit) are carried on in place."""
    count, first = len(nodes), flow_blocks.shape[0] * WIDTH
    for t in range(lateral.shape[0]):
        if keep and t % segment == 0:
            keep_stores(saved, t // segment, state)
            keep_water(saved_transit, t // segment, arrived)
        take_lateral(lateral, t, nodes, seconds, local)
        for m in range(substeps):
            take_ghosts(series, t * substeps + m, ghosts, flow, first)
            step_delayed(
                state, coefficient, start, upstream, ends, arrived, arrived_blocks, local_blocks, flow, flow_blocks,
                total, count,
            )  # fmt: skip
            give_links(flow, links, sources, series, t * substeps + m)
        give_discharge(total, per_second, nodes, discharge, t)


def forward_ordered(
    lateral, nodes, coefficient, start, upstream, levels, ends, ghosts, links, sources, state, arrived, arrived_blocks,
    local, local_blocks, flow, flow_blocks, total, series, discharge, saved, saved_transit, keep, segment, substeps,
    seconds, per_second,
):  # fmt: skip
    """All steps of a piece of a router in topological order; state is carried on in place."""
    count, first = len(nodes), flow_blocks.shape[0] * WIDTH
    for t in range(lateral.shape[0]):
        if keep and t % segment == 0:
            keep_stores(saved, t // segment, state)
        take_lateral(lateral, t, nodes, seconds, local)
        for m in range(substeps):
            take_ghosts(series, t * substeps + m, ghosts, flow, first)
            step_ordered(
                state, coefficient, start, upstream, levels, arrived, arrived_blocks, local_blocks, flow, flow_blocks,
                total, count,
            )  # fmt: skip
            give_links(flow, links, sources, series, t * substeps + m)
        give_discharge(total, per_second, nodes, discharge, t)
