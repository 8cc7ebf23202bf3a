"""The gauges of a grid as basins: observed discharge and the mean weather above each, for freshet evaluate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .catchments.source import ROWS, places_of
from .errors import InputError
from .observed_discharge import observations_file, observed_discharge

BLOCK = 366


class GaugedSource:
    """A Source (catchments/source.py) whose basins are those above the gauges of a GridSource.

    source    with a river and gauges
    observed  file of discharge by gauge id
    """

    def __init__(self, source: Any, observed: Path, gauges: Sequence[Any]):
        self.source, self.observed, self.gauges = source, observed, list(gauges)
        self.ids = [gauge.id for gauge in self.gauges]
        self.axis, self.files, self.notes = source.axis, source.files, source.notes
        area = np.array([gauge.upstream_area for gauge in self.gauges])
        self.attributes = {
            "latitude": np.array([gauge.latitude for gauge in self.gauges]),
            "longitude": np.array([gauge.longitude for gauge in self.gauges]),
            "area": 1e-6 * area,
        }

    def discharge(self, start: int, stop: int) -> np.ndarray:
        """Observed discharge [time, gauge], mm d-1 over the upstream area on the network; NaN = gap."""
        return observed_discharge(self.observed, self.gauges, self.axis.slice(start, stop))

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Mean weather above each gauge [time, row, gauge], by land area."""
        weights = self._above()
        whole = np.empty((stop - start, len(ROWS), len(self.ids)), np.float32)
        for begin in range(start, stop, BLOCK):
            end = min(begin + BLOCK, stop)
            whole[begin - start : end - start] = self.source.forcing(begin, end) @ weights
        return whole

    def select(self, ids: Sequence[str]) -> GaugedSource:
        """As Source.select."""
        chosen = [self.gauges[place] for place in places_of(ids, self.ids, "the list of gauges")]
        return GaugedSource(self.source, self.observed, chosen)

    def _above(self) -> np.ndarray:
        """Share of each place in the land above each gauge, float32 [place, gauge]."""
        river = self.source.river
        above = np.zeros((len(river.downstream), len(self.ids)), bool)
        above[[gauge.node for gauge in self.gauges], np.arange(len(self.ids))] = True
        for node in range(len(above) - 1, -1, -1):  # downstream nodes come later: from the mouths upwards
            above[node] |= above[river.downstream[node]]
        drained = np.flatnonzero(river.place >= 0)
        weights = np.zeros((len(self.source.ids), len(self.ids)))
        weights[river.place[drained]] = above[drained]
        weights *= self.source.land_area[:, None]
        return (weights / np.maximum(weights.sum(axis=0), 1e-30)).astype(np.float32)


def gauged(settings: Any, source: Any) -> GaugedSource:
    """The gauges of a grid as the basins to evaluate. InputError where there is none."""
    river = getattr(source, "river", None)
    if river is None or not river.gauges:
        raise InputError(
            f"{settings.path}: the grid has no gauges on a river: name their table and flow directions in &grid"
        )
    return GaugedSource(source, observations_file(settings), river.gauges)
