"""Settings of the rivers between the cells of a grid: the group &routing.

Values of a router's parameters by name are not here: they are derived from the router's own declarations.
"""

from .setting import Setting

ROUTING_GROUPS = {"routing": "rivers between the cells of a grid; any parameter of the router by name overrides"}

ROUTING = (
    Setting(
        "routing",
        "router",
        "text",
        "none",
        "how water moves along the rivers of a grid; 'none' = it does not",
        choices=("none", "cascade", "linear_reservoir", "gridded_unit_hydrograph", "muskingum_cunge"),
    ),
    Setting("routing", "substeps", "integer", 0, "sub-steps of a day; 0 = the router's own number", low=0, high=1440),
    Setting(
        "routing",
        "path",
        "input",
        "",
        "netCDF file of the router's parameters by cell, as parameters_river.nc of a run; those that are not in it "
        "follow from the fields of the grid, or are defaults",
    ),
)
