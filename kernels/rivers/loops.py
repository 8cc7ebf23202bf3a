"""The loops over steps of a piece of the network: forward, for both kinds of coupling.

Array sizes: lateral, discharge [step, node]; state [block, row, WIDTH]; water [block * WIDTH]; series
[step * substeps, link]. `sweep` is put in place by kernels/rivers/compiled.py. Water arrays come twice, flat for the
links and in blocks for the reaches: two views of the same memory, made before the loop.
"""

from .keep import keep_stores, keep_water
from .sweeps import (
    WIDTH,
    add,
    gather,
    gather_more,
    give_discharge,
    give_links,
    settle,
    still,
    take_ghosts,
    take_lateral,
)  # fmt: skip


def sweep(state, inflow, lateral, coefficient, out, block, low, high):
    """Stands for the router's sweep."""


def step_delayed(
    state, coefficient, above, heads, levels, ends, arrived_blocks, local_blocks, flow, flow_blocks, arriving, total
):  # fmt: skip
    """One sub-step of all nodes at once: they take what has arrived, and what they let go is arriving.

    flow holds the ghosts' water already; arriving may be the same memory as arrived_blocks.
    """
    count = levels[-1]
    for b in range(flow_blocks.shape[0]):
        sweep(state, arrived_blocks, local_blocks, coefficient, flow_blocks, b, 0, min(WIDTH, count - b * WIDTH))
    add(flow, total, count)
    still(arriving, heads)
    gather(flow, above, arriving, heads, count)
    gather_more(flow, above, arriving, 0, len(levels) - 1)
    settle(arriving, ends, total)


def step_ordered(
    state, coefficient, above, heads, levels, arrived, arrived_blocks, local_blocks, flow, flow_blocks, total
):  # fmt: skip
    """One sub-step level by level: nodes take what those above them let go in the same sub-step."""
    for n in range(len(levels) - 1):
        low, high = levels[n], levels[n + 1]
        gather(flow, above, arrived, max(low, heads), high)
        gather_more(flow, above, arrived, n, n + 1)
        for b in range(low // WIDTH, (high - 1) // WIDTH + 1):
            first, last = max(low - b * WIDTH, 0), min(high - b * WIDTH, WIDTH)
            sweep(state, arrived_blocks, local_blocks, coefficient, flow_blocks, b, first, last)
    add(flow, total, levels[-1])


def forward_delayed(
    lateral, nodes, places, coefficient, above, heads, levels, ends, ghosts, links, sources, state, arrived,
    arrived_blocks, local, local_blocks, flow, flow_blocks, total, series, discharge, saved, saved_transit, keep,
    segment, substeps, seconds, per_second,
):  # fmt: skip
    """All steps of a piece of a delayed router; state and arrived (water in transit) are carried on in place."""
    first = flow_blocks.shape[0] * WIDTH
    for t in range(lateral.shape[0]):
        if keep and t % segment == 0:
            keep_stores(saved, t // segment, state)
            keep_water(saved_transit, t // segment, arrived)
        take_lateral(lateral, t, nodes, places, seconds, local)
        for m in range(substeps):
            take_ghosts(series, t * substeps + m, ghosts, flow, first)
            step_delayed(
                state, coefficient, above, heads, levels, ends, arrived_blocks, local_blocks, flow, flow_blocks,
                arrived, total,
            )  # fmt: skip
            give_links(flow, links, sources, series, t * substeps + m)
        give_discharge(total, per_second, nodes, places, discharge, t)


def forward_ordered(
    lateral, nodes, places, coefficient, above, heads, levels, ends, ghosts, links, sources, state, arrived,
    arrived_blocks, local, local_blocks, flow, flow_blocks, total, series, discharge, saved, saved_transit, keep,
    segment, substeps, seconds, per_second,
):  # fmt: skip
    """All steps of a piece of a router in topological order; state is carried on in place."""
    first = flow_blocks.shape[0] * WIDTH
    for t in range(lateral.shape[0]):
        if keep and t % segment == 0:
            keep_stores(saved, t // segment, state)
        take_lateral(lateral, t, nodes, places, seconds, local)
        for m in range(substeps):
            take_ghosts(series, t * substeps + m, ghosts, flow, first)
            step_ordered(
                state, coefficient, above, heads, levels, arrived, arrived_blocks, local_blocks, flow, flow_blocks,
                total,
            )  # fmt: skip
            give_links(flow, links, sources, series, t * substeps + m)
        give_discharge(total, per_second, nodes, places, discharge, t)
