"""Random but plausible runs of any registered model, for the contract tests."""

import types
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from freshet.kernels.bind import rebuild
from freshet.kernels.model import Model
from freshet.kernels.registry import MODELS, forms
from freshet.kernels.simulate import initial_state, simulate, simulate_adjoint
from freshet.kernels.variable import Variable

from vic_problem import vic_arrays

ALL_FORMS = [form for name in MODELS for form in forms(name)]


def is_searching(model: Model) -> bool:
    """Whether a step searches for roots (it counts the searches that fail): slopes are those at the root then, which
    the iterations of plain Python with dual numbers only come near."""
    return bool(model.counts)


# Parameters whose declared bounds hold all that is thinkable, drawn from what is usual instead.
USUAL = {
    "wcap": (50.0, 600.0),
    "wava": (30.0, 500.0),
    "wmin": (0.0, 60.0),
    "wmax": (100.0, 900.0),
    "beta_oro": (0.01, 2.0),
    "qsb_exp": (0.5, 3.0),
    "frc_liquid": (0.0, 0.2),
    "melt_crit": (-1.0, 1.0),
    "t_refreeze": (-1.0, 1.0),
    "rainf_lower": (-3.0, 0.0),
    "snowf_upper": (1.0, 5.0),
    "skincap1": (0.05, 0.5),
    "ddfac": (1.0, 8.0),
}


def name_of(model: Model) -> str:
    return model.label


def ranges(model: Model) -> dict[str, tuple[float, float]]:
    """Bounds to draw each parameter from: of the training where there are any, of USUAL, or the declared ones."""
    declared = {v.name: USUAL.get(v.name, (v.low, v.high)) for v in model.parameters}
    return declared | {v.name: (v.low, v.high) for v in model.trainable}


def two_parameters(model: Model) -> tuple[str, str]:
    """Parameters to vary by the day."""
    return model.parameters[0].name, model.parameters[2].name


def plain(function: types.FunctionType, model: Model) -> types.FunctionType:
    """The function with the options of one form, still plain Python, so that it takes dual numbers."""

    def callee(inner):
        generic = inner.__name__.removesuffix("_float64")
        if generic != inner.__name__ and generic in inner.__globals__:
            return inner.__globals__[generic]
        return plain(inner, model)

    return rebuild(function, model, "float64", callee, {})


def seasonal_forcing(model: Model, days: int, places: int, rng: np.random.Generator) -> np.ndarray:
    """Forcing [time, row, place]: wet and dry days, a seasonal cycle that crosses freezing, dry spells."""
    season = np.sin(2 * np.pi * np.arange(days) / 365.0)[:, None]
    rain = rng.gamma(0.6, 9.0, (days, places)) * (rng.random((days, places)) < 0.45)
    warmth = 4.0 + 11.0 * season + rng.normal(0, 3, (days, places))
    known = {
        "precipitation": rain,
        "air_temperature": warmth,
        "potential_evaporation": np.maximum(0.0, 2.5 + 2.5 * season + rng.normal(0, 0.5, (days, places))),
        "day_length": np.broadcast_to(0.5 + 0.2 * season, (days, places)),
        "vegetation_fraction": 0.5 + 0.5 * np.sin(np.arange(places)) + 0.2 * season,
        "leaf_area_index": np.maximum(0.0, 2.5 + 3.0 * season + np.cos(np.arange(places))),
    }
    return np.stack([known[variable.name] for variable in model.forcings], 1)


def geometry(high: float, places: int) -> np.ndarray:
    """Sizes that lie on both sides of HBV's thresholds, or shares from nearly 0 to 1."""
    return np.linspace(1e-10, 1.0, places) ** 2 if high <= 1.0 else 300.0 + 900.0 * np.arange(places)


def random_arrays(model: Model, days: int, places: int, components: int, rng: np.random.Generator) -> dict:
    """Forcing, parameters, state and geometry: numbers within bounds that need not fit each other."""
    cells, bounds = places * components, ranges(model)
    return {
        "forcing": seasonal_forcing(model, days, places, rng),
        "parameters": np.stack([rng.uniform(*bounds[variable.name], cells) for variable in model.parameters]),
        "state": initial_state(model, cells, np.float64) + rng.uniform(0, 40, (len(model.states), cells)),
        "geometry": np.array([geometry(v.high, places) for v in model.geometry]).reshape(-1, places),
    }


# Models whose arrays have to fit each other.
OWN = {"vic": vic_arrays}


@dataclass
class Problem:
    """Arguments of simulate for one model, with everything random from one seed."""

    model: Model
    days: int = 60
    places: int = 3
    components: int = 2
    dtype: Any = np.float64
    seed: int = 0
    dynamic_names: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        rng = np.random.default_rng(self.seed)
        model, cells = self.model, self.places * self.components
        self.outputs = self.outputs or tuple(variable.name for variable in model.outputs)
        arrays = OWN.get(model.name, random_arrays)(model, self.days, self.places, self.components, rng)
        bounds = ranges(model)
        self.arrays = arrays | {
            "weights": rng.dirichlet(np.ones(self.components), self.places).T,
            "dynamic": np.stack(
                [rng.uniform(*bounds[name], (self.days, cells)) for name in self.dynamic_names]
                or [np.zeros((self.days, cells))],
                1,
            ),
        }
        self.arrays = {name: np.ascontiguousarray(a, dtype=self.dtype) for name, a in self.arrays.items()}

    @property
    def fits(self) -> bool:
        """Whether the arrays fit each other and are therefore changed in proportion only."""
        return self.model.name in OWN

    def declared(self, name: str) -> tuple[Variable, ...]:
        """The variables of an array's rows."""
        known = {"forcing": self.model.forcings, "parameters": self.model.parameters, "state": self.model.states}
        return known.get(name, ())

    def direction(self, name: str, rng: np.random.Generator) -> np.ndarray:
        """A random change of an array, none of what is discrete; where arrays have to fit, in proportion to them."""
        found = rng.normal(size=self.arrays[name].shape)
        if self.fits:
            found = found * self.arrays[name]
        fixed = [row for row, variable in enumerate(self.declared(name)) if variable.discrete]
        (found.swapaxes(0, 1) if name == "forcing" else found)[fixed] = 0.0
        return found

    def cotangents(self, done, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Random gradients of the outputs and the final state; where units differ, in proportion to the rows' sizes."""
        found = rng.normal(size=done.outputs.shape), rng.normal(size=done.state.shape)
        if self.fits:
            sizes = np.abs(done.outputs).max((0, 2), initial=1e-3)[:, None], np.abs(done.state).max(1, initial=1e-3)
            found = found[0] / sizes[0], found[1] / sizes[1][:, None]
        return tuple(values.astype(self.dtype) for values in found)

    def options(self, **changed: Any) -> dict[str, Any]:
        arrays = self.arrays | changed
        return {
            "dynamic": arrays["dynamic"] if self.dynamic_names else None,
            "dynamic_names": self.dynamic_names,
            "geometry": arrays["geometry"] if self.model.geometry else None,
            "weights": arrays["weights"],
            "outputs": self.outputs,
        }

    def run(self, changed: dict[str, np.ndarray] | None = None, **options: Any):
        arrays = self.arrays | (changed or {})
        fixed = self.options(**arrays)
        return simulate(self.model, arrays["forcing"], arrays["parameters"], arrays["state"], **{**fixed, **options})

    def reverse(self, done, d_outputs: np.ndarray, d_state: np.ndarray, **options: Any):
        return simulate_adjoint(
            self.model,
            done,
            self.arrays["forcing"],
            self.arrays["parameters"],
            d_outputs,
            d_state,
            **{**self.options(), "want_forcing": True, "want_weights": True, **options},
        )

    def gradients(self, d_outputs: np.ndarray, d_state: np.ndarray) -> dict[str, np.ndarray]:
        """Gradient of sum(outputs d_outputs) + sum(state d_state) with respect to every array."""
        found = self.reverse(self.run(checkpoints=True), d_outputs, d_state)
        by_name = {"forcing": found.forcing, "parameters": found.parameters, "state": found.state}
        by_name["weights"] = found.weights
        if self.dynamic_names:
            by_name["dynamic"] = found.dynamic
        return by_name
