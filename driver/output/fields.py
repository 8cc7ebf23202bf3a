"""What files say about the variables of a stream."""

from ...kernels.variable import Variable
from .history_file import Field
from .stream import Stream


def fields(stream: Stream, states: frozenset[str]) -> list[Field]:
    """The variables with their attributes; states: names of what is a store, not a flow."""
    return [_field(stream, variable, states) for variable in stream.variables]


def _field(stream: Stream, variable: Variable, states: frozenset[str]) -> Field:
    location = stream.locations[variable.name]
    point = variable.name in states and stream.frequency.daily
    area = stream.layout.area_method.get(location, "")
    time = "time: point (value at the end of the interval)" if point else "time: mean"
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
