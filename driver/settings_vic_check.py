"""Checks of the group &vic, and what it asks for as options of the model."""

from collections.abc import Mapping
from typing import Any

from .settings_draft import Draft

HOUR = 3600
# One sub-step of the snow for so many hours, where nobody chooses.
SNOW_HOURS = 3
# Settings whose options have other names.
RENAMED = {"vic_compat": "compat"}


def vic_options(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Options of kernels.registry.model("vic", ...) from settings of &vic by key."""
    step = int(asked["step"])
    same = ("energy", "frozen", "layers", "nodes", "zones", "runoff_steps")
    return {key: asked[key] for key in same} | {
        "step": step * HOUR,
        "substeps": substeps_of(asked),
        "compat": asked["vic_compat"],
        "brent": asked["root_search"] == "brent",
    }


def substeps_of(asked: Mapping[str, Any]) -> int:
    """Sub-steps of the snow in a step: those of the settings of &vic, or one for each SNOW_HOURS."""
    return int(asked.get("substeps") or 0) or max(1, int(asked["step"]) // SNOW_HOURS)


def vic_settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse, for the options that are given."""
    own = {option: key for key, option in RENAMED.items()}
    found = {own.get(name, name): value for name, value in options.items() if name not in ("step", "brent")}
    if "step" in options:
        found["step"] = options["step"] // HOUR
    if "brent" in options:
        found["root_search"] = "brent" if options["brent"] else "newton"
    return found


def check_vic(draft: Draft) -> None:
    """Note where model, data and files of VIC do not go together."""
    model, form = draft.value("run", "model"), draft.value("data", "form")
    if ("run", "model") in draft.failed or ("data", "form") in draft.failed:
        return
    if model == "vic" and form != "vic":
        draft.problem("data", "form", f"'{form}' has no weather for model 'vic': write form = 'vic', and &vic")
    elif form == "vic" and model != "vic":
        draft.problem("data", "form", f"'vic' is for model 'vic', and the model is '{model}': change either")
    elif model == "vic":
        _check_step(draft)
        _check_files(draft)
        if draft.value("run", "components") != 1:
            draft.problem("run", "components", "vic has those of its files, tiles and bands: leave it out")


def _check_step(draft: Draft) -> None:
    step = draft.value("vic", "step")
    if ("vic", "step") not in draft.failed and 24 % step:
        draft.problem("vic", "step", f"found {step}, expected a whole part of a day: 1, 2, 3, 4, 6, 8, 12 or 24")


def _check_files(draft: Draft) -> None:
    def missing(keys: tuple[str, ...]) -> list[str]:
        return [key for key in keys if not draft.given("vic", key) or draft.values.get(("vic", key)) in ("", (), 0)]

    classic = ("soil", "vegetation", "library")
    absent = [key for key in missing(classic) if ("vic", key) not in draft.failed]
    if missing(("parameters",)) and ("vic", "parameters") not in draft.failed:
        if len(absent) == len(classic):
            draft.problem(
                "vic", "parameters", "is missing: name it, or soil, vegetation and library of the classic driver"
            )
        elif absent:
            draft.problem("vic", absent[0], "is missing: the classic driver's files are soil, vegetation and library")
    elif len(absent) < len(classic) and draft.sound("vic"):
        draft.problem(
            "vic", "parameters", "is given beside soil, vegetation or library of the classic driver: leave out one"
        )
    if missing(("forcing",)) and ("vic", "forcing") not in draft.failed:
        draft.problem("vic", "forcing", "is missing: name the forcing files")
    elif len(draft.value("vic", "forcing")) > 1:
        draft.problem("vic", "forcing", "names several files: expected one name, with {year} where there is one a year")
    if draft.value("vic", "state_date") and not draft.value("vic", "state_path"):
        draft.problem("vic", "state_date", "is given without state_path: name the file")
