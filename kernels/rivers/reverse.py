"""The loops over steps of a piece of the network, reversed: replay a segment from its start, then undo it.

States are kept at segment starts; the replay of a segment keeps one for each sub-step, where the gradient needs it, and
the water that arrives.
"""

from .keep import keep_stores, recall_stores, recall_water
from .sweeps import WIDTH, take_ghosts, take_lateral


def step_delayed(
    state, coefficient, above, heads, levels, ends, arrived_blocks, local_blocks, flow, flow_blocks, arriving, total
):  # fmt: skip
    """Stands for loops.step_delayed."""


def step_ordered(
    state, coefficient, above, heads, levels, arrived, arrived_blocks, local_blocks, flow, flow_blocks, total
):  # fmt: skip
    """Stands for loops.step_ordered."""


def sweep_adjoint(
    state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, block, low, high
):  # fmt: skip
    """Stands for the router's sweep_adjoint."""


def take_gradient(d_discharge, step, nodes, places, per_second, d_total):
    """Gradient of a step's discharge, as that of each m3 which left the node in it."""
    for k in range(len(nodes)):
        d_total[places[k]] = d_discharge[step, nodes[k]] * per_second


def arrivals(ends, d_total, d_transit):
    """Gradient of the water that arrives where it ends: it is discharged. Reverse of settle."""
    for e in range(len(ends)):
        d_transit[ends[e]] = d_total[ends[e]]


def departures(down, d_total, d_arrived, d_flow, low, high):
    """Gradient of the water that leaves: its discharge, and where it arrives. Reverse of add and gather."""
    for i in range(low, high):
        d_flow[i] = d_total[i] + d_arrived[down[i]]


def take_links(d_series, step, links, d_arrived, first):
    """Gradient of the water on the links to other pieces. Reverse of give_links."""
    for e in range(len(links)):
        d_arrived[first + e] = d_series[step, links[e]]


def give_ghosts(d_arrived, ghosts, ghost_down, d_series, step):
    """Gradient of the water on the links from other pieces. Reverse of take_ghosts and gather."""
    for j in range(len(ghosts)):
        d_series[step, ghosts[j]] = d_arrived[ghost_down[j]]


def give_lateral(d_local, nodes, places, seconds, d_lateral, step):
    """Gradient of a step's lateral inflow; d_local begins anew. Reverse of take_lateral."""
    for k in range(len(nodes)):
        d_lateral[step, nodes[k]] = d_local[places[k]] * seconds
        d_local[places[k]] = d_local[places[k]] * 0.0


def adjoint_delayed(
    lateral, nodes, places, coefficient, above, heads, down, levels, ends, ghosts, ghost_down, links, saved,
    saved_transit, segment, substeps, seconds, per_second, series, d_series, d_discharge, d_lateral, d_coefficient,
    d_state, d_transit, d_transit_blocks, state, parts, arrived, arrived_blocks, local, local_blocks, flow, flow_blocks,
    total, d_total, d_flow, d_flow_blocks, d_local, d_local_blocks,
):  # fmt: skip
    """Reverse of loops.forward_delayed: d_state and d_transit from after the last step to before the first.

    arrived [sub-step of a segment and one, place]: water in transit before each.
    """
    count, first = levels[-1], flow_blocks.shape[0] * WIDTH
    for s in range(saved.shape[0] - 1, -1, -1):
        begin = s * segment
        length = min(segment, lateral.shape[0] - begin)
        recall_stores(saved, s, state)
        recall_water(saved_transit, s, arrived[0])
        for n in range(length * substeps):
            if n % substeps == 0:
                take_lateral(lateral, begin + n // substeps, nodes, places, seconds, local)
            if n < parts.shape[0]:
                keep_stores(parts, n, state)
            if n < length * substeps - 1:
                take_ghosts(series, begin * substeps + n, ghosts, flow, first)
                step_delayed(
                    state, coefficient, above, heads, levels, ends, arrived_blocks[n], local_blocks, flow, flow_blocks,
                    arrived[n + 1], total,
                )  # fmt: skip
        for k in range(length - 1, -1, -1):
            take_lateral(lateral, begin + k, nodes, places, seconds, local)
            take_gradient(d_discharge, begin + k, nodes, places, per_second, d_total)
            for n in range((k + 1) * substeps - 1, k * substeps - 1, -1):
                arrivals(ends, d_total, d_transit)
                take_links(d_series, begin * substeps + n, links, d_transit, first)
                departures(down, d_total, d_transit, d_flow, 0, count)
                give_ghosts(d_transit, ghosts, ghost_down, d_series, begin * substeps + n)
                for b in range(flow_blocks.shape[0]):
                    sweep_adjoint(
                        parts[min(n, parts.shape[0] - 1)], arrived_blocks[n], local_blocks, coefficient, d_state,
                        d_flow_blocks, d_transit_blocks, d_local_blocks, d_coefficient, b, 0,
                        min(WIDTH, count - b * WIDTH),
                    )  # fmt: skip
            give_lateral(d_local, nodes, places, seconds, d_lateral, begin + k)


def adjoint_ordered(
    lateral, nodes, places, coefficient, above, heads, down, levels, ends, ghosts, ghost_down, links, saved,
    saved_transit, segment, substeps, seconds, per_second, series, d_series, d_discharge, d_lateral, d_coefficient,
    d_state, d_transit, d_transit_blocks, state, parts, arrived, arrived_blocks, local, local_blocks, flow, flow_blocks,
    total, d_total, d_flow, d_flow_blocks, d_local, d_local_blocks,
):  # fmt: skip
    """Reverse of loops.forward_ordered; d_transit is scratch, arrived [sub-step of a segment and one, place]."""
    first = flow_blocks.shape[0] * WIDTH
    for s in range(saved.shape[0] - 1, -1, -1):
        begin = s * segment
        length = min(segment, lateral.shape[0] - begin)
        recall_stores(saved, s, state)
        for n in range(length * substeps):
            if n % substeps == 0:
                take_lateral(lateral, begin + n // substeps, nodes, places, seconds, local)
            if n < parts.shape[0]:
                keep_stores(parts, n, state)
            take_ghosts(series, begin * substeps + n, ghosts, flow, first)
            step_ordered(
                state, coefficient, above, heads, levels, arrived[n], arrived_blocks[n], local_blocks, flow,
                flow_blocks, total,
            )  # fmt: skip
        for k in range(length - 1, -1, -1):
            take_lateral(lateral, begin + k, nodes, places, seconds, local)
            take_gradient(d_discharge, begin + k, nodes, places, per_second, d_total)
            for n in range((k + 1) * substeps - 1, k * substeps - 1, -1):
                take_links(d_series, begin * substeps + n, links, d_transit, first)
                for level in range(len(levels) - 2, -1, -1):
                    low, high = levels[level], levels[level + 1]
                    departures(down, d_total, d_transit, d_flow, low, high)
                    for b in range(low // WIDTH, (high - 1) // WIDTH + 1):
                        sweep_adjoint(
                            parts[min(n, parts.shape[0] - 1)], arrived_blocks[n], local_blocks, coefficient, d_state,
                            d_flow_blocks, d_transit_blocks, d_local_blocks, d_coefficient, b,
                            max(low - b * WIDTH, 0), min(high - b * WIDTH, WIDTH),
                        )  # fmt: skip
                give_ghosts(d_transit, ghosts, ghost_down, d_series, begin * substeps + n)
            give_lateral(d_local, nodes, places, seconds, d_lateral, begin + k)
