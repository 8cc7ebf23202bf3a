"""The series of gridded weather: what each is, and under which names data sets hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One series.

    name            freshet's, as in &weather
    quantity        key of units.QUANTITIES: its unit and plausible range
    over            whether a sub-daily value is a mean or sum over its time step; otherwise it is of a moment
    names           in files, the preferred first
    standard_names  of CF
    """

    name: str
    quantity: str
    over: bool
    names: tuple[str, ...]
    standard_names: tuple[str, ...] = ()


# ISIMIP and CMIP: tas pr rsds; WFDEI and WFDE5: Tair Rainf SWdown; ERA5: t2m tp ssrd or long names, old and new (avg_);
# HydroPy: TSurf Precip PET; PCR-GLOBWB: precipitation temperature referencePotET.
FIELDS = {
    field.name: field
    for field in (
        Field(
            "precipitation",
            "precipitation",
            True,
            ("pr", "Precip", "tp", "total_precipitation", "precipitation", "Rainfall_total", "prcp", "precip", "mtpr",
             "avg_tprate", "mean_total_precipitation_rate", "rr", "prAdjust"),
            ("precipitation_flux", "lwe_precipitation_rate", "precipitation_amount",
             "lwe_thickness_of_precipitation_amount"),
        ),
        Field("rainfall", "precipitation", True, ("Rainf", "rainf", "prra", "rainfall"), ("rainfall_flux",)),
        Field("snowfall", "precipitation", True, ("Snowf", "snowf", "prsn", "snowfall"), ("snowfall_flux",)),
        Field(
            "air_temperature",
            "temperature",
            False,
            ("tas", "TSurf", "t2m", "2m_temperature", "temperature_2m", "Tair", "air_temperature", "temperature",
             "tmean", "tavg", "tg", "temp", "tasAdjust"),
            ("air_temperature",),
        ),
        Field(
            "minimum_temperature",
            "temperature",
            True,
            ("tasmin", "mn2t", "minimum_2m_temperature_since_previous_post_processing", "Tmin", "tmin", "t2m_min", "tn",
             "minimum_temperature", "temperature_2m_min", "tasminAdjust"),
        ),
        Field(
            "maximum_temperature",
            "temperature",
            True,
            ("tasmax", "mx2t", "maximum_2m_temperature_since_previous_post_processing", "Tmax", "tmax", "t2m_max", "tx",
             "maximum_temperature", "temperature_2m_max", "tasmaxAdjust"),
        ),
        Field(
            "potential_evaporation",
            "potential_evaporation",
            True,
            ("PET", "pet", "potential_evaporation", "evspsblpot", "referencePotET", "potevap", "pev",
             "potential_evapotranspiration", "et0", "ET0"),
            ("water_potential_evaporation_flux", "water_potential_evaporation_amount"),
        ),
        Field(
            "shortwave",
            "shortwave",
            True,
            ("rsds", "SWdown", "ssrd", "surface_solar_radiation_downwards", "msdwswrf", "avg_sdswrf", "shortwave",
             "mean_surface_downward_short_wave_radiation_flux", "rsdsAdjust"),
            ("surface_downwelling_shortwave_flux_in_air", "surface_downwelling_shortwave_flux"),
        ),
        Field(
            "longwave",
            "longwave",
            True,
            ("rlds", "LWdown", "strd", "surface_thermal_radiation_downwards", "msdwlwrf", "avg_sdlwrf", "longwave",
             "mean_surface_downward_long_wave_radiation_flux", "rldsAdjust"),
            ("surface_downwelling_longwave_flux_in_air", "surface_downwelling_longwave_flux"),
        ),
        Field(
            "net_shortwave",
            "net_radiation",
            True,
            ("rsns", "ssr", "surface_net_solar_radiation", "msnswrf", "avg_snswrf", "net_shortwave"),
            ("surface_net_downward_shortwave_flux",),
        ),
        Field(
            "net_longwave",
            "net_radiation",
            True,
            ("rlns", "str", "surface_net_thermal_radiation", "msnlwrf", "avg_snlwrf", "net_longwave"),
        ),
        Field(
            "specific_humidity", "specific_humidity", False, ("huss", "Qair", "hussAdjust"), ("specific_humidity",)
        ),
        Field(
            "relative_humidity", "relative_humidity", False, ("hurs", "RH", "rh", "hursAdjust"), ("relative_humidity",)
        ),
        Field(
            "vapour_pressure", "vapour_pressure", False, ("vp", "vapour_pressure"),
            ("water_vapor_partial_pressure_in_air",),
        ),
        Field(
            "dewpoint_temperature",
            "temperature",
            False,
            ("d2m", "2m_dewpoint_temperature", "dewpoint_temperature_2m", "tdps", "dewpoint_temperature"),
            ("dew_point_temperature",),
        ),
        Field(
            "surface_pressure", "pressure", False, ("ps", "PSurf", "sp", "surface_pressure"), ("surface_air_pressure",)
        ),
        Field(
            "wind_speed", "wind", False, ("sfcWind", "sfcwind", "Wind", "si10", "wind_speed", "wind", "ws"),
            ("wind_speed",),
        ),
        Field("eastward_wind", "wind", False, ("u10", "10m_u_component_of_wind", "uas"), ("eastward_wind",)),
        Field("northward_wind", "wind", False, ("v10", "10m_v_component_of_wind", "vas"), ("northward_wind",)),
    )
}  # fmt: skip

# Whose conventions a name of precipitation or temperature stands for.
PRODUCTS = {
    "era5": ("tp", "total_precipitation", "t2m", "2m_temperature", "temperature_2m", "mtpr", "avg_tprate"),
    "hydropy": ("Precip", "TSurf"),
    "isimip": ("pr", "prAdjust", "Rainf", "rainf", "tas", "tasAdjust", "Tair"),
}
# ECMWF's potential evaporation is negative where water evaporates, and about twice what models of water balance need.
ECMWF_EVAPORATION = "pev"


def product_of(names: Mapping[str, str]) -> str:
    """The product whose names the files use for precipitation or temperature; 'cf' where nobody's."""
    used = {names.get("precipitation", names.get("rainfall", "")), names.get("air_temperature", "")}
    return next((product for product, known in PRODUCTS.items() if used & set(known)), "cf")


def find_name(field: Field, present: Mapping[str, str]) -> str | None:
    """The name in a file of a field, or None. present: standard names (or '') by name of the series there are."""
    for name in field.names:
        if name in present:
            return name
    # Names of one letter and those of several capitals are too little to go by without their case.
    folded = {name.lower(): name for name in reversed(list(present))}
    for name in field.names:
        if len(name) > 2 and name.lower() in folded:
            return folded[name.lower()]
    # CF gives mean, minimum and maximum temperature one standard name: it tells which only where it stands alone.
    matching = [name for name, standard in present.items() if standard and standard in field.standard_names]
    return matching[0] if len(matching) == 1 else None
