"""Residuals of the water balance in one pass over what a simulation leaves, in float64 and in one fixed order."""

from functools import partial
from typing import NamedTuple

import numpy as np

from .network.compiled import compiled
from .threads import run_all

# Places whose sums lie in the nearest cache while a day's rows are read.
WIDTH = 256


class Rows(NamedTuple):
    """Rows of the outputs: fluxes that enter (sign 1) or leave (-1), states with the mm of their units, the runoff."""

    fluxes: np.ndarray
    signs: np.ndarray
    states: np.ndarray
    units: np.ndarray
    runoff: int


class Sums(NamedTuple):
    """float64 [place], mm, carried on: gain from all fluxes, runoff less streamflow, all that entered, the largest
    residual of a day, and the water stored before the next day."""

    net: np.ndarray
    delay: np.ndarray
    inflow: np.ndarray
    largest: np.ndarray
    stored: np.ndarray


def add_days(
    outputs: np.ndarray,
    routed: np.ndarray | None,
    rows: Rows,
    sums: Sums,
    rounding: float,
    least: float,
    tolerance: float,
    threads: int = 1,
) -> bool:
    """Add the days of outputs [time, output, place] to the sums, in place; whether all days are in order.

    A day is where every output is a number and |residual| <= tolerance, or, where tolerance is 0, the larger of `least`
    and rounding * (water stored before + water moved). routed [time, series, place], None = not routed: its first
    series is the runoff after routing. Every place's sums have the same bits however places, days and threads are cut.
    """
    places = outputs.shape[2]
    flow, flow_row = (outputs, rows.runoff) if routed is None else (routed, 0)
    share = max(WIDTH, -(-places // max(1, threads)))
    sound: list[bool] = []

    def work(begin: int) -> None:
        end = min(begin + share, places)
        sound.append(_add_days(outputs, flow, flow_row, *rows, *sums, rounding, least, tolerance, begin, end))

    run_all([partial(work, begin) for begin in range(0, places, share)])
    return all(sound)


@compiled
def _add_days(
    outputs, flow, flow_row, fluxes, signs, states, units, runoff, net, delay, inflow, largest, stored, rounding, least,
    tolerance, begin, end,
):  # fmt: skip
    gain, moved, entered, held = np.empty(WIDTH), np.empty(WIDTH), np.empty(WIDTH), np.empty(WIDTH)
    sound = True
    for first in range(begin, end, WIDTH):
        # Unsigned indices need no test for being negative, which would keep the loops from being vector code.
        base, size = np.uint64(first), np.uint64(min(WIDTH, end - first))
        for t in range(outputs.shape[0]):
            gain[:] = 0.0
            moved[:] = 0.0
            entered[:] = 0.0
            held[:] = 0.0
            wrong = 0
            for row in range(outputs.shape[1]):
                for i in range(size):
                    value = outputs[t, row, base + i]
                    wrong += int(value - value != 0)
            for k in range(len(fluxes)):
                row, sign = fluxes[k], signs[k]
                for i in range(size):
                    value = sign * np.float64(outputs[t, row, base + i])
                    gain[i] += value
                    moved[i] += abs(value)
                    entered[i] += value if value > 0.0 else 0.0
            for k in range(len(states)):
                row, unit = states[k], units[k]
                for i in range(size):
                    held[i] += unit * np.float64(outputs[t, row, base + i])
            for i in range(size):
                place = base + i
                residual = abs(gain[i] - (held[i] - stored[place]))
                bound = rounding * (stored[place] + moved[i])
                allowed = tolerance if tolerance != 0.0 else (bound if bound > least else least)
                wrong += int(not residual <= allowed)
                largest[place] = residual if residual > largest[place] else largest[place]
                net[place] += gain[i]
                inflow[place] += entered[i]
                delay[place] += np.float64(outputs[t, runoff, place]) - np.float64(flow[t, flow_row, place])
                stored[place] = held[i]
            if wrong > 0:
                sound = False
    return sound


@compiled
def add_volumes(flow, total):
    """Add daily flows [time, node], m3 s-1, to volumes [node], m3 float64, day after day."""
    for t in range(flow.shape[0]):
        for i in range(flow.shape[1]):
            total[i] += np.float64(flow[t, i]) * 86400.0
