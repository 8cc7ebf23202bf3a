"""Gridded weather behind one face: the days there are, the grid, and readers for chosen cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cftime
import numpy as np

from ..errors import ConfigurationError, InputError
from ..setting_value import expand
from ..timeaxis import EPOCH, TimeAxis
from .cells import locate
from .daily import derivable, sources
from .elevation import elevation_of
from .evaporation import NEEDS, WITH_ELEVATION, needed
from .file_list import weather_files
from .fingerprint import Fingerprints
from .grid_file import read_grid_file
from .mask import with_neighbours
from .names import ECMWF_EVAPORATION, FIELDS
from .reader import Reader
from .recognise import choose_names, choose_product, one_calendar
from .series import Conventions, Series, join
from .series_reader import SeriesReader


class Weather:
    """Daily weather on a grid.

    series   of the files that are read, by freshet's name
    pet      how potential evaporation is made, a key of evaporation.NEEDS
    names    the daily fields that are read
    options  the group &weather; on_missing: of &data

    latitude, longitude  degrees north and east of the cell centres, [y] and [x] in the order of the file; of the
                         cells, [cell] both, where `listed` (files without a grid)
    axis                 the days that every series has
    """

    def __init__(self, series: Mapping[str, Series], pet: str, names: list[str], options: Any, on_missing: str):
        self.series, self.pet, self.names = dict(series), pet, names
        self.options, self.on_missing = options, on_missing
        self.layout = next(iter(self.series.values())).layout
        self.latitude, self.longitude = self.layout.latitude, self.layout.longitude
        self.listed = self.layout.listed
        self.dtype: type = np.float32
        self.axis, self.remarks = _common_days(self.series)
        self._checksums = Fingerprints([file.path for one in self.series.values() for file in one.files])

    @property
    def notes(self) -> list[str]:
        """What was recognised and converted, one line each. Those of a reader go on with what was filled."""
        converted = [note for series in self.series.values() for note in series.notes]
        return [*self.remarks, *dict.fromkeys(converted), f"potential evaporation: {self._pet_words()}"]

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and sha256 of each input file; of samples, where they are more than 2 GiB together."""
        return self._checksums.files()

    def on(
        self,
        latitude: np.ndarray,
        longitude: np.ndarray,
        elevation: np.ndarray | None = None,
        dtype: type | None = None,
    ) -> Reader:
        """A reader of the cells at these coordinates, degrees [place].

        elevation  m [place], NaN where not known; pet = 'penman_monteith' and 'priestley_taylor' need it where &weather
                   names no file of it and the files have no surface pressure
        dtype      of the forcing; by default float64 for a run in float64, else float32

        InputError where no cell of the weather lies within 1e-4 degrees of a place, or the elevation is missing.
        """
        latitude, longitude = np.asarray(latitude, np.float64), np.asarray(longitude, np.float64)
        remarks: list[str] = []
        readers = {}
        kind = dtype or self.dtype
        for name, series in self.series.items():
            cell = locate(series.layout, latitude, longitude, series.where)
            if self.options.beyond_mask == "nearest":
                cell = with_neighbours(series, cell, self.options.beyond_degrees, self.axis, remarks)
            readers[name] = SeriesReader(series, cell, kind)
        heights = None
        if self.pet in WITH_ELEVATION:
            heights = elevation_of(self, readers, latitude, longitude, elevation, remarks)
        return Reader(self, readers, latitude, longitude, heights, remarks)

    def _pet_words(self) -> str:
        if self.pet != "given":
            return f"computed, pet = '{self.pet}', of {', '.join(name.replace('_', ' ') for name in self.names[1:])}"
        name = self.series["potential_evaporation"].name
        if name == ECMWF_EVAPORATION:
            return f"warning: {name} is ECMWF's own, about twice too high for water balances: choose another pet"
        return f"given, {name}"


def open_weather(settings: Any) -> Weather:
    """The weather that &weather and &data (on_missing) ask for.

    ConfigurationError where the formula of potential evaporation needs more than the files hold or a name is in no
    file; InputError where files are missing or broken, days are missing, or files do not fit together.
    """
    weather = settings.weather
    try:
        paths = weather_files([expand(path) for path in weather.path])
    except ValueError as error:
        raise ConfigurationError(f"&weather path: {error}") from error
    files = one_calendar([read_grid_file(path) for path in paths])
    names = choose_names(files, weather)
    product = choose_product(files, names, weather.product)
    conventions = Conventions(product, weather.stamps, weather.day_start)
    joined: dict[str, Series] = {}

    def series(name: str) -> Series:
        if name not in joined:
            holding = [file for file in files if names[name] in file.series]
            joined[name] = join(FIELDS[name], names[name], holding, conventions)
        return joined[name]

    hours = {name: series(name) for name in ("air_temperature",) if name in names}
    there = derivable({**dict.fromkeys(names), **hours})  # type: ignore[dict-item]
    where = str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    fields, pet = _fields(weather.pet, there, names, where)
    wanted = dict.fromkeys(source for field in fields for source in sources(field, names))  # type: ignore[arg-type]
    if pet in WITH_ELEVATION and "surface_pressure" in names:
        wanted["surface_pressure"] = None
    chosen = {name: series(name) for name in wanted}
    result = Weather(chosen, pet, fields, weather, settings.data.on_missing)
    if settings.run.precision == "float64":
        result.dtype = np.float64
    result.remarks.insert(0, f"{where}: read as product '{product}'")
    return result


def _fields(asked: str, there: set[str], names: Mapping[str, str], where: str) -> tuple[list[str], str]:
    """The daily fields to read, precipitation first, and the formula of potential evaporation."""
    if "precipitation" not in there:
        known = ", ".join(FIELDS["precipitation"].names[:8])
        raise InputError(
            f"{where}: no precipitation, expected a variable named one of: {known}; name it in &weather precipitation; "
            f"recognised: {', '.join(names.values()) or 'nothing'}"
        )
    pet = asked
    if asked == "auto":
        pet = "given" if "potential_evaporation" in there else "oudin"
    assert pet in NEEDS
    return ["precipitation", *needed(pet, there, where)], pet


def _common_days(series: Mapping[str, Series]) -> tuple[TimeAxis, list[str]]:
    """The days that all series have, and a remark where that is less than one of them has. InputError without any."""
    latest = max(series.values(), key=lambda one: one.first)
    earliest = min(series.values(), key=lambda one: one.last)
    first, last = latest.first, earliest.last
    calendar = latest.calendar
    if last <= first:
        raise InputError(f"{latest.where} begins behind the end of {earliest.where}: the series have no day in common")
    axis = TimeAxis(cftime.num2date(first, EPOCH, calendar=calendar), last - first)
    remarks = []
    if any((one.first, one.last) != (first, last) for one in series.values()):
        remarks.append(f"the series have in common the days {axis}: from {latest.where}, to {earliest.where}")
    return axis, remarks
