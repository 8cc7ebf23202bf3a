"""Simulated flow of given parameters over a period: warm-up, kernels, routing, block by block of places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.routed import simulate_routed
from ..kernels.simulate import initial_state
from .errors import NumericsError
from .geometry import geometry
from .parameters import Parameters
from .warmup import warmup_days

PLACES_AT_ONCE = 512


@dataclass(frozen=True)
class Flow:
    """One model's flow over the period compared.

    label in tables and pictures, origin: which file or parameters; streamflow [time, place] mm d-1;
    stores by name [time, place] mm, where known; notes: what a reader of the scores should know.
    """

    label: str
    origin: str
    streamflow: np.ndarray
    stores: dict[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """Days start to stop of a source, and the indices of the warm-up days before them."""

    start: int
    stop: int
    warmup: np.ndarray

    def values(self, series: np.ndarray) -> np.ndarray:
        """Those of warm-up and period, of a series [time, ...] of all days."""
        return np.concatenate((series[self.warmup], series[self.start : self.stop]))

    def forcing(self, source: Any) -> np.ndarray:
        """Weather of warm-up and period, [time, row, place]."""
        period = source.forcing(self.start, self.stop)
        if not len(self.warmup):
            return period
        # one read that holds every warm-up day, which may be repeated from the first year of the data
        low, high = int(self.warmup.min()), int(self.warmup.max()) + 1
        return np.concatenate((source.forcing(low, high)[self.warmup - low], period))


def simulate_period(
    source: Any,
    model: Model,
    parameters: Parameters,
    start: int,
    stop: int,
    *,
    warmup: int = 365,
    stores: Sequence[str] = (),
    precision: str = "float32",
    threads: int = 1,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Streamflow [time, place] mm d-1 and the stores asked for [time, place] mm, of days start to stop of the source.

    Simulated with `warmup` days before, as freshet run does. Raises NumericsError where a flow is not a number.
    """
    flow = np.empty((stop - start, len(source.ids)))
    kept = {name: np.empty(flow.shape, np.float32) for name in stores}
    period = Period(start, stop, warmup_days(source.axis, start, warmup))
    for first in range(0, len(source.ids), PLACES_AT_ONCE):
        places = slice(first, first + PLACES_AT_ONCE)
        block = source.select(source.ids[places])
        own = Parameters(parameters.values[:, :, places], parameters.routing[:, places])
        series = _simulate_block(block, model, own, period, stores, precision, threads)
        flow[:, places] = series[:, 0]
        for row, name in enumerate(stores, 1):
            kept[name][:, places] = series[:, row]
    require_numbers(flow, source, start)
    return flow, kept


def _simulate_block(
    source: Any,
    model: Model,
    parameters: Parameters,
    period: Period,
    stores: Sequence[str],
    precision: str,
    threads: int,
) -> np.ndarray:
    """Routed flow and stores [time, 1 + store, place] of one block of places over the period behind the warm-up."""
    result = simulate_routed(
        model,
        np.ascontiguousarray(period.forcing(source), precision),
        parameters.cells(precision),
        np.ascontiguousarray(parameters.routing, precision),
        initial_state(model, parameters.components * len(source.ids), precision),
        geometry=geometry(model, source, precision)[0],
        outputs=("streamflow", *stores),
        threads=threads,
    )
    return result.outputs[len(period.warmup) :]


def require_numbers(flow: np.ndarray, source: Any, start: int) -> None:
    """NumericsError that names the first basin and day whose flow is not a number."""
    bad = ~np.isfinite(flow)
    if bad.any():
        place = int(np.flatnonzero(bad.any(axis=0))[0])
        day = int(np.flatnonzero(bad[:, place])[0])
        raise NumericsError(
            f"simulated flow of basin {source.ids[place]} is not a number from {source.axis.text(start + day)} on: "
            "its parameters or its weather are out of range"
        )
