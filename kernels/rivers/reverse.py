"""The loops over steps of a piece of the network, reversed: replay a segment from its start, then a day, then undo it.

States are kept at segment starts; a segment's replay keeps one state per step, a step's replay one per sub-step.
"""

from .keep import keep_stores, keep_water, recall_stores, recall_water
from .sweeps import WIDTH, take_ghosts, take_lateral


def step_delayed(
    state, coefficient, start, upstream, ends, arrived, arrived_blocks, local_blocks, flow, flow_blocks, total, count
):  # fmt: skip
    """Stands for loops.step_delayed."""


def step_ordered(
    state, coefficient, start, upstream, levels, arrived, arrived_blocks, local_blocks, flow, flow_blocks, total, count
):  # fmt: skip
    """Stands for loops.step_ordered."""


def sweep_adjoint(
    state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, block, low, high
):  # fmt: skip
    """Stands for the router's sweep_adjoint."""


def take_gradient(d_discharge, step, nodes, per_second, d_total):
    """Gradient of a step's discharge, as that of each m3 which left the node in it."""
    for i in range(len(nodes)):
        d_total[i] = d_discharge[step, nodes[i]] * per_second


def arrivals(ends, d_total, d_transit):
    """Gradient of the water that arrives: in transit, or discharged where it ends. Reverse of settle."""
    for i in range(len(ends)):
        d_transit[i] = d_total[i] if ends[i] else d_transit[i]


def departures(down, d_total, d_arrived, d_elsewhere, d_flow, low, high):
    """Gradient of the water that leaves: its discharge, and where it arrives. Reverse of add and gather."""
    for i in range(low, high):
        d_flow[i] = d_total[i] + (d_arrived[down[i]] if down[i] >= 0 else d_elsewhere[i])


def take_links(d_series, step, links, sources, d_elsewhere):
    """Gradient of the water on the links to other pieces. Reverse of give_links."""
    for e in range(len(links)):
        d_elsewhere[sources[e]] = d_series[step, links[e]]


def give_ghosts(d_arrived, ghosts, ghost_down, d_series, step):
    """Gradient of the water on the links from other pieces. Reverse of take_ghosts and gather."""
    for j in range(len(ghosts)):
        d_series[step, ghosts[j]] = d_arrived[ghost_down[j]]


def give_lateral(d_local, nodes, seconds, d_lateral, step):
    """Gradient of a step's lateral inflow; d_local begins anew. Reverse of take_lateral."""
    for i in range(len(nodes)):
        d_lateral[step, nodes[i]] = d_local[i] * seconds
        d_local[i] = d_local[i] * 0.0


def adjoint_delayed(
    lateral, nodes, coefficient, start, upstream, down, levels, ends, ghosts, ghost_down, links, sources, saved,
    saved_transit, segment, substeps, seconds, per_second, series, d_series, d_discharge, d_lateral, d_coefficient,
    d_state, d_transit, d_transit_blocks, days, days_transit, parts, parts_transit, parts_transit_blocks, state,
    arrived, arrived_blocks, local, local_blocks, flow, flow_blocks, total, d_total, d_elsewhere, d_flow, d_flow_blocks,
    d_local, d_local_blocks,
):  # fmt: skip
    """Reverse of loops.forward_delayed: d_state and d_transit from after the last step to before the first."""
    count, first = len(nodes), flow_blocks.shape[0] * WIDTH
    for s in range(saved.shape[0] - 1, -1, -1):
        begin = s * segment
        length = min(segment, lateral.shape[0] - begin)
        recall_stores(saved, s, state)
        recall_water(saved_transit, s, arrived)
        for k in range(length):
            keep_stores(days, k, state)
            keep_water(days_transit, k, arrived)
            if k < length - 1:
                take_lateral(lateral, begin + k, nodes, seconds, local)
                for m in range(substeps):
                    take_ghosts(series, (begin + k) * substeps + m, ghosts, flow, first)
                    step_delayed(
                        state, coefficient, start, upstream, ends, arrived, arrived_blocks, local_blocks, flow,
                        flow_blocks, total, count,
                    )  # fmt: skip
        for k in range(length - 1, -1, -1):
            t = begin + k
            recall_stores(days, k, state)
            recall_water(days_transit, k, arrived)
            take_lateral(lateral, t, nodes, seconds, local)
            for m in range(substeps):
                keep_stores(parts, m, state)
                keep_water(parts_transit, m, arrived)
                if m < substeps - 1:
                    take_ghosts(series, t * substeps + m, ghosts, flow, first)
                    step_delayed(
                        state, coefficient, start, upstream, ends, arrived, arrived_blocks, local_blocks, flow,
                        flow_blocks, total, count,
                    )  # fmt: skip
            take_gradient(d_discharge, t, nodes, per_second, d_total)
            for m in range(substeps - 1, -1, -1):
                arrivals(ends, d_total, d_transit)
                take_links(d_series, t * substeps + m, links, sources, d_elsewhere)
                departures(down, d_total, d_transit, d_elsewhere, d_flow, 0, count)
                give_ghosts(d_transit, ghosts, ghost_down, d_series, t * substeps + m)
                for b in range(flow_blocks.shape[0]):
                    sweep_adjoint(
                        parts[m], parts_transit_blocks[m], local_blocks, coefficient, d_state, d_flow_blocks,
                        d_transit_blocks, d_local_blocks, d_coefficient, b, 0, min(WIDTH, count - b * WIDTH),
                    )  # fmt: skip
            give_lateral(d_local, nodes, seconds, d_lateral, t)


def adjoint_ordered(
    lateral, nodes, coefficient, start, upstream, down, levels, ends, ghosts, ghost_down, links, sources, saved,
    saved_transit, segment, substeps, seconds, per_second, series, d_series, d_discharge, d_lateral, d_coefficient,
    d_state, d_transit, d_transit_blocks, days, days_transit, parts, parts_transit, parts_transit_blocks, state,
    arrived, arrived_blocks, local, local_blocks, flow, flow_blocks, total, d_total, d_elsewhere, d_flow, d_flow_blocks,
    d_local, d_local_blocks,
):  # fmt: skip
    """Reverse of loops.forward_ordered; d_transit is scratch, parts_transit holds the water that arrived."""
    count, first = len(nodes), flow_blocks.shape[0] * WIDTH
    for s in range(saved.shape[0] - 1, -1, -1):
        begin = s * segment
        length = min(segment, lateral.shape[0] - begin)
        recall_stores(saved, s, state)
        for k in range(length):
            keep_stores(days, k, state)
            if k < length - 1:
                take_lateral(lateral, begin + k, nodes, seconds, local)
                for m in range(substeps):
                    take_ghosts(series, (begin + k) * substeps + m, ghosts, flow, first)
                    step_ordered(
                        state, coefficient, start, upstream, levels, arrived, arrived_blocks, local_blocks, flow,
                        flow_blocks, total, count,
                    )  # fmt: skip
        for k in range(length - 1, -1, -1):
            t = begin + k
            recall_stores(days, k, state)
            take_lateral(lateral, t, nodes, seconds, local)
            for m in range(substeps):
                keep_stores(parts, m, state)
                take_ghosts(series, t * substeps + m, ghosts, flow, first)
                step_ordered(
                    state, coefficient, start, upstream, levels, arrived, arrived_blocks, local_blocks, flow,
                    flow_blocks, total, count,
                )  # fmt: skip
                keep_water(parts_transit, m, arrived)
            take_gradient(d_discharge, t, nodes, per_second, d_total)
            for m in range(substeps - 1, -1, -1):
                take_links(d_series, t * substeps + m, links, sources, d_elsewhere)
                for n in range(len(levels) - 2, -1, -1):
                    low, high = levels[n], levels[n + 1]
                    departures(down, d_total, d_transit, d_elsewhere, d_flow, low, high)
                    for b in range(low // WIDTH, (high - 1) // WIDTH + 1):
                        lower, upper = max(low - b * WIDTH, 0), min(high - b * WIDTH, WIDTH)
                        sweep_adjoint(
                            parts[m], parts_transit_blocks[m], local_blocks, coefficient, d_state, d_flow_blocks,
                            d_transit_blocks, d_local_blocks, d_coefficient, b, lower, upper,
                        )  # fmt: skip
                give_ghosts(d_transit, ghosts, ghost_down, d_series, t * substeps + m)
            give_lateral(d_local, nodes, seconds, d_lateral, t)
