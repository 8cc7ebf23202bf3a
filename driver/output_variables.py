"""Everything that a run can write: what the model declares, and its outflow after routing."""

from collections.abc import Iterable

from ..kernels.model import Model
from ..kernels.rivers.router import DISCHARGE
from ..kernels.routing.declarations import ROUTED as SOURCES
from ..kernels.routing.declarations import VARIABLES as ROUTED
from ..kernels.variable import Variable

WORDS = ("states", "fluxes", "all")


def output_variables(model: Model, rivers: bool = False) -> dict[str, Variable]:
    """Every quantity of a model that can be asked for, by name: discharge, fluxes, states.

    rivers: runoff is routed between the places, which gives discharge, instead of inside each, which gives streamflow.
    """
    fluxes = {variable.name for variable in model.fluxes}
    routed = [DISCHARGE] if rivers else [variable for variable in ROUTED if SOURCES[variable.name] in fluxes]
    return {variable.name: variable for variable in (*routed, *model.fluxes, *model.states)}


def expand_names(model: Model, names: Iterable[str], rivers: bool = False) -> tuple[str, ...]:
    """Names with 'states', 'fluxes' and 'all' replaced by what they stand for; each name once."""
    groups = {
        "states": [state.name for state in model.states],
        "fluxes": [flux.name for flux in model.fluxes],
        "all": list(output_variables(model, rivers)),
    }
    return tuple(dict.fromkeys(name for word in names for name in groups.get(word, [word])))
