"""All forcing and discharge of a run read once, as a check: what cannot be is refused, the means are told."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..kernels.variable import Variable
from .forcing_reader import require_plausible
from .forcing_rows import rows_read
from .schedule import Schedule
from .tables import Table

YEAR = 365.25
# Rows of a forcing that are no weather.
CLOCK = ("month", "day_of_year")


def data_table(settings: Any, source: Any, schedule: Schedule) -> Table:
    """Means of weather and discharge over the period of the run: lowest, median and highest basin.

    Reads the warm-up days too. InputError where the source refuses its data, or a value is out of all reason.
    """
    rows = settings.model.forcings[: rows_read(source)]  # the model's others are made in the run
    total, observed, flow = np.zeros((len(rows), len(source.ids))), np.zeros(len(source.ids)), np.zeros(len(source.ids))
    for start, stop in _blocks(schedule, schedule.block):
        forcing = source.forcing(start, stop)
        require_plausible(rows, forcing, source, np.arange(start, stop))
        if start >= schedule.start:
            total += forcing.sum(axis=0)
            discharge = source.discharge(start, stop)
            if discharge is not None:
                observed += np.isfinite(discharge).sum(axis=0)
                flow += np.nansum(discharge, axis=0)
    steps = settings.model.steps_per_day
    means = [
        _row(name, *_yearly(values / schedule.count, unit, steps)) for name, unit, values in _quantities(rows, total)
    ]
    return Table(
        "Data", ("mean of", "lowest basin", "median", "highest", "unit"), means + _flow(flow, observed, schedule)
    )


def _blocks(schedule: Schedule, block: int) -> list[tuple[int, int]]:
    """Days on the source's axis: those of the warm-up, then those of the run."""
    low = int(schedule.warmup.min()) if len(schedule.warmup) else schedule.start
    cuts = [*range(min(low, schedule.start), schedule.start, block)]
    cuts += [*range(schedule.start, schedule.start + schedule.count, block), schedule.start + schedule.count]
    return list(pairwise(cuts))


def _flow(flow: np.ndarray, observed: np.ndarray, schedule: Schedule) -> list[tuple[str, ...]]:
    if not observed.any():
        return [("discharge", "", "none", "", "")]
    known = observed > 0
    return [
        _row("discharge", flow[known] / observed[known] * YEAR, "mm a-1"),
        _row("days with discharge", 100 * observed / schedule.count, "%"),
    ]


def _quantities(rows: Sequence[Variable], total: np.ndarray) -> list[tuple[str, str, np.ndarray]]:
    """Name, unit and sum [place] of the weather; sub-steps of a quantity are one: amounts added up, others averaged."""
    found: dict[str, tuple[str, list[np.ndarray]]] = {}
    for row, variable in enumerate(rows):
        stem, _, number = variable.name.rpartition("_")
        found.setdefault(stem if number.isdecimal() else variable.name, (variable.unit, []))[1].append(total[row])
    return [
        (name, unit, np.sum(parts, axis=0) / (1 if unit == "mm" else len(parts)))
        for name, (unit, parts) in found.items()
        if name not in CLOCK
    ]


def _yearly(sums: np.ndarray, unit: str, steps: int) -> tuple[np.ndarray, str]:
    """Means, or yearly sums of water, from sums over the steps of a day."""
    return (sums * YEAR, "mm a-1") if unit in ("mm d-1", "mm") else (sums / steps, unit)


def _row(name: str, values: np.ndarray, unit: str) -> tuple[str, ...]:
    return (name, *(f"{number:.4g}" for number in (values.min(), np.median(values), values.max())), unit)
