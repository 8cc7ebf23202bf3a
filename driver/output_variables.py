"""Everything that a run can write: what the model declares, and its outflow after routing."""

from collections.abc import Iterable

from ..kernels.model import Model
from ..kernels.variable import Variable

# The unit hydrograph applied to the outflow and to its parts.
ROUTED = (
    Variable("streamflow", "mm d-1", "discharge at the outlet: runoff after routing", 0),
    Variable("streamflow_quick", "mm d-1", "part of the discharge that was quick flow", 0),
    Variable("streamflow_interflow", "mm d-1", "part of the discharge that was interflow", 0),
    Variable("streamflow_baseflow", "mm d-1", "part of the discharge that was baseflow", 0),
)
WORDS = ("states", "fluxes", "all")


def output_variables(model: Model) -> dict[str, Variable]:
    """Every quantity of a model that can be asked for, by name: discharge, fluxes, states."""
    return {variable.name: variable for variable in (*ROUTED, *model.fluxes, *model.states)}


def expand_names(model: Model, names: Iterable[str]) -> tuple[str, ...]:
    """Names with 'states', 'fluxes' and 'all' replaced by what they stand for; each name once."""
    groups = {
        "states": [state.name for state in model.states],
        "fluxes": [flux.name for flux in model.fluxes],
        "all": list(output_variables(model)),
    }
    return tuple(dict.fromkeys(name for word in names for name in groups.get(word, [word])))
