"""Simulated flow of given parameters over a period: warm-up, kernels, routing, block by block of places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.routing import unit_hydrograph
from ..kernels.simulate import initial_state, simulate
from .errors import NumericsError

PLACES_AT_ONCE = 512
DAYS_OF_YEAR = 365


@dataclass(frozen=True)
class Parameters:
    """What a model needs to simulate places: its own parameters, the routing's, the number of components.

    values [row, component, place], routing [2, place] (route_a, route_b).
    """

    values: np.ndarray
    routing: np.ndarray

    @property
    def components(self) -> int:
        """Parallel components of each place."""
        return self.values.shape[1]


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


def default_parameters(model: Model, places: int, overrides: dict[str, float] | None = None) -> Parameters:
    """The declared defaults for every place, one component, with some of them replaced by name."""
    overrides = overrides or {}
    values = [overrides.get(variable.name, variable.default) for variable in model.parameters]
    routing = [overrides.get(variable.name, variable.default) for variable in unit_hydrograph.PARAMETERS]
    return Parameters(
        np.repeat(np.array(values)[:, None, None], places, axis=2),
        np.repeat(np.array(routing)[:, None], places, axis=1),
    )


def warmup_index(start: int, warmup: int, days: int) -> np.ndarray:
    """Indices of the warm-up days of a period that begins at day `start` of data with `days` days.

    Days before `start` where the data have them; before the first day the same days of the year of the first year.
    """
    index = np.arange(start - warmup, start)
    return np.where(index < 0, index % min(DAYS_OF_YEAR, days), index)


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

    Simulated with `warmup` days before; those that the data do not have are taken from their first year. Raises
    NumericsError where a flow is not a number.
    """
    flow = np.empty((stop - start, len(source.ids)))
    kept = {name: np.empty(flow.shape, np.float32) for name in stores}
    before = warmup_index(start, warmup, source.axis.count)
    for first in range(0, len(source.ids), PLACES_AT_ONCE):
        places = slice(first, first + PLACES_AT_ONCE)
        block = source.select(source.ids[places])
        series = _simulate_block(block, model, parameters, places, (before, start, stop), stores, precision, threads)
        flow[:, places] = series[:, 0]
        for row, name in enumerate(stores, 1):
            kept[name][:, places] = series[:, row]
    _require_numbers(flow, source, start)
    return flow, kept


def _simulate_block(
    source: Any,
    model: Model,
    parameters: Parameters,
    places: slice,
    period: tuple[np.ndarray, int, int],
    stores: Sequence[str],
    precision: str,
    threads: int,
) -> np.ndarray:
    """Routed flow and stores [time, 1 + store, place] of one block of places over the period behind the warm-up."""
    before, start, stop = period
    forcing = source.forcing(start, stop)
    if len(before):
        # one read that holds every warm-up day, which may wrap around the first year of the data
        low, high = int(before.min()), int(before.max()) + 1
        forcing = np.concatenate((source.forcing(low, high)[before - low], forcing))
    values = parameters.values[:, :, places]
    result = simulate(
        model,
        np.ascontiguousarray(forcing, precision),
        np.ascontiguousarray(values.reshape(len(values), -1), precision),
        initial_state(model, values.shape[1] * values.shape[2], precision),
        geometry=_geometry(model, source, precision),
        outputs=("runoff", *stores),
        threads=threads,
    )
    weights = unit_hydrograph.ordinates(*np.ascontiguousarray(parameters.routing[:, places], precision))
    series = result.outputs
    series[:, :1] = unit_hydrograph.route(np.ascontiguousarray(series[:, :1]), weights)[0]
    return series[len(before) :]


def _geometry(model: Model, source: Any, precision: str) -> np.ndarray | None:
    """Rows of the model's geometry [row, place] from attributes of the same meaning; the default where unknown."""
    if not model.geometry:
        return None
    named = {"upstream_area": "area"}
    rows = []
    for variable in model.geometry:
        known = source.attributes.get(named.get(variable.name, variable.name))
        row = np.full(len(source.ids), np.nan) if known is None else np.asarray(known, float)
        rows.append(np.where(np.isnan(row), variable.default, row))
    return np.ascontiguousarray(rows, precision)


def _require_numbers(flow: np.ndarray, source: Any, start: int) -> None:
    """NumericsError that names the first basin and day whose flow is not a number."""
    bad = ~np.isfinite(flow)
    if bad.any():
        place = int(np.flatnonzero(bad.any(axis=0))[0])
        day = int(np.flatnonzero(bad[:, place])[0])
        raise NumericsError(
            f"simulated flow of basin {source.ids[place]} is not a number from {source.axis.text(start + day)} on: "
            "its parameters or its weather are out of range"
        )
