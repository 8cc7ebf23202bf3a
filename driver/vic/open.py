"""From the settings of &vic to parameters, forcing and states: the way into VIC's files for everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigurationError
from ..settings_vic_check import substeps_of
from .choices import Choices, choices
from .classic import read_classic
from .forcing_classic import ClassicForcing, Column, Stream
from .forcing_image import ImageForcing, with_neighbours, yearly_files
from .image import ImageGrid, read_image
from .parameters import VicParameters
from .weather import DAYS, SKIP, STEPS, Forcing, Types

YEAR = "{year}"


def open_parameters(vic: Mapping[str, Any]) -> tuple[VicParameters, ImageGrid]:
    """The parameters of every cell that runs, and where the cells lie.

    ConfigurationError where settings are missing or contradict each other, InputError where a file is at fault.
    """
    chosen = _choices(vic)
    if vic.get("parameters"):
        domain = Path(vic["domain"]) if vic.get("domain") else None
        return read_image(Path(vic["parameters"]), domain, chosen, pairs(vic.get("domain_names", ()), "domain_names"))
    missing = [key for key in ("soil", "vegetation", "library") if not vic.get(key)]
    if missing:
        raise ConfigurationError(f"&vic has no {missing[0]}: name parameters, or soil, vegetation and library")
    bands = Path(vic["bands"]) if vic.get("bands") else None
    given = read_classic(Path(vic["soil"]), Path(vic["vegetation"]), Path(vic["library"]), bands, chosen)
    return given, grid_of(given)


def _choices(vic: Mapping[str, Any]) -> Choices:
    settings = {name.upper(): value for name, value in pairs(vic.get("file_options", ()), "file_options").items()}
    return choices(settings, "&vic file_options", image=bool(vic.get("parameters")))


def grid_of(given: VicParameters) -> ImageGrid:
    """A grid of the latitudes and longitudes that the places have, from south to north and west to east."""
    latitude, row = np.unique(given.latitude, return_inverse=True)
    longitude, column = np.unique(given.longitude, return_inverse=True)
    unknown = np.full(given.cell.size, np.nan)
    return ImageGrid(latitude, longitude, row, column, unknown, np.ones(given.cell.size))


def open_forcing(vic: Mapping[str, Any], given: VicParameters, first: int, last: int) -> Forcing:
    """Series at the places; first, last: years of the files of the image driver.

    Where the files have TMIN and TMAX they are of days, from which the weather of the steps is derived.
    ConfigurationError where settings are missing, InputError where a file is at fault.
    """
    if not vic.get("forcing"):
        raise ConfigurationError("&vic has no forcing: name the files, with {year} for those of the image driver")
    where = forcing_name(vic)
    if vic.get("forcing_names"):
        names = {name.upper(): own for name, own in pairs(vic["forcing_names"], "forcing_names").items()}
        prefix, found, rest = where.partition(YEAR)
        types = _types(list(names))
        if found and types is DAYS:
            first, last = with_neighbours(prefix, first, last, rest)
        paths = yearly_files(prefix, first, last, rest) if found else [Path(where)]
        series: Forcing = ImageForcing(paths, names, given.latitude, given.longitude, types)
    else:
        stream = _stream(vic, where)
        types = _types([column.force_type for column in stream.columns])
        series = ClassicForcing([stream], given.latitude, given.longitude, types)
    return _from_days(vic, given, series, where) if types is DAYS else series


def _types(names: list[str]) -> Types:
    return DAYS if "TMIN" in names or "TMAX" in names else STEPS


def _from_days(vic: Mapping[str, Any], given: VicParameters, series: Forcing, where: str) -> Forcing:
    """Weather of the steps, or of the sub-steps of the snow where a step has several."""
    from .daily_choices import daily_choices
    from .daily_weather import DailyForcing

    place = (given.latitude, given.longitude, given.soil["elev"])
    return DailyForcing(series, *place, 24 * substeps_of(vic) // int(vic["step"]), daily_choices(vic), where)


def forcing_name(vic: Mapping[str, Any]) -> str:
    """The one name of the forcing files."""
    given = vic["forcing"]
    return str(given if isinstance(given, str) else given[0])


def _stream(vic: Mapping[str, Any], prefix: str) -> Stream:
    for key in ("forcing_columns", "forcing_start", "forcing_steps_per_day"):
        if not vic.get(key):
            raise ConfigurationError(f"&vic has no {key}: files of columns need it; those of netCDF, forcing_names")
    binary = str(vic.get("forcing_binary", "no"))
    return Stream(
        prefix,
        [_column(text, binary != "no") for text in vic["forcing_columns"]],
        np.datetime64(vic["forcing_start"]),
        int(vic["forcing_steps_per_day"]),
        int(vic.get("forcing_decimals", 4)),
        binary != "no",
        binary == "big",
    )


def _column(text: str, binary: bool) -> Column:
    """From 'AIR_TEMP', or in binary files 'AIR_TEMP SIGNED 100'."""
    name, *more = text.split()
    if not binary or name.upper() == SKIP:
        return Column(name.upper())
    try:
        sign, factor = more
        return Column(name.upper(), {"SIGNED": True, "UNSIGNED": False}[sign.upper()], float(factor))
    except (ValueError, KeyError):
        raise ConfigurationError(
            f"&vic forcing_columns: '{text}', expected the name, SIGNED or UNSIGNED, and a factor"
        ) from None


def pairs(texts: Sequence[str], key: str) -> dict[str, str]:
    """Names and values of texts such as 'LAI_SRC = FROM_VEGPARAM'. ConfigurationError where one has no '='."""
    found = {}
    for text in texts:
        name, equal, value = text.partition("=")
        if not equal or not name.strip():
            raise ConfigurationError(f"&vic {key}: '{text}', expected NAME = value")
        found[name.strip()] = value.strip()
    return found
