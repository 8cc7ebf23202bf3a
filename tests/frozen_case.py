"""Columns of frozen soil for the tests: forms, arrays, compiled drivers over cells, random columns."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from freshet.kernels.bind import bind
from freshet.kernels.vic import heat_adjoint, heat_search, node_rows, root, rows, scratch
from freshet.kernels.vic.derive_soil import derive_nodes, derive_soil
from freshet.kernels.vic.derived import DL, D
from freshet.kernels.vic.fluxes import XL
from freshet.kernels.vic.heat_flux import Upper
from freshet.kernels.vic.node_properties import node_properties, node_properties_adjoint
from freshet.kernels.vic.options import options as defaults
from freshet.kernels.vic.parameters import L, P
from freshet.kernels.vic.soil_heat import heat_begin, heat_turn
from freshet.kernels.vic.soil_ice import soil_ice, soil_ice_adjoint
from numba import njit

from problem import plain


@dataclass(frozen=True)
class Form:
    """A form of VIC as kernels/bind.py sees it."""

    label: str
    options: dict[str, Any] = field(compare=False)


@cache
def form(compat: bool = True, brent: bool = False, nodes: int = 10, layers: int = 3) -> Form:
    chosen = {"energy": True, "frozen": True, "compat": compat, "brent": brent, "nodes": nodes, "layers": layers}
    words = f"soil_{compat}_{brent}_{nodes}_{layers}".lower()
    return Form(words, defaults._asdict() | chosen)


class Rows:
    """Rows of a form: those of kernels/vic/rows.py with its options put in."""

    def __init__(self, form: Form):
        def of(function):
            return plain(function, form)

        self.layers, self.nodes = form.options["layers"], form.options["nodes"]
        self.moisture, self.ice, self.temperature = of(rows.moisture_row), of(rows.ice_row), of(rows.node_row)
        self.layer, self.derived, self.depth = of(rows.layer_row), of(rows.derived_layer_row), of(rows.derived_node_row)
        self.node, self.mode, self.spacing = (
            of(node_rows.node),
            of(node_rows.mode_row)(),
            of(rows.derived_row)(D.node_spacing),
        )
        self.layer_temperature = of(rows.flux_layer_row)(XL.layer_temperature, 0)
        self.states, self.parameters = self.temperature(self.nodes), self.depth(self.nodes)
        self.fluxes = of(scratch.heat_row)() + scratch.HEAT_ROWS * self.nodes


class Columns:
    """Arrays of some cells: state, parameter, flux with its scratch rows, and what a step makes of them."""

    def __init__(self, form: Form, count: int, dtype: Any = np.float64):
        self.form, self.count, self.dtype, self.rows = form, count, dtype, Rows(form)
        self.precision = np.dtype(dtype).name
        self.state, self.new_state = (np.zeros((self.rows.states, count), dtype) for _ in range(2))
        self.parameter = np.zeros((self.rows.parameters, count), dtype)
        self.flux = np.zeros((self.rows.fluxes, count), dtype)
        self.surface = np.zeros(count, dtype)
        self.upper = np.zeros((5, count), dtype)
        self.weather = np.zeros((3, count), dtype)
        self.found = np.zeros((8, count), dtype)
        self.search = np.zeros((3, count), dtype)

    def soil(self, dp, **values):
        """Set the parameters of the layers ([layer], or [layer, cell]) and what follows from them."""
        self.parameter[P.dp] = dp
        for name, value in values.items():
            self.layer(getattr(L, name))[:] = np.reshape(value, (self.rows.layers, -1))
        _derive(self.form, self.precision)(self.parameter)

    def block(self, block: int) -> np.ndarray:
        first = self.rows.node(block, 0)
        return self.flux[first : first + self.rows.nodes]

    def nodes(self, state: np.ndarray) -> np.ndarray:
        return state[self.rows.temperature(0) : self.rows.temperature(self.rows.nodes)]

    def ice(self, state: np.ndarray) -> np.ndarray:
        return state[self.rows.ice(0) : self.rows.ice(self.rows.layers)]

    @property
    def moisture(self) -> np.ndarray:
        return self.state[self.rows.moisture(0) : self.rows.moisture(self.rows.layers)]

    def layer(self, quantity: int) -> np.ndarray:
        first = self.rows.layer(quantity, 0)
        return self.parameter[first : first + self.rows.layers]

    @property
    def porosity(self) -> np.ndarray:
        first = self.rows.derived(DL.porosity, 0)
        return self.parameter[first : first + self.rows.layers]

    def step(self, turns: int = 0, lagged: bool = False):
        """Step at the given surface temperatures with so many turns; 0: search for them too (self.search)."""
        _forward(self.form, self.precision)(
            self.state, self.parameter, self.new_state, self.flux, self.surface, self.upper, self.weather,
            self.found, self.search, turns, lagged, self.rows.temperature(0), self.rows.mode,
        )  # fmt: skip
        return self

    def reverse(self, d_new_state: np.ndarray, d_layers: np.ndarray, d_out: np.ndarray) -> dict[str, np.ndarray]:
        """Gradients after step, of the new state, the layers' temperatures and G, dH and fusion; at fixed surface."""
        new = {name: np.zeros_like(getattr(self, name)) for name in ("state", "parameter", "surface", "upper")}
        d_new_state, d_flux = d_new_state.copy(), np.zeros_like(self.flux)
        d_flux[self.rows.layer_temperature : self.rows.layer_temperature + self.rows.layers] = d_layers
        seed = np.zeros_like(self.surface)
        _reverse(self.form, self.precision)(
            self.state, self.parameter, self.new_state, self.flux, self.surface, self.upper, d_new_state, d_flux,
            d_out, new["state"], new["parameter"], new["surface"], new["upper"], seed,
        )  # fmt: skip
        return new | {"seed": seed}


@cache
def _derive(form: Form, precision: str):
    soil, nodes = bind(derive_soil, form, precision), bind(derive_nodes, form, precision)

    @njit
    def run(parameter):
        for i in range(parameter.shape[1]):
            soil(parameter, i)
            nodes(parameter, i)

    return run


@cache
def _forward(form: Form, precision: str):
    properties, begin, turn, ice = (bind(f, form, precision) for f in (
        node_properties, heat_begin, heat_turn, soil_ice))  # fmt: skip
    start, follow = bind(root.root_begin, form, precision), bind(root.root_next, form, precision)
    step, follow_jointly = (bind(f, form, precision) for f in (heat_search.surface_step, heat_search.joint_next))
    number = np.dtype(precision).type
    brent, one, far, four, kelvin = form.options["brent"], number(1), number(1e30), number(4), number(273.15)
    emission, zero = number(0.97 * 5.67e-8), number(0)

    @njit(error_model="numpy")
    def run(
        state, parameter, new_state, flux, surface, upper, weather, found, search, turns, lagged, first_node, mode
    ):  # fmt: skip
        for i in range(surface.size):
            properties(state, state, parameter, flux, i)
            begin(flux, i)
            if lagged:
                flux[mode, i] = one
            given = Upper(upper[0, i], upper[1, i], upper[2, i], upper[3, i], upper[4, i])
            x = surface[i]
            if turns == 0:
                middle = (state[first_node, i] + weather[1, i]) / number(2) if brent else state[first_node, i]
                root = start(middle - one, middle + one, state[first_node, i], far)
                x = root.x
            taken = 0
            last = False
            while True:
                soil = turn(parameter, new_state, flux, i, x, given)
                taken += 1
                if turns > 0:
                    if taken == turns:
                        break
                    continue
                # a surface of given radiation, air temperature and exchange with the air
                absolute = x + kelvin
                lost = emission * absolute * absolute * absolute * absolute
                exchange = weather[2, i]
                value = weather[0, i] - lost + exchange * (weather[1, i] - x)
                value += soil.ground + soil.storage + soil.fusion
                slope = soil.ground_slope + soil.storage_slope + soil.fusion_slope - four * lost / absolute - exchange
                search[0, i], search[1, i] = taken, value
                if last:
                    break
                if brent:
                    root = follow(root, value, slope)
                else:
                    change = step(parameter, new_state, flux, i, x, given, value, slope)
                    root = follow_jointly(root, value, change, soil.size, soil.fallback)
                x = root.x
                search[2, i] = root.failed
                last = root.done > zero
            surface[i] = x
            for k, value_of in enumerate(soil):
                found[k, i] = value_of
            ice(new_state, state, parameter, flux, new_state, i)

    return run


@cache
def _reverse(form: Form, precision: str):
    tangent, seed_of, reverse = (bind(f, form, precision) for f in (
        heat_adjoint.heat_tangent, heat_adjoint.node_seed, heat_adjoint.heat_adjoint))  # fmt: skip
    properties, ice = bind(node_properties_adjoint, form, precision), bind(soil_ice_adjoint, form, precision)

    @njit(error_model="numpy")
    def run(
        state, parameter, new_state, flux, surface, upper, d_new_state, d_flux, d_out, d_state, d_parameter,
        d_surface, d_upper, seed,
    ):  # fmt: skip
        for i in range(surface.size):
            given = Upper(upper[0, i], upper[1, i], upper[2, i], upper[3, i], upper[4, i])
            ice(new_state, state, parameter, d_flux, d_new_state, d_new_state, d_state, d_parameter, i)
            soil = tangent(parameter, new_state, flux, i, surface[i], given)
            seed[i] = seed_of(flux, d_new_state, i) + soil.ground_slope * d_out[0, i]
            seed[i] += soil.storage_slope * d_out[1, i] + soil.fusion_slope * d_out[2, i]
            d_surface[i], d_given = reverse(
                parameter, new_state, flux, d_new_state, d_flux, d_parameter, i, surface[i], given,
                d_out[0, i], d_out[1, i], d_out[2, i],
            )  # fmt: skip
            for k, value_of in enumerate(d_given):
                d_upper[k, i] = value_of
            properties(state, parameter, flux, d_flux, d_state, d_state, d_parameter, i)

    return run


def random_columns(form: Form, count: int, dtype: Any = np.float64, seed: int = 0, wild: bool = False) -> Columns:
    """Columns around freezing with weather; wild: over all bounds, with ties, empty and full soils."""
    rng = np.random.default_rng(seed)
    columns = Columns(form, count, dtype)
    size = (columns.rows.layers, count)
    columns.soil(
        dp=rng.uniform(0.5, 20.0, count) if wild else rng.uniform(1.0, 8.0, count),
        depth=rng.uniform(0.01, 3.0, size) if wild else rng.uniform(0.05, 1.5, size),
        bulk_density=rng.uniform(100, 2300, size) if wild else rng.uniform(900, 1900, size),
        soil_density=rng.uniform(2300, 2700, size),
        quartz=rng.uniform(0, 1, size),
        expt=rng.uniform(3.1, 40, size) if wild else rng.uniform(3.5, 30, size),
        bubble=rng.uniform(1, 500, size) if wild else rng.uniform(2, 60, size),
    )
    nodes = (columns.rows.nodes, count)
    decay = np.exp(-np.linspace(0, 3, nodes[0]))[:, None]
    temperature = rng.normal(2, 4, count) + rng.normal(-3, 5, count) * decay + rng.normal(0, 0.3, nodes)
    share = rng.uniform(0.05, 1.0, size) ** 0.7
    if wild:
        temperature = np.where(rng.random(nodes) < 0.3, rng.choice([0.0, -1e-6, -1e-3, -0.01], nodes), temperature)
        temperature[:, ::3] *= 5.0
        share = np.where(rng.random(size) < 0.2, rng.choice([0.0, 1e-7, 1e-3, 1.0], size), share)
    columns.nodes(columns.state)[:] = temperature
    columns.moisture[:] = 1000.0 * columns.layer(L.depth) * columns.porosity * share
    columns.surface[:] = columns.nodes(columns.state)[0] + rng.normal(0, 10 if wild else 3, count)
    columns.upper[:] = np.stack([
        rng.uniform(0.05, 3, count), rng.uniform(0.05, 3, count), rng.uniform(5e5, 4e6, count),
        rng.uniform(0, 1, count), np.full(count, 10800.0),
    ])  # fmt: skip
    columns.weather[:] = np.stack([
        rng.uniform(200, 700, count), temperature[0] + rng.normal(0, 5, count), rng.uniform(2, 60, count)
    ])  # fmt: skip
    return columns
