"""Checks of settings against the declarations of the model: its form, its parameters, what it can write."""

from collections.abc import Callable
from typing import Any

from ..kernels.model import Model
from ..kernels.registry import MODELS, forms, model, own_forms
from .nearest import suggestion
from .setting import Setting
from .setting_value import convert
from .settings_draft import TABLE, Draft
from .settings_output_check import check_output
from .settings_vic import FORM as VIC_FORM
from .settings_vic import VIC
from .settings_vic_check import vic_options, vic_settings


def check_model(draft: Draft) -> None:
    """Note what the model asked for does not have; complete `overrides` and the list of output variables."""
    form = _form(draft)
    if form is not None:
        draft.values["parameters", "overrides"] = _overrides(draft, form)
        check_output(draft, form)


# Which settings choose the form of a model: group and keys.
CHOICES = {
    "hbv": ("run", ("version", "gamma")),
    "hydropy": ("hydropy", ("melt", "skin", "leakage", "smooth")),
    "vic": ("vic", tuple(setting.key for setting in VIC_FORM)),
}
# All settings that only one model reads.
OWN = {
    **CHOICES,
    "hydropy": ("hydropy", ("melt", "skin", "leakage", "permafrost", "smooth")),
    "vic": ("vic", tuple(setting.key for setting in VIC)),
}


def form_of(name: str, value: Callable[[str, str], Any]) -> Model:
    """The named model in the form that the settings ask for; ValueError where there is no such form."""
    group, keys = CHOICES[name]
    chosen = {key: value(group, key) for key in keys}
    if name == "vic":
        return model(name, **vic_options(chosen))
    # gamma is an addition to one version, not something that the others could be without
    return model(name, **{key: option for key, option in chosen.items() if key != "gamma" or option})


def settings_of(form: Model) -> dict[tuple[str, str], Any]:
    """The settings, by group and key, that ask for one of the published forms."""
    group, _ = CHOICES[form.name]
    found: dict[tuple[str, str], Any] = {("run", "model"): form.name}
    for options in own_forms(form.name):
        if model(form.name, **options).label == form.label:
            asked = vic_settings(options) if form.name == "vic" else options
            found |= {(group, key): value for key, value in asked.items()}
    return found


def _form(draft: Draft) -> Model | None:
    """The model asked for, or None with the problem noted."""
    name = draft.value("run", "model")
    if ("run", "model") in draft.failed:
        return None
    if name not in MODELS:
        draft.problem("run", "model", f"unknown model '{name}'{suggestion(name, MODELS)}")
        return None
    _check_others(draft, name)
    group, keys = CHOICES[name]
    if any((group, key) in draft.failed for key in keys):
        return None
    try:
        form = form_of(name, draft.value)
    except ValueError as error:
        draft.problem(group, keys[0], str(error))
        return None
    if name == "hbv" and draft.value("run", "gamma"):
        version = draft.value("run", "version")
        if model(name, version=version).options == form.options:
            draft.problem("run", "gamma", f"{name} {version} always has it (parameter betaet): leave gamma out")
    return form


def _check_others(draft: Draft, name: str) -> None:
    """Settings of another model that say something: what they ask for would not happen."""
    for other, (group, keys) in OWN.items():
        for key in keys if other != name else ():
            if (group, key) in draft.values and draft.value(group, key) != TABLE[group, key].default:
                draft.problem(group, key, f"is read by model '{other}' only, and the model is '{name}': leave it out")


def _overrides(draft: Draft, form: Model) -> dict[str, float]:
    """Checked values of the model parameters that &parameters names."""
    from .parameters import declared

    # Namelists do not tell capitals from small letters.
    known = {variable.name.lower(): variable for variable in declared(form)}
    values: dict[str, Any] = {}
    for key, raw in draft.extra.items():
        if key not in known:
            draft.problem("parameters", key, _unknown_parameter(key, form, list(known)))
            continue
        variable = known[key]
        setting = Setting("parameters", key, "real", 0.0, "", variable.unit, low=variable.low, high=variable.high)
        try:
            values[variable.name] = convert(setting, raw)
        except ValueError as error:
            draft.problem("parameters", key, f"{error} ({variable.meaning})")
    return values


def _unknown_parameter(key: str, form: Model, known: list[str]) -> str:
    others = [other.label for other in forms(form.name) if key in [variable.name for variable in other.parameters]]
    if others:
        return f"{form.label} has no such parameter; {', '.join(others)} has: change version or gamma in &run"
    return f"{form.label} has no such parameter{suggestion(key, [*known, 'source', 'path'])}"
