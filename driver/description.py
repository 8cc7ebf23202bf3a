"""What freshet knows, as tables: everything comes from the declarations, nothing is written down twice."""

import math
from collections.abc import Iterable

from ..kernels.model import Model
from ..kernels.registry import MODELS, forms
from ..kernels.variable import Variable
from .description_settings import data_tables, namelist_text, setting_table, settings_tables
from .errors import ConfigurationError
from .nearest import suggestion
from .output_variables import ROUTED, WORDS
from .setting_value import literal
from .settings_model import settings_of
from .settings_table import GROUPS, SETTINGS
from .tables import Table, render

SUBJECTS = {
    "models": "the models and their forms",
    "settings": "all settings of a namelist; 'settings run' shows one group",
    "variables": "what a run can write",
    "data": "forms of input data",
    "namelist": "a namelist with every setting, to begin with",
}


def describe(subject: Iterable[str] = (), style: str = "text") -> str:
    """The description of a subject as text, Markdown or JSON. ConfigurationError where the subject is unknown."""
    words = [word.lower() for word in subject]
    if words == ["namelist"]:
        return namelist_text()
    try:
        return render(_tables(words), style)
    except ValueError as error:
        raise ConfigurationError(f"describe {' '.join(words)}: {error}") from None


def _tables(words: list[str]) -> list[Table]:
    if not words:
        rows = [(name, about) for name, about in SUBJECTS.items()]
        rows += [(name, "a model: parameters, states, fluxes, forcing") for name in MODELS]
        return [Table("freshet describe SUBJECT", ("subject", "what it shows"), rows)]
    first, rest = words[0], words[1:]
    if first == "settings":
        return settings_tables(rest)
    if rest:
        raise ValueError("expected one subject, or 'settings' and the name of a group")
    if first == "models":
        return [_models_table(name) for name in MODELS]
    if first == "variables":
        return [table for name in MODELS for table in _variables_tables(name)]
    if first == "data":
        return data_tables()
    if first in MODELS:
        return _model_tables(forms(first))
    return _named_tables(first)


def _named_tables(word: str) -> list[Table]:
    """Tables of a form of a model, a group, a key or a quantity."""
    labels = {form.label: form for name in MODELS for form in forms(name)}
    if word in labels:
        return _model_tables([labels[word]])
    if word.lstrip("&") in GROUPS:
        return settings_tables([word])
    tables = setting_table(word) + _quantity_tables(word)
    if not tables:
        keys = [setting.key for setting in SETTINGS]
        names = [*SUBJECTS, *MODELS, *labels, *GROUPS, *keys, *_quantities()]
        hint = suggestion(word, names)
        if "did you mean" not in hint:
            hint = suggestion(word, [*SUBJECTS, *MODELS])
        raise ValueError(f"unknown subject '{word}'{hint}")
    return tables


def _models_table(name: str) -> Table:
    rows = [
        (form.label, str(len(form.parameters)), str(len(form.states)), str(len(form.fluxes)), _how_to_ask(form))
        for form in forms(name)
    ]
    about = f"{forms(name)[0].reference}. More: freshet describe {name}"
    return Table(name, ("form", "parameters", "states", "fluxes", "in the namelist"), rows, about)


def _how_to_ask(form: Model) -> str:
    """The settings that choose a form, as a namelist has them."""
    asked = settings_of(form)
    groups = dict.fromkeys(group for group, _ in asked)
    parts = [[f"{key} = {literal(asked[own, key])}" for own, key in asked if own == group] for group in groups]
    texts = [f"&{group} " + ", ".join(part) for group, part in zip(groups, parts, strict=True)]
    return " ".join(texts).removeprefix("&run ")


def _model_tables(shown: list[Model]) -> list[Table]:
    """All about the given forms of one model; what differs between them has a column."""
    last = shown[-1]
    title = last.name if len(shown) > 1 else last.label
    several = len(shown) > 1
    step = _step_text(shown)
    about = f"{last.reference}. Forcing is given per place, states and fluxes per component of it, each per {step}."
    tables = [Table(title, about=about)]
    if several:
        tables.append(_options_table(shown))
    parameters = {variable.name: variable for form in shown for variable in form.parameters}
    columns: tuple[str, ...] = ("parameter", "symbol", "unit", "low", "high", "default")
    rows: list[tuple[str, ...]] = []
    for variable in parameters.values():
        where = [form.label.partition("-")[2] for form in shown if variable in form.parameters]
        having = ("all" if len(where) == len(shown) else ", ".join(where),) if several else ()
        rows.append((variable.name, variable.symbol, variable.unit, *_numbers(variable), *having, variable.meaning))
    columns += (("forms",) if several else ()) + ("meaning",)
    tables.append(Table("Parameters, in &parameters of a namelist", columns, rows))
    if last.trainable:
        tables.append(_limits_table("Parameters that a network can give, with the bounds of training", last.trainable))
    tables.append(_limits_table("Routing parameters (unit hydrograph), in &parameters", _routing()))
    tables.append(_limits_table("Forcing", last.forcings))
    if last.geometry:
        only = "" if all(form.geometry for form in shown) else f" (only {last.label})"
        tables.append(_limits_table(f"Geometry of the places{only}", last.geometry))
    tables.append(_limits_table("States, at the end of the step", last.states))
    tables.append(_outputs_table("Fluxes of the step", last.fluxes))
    tables.append(_outputs_table("Discharge: the outflow after routing", ROUTED))
    return tables + _combined_tables(last)


def _step_text(shown: list[Model]) -> str:
    """What a step of the forms is."""
    hours = sorted({24 // form.steps_per_day for form in shown})
    if hours == [24]:
        return "day"
    return (
        f"step (of {' or '.join(str(each) for each in hours)} h in {'these forms' if len(shown) > 1 else 'this form'})"
    )


def _options_table(shown: list[Model]) -> Table:
    # Numbers with a fraction say in another way what whole ones do.
    options = [name for name, value in shown[-1].options.items() if not isinstance(value, float)]
    rows = [(form.label, *(_option_text(form, option) for option in options), _how_to_ask(form)) for form in shown]
    return Table("Forms", ("form", *options, "in the namelist"), rows)


def _option_text(form: Model, option: str) -> str:
    value = form.options.get(option, False)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _routing() -> tuple[Variable, ...]:
    from ..kernels.routing.unit_hydrograph import PARAMETERS

    return PARAMETERS


def _limits_table(title: str, variables: Iterable[Variable]) -> Table:
    rows = [
        (variable.name, variable.symbol, variable.unit, *_numbers(variable), variable.meaning) for variable in variables
    ]
    return Table(title, ("name", "symbol", "unit", "low", "high", "default", "meaning"), rows)


def _outputs_table(title: str, variables: Iterable[Variable]) -> Table:
    signs = {1: "enters", -1: "leaves", 0: ""}
    rows = [(item.name, item.symbol, item.unit, signs[item.balance], item.meaning) for item in variables]
    return Table(title, ("name", "symbol", "unit", "balance", "meaning"), rows)


def _variables_tables(name: str) -> list[Table]:
    form = forms(name)[-1]
    about = f"Names for variables in &output; {', '.join(repr(word) for word in WORDS)} stand for groups of them."
    discharge = _outputs_table(f"What {name} can write: discharge", ROUTED)
    discharge.about = about
    tables = [discharge, _outputs_table("Fluxes", form.fluxes), _outputs_table("States", form.states)]
    return tables + _combined_tables(form)


def _combined_tables(form: Model) -> list[Table]:
    """Outputs by the names of the original program."""
    if not form.combined:
        return []
    signs = {"sum": "sum", "mean": "mean", "last": "last value"}
    shown = (each.variable for each in form.combined)
    rows = [(item.name, item.unit, signs[item.aggregated], item.meaning) for item in shown]
    about = "Those of layers, nodes and bands have a number behind their name; without it all of them are written."
    columns = ("name", "unit", "of several steps", "meaning")
    return [Table("Outputs by the names and in the units of the original program", columns, rows, about)]


def _quantities() -> dict[str, Variable]:
    found: dict[str, Variable] = {variable.name: variable for variable in (*ROUTED, *_routing())}
    for name in MODELS:
        for form in forms(name):
            for group in (form.parameters, form.geometry, form.forcings, form.fluxes, form.states):
                found.update({variable.name: variable for variable in group})
            found.update({each.variable.name: each.variable for each in form.combined})
    return found


def _quantity_tables(word: str) -> list[Table]:
    found = {name.lower(): variable for name, variable in _quantities().items()}.get(word)
    return [_limits_table(found.name, [found])] if found else []


def _numbers(variable: Variable) -> tuple[str, str, str]:
    low, high, default = (
        f"{number:g}" if math.isfinite(number) else "" for number in (variable.low, variable.high, variable.default)
    )
    return low, high, default
