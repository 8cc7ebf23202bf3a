"""The arguments that a simulation and its adjoint share: checked, with the defaults filled in."""

from collections.abc import Sequence

import numpy as np

from .aligned import zeros
from .loops.cpu import WIDTH
from .model import Model
from .variable import row_of


class Call:
    """Arrays of one call as the loops take them. Raises ValueError where shapes, precisions or names do not fit."""

    def __init__(
        self,
        model: Model,
        forcing: np.ndarray,
        parameters: np.ndarray,
        dynamic: np.ndarray | None,
        dynamic_names: Sequence[str],
        geometry: np.ndarray | None,
        weights: np.ndarray | None,
        weighted: Sequence[str] | None,
        outputs: Sequence[str],
        period: np.ndarray | None,
    ) -> None:
        if forcing.ndim != 3 or parameters.ndim != 2:
            found = f"{list(forcing.shape)} and {list(parameters.shape)}"
            raise ValueError(f"forcing and parameters are {found}, expected [time, row, place] and [row, cell]")
        if forcing.dtype not in (np.float32, np.float64):
            raise ValueError(f"forcing is {forcing.dtype}, expected float32 or float64")
        check_names(model, dynamic_names, weighted)
        self.dtype, self.precision = forcing.dtype, forcing.dtype.name
        self.days, _, self.places = forcing.shape
        self.cells = parameters.shape[1]
        self.require(forcing, "forcing", (self.days, len(model.forcings), self.places))
        self.require(parameters, "parameters", (len(model.parameters), self.cells))
        if self.places == 0 or self.cells == 0 or self.cells % self.places:
            raise ValueError(f"{self.cells} cells are not a multiple of {self.places} places")
        if dynamic is None and dynamic_names:
            raise ValueError(f"dynamic is missing: daily values of {', '.join(dynamic_names)}")
        self.dynamic = np.empty((self.days, 0, 1), self.dtype) if dynamic is None else dynamic
        if dynamic is not None:
            self.require(dynamic, "dynamic", (self.days, len(dynamic_names), self.cells))
        self.dynamic_rows = np.array([row_of(model.parameters, name) for name in dynamic_names], np.int64)
        self.geometry = np.empty((0, self.places), self.dtype) if geometry is None else geometry
        self.require(self.geometry, "geometry", (len(model.geometry), self.places))
        self.rows = np.array([row_of(model.outputs, name) for name in outputs], np.int64)
        self._set_weights(weights, weighted, outputs)
        self._set_period(period)

    def _set_weights(self, weights: np.ndarray | None, weighted: Sequence[str] | None, outputs: Sequence[str]) -> None:
        """Share of each component in each output, [output, component, place]."""
        components = self.cells // self.places
        self.is_weighted = np.array([weighted is None or name in weighted for name in outputs], bool)
        self.weight = np.full((len(outputs), components, self.places), 1 / components, self.dtype)
        if weights is not None and weights.ndim == 3:
            self.require(weights, "weights", self.weight.shape)
            self.weight = weights
        elif weights is not None:
            self.require(weights, "weights", (components, self.places))
            self.weight[self.is_weighted] = weights

    def _set_period(self, period: np.ndarray | None) -> None:
        """Output period of each step, [time], and how many there are."""
        given = np.arange(self.days) if period is None else np.asarray(period)
        whole = given.dtype.kind in "iu"
        if not whole or given.shape != (self.days,) or (self.days and given.min() < 0):
            raise ValueError(f"period must number each of the {self.days} steps from 0 on")
        self.period = np.ascontiguousarray(given, np.int64)
        self.periods = int(given.max()) + 1 if self.days else 0

    def require(self, array: np.ndarray, name: str, shape: tuple[int, ...]) -> None:
        if array.shape != shape or array.dtype != self.dtype or not array.flags.c_contiguous:
            raise ValueError(
                f"{name} is {array.dtype}{list(array.shape)}, expected C-contiguous {self.dtype}{list(shape)}"
            )

    def scratch(self, rows: int) -> np.ndarray:
        return zeros((rows, WIDTH), self.dtype)


def check_names(model: Model, dynamic_names: Sequence[str], weighted: Sequence[str] | None) -> None:
    """ValueError where a daily parameter is named twice, or an unknown output is to be weighted."""
    if len(set(dynamic_names)) < len(dynamic_names):
        raise ValueError(f"a daily parameter is named twice: {', '.join(dynamic_names)}")
    for name in weighted or ():
        row_of(model.outputs, name)
