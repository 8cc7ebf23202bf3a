"""Checks that need more than one setting: missing groups, periods, sources without a path."""

from .settings_draft import Draft
from .settings_experiment_check import check_experiment
from .settings_files import check_basins, check_directories, check_inputs
from .settings_model import check_model
from .settings_network_check import check_network
from .settings_objective import NUMBERED
from .settings_objective_check import check_objectives
from .settings_routing_check import check_routing
from .settings_vic_check import check_vic
from .settings_weather_check import check_weather

GRIDS = ("planet", "grid", "weather", "routing", "vic")
# Groups that a command reads: what the others say is checked too, but their files need not exist.
READS = {
    "run": ("run", "data", "generator", *GRIDS, "parameters", "output"),
    "train": (
        "run",
        "data",
        "generator",
        *GRIDS,
        "parameters",
        "network",
        "training",
        *NUMBERED,
        "pet_network",
        "inputs",
    ),
    "evaluate": ("run", "data", "generator", *GRIDS, "evaluation"),
    "plot": ("plot",),
    "explain": ("run", "data", "generator", *GRIDS, "parameters", *NUMBERED, "pet_network", "inputs", "explain"),
    "parameters": ("run", "data", "generator", *GRIDS, "parameters"),
    "evaluate-independent": ("run", "independent"),
    "prepare": ("weather",),
    "experiment": ("run", "data", "generator", *GRIDS, "parameters", "network", "training", "experiment"),
    "search": ("run", "data", "generator", *GRIDS, "parameters", "network", "training", "search"),
    "gather": ("run", "data", "generator", *GRIDS, "experiment"),
}
# Groups without which a command would run on defaults that nobody chose.
NEEDS = {
    "run": ("run", "data"),
    "train": ("run", "data", "training"),
    "evaluate": ("data",),
    "plot": (),
    "explain": ("data",),
    "parameters": ("run", "data", "parameters"),
    "evaluate-independent": ("independent",),
    "prepare": ("weather",),
    "experiment": ("run", "data", "training", "experiment"),
    "search": ("run", "data", "training", "search"),
    "gather": ("data", "experiment"),
}


def cross_check(draft: Draft, command: str) -> None:
    """Note every problem between settings; overrides, lists of output and basins, and directories are completed."""
    for group in NEEDS[command]:
        if group not in draft.mentioned:
            draft.problem(group, "", f"the group is missing: freshet {command} needs it (freshet describe {group})")
    check_directories(draft)
    check_inputs(draft, READS[command])
    check_basins(draft)
    _check_sources(draft)
    _check_periods(draft, command)
    if command != "prepare":
        check_weather(draft)
    check_network(draft)
    check_routing(draft)
    check_vic(draft)
    check_objectives(draft)
    check_model(draft)
    check_experiment(draft, command)


def _check_sources(draft: Draft) -> None:
    """Paths that nobody reads, and forms that need a path: both would end in a run on other data than meant."""
    form, path = draft.value("data", "form"), draft.value("data", "path")
    if path and not draft.given("data", "form"):
        draft.problem("data", "path", "is given without a form: add form = 'netcdf', 'caravan' or 'camels_us'")
    if form in ("grid", "planet", "vic") and path:
        draft.problem("data", "path", f"form '{form}' reads no such path: leave it out (freshet describe {form})")
    elif form == "grid" and not draft.value("grid", "path") and draft.sound("grid"):
        draft.problem("grid", "path", "is missing: name the file of flow directions, land mask or static fields")
    elif form not in ("generated", "grid", "planet", "vic") and not path and draft.sound("data"):
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
    periods += [("independent", "start", "end"), ("independent", "baseline_start", "baseline_end")]
    for group, first, last in periods:
        start, end = draft.value(group, first), draft.value(group, last)
        if start and end and end < start:
            draft.problem(group, last, f"'{end}' lies before {first} = '{start}'")
        if group == "training" and bool(start) != bool(end):
            draft.problem(group, first if end else last, f"is missing: {last if end else first} is given alone")
    trains = command in ("train", "experiment", "search")
    if trains and draft.sound("training") and not draft.value("training", "start"):
        draft.problem("training", "start", f"is missing: freshet {command} needs start and end of the training period")
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
