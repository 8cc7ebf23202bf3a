"""What of a run is compared with what of the independent data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..kernels.model import Model
from .errors import ConfigurationError
from .nearest import suggestion

EVAPORATION, STORAGE, SNOW = "evaporation", "storage", "snow"
# Beginnings of names in the data, and what of the run they are compared with; '~' takes means off both.
KNOWN = (("et_", "=", EVAPORATION), ("tws_", "~", STORAGE), ("swe_", "=", SNOW), ("snow_", "=", SNOW))
NOT_COMPARED = ("uncertainty", "error", "sigma")
TOTAL = "land_water_storage"
SNOWS = {"hbv": ("snowpack", "meltwater"), "hydropy": ("snow_water_equivalent", "snow_liquid_water"),
         "vic": ("OUT_SWE",)}  # fmt: skip
FORM = re.compile(r"\s*(?P<data>\w+)\s*(?P<how>[=~])\s*(?P<run>\w+(?:\s*\+\s*\w+)*)\s*")


@dataclass(frozen=True)
class Pair:
    """A series of the data, and quantities of the run whose sum it is compared with.

    word: as it was asked for; anomalies: both less their mean over the baseline
    """

    data: str
    word: str
    run: tuple[str, ...]
    anomalies: bool


def pairs(
    asked: Sequence[str], data: Mapping[str, str], run: Mapping[str, object], model: Model, where: str
) -> tuple[list[Pair], list[str]]:
    """The pairs that `asked` names, 'et_gleam = evaporation' or 'tws ~ snowpack + soil_moisture'; and notes.

    Nothing asked takes every series of the data whose name begins as in KNOWN, as far as the run has what it needs.
    'evaporation', 'storage' and 'snow' stand for what the model calls so. data, run: names that there are.
    ConfigurationError where a name is unknown or nothing is left.
    """
    if asked:
        return [_asked(text, data, run, model, f"{where}: &independent pairs: '{text.strip()}'") for text in asked], []
    found: list[Pair] = []
    notes: dict[str, str] = {}
    for name in data:
        form = next(((how, word) for start, how, word in KNOWN if name.lower().startswith(start)), None)
        if form is None or any(word in name.lower() for word in NOT_COMPARED):
            continue
        names = _names(form[1], run, model)
        missing = [each for each in names if each not in run]
        if missing:
            notes[form[1]] = f"{form[1]} is not compared: the run has not written {', '.join(missing)}"
        else:
            found.append(Pair(name, form[1], names, form[0] == "~"))
    if not found:
        told = "; ".join(notes.values()) or "the data have no series whose name begins with et_, tws_, swe_ or snow_"
        raise ConfigurationError(f"{where}: &independent pairs: nothing to compare: {told}")
    return found, list(notes.values())


def _asked(text: str, data: Mapping[str, str], run: Mapping[str, object], model: Model, where: str) -> Pair:
    match = FORM.fullmatch(text)
    if match is None:
        raise ConfigurationError(f"{where}: expected 'series = quantity + ...', or with ~ for anomalies")
    if match["data"] not in data:
        raise ConfigurationError(f"{where}: the data have no '{match['data']}'{suggestion(match['data'], data)}")
    words = [word.strip() for word in match["run"].split("+")]
    names = tuple(name for word in words for name in _names(word, run, model))
    for name in names:
        if name not in run:
            raise ConfigurationError(f"{where}: the run has not written '{name}'{suggestion(name, run)}")
    return Pair(match["data"], "+".join(words), names, match["how"] == "~")


def _names(word: str, run: Mapping[str, object], model: Model) -> tuple[str, ...]:
    """Quantities that a word stands for."""
    if word in run:
        return (word,)
    if word == STORAGE:
        return (TOTAL,) if TOTAL in run else tuple(v.name for v in model.states if v.unit == "mm")
    if word == SNOW:
        return SNOWS.get(model.name, (word,))
    if word == EVAPORATION and model.name == "vic":
        return ("OUT_EVAP",)
    return (word,)
