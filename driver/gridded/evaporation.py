"""Potential evaporation out of gridded weather: what each formula needs, and the formula on a block of days."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from ...kernels import potential_evaporation as formulas
from ...kernels.potential_evaporation.air import air_pressure
from ..errors import ConfigurationError
from ..timeaxis import TimeAxis

# Of the alternatives of each need the first that the files have is used.
Needs = tuple[tuple[tuple[str, ...], ...], ...]
EXTREMES = ("minimum_temperature", "maximum_temperature")
TEMPERATURE: Needs = ((("air_temperature",), EXTREMES),)
HUMIDITIES = ("vapour_pressure", "dewpoint_temperature", "specific_humidity", "relative_humidity")
NET_RADIATION = (
    ("net_shortwave", "net_longwave"),
    ("shortwave", "longwave"),
    *(("shortwave", *EXTREMES, humidity) for humidity in HUMIDITIES),
)
NEEDS: dict[str, Needs] = {
    "given": ((("potential_evaporation",),),),
    "oudin": (),
    "hargreaves": ((EXTREMES,),),
    "priestley_taylor": (NET_RADIATION,),
    "penman_monteith": (NET_RADIATION, (EXTREMES,), tuple((name,) for name in HUMIDITIES), (("wind_speed",),)),
}
WITH_ELEVATION = ("priestley_taylor", "penman_monteith")
# Numbers of a block of days and places on which a formula works at once, so that they stay in cache.
BLOCK = 2**19
Read = Callable[[str], np.ndarray]


def needed(method: str, available: Collection[str], where: str) -> list[str]:
    """Names of the daily fields beside precipitation that a method reads, temperature first.

    ConfigurationError, with what is possible, where the files do not have them.
    """
    names, missing = _choose((*TEMPERATURE, *NEEDS[method]), available)
    if missing:
        possible = [other for other in NEEDS if not _choose((*TEMPERATURE, *NEEDS[other]), available)[1]]
        choice = f"; possible are: {', '.join(possible)}" if possible else ""
        raise ConfigurationError(
            f"{where}: pet = '{method}' needs {' and '.join(missing)}, which these files do not have{choice}; files of "
            "other series can be added to path"
        )
    return names


def _choose(needs: Needs, available: Collection[str]) -> tuple[list[str], list[str]]:
    """Names of the first alternatives that are there, and in words what is missing."""
    chosen: dict[str, None] = {}
    missing = []
    for alternatives in needs:
        found = next((names for names in alternatives if all(name in available for name in names)), None)
        if found:
            chosen.update(dict.fromkeys(found))
            continue
        lacking = [[name for name in names if name not in available] for names in alternatives]
        fewest = min(map(len, lacking))
        missing.append(" or ".join(dict.fromkeys(" and ".join(one) for one in lacking if len(one) == fewest)))
    return list(chosen), missing


def evaporation(
    method: str,
    read: Read,
    names: list[str],
    axis: TimeAxis,
    latitude: np.ndarray,
    elevation: np.ndarray | None,
    wind_height: float,
) -> np.ndarray:
    """Potential evaporation, mm d-1, [day, place].

    read       gives a checked field [day, place] by name
    names      as needed() gave them
    axis       the days of the block
    latitude   degrees [place]; elevation: m [place], for WITH_ELEVATION only
    """
    if method == "given":
        return read("potential_evaporation")
    fields = {name: read(name) for name in names}
    shape = next(iter(fields.values())).shape
    result = np.empty(shape, np.result_type(*fields.values()))
    day, length = axis.day_of_year()[:, None], axis.year_length()[:, None]
    step = max(BLOCK // max(shape[1], 1), 1)
    for first in range(0, shape[0], step):
        days = slice(first, first + step)
        part = {name: values[days].astype(np.float64) for name, values in fields.items()}
        sun = (latitude, day[days], length[days])
        result[days] = _formula(method, part, sun, elevation, wind_height)
    return result


def _formula(
    method: str, fields: dict[str, np.ndarray], sun: tuple, elevation: np.ndarray | None, wind_height: float
) -> np.ndarray:
    mean = temperature(fields.__getitem__, list(fields))
    if method == "oudin":
        return formulas.oudin(mean, *sun)
    if method == "hargreaves":
        low, high = (fields[name] for name in EXTREMES)
        latitude, day, length = sun
        return formulas.hargreaves(low, high, latitude, day, length, mean)
    assert elevation is not None
    vapour = vapour_pressure(fields, elevation)
    net = _net_radiation(fields, mean, vapour, sun, elevation)
    if method == "priestley_taylor":
        return formulas.priestley_taylor(net, mean, elevation)
    wind = formulas.wind_at_two_metres(fields["wind_speed"], wind_height)
    assert vapour is not None
    low, high = (fields[name] for name in EXTREMES)
    return formulas.penman_monteith_fao56(net, low, high, vapour, wind, elevation, mean)


def temperature(read: Read, names: Collection[str]) -> np.ndarray:
    """Mean temperature of the day, degC: given, or the mean of the extremes."""
    if "air_temperature" in names:
        return read("air_temperature")
    low, high = (read(name) for name in EXTREMES)
    return 0.5 * (low + high)


def vapour_pressure(fields: dict[str, np.ndarray], elevation: np.ndarray) -> np.ndarray | None:
    """Vapour pressure, kPa, from whichever measure of humidity there is; None without any."""
    if "vapour_pressure" in fields:
        return fields["vapour_pressure"]
    if "dewpoint_temperature" in fields:
        return formulas.actual_vapour_pressure(fields["dewpoint_temperature"])
    if "specific_humidity" in fields:
        return formulas.vapour_pressure_from_specific_humidity(fields["specific_humidity"], air_pressure(elevation))
    if "relative_humidity" in fields:
        low, high = (fields[name] for name in EXTREMES)
        return formulas.vapour_pressure_from_relative_humidity(low, high, fields["relative_humidity"])
    return None


def _net_radiation(
    fields: dict[str, np.ndarray], mean: np.ndarray, vapour: np.ndarray | None, sun: tuple, elevation: np.ndarray
) -> np.ndarray:
    if "net_shortwave" in fields:
        return fields["net_shortwave"] + fields["net_longwave"]
    if "longwave" in fields:
        return formulas.net_radiation_from_longwave(fields["shortwave"], fields["longwave"], mean)
    assert vapour is not None
    low, high = (fields[name] for name in EXTREMES)
    latitude, day, length = sun
    return formulas.net_radiation(fields["shortwave"], low, high, vapour, elevation, latitude, day, length)
