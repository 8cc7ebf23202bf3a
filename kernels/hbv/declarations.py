"""HBV in its three differentiable forms: states, forcing, parameters and fluxes, each declared once.

Sources: Seibert (2005); Seibert & Vis (2012); Beck et al. (2020); Feng et al. (2022, 2023, 2024); Song et al. (2024).
"""

from ..variable import Variable, layout

STATES = (
    Variable(
        "snowpack",
        "mm",
        "frozen water of the snow pack",
        0,
        default=0.001,
        symbol="SNOWPACK",
        standard_name="lwe_thickness_of_surface_snow_amount",
    ),
    Variable("meltwater", "mm", "liquid water held by the snow pack", 0, default=0.001, symbol="MELTWATER"),
    Variable("soil_moisture", "mm", "water of the soil", 0, default=0.001, symbol="SM"),
    Variable("upper_zone", "mm", "storage of the upper groundwater zone", 0, default=0.001, symbol="SUZ"),
    Variable("lower_zone", "mm", "storage of the lower groundwater zone", 0, default=0.001, symbol="SLZ"),
)
S = layout(STATES)

FORCINGS = (
    Variable("precipitation", "mm d-1", "rain and snow", 0, 2000, symbol="P", standard_name="lwe_precipitation_rate"),
    Variable("air_temperature", "degC", "daily mean air temperature", -90, 65, 0.0, "air_temperature", "T"),
    Variable("potential_evaporation", "mm d-1", "potential evapotranspiration", 0, 100, symbol="PET"),
)
F = layout(FORCINGS)

# The forms differ in how many of these they use: always a leading part of the table.
ALL_PARAMETERS = (
    Variable("beta", "1", "shape of the recharge curve", 1, 6, 2.0, symbol="BETA"),
    Variable("fc", "mm", "field capacity", 50, 1000, 250.0, symbol="FC"),
    Variable("k0", "d-1", "outflow rate of the upper zone above its threshold", 0.05, 0.9, 0.3, symbol="K0"),
    Variable("k1", "d-1", "outflow rate of the upper zone", 0.01, 0.5, 0.1, symbol="K1"),
    Variable("k2", "d-1", "outflow rate of the lower zone", 0.001, 0.2, 0.03, symbol="K2"),
    Variable("lp", "1", "share of field capacity above which evaporation is potential", 0.2, 1, 0.7, symbol="LP"),
    Variable("perc", "mm d-1", "largest percolation to the lower zone", 0, 10, 1.5, symbol="PERC"),
    Variable("uzl", "mm", "threshold of the upper zone for quick flow", 0, 100, 25.0, symbol="UZL"),
    Variable(
        "tt",
        "degC",
        "temperature below which precipitation is snow and above which snow melts",
        -2.5,
        2.5,
        0.0,
        symbol="TT",
    ),
    Variable("cfmax", "mm K-1 d-1", "degree-day factor", 0.5, 10, 3.0, symbol="CFMAX"),
    Variable("cfr", "1", "refreezing coefficient", 0, 0.1, 0.05, symbol="CFR"),
    Variable("cwh", "1", "liquid water that the pack holds, as a share of it", 0, 0.2, 0.1, symbol="CWH"),
    Variable("betaet", "1", "shape of the evaporation curve", 0.3, 5, 1.0, symbol="BETAET"),
    Variable("c", "d-1", "rate of capillary rise", 0, 1, 0.05, symbol="C"),
    Variable("rt", "mm d-1", "size of the regional groundwater flow", 0, 20, 1.0, symbol="RT"),
    Variable("ac", "km2", "upstream area at which regional flow changes its sign", 0, 2500, 500.0, symbol="AC"),
)
P = layout(ALL_PARAMETERS)

GEOMETRY = (
    Variable("upstream_area", "km2", "area that drains through the place", 0, default=1000.0),
    Variable("elevation", "m", "mean height above sea level", -500, 9000, 500.0, "surface_altitude"),
)
G = layout(GEOMETRY)

FLUXES = (
    Variable("rainfall", "mm d-1", "liquid precipitation", 0, balance=1, standard_name="rainfall_rate"),
    Variable("snowfall", "mm d-1", "solid precipitation, as water", 0, balance=1, standard_name="lwe_snowfall_rate"),
    Variable("snowmelt", "mm d-1", "melt inside the pack", 0),
    Variable("refreezing", "mm d-1", "refreezing inside the pack", 0),
    Variable("snow_release", "mm d-1", "water that leaves the pack", 0, symbol="tosoil"),
    Variable("recharge", "mm d-1", "water that passes the soil", 0, symbol="recharge"),
    Variable("excess", "mm d-1", "water above field capacity", 0, symbol="excs"),
    Variable(
        "evaporation",
        "mm d-1",
        "actual evapotranspiration",
        0,
        balance=-1,
        symbol="AET_hydro",
        standard_name="lwe_water_evaporation_rate",
    ),
    Variable(
        "evaporation_factor",
        "1",
        "actual over potential evapotranspiration, before the soil's limit",
        0,
        1,
        symbol="evapfactor",
    ),
    Variable("capillary_rise", "mm d-1", "water drawn from the lower zone to the soil", 0, symbol="capillary"),
    Variable("percolation", "mm d-1", "upper to lower zone", 0, symbol="percolation"),
    Variable("quick_flow", "mm d-1", "outflow of the upper zone above its threshold", 0, symbol="srflow_no_rout"),
    Variable("interflow", "mm d-1", "outflow of the upper zone", 0, symbol="ssflow_no_rout"),
    Variable("baseflow", "mm d-1", "outflow of the lower zone", 0, symbol="gwflow_no_rout"),
    Variable("runoff", "mm d-1", "all outflow before routing", 0, balance=-1, symbol="streamflow_no_rout"),
    Variable("regional_flow", "mm d-1", "groundwater from (or, negative, to) other basins", balance=1),
    Variable("floor_gain", "mm d-1", "water made by the lower limits of the soil and the lower zone", 0, balance=1),
)
X = layout(FLUXES)
