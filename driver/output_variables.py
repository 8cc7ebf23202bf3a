"""Everything that a run can write: what the model declares, and its outflow after routing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..kernels.model import Model
from ..kernels.rivers.router import DISCHARGE
from ..kernels.routing.declarations import ROUTED as SOURCES
from ..kernels.routing.declarations import VARIABLES as ROUTED
from ..kernels.variable import Variable

WORDS = ("states", "fluxes", "all")
BAND = "_BAND"


def output_variables(model: Model, rivers: bool = False) -> dict[str, Variable]:
    """Every quantity of a model that can be asked for, by name: discharge, fluxes, states.

    rivers: runoff is routed between the places, which gives discharge, instead of inside each, which gives streamflow.
    """
    fluxes = {variable.name for variable in model.fluxes}
    routed = [DISCHARGE] if rivers else [variable for variable in ROUTED if SOURCES[variable.name] in fluxes]
    combined = [each.variable for each in model.combined]
    return {variable.name: variable for variable in (*routed, *model.fluxes, *model.states, *combined)}


def numbered(model: Model) -> dict[str, list[str]]:
    """Names of combined outputs that several have in common, such as those of all layers, and what they stand for."""
    found: dict[str, list[str]] = {}
    for each in model.combined:
        stem, _, number = each.variable.name.rpartition("_")
        if number.isdecimal():
            found.setdefault(stem, []).append(each.variable.name)
    return found


def expand_names(model: Model, names: Iterable[str], rivers: bool = False) -> tuple[str, ...]:
    """Names with 'states', 'fluxes', 'all' and those of several layers replaced by what they stand for; each once."""
    combined = {each.variable.name for each in model.combined}
    groups = numbered(model) | {
        "states": [state.name for state in model.states],
        "fluxes": [flux.name for flux in model.fluxes],
        "all": [name for name in output_variables(model, rivers) if name not in combined],
    }
    return tuple(dict.fromkeys(name for word in names for name in groups.get(word, [word])))


def with_bands(known: Mapping[str, Variable], bands: int) -> dict[str, Variable]:
    """The known outputs, and those of each of so many elevation bands under the name and its number."""
    found = dict(known)
    for name, variable in known.items():
        if name.endswith(BAND):
            for band in range(1, bands + 1):
                found[f"{name}_{band}"] = replace(variable, name=f"{name}_{band}", meaning=f"{variable.meaning} {band}")
    return found


def expand_bands(names: Iterable[str], known: Mapping[str, Variable]) -> list[str]:
    """Names of outputs of bands replaced by those of each."""
    found = []
    for name in names:
        bands = [other for other in known if other.rpartition("_")[0] == name] if name.endswith(BAND) else []
        found += bands or [name]
    return found
