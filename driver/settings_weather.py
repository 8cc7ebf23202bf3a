"""Settings of gridded weather: where the files are, what is in them, and how potential evaporation is made."""

from .setting import Setting

WEATHER_GROUPS = {"weather": "gridded weather (form = 'grid'): its files, names and conventions"}

# The series of the files, by freshet's name: what each is.
SERIES = {
    "precipitation": "precipitation, rain and snow together",
    "rainfall": "rain without snow, where precipitation is in two parts",
    "snowfall": "snow as water, where precipitation is in two parts",
    "air_temperature": "mean air temperature",
    "minimum_temperature": "lowest air temperature of the day",
    "maximum_temperature": "highest air temperature of the day",
    "potential_evaporation": "potential evaporation (pet = 'given')",
    "shortwave": "downward shortwave radiation",
    "longwave": "downward longwave radiation",
    "net_shortwave": "net shortwave radiation",
    "net_longwave": "net longwave radiation, positive down",
    "specific_humidity": "specific humidity",
    "relative_humidity": "relative humidity",
    "vapour_pressure": "vapour pressure",
    "dewpoint_temperature": "dewpoint",
    "surface_pressure": "air pressure at the ground",
    "wind_speed": "wind speed",
    "eastward_wind": "wind to the east",
    "northward_wind": "wind to the north",
}
FORMULAS = ("oudin", "hargreaves", "priestley_taylor", "penman_monteith")

WEATHER = (
    Setting(
        "weather",
        "path",
        "paths",
        (),
        "netCDF files, as a list; {year}, {month} and * stand for any text; of a folder all files",
    ),
    Setting(
        "weather",
        "product",
        "text",
        "auto",
        "whose conventions the files follow; 'auto' recognises them",
        choices=("auto", "isimip", "era5", "era5_land", "hydropy", "cf"),
    ),
    Setting(
        "weather",
        "pet",
        "text",
        "auto",
        "how potential evaporation is made; 'auto' takes the files' own, oudin where they have none",
        choices=("auto", "given", *FORMULAS),
    ),
    Setting(
        "weather",
        "stamps",
        "text",
        "auto",
        "what the time of a mean or a sum over some hours marks: their begin, middle or end; 'auto' goes by bounds and "
        "product",
        choices=("auto", "begin", "middle", "end"),
    ),
    Setting(
        "weather", "day_start", "real", 0.0, "hour of the files' clock at which a day begins", "h", low=-12, high=12
    ),
    Setting("weather", "wind_height", "real", 10.0, "height above ground of the wind", "m", low=0.2, high=200),
    Setting(
        "weather",
        "negative_precipitation",
        "real",
        1e-6,
        "how far below 0 precipitation is rounding, and set to 0; ERA5 has some -1e-5",
        "mm d-1",
        low=0,
        high=0.1,
    ),
    Setting(
        "weather",
        "elevation",
        "input",
        "",
        "netCDF file of the height of the cells, for pet; '' = as the grid or the surface pressure has it",
    ),
    Setting(
        "weather",
        "beyond_mask",
        "text",
        "refuse",
        "cells of the model's land where the weather has none on any day: 'nearest' takes the nearest cell that has",
        choices=("refuse", "nearest"),
    ),
    Setting(
        "weather",
        "factors",
        "input",
        "",
        "netCDF file of factors of precipitation and potential_evaporation by cell, as freshet train leaves them",
    ),
    Setting("weather", "beyond_degrees", "real", 1.5, "how far the nearest may be", "degrees", low=0, high=20),
    *(
        Setting("weather", name, "text", "", f"name in the files of the {meaning}; '' = recognised")
        for name, meaning in SERIES.items()
    ),
)
