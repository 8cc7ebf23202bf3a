"""A set-up of HydroPy v1.0 (setup.json) as a namelist of freshet."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ...kernels.registry import model
from ...kernels.variable import Variable
from ..errors import ConfigurationError, InputError
from ..nearest import suggestion
from ..setting_value import literal
from .hydropy_options import ABOVE, FORCING, IDLE, OFF, OPTIONS, OUTPUT

Values = dict[tuple[str, str], Any]


def namelist_of_setup(path: Path, years: Sequence[int] = ()) -> tuple[str, list[str]]:
    """The namelist that asks for what a set-up file of HydroPy asks for, and what could not be said in it.

    years: first and last whose forcing is read, where the set-up names none. InputError where the file cannot be read,
    ConfigurationError where it holds what HydroPy does not know.
    """
    setup = _read(path)
    values: Values = {
        ("run", "model"): "hydropy",
        ("run", "precision"): "float64",
        ("data", "form"): "grid",
        ("grid", "distance"): "hydropy",
        ("grid", "without_weather"): "leave",
        ("weather", "product"): "hydropy",
        ("routing", "router"): "cascade",
        ("hydropy", "melt"): "temporal",
    }
    for name, value in setup.items():
        given = 0.0 if value is None and name in OFF else value
        if name in OPTIONS and given is not None:
            group, key, change = OPTIONS[name]
            values[group, key] = _changed(change, given, f"{path}: {name}")
    where = path.parent
    values["grid", "path"] = str(_under(where, setup.get("para") or "input/hydropy_para.nc"))
    notes = _weather(values, setup, where, years) + _output(values, setup)
    notes += [f"{name} = {json.dumps(setup[name])} has no counterpart" for name in IDLE if setup.get(name) is not None]
    if setup.get("restart"):
        values["grid", "start_states"] = str(_under(where, setup["restart"]))
        values["run", "warmup_days"] = 0
    return _text(path, values, notes), notes


def _read(path: Path) -> dict[str, Any]:
    try:
        setup = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}: expected a set-up of HydroPy in JSON") from error
    except ValueError as error:
        raise InputError(f"{path} is no JSON ({error}): expected a set-up of HydroPy") from error
    if not isinstance(setup, dict):
        raise InputError(f"{path} holds a {type(setup).__name__}, expected a set-up of HydroPy: {{option: value}}")
    known = [*OPTIONS, *ABOVE, *IDLE]
    wrong = [f"{path}: HydroPy has no option '{name}'{suggestion(name, known)}" for name in setup if name not in known]
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return setup


def _changed(change: Callable[[Any], Any], value: Any, where: str) -> Any:
    try:
        return change(value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"{where} is {json.dumps(value)}, which cannot be ({error}): correct the set-up"
        ) from error


def _under(folder: Path, name: str) -> Path:
    """Paths of a set-up start from where HydroPy was started: the folder of the set-up."""
    path = Path(name).expanduser()
    return path if path.is_absolute() else folder / path


def _weather(values: Values, setup: dict[str, Any], folder: Path, years: Sequence[int]) -> list[str]:
    """Files and names of the forcing: one file hydropy_forcing_<year>.nc for each year."""
    where = _under(folder, setup.get("forcing") or "forcing")
    first, last = (years[0], years[-1]) if years else (setup.get("year"), setup.get("year"))
    if first and last:
        files = [str(where / f"hydropy_forcing_{year}.nc") for year in range(int(first), int(last) + 1)]
        values["weather", "path"] = tuple(files)
        values["run", "start"], values["run", "end"] = f"{int(first):04d}-01-01", f"{int(last):04d}-12-31"
    else:
        values["weather", "path"] = str(where / "hydropy_forcing_{year}.nc")
    notes = []
    forcing = setup.get("forcvars") or {}
    for variable, inside in forcing.items():
        name = inside[0] if isinstance(inside, list) and inside else inside
        if name in FORCING:
            values["weather", FORCING[name]] = variable
        else:
            notes.append(f"the forcing variable {variable} ({name}) is not used")
    return notes


def _output(values: Values, setup: dict[str, Any]) -> list[str]:
    """Lists of output by day and month, by the names that freshet gives the same quantities."""
    form = model("hydropy", melt=values["hydropy", "melt"])
    declared: tuple[Variable, ...] = (*form.fluxes, *form.states)
    names = {variable.symbol: variable.name for variable in declared if variable.symbol} | OUTPUT
    names |= {variable.name: variable.name for variable in declared}
    rivers = values["routing", "router"] != "none"
    names["dis"] = "discharge" if rivers else ""
    notes = []
    monthly = setup.get("monthly", ["precip", "tws", "qtot", "evap", "dis"]) or []
    lists = {"daily": setup.get("daily") or [], "monthly": monthly}
    for key, wanted in lists.items():
        found = [names.get(name, "") for name in wanted]
        notes += [
            f"{key} output of {name} has no counterpart" for name, there in zip(wanted, found, strict=True) if not there
        ]
        if any(found):
            values["output", key] = tuple(dict.fromkeys(name for name in found if name))
    if setup.get("chunk"):
        notes.append("output by chunk has no counterpart: see frequency of &output")
    values["output", "variables"] = ("discharge",) if rivers else ("runoff",)
    return notes


def _text(path: Path, values: Values, notes: list[str]) -> str:
    """The namelist, groups in the order of the table."""
    from ..settings_table import GROUPS

    lines = [
        f"! Made by freshet prepare hydropy from {path.name} of HydroPy.",
        *(f"! Not taken over: {note}." for note in notes),
    ]
    for group in GROUPS:
        keys = {key: value for (own, key), value in values.items() if own == group}
        if keys:
            lines += ["", f"&{group}", *(f"  {key} = {_literal(value)}" for key, value in keys.items()), "/"]
    return "\n".join([*lines, ""])


def _literal(value: Any) -> str:
    return ", ".join(literal(item) for item in value) if isinstance(value, tuple) else literal(value)
