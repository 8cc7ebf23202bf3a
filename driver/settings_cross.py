"""Checks that need more than one setting, or the model's declarations, or the file system."""

from pathlib import Path
from typing import Any

from ..kernels.model import Model
from ..kernels.registry import MODELS, forms, model
from ..kernels.variable import Variable
from .nearest import nearest, suggestion
from .output_variables import WORDS, expand_names, output_variables
from .setting import Setting
from .setting_value import convert
from .settings_draft import TABLE, Draft

# Groups that a command reads: what the others say is checked too, but their files need not exist.
READS = {
    "run": ("run", "data", "generator", "parameters", "output"),
    "train": ("run", "data", "generator", "network", "training"),
    "evaluate": ("evaluation",),
    "plot": ("plot",),
}
# Groups without which a command would run on defaults that nobody chose.
NEEDS = {"run": ("run", "data"), "train": ("run", "data", "training"), "evaluate": ("evaluation",), "plot": ("plot",)}


def cross_check(draft: Draft, command: str) -> None:
    """Note every problem between settings; `overrides`, list of output variables and directories are completed."""
    for group in NEEDS[command]:
        if group not in draft.mentioned:
            draft.problem(group, "", f"the group is missing: freshet {command} needs it (freshet describe {group})")
    _check_directories(draft)
    _check_inputs(draft, command)
    _check_basins(draft)
    _check_sources(draft)
    _check_periods(draft, command)
    form = _check_model(draft)
    if form is not None:
        draft.values["parameters", "overrides"] = _overrides(draft, form)
        _check_output(draft, form)


def _check_directories(draft: Draft) -> None:
    stem = Path(draft.namelist.name).stem
    for group, key in TABLE:
        if key == "directory" and not draft.value(group, key):
            draft.values[group, key] = f"output/{stem}"
    for (group, key), setting in TABLE.items():
        if setting.type == "path" and Path(draft.value(group, key)).is_file():
            draft.problem(group, key, f"'{draft.value(group, key)}' is a file, expected a folder")


def _check_inputs(draft: Draft, command: str) -> None:
    for (group, key), setting in TABLE.items():
        if setting.scalar_type != "input" or group not in READS[command] or (group, key) in draft.failed:
            continue
        value = draft.value(group, key)
        for path in value if setting.is_list else [value]:
            if path and not Path(path).exists():
                draft.problem(group, key, f"'{path}' does not exist{_nearby(Path(path))}")


def _nearby(path: Path) -> str:
    """What stands in the place where a missing file was looked for."""
    if not path.is_absolute() and not path.parent.is_dir():
        return f" (relative paths start from the current directory, {Path.cwd()})"
    if not path.parent.is_dir():
        existing = next(parent for parent in path.parents if parent.is_dir())
        return f" (the path exists as far as {existing})"
    found = nearest(path.name, [other.name for other in path.parent.iterdir()])
    return f"; did you mean '{path.parent / found}'?" if found else ""


def _check_basins(draft: Draft) -> None:
    """Replace the name of a text file by the ids in it."""
    names = draft.value("data", "basins")
    if len(names) != 1 or not (names[0].endswith((".txt", ".csv", ".lst")) or "/" in names[0]):
        return
    file = Path(names[0]).expanduser()
    try:
        lines = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except OSError:
        draft.problem("data", "basins", f"the list of basins '{file}' cannot be read: expected one id per line")
        return
    except UnicodeDecodeError:
        draft.problem("data", "basins", f"the list of basins '{file}' is not UTF-8 text: expected one id per line")
        return
    ids = [line for line in lines if line]
    twice = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if not ids or twice or any("," in name for name in ids):
        what = f"names {', '.join(twice[:5])} more than once" if twice else "is empty" if not ids else "has commas"
        draft.problem("data", "basins", f"the list of basins '{file}' {what}: expected one id per line, each once")
    draft.values["data", "basins"] = tuple(ids)


def _check_sources(draft: Draft) -> None:
    """Paths that nobody reads, and forms that need a path: both would end in a run on other data than meant."""
    form, path = draft.value("data", "form"), draft.value("data", "path")
    if path and not draft.given("data", "form"):
        draft.problem("data", "path", "is given without a form: add form = 'netcdf', 'caravan' or 'camels_us'")
    if form != "generated" and not path and draft.sound("data"):
        draft.problem("data", "form", f"'{form}' needs a path: add path = '...' to &data")
    source, path = draft.value("parameters", "source"), draft.value("parameters", "path")
    if path and not draft.given("parameters", "source"):
        draft.problem("parameters", "path", "is given without a source: add source = 'file' or 'checkpoint'")
    if source != "default" and not path and ("parameters", "path") not in draft.failed:
        draft.problem("parameters", "source", f"'{source}' needs a path: add path = '...' to &parameters")


def _check_periods(draft: Draft, command: str) -> None:
    periods = [
        ("run", "start", "end"),
        ("training", "start", "end"),
        ("training", "validation_start", "validation_end"),
    ]
    periods += [("training", "test_start", "test_end"), ("evaluation", "start", "end"), ("plot", "start", "end")]
    for group, first, last in periods:
        start, end = draft.value(group, first), draft.value(group, last)
        if start and end and end < start:
            draft.problem(group, last, f"'{end}' lies before {first} = '{start}'")
        if group == "training" and bool(start) != bool(end):
            draft.problem(group, first if end else last, f"is missing: {last if end else first} is given alone")
    if command == "train" and draft.sound("training") and not draft.value("training", "start"):
        draft.problem("training", "start", "is missing: freshet train needs start and end of the training period")
    if draft.sound("training"):
        _check_overlap(draft, periods[1:4])


def _check_overlap(draft: Draft, periods: list[tuple[str, str, str]]) -> None:
    """Scores of days that were fitted, or chosen by, say nothing about other days."""
    for place, (group, first, last) in enumerate(periods):
        start, end = draft.value(group, first), draft.value(group, last)
        for _, other_first, other_last in periods[:place]:
            other_start, other_end = draft.value(group, other_first), draft.value(group, other_last)
            if start and other_start and start <= other_end and other_start <= end:
                draft.problem(
                    group,
                    first,
                    f"'{start}' to '{end}' overlaps {other_first} to {other_last} ('{other_start}' to '{other_end}'): "
                    "scores need days that were not used before",
                )


def _check_model(draft: Draft) -> Model | None:
    """The model asked for, or None with the problem noted."""
    name, version, gamma = (draft.value("run", key) for key in ("model", "version", "gamma"))
    if not draft.sound("run") and any(("run", key) in draft.failed for key in ("model", "version", "gamma")):
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


def parameters_of(form: Model) -> tuple[Variable, ...]:
    """Every parameter that a namelist may set: the model's own, then those of the unit hydrograph."""
    from ..kernels.routing.unit_hydrograph import PARAMETERS

    return (*form.parameters, *PARAMETERS)


def _overrides(draft: Draft, form: Model) -> dict[str, float]:
    """Checked values of the model parameters that &parameters names."""
    known = {variable.name: variable for variable in parameters_of(form)}
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


def _check_output(draft: Draft, form: Model) -> None:
    if ("output", "variables") in draft.failed:
        return
    known = output_variables(form)
    names = draft.value("output", "variables")
    for name in names:
        if name not in known and name not in WORDS:
            near = nearest(name, [*known, *WORDS])
            hint = f"; did you mean '{near}'?" if near else "; freshet describe variables lists them"
            draft.problem("output", "variables", f"{form.label} has no output '{name}'{hint}")
    if not names:
        draft.problem("output", "variables", "is empty: name at least one, such as 'streamflow'")
    draft.values["output", "variables"] = expand_names(form, names)
