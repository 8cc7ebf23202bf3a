"""Discharge of generated basins: HBV with hidden parameters, then what a gauge makes of it."""

import numpy as np

from ...kernels.registry import model
from ...kernels.routing import unit_hydrograph
from ...kernels.simulate import initial_state, simulate
from .basin import Basin
from .keyed_random import GAPS, GAUGE, PER_DAY, normals, uniforms
from .truth import MODEL, routing_names, true_parameters
from .weather import Weather, keep

SPIN_UP = 4  # years before the first, which fill the stores
ERROR = 0.08  # standard deviation of the gauge's daily error, as a share
BROKEN = 0.3  # chance that a gauge fails once in a year
FAILURE = (3, 60)  # days that it then does
PRECISION = np.float32  # that of runs and training by default, so that nothing more is to be compiled


class Discharge:
    """Discharge by calendar year, with the state of the model carried from year to year.

    Years are always simulated whole and in order from SPIN_UP years before the first: no cut of the days read changes a
    bit. Reading on is one year's work; reading back starts again.
    """

    def __init__(self, weather: Weather, attributes: dict[str, np.ndarray], first_year: int):
        self.weather, self.first_year = weather, first_year
        self.model = model(**MODEL)
        self.parameters = true_parameters(attributes, tuple(variable.name for variable in self.model.parameters))
        self.routing = true_parameters(attributes, routing_names())
        self.hydrograph = unit_hydrograph.ordinates(*self.routing.astype(PRECISION))
        self._years: dict[int, np.ndarray] = {}
        self._restart()

    def true(self, year: int) -> np.ndarray:
        """Discharge without errors, mm d-1, [day, place], of a year."""
        if year in self._years:
            return self._years[year]
        if year < self._next:
            self._restart()
        while self._next <= year:
            flow = self._step(self._next)
            keep(self._years, self._next, flow)
            self._next += 1
        return self._years[year]

    def observed(self, year: int) -> np.ndarray:
        """Discharge as a gauge reports it, mm d-1, [day, place], NaN where it failed."""
        flow = self.true(year).copy()
        for place, basin in enumerate(self.weather.basins):
            flow[:, place] *= _gauge_error(basin, self.weather.seed, year)[: len(flow)]
            begin, end = _failure(basin, self.weather.seed, year, len(flow))
            flow[begin:end, place] = np.nan
        return flow

    def _restart(self) -> None:
        self._next = self.first_year - SPIN_UP
        self._years.clear()
        self._state = initial_state(self.model, self.parameters.shape[1], PRECISION)
        self._history: np.ndarray | None = None

    def _step(self, year: int) -> np.ndarray:
        """Simulate and route one year; leaves the state at its end."""
        weather = self.weather.year(year).astype(PRECISION)
        run = simulate(self.model, weather, self.parameters.astype(PRECISION), self._state)
        self._state = run.state
        routed, self._history = unit_hydrograph.route(run.outputs, self.hydrograph, self._history)
        return routed[:, 0].astype(np.float64)


def _gauge_error(basin: Basin, seed: int, year: int) -> np.ndarray:
    """Factors of mean 1, [day]."""
    first, second = uniforms(seed, basin.number, GAUGE, year, 2 * PER_DAY).reshape(2, PER_DAY)
    return np.exp(ERROR * normals(first, second) - 0.5 * ERROR**2)


def _failure(basin: Basin, seed: int, year: int, length: int) -> tuple[int, int]:
    """First day of the year's gap and the day after it; equal where there is none."""
    fails, when, duration = uniforms(seed, basin.number, GAPS, year, 3).tolist()
    if fails >= BROKEN:
        return 0, 0
    begin = int(when * length)
    return begin, begin + FAILURE[0] + int(duration * (FAILURE[1] - FAILURE[0]))
