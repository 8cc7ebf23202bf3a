"""Checks of the settings of an experiment: variants by name, seeds that differ, folders."""

import re
from typing import Any

from .search_range import read_range
from .setting import Setting
from .setting_value import convert
from .settings_draft import Draft
from .settings_routing_check import FORMS as RIVERS

NAME = re.compile(r"[a-z0-9][a-z0-9_.+-]*")
# What an experiment gives every training of its own.
ITS_OWN = (
    "training.directory",
    "training.basins",
    "training.test_basins",
    "training.seed",
    "training.resume",
    "training.overwrite",
    "training.series",
)
GROUPS = ("experiment", "variants", "output", "evaluation", "plot")


def check_experiment(draft: Draft, command: str) -> None:
    """Note every problem of variants and seeds; the variants are completed."""
    draft.values["variants", "overrides"] = {
        name: found for name, raw in draft.variants.items() if (found := _variant(draft, name, raw)) is not None
    }
    seeds = draft.value("experiment", "seeds")
    if len(set(seeds)) < len(seeds):
        draft.problem("experiment", "seeds", f"names {', '.join(map(str, seeds))}: name each once")
    for key in ("basins", "test_basins"):
        if draft.value("data", "form") in RIVERS and draft.value("training", key):
            draft.problem("training", key, "is read for basins only; on a grid, gauges are held out by &objective_1")
    if command == "experiment" and draft.sound("training"):
        _check_training(draft)
    if command == "search" and draft.sound("training", "search"):
        _check_search(draft)


def _check_search(draft: Draft) -> None:
    """A search without ranges, or without the days that it is judged by."""
    if not draft.value("search", "ranges"):
        draft.problem(
            "search", "ranges", "is missing: name what is tried, such as 'training.learning_rate 1e-4 1e-2 log'"
        )
    for text in draft.value("search", "ranges"):
        try:
            read_range(text)
        except ValueError as error:
            draft.problem("search", "ranges", str(error))
    if not draft.value("training", "validation_start"):
        draft.problem("training", "validation_start", "is missing: freshet search chooses by the validation period")


def _variant(draft: Draft, name: str, raw: Any) -> tuple[str, ...] | None:
    """The overrides of a variant; None with the problem noted."""
    try:
        overrides = convert(Setting("variants", name, "texts", (), ""), raw)
        if not NAME.fullmatch(name):
            raise ValueError("a variant's name is made of letters, digits and _ . + -: it names a folder")
        for text in overrides:
            _require_override(text)
    except ValueError as error:
        draft.problem("variants", name, str(error))
        return None
    return overrides


def _require_override(text: str) -> None:
    key, equals, _ = text.partition("=")
    key = key.strip().lower()
    group, dot, name = key.partition(".")
    if not (equals and dot and group and name):
        raise ValueError(f"found '{text}', expected 'group.key=value' such as 'network.hidden=64,64'")
    if group in GROUPS or key in ITS_OWN:
        raise ValueError(f"{key} cannot differ between variants: the experiment sets it or does not read it")


def _check_training(draft: Draft) -> None:
    """What would not be an experiment: nothing to score by, basins that are given and held out at once."""
    kind = draft.value("experiment", "kind")
    if kind != "spatial" and not draft.value("training", "test_start"):
        draft.problem("training", "test_start", f"is missing: an experiment of kind '{kind}' is scored in the test")
    if kind in ("temporal", "seeds"):
        return
    for key in ("basins", "test_basins"):
        if draft.value("training", key):
            draft.problem("training", key, f"an experiment of kind '{kind}' chooses it: leave it out, or limit &data")
