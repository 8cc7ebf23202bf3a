"""HydroPy's vertical water balance: states, forcing, parameters and fluxes, each declared once.

Source: Stacke & Hagemann (2021), Geosci. Model Dev. 14, 7795. `symbol` is the name in the original program. Amounts are
mm over the part of the cell that is land without glacier, fluxes mm d-1, temperatures degC.
"""

from ..variable import Variable, layout

STATES = (
    Variable(
        "snow_water_equivalent",
        "mm",
        "frozen water of the snow pack",
        0,
        default=0.0,
        symbol="swe",
        standard_name="lwe_thickness_of_surface_snow_amount",
    ),
    Variable("snow_liquid_water", "mm", "liquid water held by the snow pack", 0, default=0.0, symbol="wliq"),
    Variable("root_zone_moisture", "mm", "water of the root zone", 0, default=0.0, symbol="rootmoist"),
    Variable("skin_storage", "mm", "water on bare soil", 0, default=0.0, symbol="skinstor"),
    Variable(
        "canopy_storage",
        "mm",
        "water on the vegetation",
        0,
        default=0.0,
        symbol="canopystor",
        standard_name="lwe_thickness_of_canopy_water_amount",
    ),
    Variable("surface_water", "mm", "water of lakes, wetlands and overland flow", 0, default=0.0, symbol="lakestor"),
    Variable("groundwater", "mm", "storage of the groundwater", 0, default=0.0, symbol="groundwstor"),
)
S = layout(STATES)

FORCINGS = (
    Variable(
        "precipitation", "mm d-1", "rain and snow", 0, 2000, symbol="Precip", standard_name="lwe_precipitation_rate"
    ),
    Variable("air_temperature", "degC", "daily mean air temperature", -90, 65, 0.0, "air_temperature", "TSurf"),
    Variable("potential_evaporation", "mm d-1", "potential evapotranspiration", 0, 100, symbol="PET"),
    Variable("day_length", "1", "share of the day between sunrise and sunset", 0, 1, 0.5),
    Variable("vegetation_fraction", "1", "share of the land under vegetation, before water", 0, 1, 0.5, symbol="fveg"),
    Variable("leaf_area_index", "1", "leaf area of the vegetation over its ground", 0, 20, 3.0, symbol="lai"),
)
F = layout(FORCINGS)

SECONDS = 86400.0  # of a day: the original declares drainage rates per second
# Bounds are plausible limits, wide enough for the original's own fields; TRAINABLE has those of the training.
PARAMETERS = (
    Variable("wcap", "mm", "largest root-zone moisture", 0, 5000, 300.0),
    Variable("wava", "mm", "largest moisture that plants can take; wilting point = wcap - wava", 0, 5000, 200.0),
    Variable("wmin", "mm", "moisture below which no surface runoff forms", 0, 5000, 15.0),
    Variable("wmax", "mm", "largest local storage capacity of the cell", 0, 10000, 350.0),
    Variable("beta_oro", "1", "shape of the distribution of capacities, with that of the orography", 0, 10, 0.2),
    Variable("rm_crit", "1", "share of wcap above which transpiration is potential", 0.01, 1, 0.75),
    Variable("sevap_low", "1", "share of wcap below which bare soil does not evaporate", 0, 0.99, 0.05),
    Variable("qsb_min", "mm d-1", "drainage of a full root zone, slow part", 0, 100, 2.77778e-7 * SECONDS),
    Variable("qsb_max", "mm d-1", "drainage of a full root zone", 0, 1000, 2.77778e-5 * SECONDS),
    Variable("qsb_low", "1", "share of wcap up to which nothing drains", 0, 1, 0.05),
    Variable("qsb_hig", "1", "share of wcap from which drainage is fast", 0, 1, 0.9),
    Variable("qsb_exp", "1", "exponent of the fast drainage", 0.1, 10, 1.5),
    Variable("frc_liquid", "1", "liquid water that the snow holds, as a share of it", 0, 1, 0.06),
    Variable("melt_crit", "degC", "temperature above which snow melts", -10, 10, 0.0),
    Variable("t_refreeze", "degC", "temperature below which liquid water of the snow freezes", -10, 10, 0.0),
    Variable("rainf_lower", "degC", "temperature up to which all precipitation is snow", -15, 10, -1.1),
    Variable("snowf_upper", "degC", "temperature from which all precipitation is rain", -10, 15, 3.3),
    Variable("skincap1", "mm", "water that one layer of leaves, or bare soil, can hold", 0, 10, 0.2),
    Variable("ddfac", "mm K-1 d-1", "degree-day factor of the cell (melt 'spatial' and 'both')", 0, 30, 4.0),
    Variable("lag_land", "d", "residence time of surface water", 0, 1e5, 30.0),
    Variable("lag_base", "d", "residence time of groundwater", 0, 1e5, 300.0),
)
P = layout(PARAMETERS)

# Bounds between which a network chooses (Wang et al., 2024, table 1); the ninth, lag_river, is the router's.
BOUNDS = {
    "rm_crit": (0.55, 0.95),
    "sevap_low": (0.0, 0.25),
    "qsb_min": (0.001, 0.1),
    "qsb_max": (0.1, 10.0),
    "qsb_low": (0.0, 0.2),
    "qsb_hig": (0.2, 1.0),
    "lag_land": (1.0, 200.0),
    "lag_base": (30.0, 1500.0),
}

GEOMETRY = (
    Variable(
        "surface_water_fraction", "1", "share of the land under lakes or wetlands", 1e-10, 1, 0.02, symbol="flake"
    ),
)
G = layout(GEOMETRY)

FLUXES = (
    Variable("rainfall", "mm d-1", "liquid precipitation", 0, balance=1, symbol="rainf", standard_name="rainfall_rate"),
    Variable(
        "snowfall",
        "mm d-1",
        "solid precipitation, as water",
        0,
        balance=1,
        symbol="snowf",
        standard_name="lwe_snowfall_rate",
    ),
    Variable("snowmelt", "mm d-1", "water that leaves the snow pack", 0, symbol="smelt"),
    Variable("rain_and_melt", "mm d-1", "rain and water from the snow pack", 0, symbol="rainmelt"),
    Variable("throughfall", "mm d-1", "water that reaches the soil", 0, symbol="throu"),
    Variable("skin_evaporation", "mm d-1", "evaporation of water on bare soil", 0, symbol="skinevap"),
    Variable("canopy_evaporation", "mm d-1", "evaporation of water on the vegetation", 0, symbol="canoevap"),
    Variable("transpiration", "mm d-1", "transpiration", 0, symbol="transp"),
    Variable("bare_soil_evaporation", "mm d-1", "evaporation of the bare soil", 0, symbol="sevap"),
    Variable("lake_evaporation", "mm d-1", "evaporation of surface water", 0, symbol="levap"),
    Variable(
        "evaporation",
        "mm d-1",
        "actual evapotranspiration, all five parts",
        0,
        balance=-1,
        symbol="evap",
        standard_name="lwe_water_evaporation_rate",
    ),
    Variable("surface_runoff", "mm d-1", "water that the soil does not take, to surface water", 0, symbol="qs"),
    Variable("drainage", "mm d-1", "root zone to groundwater", 0, symbol="qsb"),
    Variable("lake_leakage", "mm d-1", "surface water to groundwater", 0, symbol="lleak"),
    Variable("overland_flow", "mm d-1", "outflow of surface water", 0, symbol="qsl"),
    Variable("baseflow", "mm d-1", "outflow of groundwater", 0, symbol="qg"),
    Variable("runoff", "mm d-1", "overland flow and baseflow: what the river gets", 0, balance=-1),
    Variable("land_runoff", "mm d-1", "surface runoff and drainage, before storage", 0, symbol="qtot"),
    Variable(
        "land_water_storage",
        "mm",
        "all water of the land at the end of the step, without rivers",
        0,
        over_time="mean",
    ),
)
X = layout(FLUXES)
