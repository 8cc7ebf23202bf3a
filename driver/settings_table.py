"""Every setting of freshet, once: groups in the order in which a namelist shows them.

Values of model parameters in &parameters are not here: they are derived from the model's own declarations.
"""

from .setting import Setting
from .settings_experiment import EXPERIMENT, EXPERIMENT_GROUPS, SEARCH, SEARCH_GROUPS
from .settings_grid import GRID, GRID_GROUPS
from .settings_hydropy import HYDROPY, HYDROPY_GROUPS
from .settings_learning import LEARNING, LEARNING_GROUPS
from .settings_objective import OBJECTIVE, OBJECTIVE_GROUPS
from .settings_output import OUTPUT
from .settings_planet import PLANET, PLANET_GROUPS
from .settings_reading import READING, READING_GROUPS
from .settings_routing import ROUTING, ROUTING_GROUPS
from .settings_vic import VIC, VIC_GROUPS
from .settings_weather import WEATHER, WEATHER_GROUPS

GROUPS = {
    "run": "what is computed: model, period, precision, and how the work is cut",
    **HYDROPY_GROUPS,
    **VIC_GROUPS,
    "data": "where weather, discharge and basin attributes come from",
    "generator": "the embedded weather generator (form = 'generated')",
    **PLANET_GROUPS,
    **GRID_GROUPS,
    **WEATHER_GROUPS,
    **ROUTING_GROUPS,
    "parameters": "where the model's parameters come from; any of them by name (fc = 300.0) overrides",
    "output": "what is written, where, and how often",
    **LEARNING_GROUPS,
    **READING_GROUPS,
    **OBJECTIVE_GROUPS,
    **EXPERIMENT_GROUPS,
    **SEARCH_GROUPS,
}

RUN = (
    Setting("run", "title", "text", "", "free text, copied into every file written"),
    Setting("run", "model", "text", "hbv", "name of the model (freshet describe models)"),
    Setting("run", "version", "text", "1.0", "published version of hbv"),
    Setting("run", "gamma", "logical", False, "add the shape of the evaporation curve (betaet) to hbv 1.0"),
    Setting("run", "components", "integer", 1, "parallel model components of each basin", low=1, high=1024),
    Setting("run", "start", "date", "", "first day; '' = first day of the data"),
    Setting("run", "end", "date", "", "last day, included; '' = last day of the data"),
    Setting("run", "precision", "text", "float32", "arithmetic of the kernels", choices=("float32", "float64")),
    Setting("run", "threads", "integer", 1, "threads of the kernels on the CPU", low=1, high=1024),
    Setting("run", "device", "text", "cpu", "where the kernels run; 'cuda' only to train", choices=("cpu", "cuda")),
    Setting("run", "block", "integer", 365, "days of weather that are read at once, at most", "d", low=1, high=100000),
    Setting(
        "run",
        "warmup_days",
        "integer",
        365,
        "days simulated before start to fill the stores: those before it where the data have them, otherwise "
        "the first days, repeated; 0 = start from the initial state",
        "d",
        low=0,
        high=36500,
    ),
    Setting("run", "resume", "logical", False, "go on from the last restart in the output directory"),
    Setting(
        "run",
        "balance_tolerance",
        "real",
        0.0,
        "largest water balance residual of a basin and day before the run stops; 0 = chosen by the precision",
        "mm d-1",
        low=0,
        high=1000,
    ),
)

DATA = (
    Setting(
        "data",
        "form",
        "text",
        "generated",
        "form of the data (freshet describe data)",
        choices=("generated", "netcdf", "caravan", "camels_us", "grid", "planet", "vic"),
    ),
    Setting("data", "path", "input", "", "file or folder of the data; $VARIABLES and ~ are expanded"),
    Setting("data", "basins", "texts", (), "basins by id, or the name of a text file with one id per line; '' = all"),
    Setting("data", "limit", "integer", 0, "take only the first so many basins; 0 = all", low=0),
    Setting("data", "subset", "text", "", "take only basins where this attribute is 1, such as 'test_subset'"),
    Setting(
        "data",
        "forcing_product",
        "text",
        "daymet",
        "weather product of the CAMELS-US tree",
        choices=("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    ),
    Setting(
        "data",
        "pet",
        "text",
        "oudin",
        "how potential evaporation is made; 'given' takes the data's own",
        choices=("oudin", "hargreaves", "priestley_taylor", "penman_monteith", "given"),
    ),
    Setting(
        "data",
        "on_missing",
        "text",
        "refuse",
        "what to do with gaps in the weather (gaps in discharge stay gaps)",
        choices=("refuse", "interpolate", "persist", "climatology"),
    ),
    Setting(
        "data",
        "discharge",
        "input",
        "",
        "netCDF or csv file of observed discharge by gauge id (form = 'grid' and 'planet'); '' = the table of gauges",
    ),
    Setting(
        "data", "attributes", "texts", (), "basin attributes that a network may see; '' = the data form's own list"
    ),
)

GENERATOR = (
    Setting("generator", "basins", "integer", 12, "number of catchments", low=1, high=1000000),
    Setting("generator", "years", "integer", 10, "length of the weather", "a", low=1, high=9999),
    Setting("generator", "seed", "integer", 1, "the same seed gives the same weather", low=0, high=2**31 - 1),
    Setting("generator", "start", "date", "1990-01-01", "first day"),
    Setting(
        "generator",
        "calendar",
        "text",
        "standard",
        "CF calendar",
        choices=("standard", "gregorian", "proleptic_gregorian", "julian", "noleap", "365_day", "360_day"),
    ),
)

PARAMETERS = (
    Setting(
        "parameters",
        "source",
        "text",
        "default",
        "defaults of the model, a netCDF file by basin, or a trained network",
        choices=("default", "file", "checkpoint"),
    ),
    Setting("parameters", "path", "input", "", "the parameter file or the checkpoint"),
)

SETTINGS = (
    RUN
    + HYDROPY
    + VIC
    + DATA
    + GENERATOR
    + PLANET
    + GRID
    + WEATHER
    + ROUTING
    + PARAMETERS
    + OUTPUT
    + LEARNING
    + READING
    + OBJECTIVE
    + EXPERIMENT
    + SEARCH
)
