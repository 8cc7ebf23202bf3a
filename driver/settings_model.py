"""Checks of settings against the declarations of the model: its form, its parameters, what it can write."""

from typing import Any

from ..kernels.model import Model
from ..kernels.registry import MODELS, forms, model
from .nearest import suggestion
from .setting import Setting
from .setting_value import convert
from .settings_draft import Draft
from .settings_output_check import check_output


def check_model(draft: Draft) -> None:
    """Note what the model asked for does not have; complete `overrides` and the list of output variables."""
    form = _form(draft)
    if form is not None:
        draft.values["parameters", "overrides"] = _overrides(draft, form)
        check_output(draft, form)


def _form(draft: Draft) -> Model | None:
    """The model asked for, or None with the problem noted."""
    name, version, gamma = (draft.value("run", key) for key in ("model", "version", "gamma"))
    if any(("run", key) in draft.failed for key in ("model", "version", "gamma")):
        return None
    if name not in MODELS:
        draft.problem("run", "model", f"unknown model '{name}'{suggestion(name, MODELS)}")
        return None
    try:
        form = model(name, version=version)
    except ValueError as error:
        draft.problem("run", "version", str(error))
        return None
    if not gamma:
        return form
    if model(name, version=version, gamma=True).options == form.options:
        draft.problem("run", "gamma", f"{name} {version} always has it (parameter betaet): leave gamma out")
    return model(name, version=version, gamma=True)


def _overrides(draft: Draft, form: Model) -> dict[str, float]:
    """Checked values of the model parameters that &parameters names."""
    from .parameters import declared

    known = {variable.name: variable for variable in declared(form)}
    values: dict[str, Any] = {}
    for key, raw in draft.extra.items():
        if key not in known:
            draft.problem("parameters", key, _unknown_parameter(key, form, list(known)))
            continue
        variable = known[key]
        setting = Setting("parameters", key, "real", 0.0, "", variable.unit, low=variable.low, high=variable.high)
        try:
            values[key] = convert(setting, raw)
        except ValueError as error:
            draft.problem("parameters", key, f"{error} ({variable.meaning})")
    return values


def _unknown_parameter(key: str, form: Model, known: list[str]) -> str:
    others = [other.label for other in forms(form.name) if key in [variable.name for variable in other.parameters]]
    if others:
        return f"{form.label} has no such parameter; {', '.join(others)} has: change version or gamma in &run"
    return f"{form.label} has no such parameter{suggestion(key, [*known, 'source', 'path'])}"
