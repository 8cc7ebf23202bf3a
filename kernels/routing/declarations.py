"""The unit hydrograph's parameters and the flows that it routes, each declared once."""

from ..variable import Variable

PARAMETERS = (
    Variable("route_a", "1", "shape of the unit hydrograph, less 0.1", 0, 2.9, 1.9),
    Variable("route_b", "d", "time scale of the unit hydrograph, less 0.5", 0, 6.5, 0.5),
)
# Routed outputs, and the unrouted flux that each is made of.
VARIABLES = (
    Variable("streamflow", "mm d-1", "discharge at the outlet: runoff after routing", 0, symbol="streamflow"),
    Variable("streamflow_quick", "mm d-1", "part of the discharge that was quick flow", 0, symbol="srflow"),
    Variable("streamflow_interflow", "mm d-1", "part of the discharge that was interflow", 0, symbol="ssflow"),
    Variable("streamflow_baseflow", "mm d-1", "part of the discharge that was baseflow", 0, symbol="gwflow"),
)
ROUTED = {
    "streamflow": "runoff",
    "streamflow_quick": "quick_flow",
    "streamflow_interflow": "interflow",
    "streamflow_baseflow": "baseflow",
}
