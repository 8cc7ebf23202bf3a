"""Columns of frozen soil for the tests: forms, arrays, and compiled drivers over cells."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from freshet.kernels.bind import bind
from freshet.kernels.vic import node_rows, rows, scratch
from freshet.kernels.vic.derive_soil import derive_nodes, derive_soil
from freshet.kernels.vic.derived import DL
from freshet.kernels.vic.heat_flux import Upper
from freshet.kernels.vic.node_properties import node_properties
from freshet.kernels.vic.options import options as defaults
from freshet.kernels.vic.parameters import L, P
from freshet.kernels.vic.soil_heat import heat_begin, heat_turn
from numba import njit

from problem import plain


@dataclass(frozen=True, eq=False)
class Form:
    """A form of VIC as kernels/bind.py sees it."""

    label: str
    options: dict[str, Any]


@cache
def form(compat: bool = True, brent: bool = True, nodes: int = 10, layers: int = 3) -> Form:
    chosen = {"energy": True, "frozen": True, "compat": compat, "brent": brent, "nodes": nodes, "layers": layers}
    words = f"soil_{compat}_{brent}_{nodes}_{layers}".lower()
    return Form(words, defaults._asdict() | chosen)


class Rows:
    """Rows of a form, for tests: those of kernels/vic/rows.py with its options put in."""

    def __init__(self, form: Form):
        def of(function):
            return plain(function, form)

        self.layers, self.nodes = form.options["layers"], form.options["nodes"]
        self.moisture, self.ice, self.temperature = of(rows.moisture_row), of(rows.ice_row), of(rows.node_row)
        self.layer, self.derived, self.depth = of(rows.layer_row), of(rows.derived_layer_row), of(rows.derived_node_row)
        self.node, self.flux_layer = of(node_rows.node), of(rows.flux_layer_row)
        self.states = self.temperature(self.nodes)
        self.parameters = self.depth(self.nodes)
        self.fluxes = of(scratch.heat_row)() + node_rows.heat_rows(self.nodes)


@dataclass
class Columns:
    """Arrays of some cells: state, parameter, flux (with scratch rows)."""

    form: Form
    count: int
    dtype: Any = np.float64

    def __post_init__(self):
        self.rows = Rows(self.form)
        self.state = np.zeros((self.rows.states, self.count), self.dtype)
        self.parameter = np.zeros((self.rows.parameters, self.count), self.dtype)
        self.flux = np.zeros((self.rows.fluxes, self.count), self.dtype)

    @property
    def precision(self) -> str:
        return np.dtype(self.dtype).name

    def soil(self, **values):
        """Set the parameters of the layers: each value one number, one for each layer, or [layer, cell]."""
        for name, value in values.items():
            if name == "dp":
                self.parameter[P.dp] = value
                continue
            by_layer = np.broadcast_to(
                np.asarray(value, float).reshape(np.shape(value) or (1,)).T,
                ((self.rows.layers,) if np.ndim(value) < 2 else (self.count, self.rows.layers)),
            ).T
            for k in range(self.rows.layers):
                self.parameter[self.rows.layer(getattr(L, name), k)] = by_layer[k]
        derive(self.form, self.precision)(self.parameter, self.count)

    def node(self, block: int, n: int) -> np.ndarray:
        return self.flux[self.rows.node(block, n)]

    def block(self, block: int) -> np.ndarray:
        first = self.rows.node(block, 0)
        return self.flux[first : first + self.rows.nodes]

    @property
    def temperature(self) -> np.ndarray:
        first = self.rows.temperature(0)
        return self.state[first : first + self.rows.nodes]

    @property
    def moisture(self) -> np.ndarray:
        return self.state[self.rows.moisture(0) : self.rows.moisture(0) + self.rows.layers]

    def layer(self, quantity: int) -> np.ndarray:
        first = self.rows.layer(quantity, 0)
        return self.parameter[first : first + self.rows.layers]

    @property
    def porosity(self) -> np.ndarray:
        first = self.rows.derived(DL.porosity, 0)
        return self.parameter[first : first + self.rows.layers]


@cache
def derive(form: Form, precision: str):
    soil, nodes = bind(derive_soil, form, precision), bind(derive_nodes, form, precision)

    @njit
    def run(parameter, count):
        for i in range(count):
            soil(parameter, i)
            nodes(parameter, i)

    return run


@cache
def properties(form: Form, precision: str):
    one = bind(node_properties, form, precision)

    @njit
    def run(state, parameter, flux):
        for i in range(state.shape[1]):
            one(state, state, parameter, flux, i)

    return run


@cache
def heat_at(form: Form, precision: str):
    """Turns at given surface temperatures; writes new nodes and SoilHeat [field, cell]."""
    begin, turn = bind(heat_begin, form, precision), bind(heat_turn, form, precision)

    @njit
    def run(parameter, new_state, flux, surface, upper, turns, found):
        for i in range(surface.size):
            begin(flux, i)
            for _ in range(turns):
                soil = turn(
                    parameter,
                    new_state,
                    flux,
                    i,
                    surface[i],
                    Upper(upper[0, i], upper[1, i], upper[2, i], upper[3, i], upper[4, i]),
                )
                for k, value in enumerate(soil):
                    found[k, i] = value

    return run


def random_columns(form: Form, count: int, dtype=np.float64, seed: int = 0) -> tuple[Columns, np.ndarray, np.ndarray]:
    """Columns within bounds, around freezing, with trial surface temperatures and Upper's fields [5, cell]."""
    rng = np.random.default_rng(seed)
    columns = Columns(form, count, dtype)
    layers, nodes = columns.rows.layers, columns.rows.nodes
    size = (layers, count)
    bulk = rng.uniform(900, 1900, size)
    columns.soil(
        dp=rng.uniform(1.0, 8.0, count),
        depth=rng.uniform(0.05, 1.5, size),
        bulk_density=bulk,
        soil_density=rng.uniform(2300, 2700, size),
        quartz=rng.uniform(0, 1, size),
        expt=rng.uniform(3.5, 30, size),
        bubble=rng.uniform(2, 60, size),
    )
    decay = np.exp(-np.linspace(0, 3, nodes))[:, None]
    deep = rng.normal(2.0, 4.0, count)
    columns.temperature[:] = deep + rng.normal(-3.0, 5.0, count) * decay + rng.normal(0, 0.3, (nodes, count))
    most = 1000.0 * columns.layer(L.depth) * columns.porosity
    columns.moisture[:] = most * rng.uniform(0.05, 1.0, size) ** 0.7
    columns.moisture[:, ::17] = most[:, ::17]
    surface = columns.temperature[0] + rng.normal(0, 3, count)
    upper = np.stack([
        rng.uniform(0.3, 2.5, count), rng.uniform(0.3, 2.5, count), rng.uniform(1e6, 3.5e6, count),
        rng.uniform(0.2, 1.0, count), np.full(count, 10800.0),
    ])  # fmt: skip
    return columns, surface.astype(dtype), upper.astype(dtype)
