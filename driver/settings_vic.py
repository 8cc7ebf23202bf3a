"""Settings of the model vic: its form, and VIC's own files."""

from .setting import Setting
from .settings_vic_daily import DAILY

VIC_GROUPS = {"vic": "form and files of the model vic (form = 'vic' of &data)"}

# What chooses the equations.
FORM = (
    Setting("vic", "energy", "logical", False, "solve the energy balance of the surface (VIC's FULL_ENERGY)"),
    Setting("vic", "frozen", "logical", False, "soil can freeze: finite differences over nodes (VIC's FROZEN_SOIL)"),
    Setting("vic", "layers", "integer", 3, "soil layers, as many as the parameter files have", low=2, high=10),
    Setting(
        "vic", "nodes", "integer", 0, "thermal nodes of the soil; 0 = 10 with frozen soil, otherwise 3", low=0, high=50
    ),
    Setting("vic", "zones", "integer", 3, "root zones, as many as the parameter files have", low=1, high=10),
    Setting("vic", "step", "integer", 3, "length of a step: a whole part of a day", "h", low=1, high=24),
    Setting(
        "vic",
        "substeps",
        "integer",
        0,
        "sub-steps of the snow in a step; 0 = one for each 3 hours, at least one",
        low=0,
        high=24,
    ),
    Setting(
        "vic",
        "runoff_steps",
        "integer",
        0,
        "sub-steps of the soil's water in a step; 0 = one for each hour",
        low=0,
        high=96,
    ),
    Setting(
        "vic",
        "vic_compat",
        "logical",
        True,
        "VIC 5.1's own quirks; without them its physics is mended where it is plainly in error",
    ),
    Setting(
        "vic",
        "root_search",
        "text",
        "newton",
        "how the temperatures are found that close a surface's balance: 'newton' is fast, 'brent' is VIC's own search, "
        "operation by operation",
        choices=("newton", "brent"),
    ),
)

FILES = (
    Setting("vic", "parameters", "input", "", "parameter file of VIC 5's image driver (netCDF)"),
    Setting("vic", "domain", "input", "", "its domain file: mask, area and fraction of the cells"),
    Setting("vic", "domain_names", "texts", (), "variables of the domain file by other names: 'MASK = run_mask'"),
    Setting("vic", "soil", "input", "", "soil parameter file of the classic driver (ASCII), in place of parameters"),
    Setting("vic", "vegetation", "input", "", "its vegetation parameter file"),
    Setting("vic", "library", "input", "", "its vegetation library"),
    Setting("vic", "bands", "input", "", "its file of elevation bands"),
    Setting(
        "vic",
        "file_options",
        "texts",
        (),
        "options of VIC's global file that say how its parameter files are to be read: 'SNOW_BAND = 5', "
        "'LAI_SRC = FROM_VEGPARAM', 'BASEFLOW = NIJSSEN2001'",
    ),
    Setting(
        "vic",
        "forcing",
        "paths",
        (),
        "forcing: netCDF files with {year} in their name, one netCDF file, or what the names of the classic driver's "
        "files begin with",
    ),
    Setting("vic", "forcing_names", "texts", (), "netCDF variable of each quantity: 'AIR_TEMP = tas', 'PREC = prcp'"),
    Setting(
        "vic",
        "forcing_columns",
        "texts",
        (),
        "columns of the classic driver's files, in their order: 'PREC', 'AIR_TEMP'; in binary files 'PREC UNSIGNED 40'",
    ),
    Setting("vic", "forcing_start", "date", "", "first day of the classic driver's files"),
    Setting("vic", "forcing_steps_per_day", "integer", 0, "their records of a day", low=0, high=24),
    Setting(
        "vic", "forcing_decimals", "integer", 4, "decimals of latitude and longitude in their names", low=0, high=8
    ),
    Setting(
        "vic",
        "forcing_binary",
        "text",
        "no",
        "byte order where they are binary; 'no' = ASCII",
        choices=("no", "little", "big"),
    ),
    Setting(
        "vic", "initial_state", "input", "", "state file of VIC 5's image driver to begin with; '' = VIC's default"
    ),
    Setting("vic", "state_path", "path", "", "state file to write, without the date that is added; '' = none"),
    Setting("vic", "state_date", "date", "", "day before which it stands; '' = the end of the run"),
)

VIC = FORM + FILES + DAILY
