"""Flow of trained networks that read the weather of every day, over a period of a source."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..nn.batches import Series
from ..nn.build_network import build_physics
from ..nn.correction import Corrected
from ..nn.prediction import simulate
from ..nn.weather import reads
from .evaluation_flow import PLACES_AT_ONCE, Period, require_numbers
from .geometry import geometry
from .training_checkpoint import static_parameters, trained_network
from .training_data import phase_of_year
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
    """Streamflow [time, place] mm d-1 and the stores asked for [time, place] mm; None where nothing varies by day.

    days: first, and behind the last. InputError where the checkpoint cannot be used here, NumericsError where a flow
    is not a number.
    """
    network, _, _, made = trained_network(path, source, settings.model, settings.data)
    if reads(network) != "days" and not isinstance(network, Corrected):
        return None
    torch.set_num_threads(threads)
    period = Period(*days, warmup_days(source.axis, days[0], warmup))
    kind = made["network"]["kind"]
    names = [] if kind == "streamflow" else list(stores)
    outputs = ("streamflow", *names)
    physics = build_physics(kind, settings.model, made["model"]["components"], outputs=outputs, threads=threads)
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


def _simulate_block(path: Path, source: Any, settings: Any, period: Period, physics: Any) -> np.ndarray:
    """Outputs [time, output, place] of one block of places over the period behind the warm-up."""
    network, inputs, numbers, made = trained_network(path, source, settings.model, settings.data)
    forcing = torch.from_numpy(period.forcing(source)).to(inputs.dtype)
    rows = geometry(settings.model, source, settings.run.precision)[0]
    own = torch.empty((0, len(source.ids))) if rows is None else torch.from_numpy(rows)
    phase = torch.from_numpy(period.values(phase_of_year(source.axis))).to(inputs.dtype)
    series = Series(forcing, forcing[:, 0], inputs, own.to(inputs.dtype), phase=phase)
    found = static_parameters(path, network, inputs, numbers, made, source)
    begin = len(period.warmup)
    return simulate(network, physics, series, found, (0, begin, len(forcing))).numpy()
