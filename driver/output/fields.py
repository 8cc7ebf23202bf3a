"""What files say about the variables of a stream."""

from ...kernels.variable import Variable
from ..over_time import LAST, over_days
from .history_file import Field
from .stream import Stream


def fields(stream: Stream, states: frozenset[str]) -> list[Field]:
    """The variables with their attributes; states: names of what is a store, not a flow."""
    return [_field(stream, variable, states) for variable in stream.variables]


def _field(stream: Stream, variable: Variable, states: frozenset[str]) -> Field:
    location = stream.locations[variable.name]
    method = over_days(variable, states)
    if method == LAST or (variable.name in states and stream.frequency.each):
        time = "time: point (value at the end of the interval)"
    else:
        time = f"time: {method}"
    area = stream.layout.area_method.get(location, "")
    return Field(
        variable.name,
        location,
        {
            "long_name": variable.meaning,
            "units": variable.unit,
            "standard_name": variable.standard_name,
            "original_name": variable.symbol,
            "cell_methods": f"{area} {time}".strip(),
        },
    )
