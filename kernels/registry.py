"""The models by name. A new one is one folder under kernels/ and one line here."""

from importlib import import_module
from typing import Any

from .model import Model

MODELS = {
    "hbv": ".hbv",
    "hydropy": ".hydropy",
    "vic": ".vic",
}

_made: dict[tuple, Model] = {}


def model(name: str, **options: Any) -> Model:
    """The named model in the form that the options ask for; ValueError where there is no such model or form."""
    if name not in MODELS:
        raise ValueError(f"unknown model '{name}', expected one of: {', '.join(MODELS)}")
    key = (name, *sorted(options.items()))
    if key not in _made:
        _made[key] = import_module(MODELS[name], __package__).build(**options)
    return _made[key]


def forms(name: str) -> list[Model]:
    """Every published form of the named model, for contract tests and documentation."""
    return [model(name, **options) for options in own_forms(name)]


def own_forms(name: str) -> tuple[dict[str, Any], ...]:
    """The options of every form that the named model publishes."""
    return import_module(MODELS[name], __package__).FORMS
