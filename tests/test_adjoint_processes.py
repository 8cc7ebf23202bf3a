"""Every process pair (f, f_adjoint) of every model: the adjoint is the transpose of the exact tangent."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from freshet.kernels.registry import MODELS, forms, model

from dual import Dual, dual
from problem import plain, ranges

# Plausible ranges of arguments that are no parameters: stores and fluxes in mm, temperatures in degC.
RANGES = {"temperature": (-8.0, 8.0), "threshold": (-2.5, 4.0), "area": (10.0, 4000.0), "potential": (0.0, 8.0)}
# Shares, and capacities of the size of the stores.
RANGES |= {name: (0.0, 1.0) for name in ("fraction", "frozen", "refrozen", "thawed", "passing", "day_length")}
RANGES |= {name: (0.0, 60.0) for name in ("wcap", "wava", "wmin", "wmax", "size")}
RANGES |= {"limit": (-2.5, 4.0), "capacity": (0.0, 80.0), "rainf_lower": (-4.0, 0.0), "snowf_upper": (0.0, 4.0)}
STORE = (0.0, 60.0)


def pairs() -> list:
    """Processes of scalars only; those of models with several passes take bundles and rows, and have own tests."""
    found = []
    for name in MODELS:
        if any(form.later for form in forms(name)):
            continue
        package = importlib.import_module(f"freshet.kernels.{name}")
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for label, function in inspect.getmembers(module, inspect.isfunction):
                reverse = getattr(module, f"{label}_adjoint", None)
                if function.__module__ == module.__name__ and reverse is not None and label != "column":
                    found.append(pytest.param(name, function, reverse, id=f"{name}-{label}"))
    return found


def draw(names: list[str], name: str, rng: np.random.Generator) -> list[float]:
    largest = max(forms(name), key=lambda form: len(form.parameters))
    bounds = ranges(largest) | RANGES

    def value(argument: str) -> float:
        if argument not in bounds and rng.random() < 0.25:
            return 10.0 ** rng.uniform(-9.0, -4.0)  # nearly empty: the lower limits of the stores, both sides
        return rng.uniform(*bounds.get(argument, STORE))

    return [value(argument) for argument in names]


@pytest.mark.parametrize(("name", "function", "reverse"), pairs())
def test_adjoint_is_the_transpose_of_the_tangent(name, function, reverse):
    rng = np.random.default_rng(5)
    forward, backward = plain(function, model(name)), plain(reverse, model(name))
    names = list(inspect.signature(function).parameters)
    fixed = [i for i, argument in enumerate(names) if argument == "area"]
    assert list(inspect.signature(reverse).parameters)[: len(names)] == names
    for _ in range(300):
        x, direction = draw(names, name, rng), rng.normal(size=len(names))
        direction[fixed] = 0.0
        tangents = forward(*(Dual(value, d) for value, d in zip(x, direction, strict=True)))
        tangents = [dual(t).tangent for t in (tangents if isinstance(tangents, tuple) else (tangents,))]
        cotangent = rng.normal(size=len(tangents))
        transposed = np.atleast_1d(np.array(backward(*x, *cotangent), float))
        left, right = float(cotangent @ tangents), float(transposed @ direction)
        assert left == pytest.approx(right, rel=1e-10, abs=1e-9), dict(zip(names, x, strict=True))
