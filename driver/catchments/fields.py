"""The daily series that a door can read, and the names under which data sets hold them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One daily series.

    name            freshet's
    quantity        key of units.QUANTITIES: its unit and plausible range
    names           in files, the preferred first
    standard_names  of CF
    """

    name: str
    quantity: str
    names: tuple[str, ...]
    standard_names: tuple[str, ...] = ()


# Caravan's names: total_precipitation_sum, temperature_2m_mean, ... Before v1.5 its only potential evaporation was
# ERA5-Land's, without a suffix.
ERA5_LAND_EVAPORATION = ("potential_evaporation_sum_ERA5_LAND", "potential_evaporation_sum")

FIELDS = {
    field.name: field
    for field in (
        Field(
            "precipitation",
            "precipitation",
            ("precipitation", "total_precipitation_sum", "total_precipitation", "prcp", "pr", "precip", "tp", "P"),
            ("precipitation_flux", "lwe_precipitation_rate", "precipitation_amount"),
        ),
        Field(
            "air_temperature",
            "temperature",
            ("air_temperature", "temperature_mean", "temperature_2m_mean", "tas", "tmean", "tavg", "temperature", "T"),
            ("air_temperature",),
        ),
        Field(
            "minimum_temperature",
            "temperature",
            ("minimum_temperature", "temperature_min", "temperature_2m_min", "tasmin", "tmin"),
        ),
        Field(
            "maximum_temperature",
            "temperature",
            ("maximum_temperature", "temperature_max", "temperature_2m_max", "tasmax", "tmax"),
        ),
        Field(
            "potential_evaporation",
            "potential_evaporation",
            (
                "potential_evaporation",
                "pet",
                "potential_evaporation_sum_FAO_PENMAN_MONTEITH",
                *ERA5_LAND_EVAPORATION,
                "potential_evapotranspiration",
                "evspsblpot",
                "PET",
            ),
            ("water_potential_evaporation_flux", "water_potential_evaporation_amount"),
        ),
        Field(
            "discharge",
            "discharge",
            ("streamflow", "discharge", "runoff_observed", "qobs", "QObs", "Q"),
            ("water_volume_transport_in_river_channel",),
        ),
        Field(
            "shortwave",
            "shortwave",
            ("shortwave", "srad", "rsds", "surface_downwelling_shortwave_flux", "shortwave_radiation"),
            ("surface_downwelling_shortwave_flux_in_air",),
        ),
        Field("day_length", "day_length", ("day_length", "dayl")),
        Field("net_shortwave", "net_radiation", ("net_shortwave", "surface_net_solar_radiation_mean")),
        Field("net_longwave", "net_radiation", ("net_longwave", "surface_net_thermal_radiation_mean")),
        Field("vapour_pressure", "vapour_pressure", ("vapour_pressure", "vapor_pressure", "vp")),
        Field(
            "dewpoint_temperature",
            "temperature",
            ("dewpoint_temperature", "dewpoint_temperature_2m_mean", "tdps"),
            ("dew_point_temperature",),
        ),
        Field("wind_speed", "wind", ("wind_speed", "sfcWind", "wind"), ("wind_speed",)),
        Field("eastward_wind", "wind", ("wind_u", "u_component_of_wind_10m_mean", "uas"), ("eastward_wind",)),
        Field("northward_wind", "wind", ("wind_v", "v_component_of_wind_10m_mean", "vas"), ("northward_wind",)),
    )
}


def find_field(name: str, present: dict[str, str]) -> str | None:
    """The name in a file of one of FIELDS, or None. present: standard names (or '') by name of the series there are."""
    field = FIELDS[name]
    folded = {other.lower(): other for other in reversed(present)}
    for candidate in field.names:
        if candidate in present:
            return candidate
    # Capitals differ between the products of CAMELS-US; single letters are too little to go by.
    for candidate in field.names:
        if len(candidate) > 1 and candidate.lower() in folded:
            return folded[candidate.lower()]
    # CF gives mean, minimum and maximum temperature one standard name: it tells which only where it stands alone.
    matching = [other for other, standard in present.items() if standard and standard in field.standard_names]
    return matching[0] if len(matching) == 1 else None


def find_fields(present: dict[str, str]) -> dict[str, str]:
    """Names in a file of all FIELDS that are there, by freshet's names."""
    found = {name: find_field(name, present) for name in FIELDS}
    return {name: original for name, original in found.items() if original is not None}
