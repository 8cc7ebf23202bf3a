"""Potential evaporation at the door: which data each formula needs, and the formula on a block of days."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from ...kernels import potential_evaporation as formulas
from ..errors import ConfigurationError, InputError
from ..timeaxis import TimeAxis
from .fields import FIELDS

WIND_HEIGHT = 10.0  # m, of ERA5-Land and of CF's wind_speed of climate models
# Of the alternatives of each need the first that the data have is used.
Needs = tuple[tuple[tuple[str, ...], ...], ...]
PRECIPITATION = (("precipitation",),)
HUMIDITY = (("vapour_pressure",), ("dewpoint_temperature",))
TEMPERATURE = (("air_temperature",), ("minimum_temperature", "maximum_temperature"))
EXTREMES = (("minimum_temperature", "maximum_temperature"),)
WIND = (("wind_speed",), ("eastward_wind", "northward_wind"))
DOWN = ("shortwave", "minimum_temperature", "maximum_temperature")
NET_RADIATION = (
    ("net_shortwave", "net_longwave"),
    (*DOWN, "vapour_pressure"),
    (*DOWN, "dewpoint_temperature"),
)
NEEDS: dict[str, Needs] = {
    "given": ((("potential_evaporation",),),),
    "oudin": (),
    "hargreaves": (EXTREMES,),
    "priestley_taylor": (NET_RADIATION,),
    "penman_monteith": (NET_RADIATION, EXTREMES, HUMIDITY, WIND),
}
PLACE_NEEDS: dict[str, tuple[str, ...]] = {
    "given": (),
    "oudin": ("latitude",),
    "hargreaves": ("latitude",),
    "priestley_taylor": ("elevation",),
    "penman_monteith": ("elevation",),
}
Read = Callable[[str], np.ndarray]


def needed(method: str, available: Mapping[str, str], known: Collection[str], where: str) -> list[str]:
    """Names of the series that a model reads with this method, precipitation first.

    available: the series there are; known: attributes that are known of every basin, for what else is possible.
    InputError where there is no precipitation or temperature; ConfigurationError, with what is possible, where the
    method needs more than there is.
    """
    for alternatives in (PRECIPITATION, TEMPERATURE):
        if not _choose((alternatives,), available)[0]:
            name = alternatives[0][0]
            known = ", ".join(FIELDS[name].names)
            raise InputError(f"{where} has no {name.replace('_', ' ')}, expected a series named one of: {known}")
    names, missing = _choose((PRECIPITATION, TEMPERATURE, *NEEDS[method]), available)
    if missing:
        possible = [
            other
            for other in NEEDS
            if not _choose(NEEDS[other], available)[1] and all(name in known for name in PLACE_NEEDS[other])
        ]
        choice = f"; possible are: {', '.join(possible)}" if possible else ""
        raise ConfigurationError(
            f"{where}: pet = '{method}' needs {' and '.join(missing)}, which these data do not have{choice}"
        )
    return names


def _choose(needs: Needs, available: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Names of the first alternatives that are there, and in words what is missing."""
    chosen: dict[str, None] = {}
    missing = []
    for alternatives in needs:
        found = [names for names in alternatives if all(name in available for name in names)]
        if found:
            chosen.update(dict.fromkeys(found[0]))
        else:
            lacking = [[name for name in names if name not in available] for names in alternatives]
            fewest = min(map(len, lacking))
            texts = [" and ".join(names) for names in lacking if len(names) == fewest]
            missing.append(" or ".join(dict.fromkeys(texts)))
    return list(chosen), missing


def check_places(
    method: str, names: list[str], attributes: Mapping[str, np.ndarray], ids: list[str], where: str
) -> None:
    """InputError where a basin lacks the latitude or the elevation that the method needs."""
    wanted = [*PLACE_NEEDS[method]]
    if "shortwave" in names:
        wanted.append("latitude")
    for name in dict.fromkeys(wanted):
        unknown = ~np.isfinite(attributes[name])
        if unknown.any():
            raise InputError(
                f"{where}: pet = '{method}' needs the {name} of each basin, which is not known for "
                f"{ids[int(np.argmax(unknown))]} ({int(unknown.sum())} of {len(ids)} basins): leave them out or choose "
                "pet = 'given' if the data have it"
            )
    latitude = attributes["latitude"]
    if "latitude" in wanted and (np.abs(latitude) > 90).any():
        place = int(np.argmax(np.abs(latitude) > 90))
        raise InputError(f"{where}: latitude of basin {ids[place]} is {latitude[place]:g}, expected -90 to 90")


def evaporation(
    method: str, read: Read, names: list[str], axis: TimeAxis, attributes: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Potential evaporation, mm d-1, float64 [time, place].

    read   gives a checked series [time, place] by name
    names  as needed() gave them
    axis   the days of the block
    """
    if method == "given":
        return read("potential_evaporation")
    sun = (attributes["latitude"], axis.day_of_year()[:, None], axis.year_length()[:, None])
    if method == "oudin":
        return formulas.oudin(temperature(read, names), *sun)
    if method == "hargreaves":
        extremes = read("minimum_temperature"), read("maximum_temperature")
        return formulas.hargreaves(*extremes, *sun, air_temperature=temperature(read, names))
    elevation, net = attributes["elevation"], _net_radiation(read, names, sun, attributes["elevation"])
    if method == "priestley_taylor":
        return formulas.priestley_taylor(net, temperature(read, names), elevation)
    extremes = read("minimum_temperature"), read("maximum_temperature")
    weather = (_vapour_pressure(read, names), _wind(read, names))
    return formulas.penman_monteith_fao56(net, *extremes, *weather, elevation, temperature(read, names))


def temperature(read: Read, names: list[str]) -> np.ndarray:
    """Mean temperature of the day, degC: given, or the mean of the extremes."""
    if "air_temperature" in names:
        return read("air_temperature")
    return 0.5 * (read("minimum_temperature") + read("maximum_temperature"))


def _net_radiation(read: Read, names: list[str], sun: tuple, elevation: np.ndarray) -> np.ndarray:
    if "net_shortwave" in names:
        return read("net_shortwave") + read("net_longwave")
    extremes = read("minimum_temperature"), read("maximum_temperature")
    return formulas.net_radiation(read("shortwave"), *extremes, _vapour_pressure(read, names), elevation, *sun)


def _vapour_pressure(read: Read, names: list[str]) -> np.ndarray:
    if "vapour_pressure" in names:
        return read("vapour_pressure")
    return formulas.actual_vapour_pressure(read("dewpoint_temperature"))


def _wind(read: Read, names: list[str]) -> np.ndarray:
    parts = [read(name) for name in names if name in ("wind_speed", "eastward_wind", "northward_wind")]
    return formulas.wind_at_two_metres(parts[0] if len(parts) == 1 else np.hypot(*parts), WIND_HEIGHT)
