"""The unit hydrograph on a GPU: ordinates, convolution and their adjoints, each sum in one thread and a fixed order.

Equations as in kernels/routing/unit_hydrograph.py. flow [T, K, B] holds the series that are routed in the columns
`columns` of its second axis; history [L - 1, S, B] is flow of the days before the first.
"""

import math

from numba import cuda

OFFSET_A, OFFSET_B = 0.1, 0.5


def ordinates(routing, weights):
    """weights [L, B] from routing [2, B]; in float64, as on the CPU."""
    place = cuda.grid(1)
    if place < routing.shape[1]:
        a = max(routing[0, place], 0.0) + OFFSET_A
        b = max(routing[1, place], 0.0) + OFFSET_B
        highest = (a - 1.0) * math.log(0.5) - 0.5 / b
        for k in range(1, weights.shape[0]):
            highest = max(highest, (a - 1.0) * math.log(k + 0.5) - (k + 0.5) / b)
        total = 0.0
        for k in range(weights.shape[0]):
            total += math.exp((a - 1.0) * math.log(k + 0.5) - (k + 0.5) / b - highest)
        for k in range(weights.shape[0]):
            weights[k, place] = math.exp((a - 1.0) * math.log(k + 0.5) - (k + 0.5) / b - highest) / total


def ordinates_adjoint(routing, weights, d_weights, d_routing):
    """Gradients [2, B] with respect to routing, weights in float64; at zero and below it stops."""
    place = cuda.grid(1)
    if place < routing.shape[1]:
        b = max(routing[1, place], 0.0) + OFFSET_B
        mean = 0.0
        for k in range(weights.shape[0]):
            mean += weights[k, place] * d_weights[k, place]
        d_a, d_b = 0.0, 0.0
        for k in range(weights.shape[0]):
            spread = weights[k, place] * (d_weights[k, place] - mean)
            d_a += spread * math.log(k + 0.5)
            d_b += spread * (k + 0.5)
        d_routing[0, place] = d_a if routing[0, place] > 0.0 else 0.0
        d_routing[1, place] = d_b / (b * b) if routing[1, place] > 0.0 else 0.0


def flow_before(flow, column, history, series, day, place):
    """Flow of a day, which may lie before the first."""
    return flow[day, column, place] if day >= 0 else history[history.shape[0] + day, series, place]


def route(flow, column, history, series, weights, routed):
    """Column of routed [T, K, B]: convolved flow, or, where series is negative, the flow itself."""
    n = cuda.grid(1)
    places = flow.shape[2]
    if n < flow.shape[0] * places:
        t, place = n // places, n % places
        total = flow[t, column, place]
        if series >= 0:
            total *= weights[0, place]
            for k in range(1, weights.shape[0]):
                total += weights[k, place] * flow_before(flow, column, history, series, t - k, place)
        routed[t, column, place] = total


def remember(flow, column, history, series, kept):
    """kept [L - 1, S, B]: the last days of flow, which the next days need."""
    n = cuda.grid(1)
    places = flow.shape[2]
    if n < kept.shape[0] * places:
        h, place = n // places, n % places
        kept[h, series, place] = flow_before(
            flow, column, history, series, flow.shape[0] - kept.shape[0] + h, place
        )  # fmt: skip


def route_adjoint(d_routed, column, series, weights, d_flow, d_history):
    """Gradient of a column of flow, and of its history."""
    n = cuda.grid(1)
    places, before = d_routed.shape[2], d_history.shape[0]
    if n < (d_routed.shape[0] + before) * places:
        day, place = n // places - before, n % places
        total = 0.0
        if series < 0:
            total += d_routed[max(day, 0), column, place]
        else:
            for k in range(weights.shape[0]):
                if 0 <= day + k < d_routed.shape[0]:
                    total += weights[k, place] * d_routed[day + k, column, place]
        if day >= 0:
            d_flow[day, column, place] = total
        elif series >= 0:
            d_history[before + day, series, place] = total


def weights_adjoint(flow, columns, history, d_routed, d_weights):
    """Gradient of the ordinates [L, B]; columns [S] of the routed series."""
    n = cuda.grid(1)
    places = flow.shape[2]
    if n < d_weights.shape[0] * places:
        k, place = n // places, n % places
        total = 0.0
        for t in range(flow.shape[0]):
            for series in range(columns.shape[0]):
                column = columns[series]
                total += d_routed[t, column, place] * flow_before(flow, column, history, series, t - k, place)
        d_weights[k, place] = total
