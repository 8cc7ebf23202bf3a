"""Flow of trained networks that read the weather of every day, over a period of a source."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..nn.batches import Series
from ..nn.physics import Physics
from ..nn.prediction import reads, simulate
from .evaluation_flow import PLACES_AT_ONCE, Period, require_numbers
from .geometry import geometry
from .training_checkpoint import static_parameters, trained_network
from .warmup import warmup_days


def simulate_daily(
    path: Path,
    source: Any,
    settings: Any,
    days: tuple[int, int],
    *,
    warmup: int,
    stores: Sequence[str] = (),
    threads: int = 1,
) -> tuple[np.ndarray, dict[str, np.ndarray]] | None:
    """Streamflow [time, place] mm d-1 and the stores asked for [time, place] mm; None where no parameter varies by day.

    days: first, and behind the last. InputError where the checkpoint cannot be used here, NumericsError where a flow
    is not a number.
    """
    network = trained_network(path, source, settings.model, settings.data)[0]
    if reads(network) != "days":
        return None
    torch.set_num_threads(threads)
    period = Period(*days, warmup_days(source.axis, days[0], warmup))
    names = list(stores)
    physics = Physics(settings.model, network.components, ("streamflow", *names), threads=threads)
    flow = np.empty((days[1] - days[0], len(source.ids)))
    kept = {name: np.empty(flow.shape, np.float32) for name in names}
    for first in range(0, len(source.ids), PLACES_AT_ONCE):
        places = slice(first, first + PLACES_AT_ONCE)
        block = source.select(source.ids[places])
        found = _simulate_block(path, block, settings, period, physics)
        flow[:, places] = found[:, 0]
        for row, name in enumerate(names, 1):
            kept[name][:, places] = found[:, row]
    require_numbers(flow, source, days[0])
    return flow, kept


def _simulate_block(path: Path, source: Any, settings: Any, period: Period, physics: Physics) -> np.ndarray:
    """Outputs [time, output, place] of one block of places over the period behind the warm-up."""
    network, inputs, numbers, made = trained_network(path, source, settings.model, settings.data)
    forcing = torch.from_numpy(period.forcing(source)).to(inputs.dtype)
    rows = geometry(settings.model, source, settings.run.precision)[0]
    own = torch.empty((0, len(source.ids))) if rows is None else torch.from_numpy(rows)
    series = Series(forcing, forcing[:, 0], inputs, own.to(inputs.dtype))
    found = static_parameters(path, network, inputs, numbers, made, source)
    begin = len(period.warmup)
    return simulate(network, physics, series, found, (0, begin, len(forcing))).numpy()
