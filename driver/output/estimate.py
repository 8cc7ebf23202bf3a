"""How much a run will write, before it runs."""

from typing import Any

import numpy as np

from .frequency import HOURS, frequency
from .streams import ALL, EXTRA, NONE, is_grid, output_names


def estimate(settings: Any, source: Any, days: int) -> list[tuple[str, int]]:
    """What each stream writes, in words, and its bytes without compression, restarts and coordinates."""
    output, itemsize = settings.output, np.dtype(settings.run.precision).itemsize
    step = HOURS // settings.model.steps_per_day
    asked = []
    if not is_grid(source) or output.maps != NONE:
        maps = {"main": (output.variables, output.frequency)}
        maps |= {key: (getattr(output, key), often) for key, often in EXTRA.items() if getattr(output, key)}
        asked += [(names, often, len(source.ids), "") for names, often in maps.values()]
    gauges = source.river.gauges if is_grid(source) and source.river is not None else ()
    if len(gauges) and tuple(output.gauges) != (NONE,):
        names = output_names(output) if tuple(output.gauges) == (ALL,) else output.gauges
        asked.append((names, output.gauge_frequency, len(gauges), f" at {len(gauges)} gauges"))
    return [
        (
            f"{', '.join(names)}{where}; each {often}",
            frequency(often, step).records(days) * columns * len(names) * itemsize,
        )
        for names, often, columns, where in asked
    ]
