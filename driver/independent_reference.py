"""Independent data: monthly means of basins, where the basins lie, and their climate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import independent_months as months
from .errors import InputError
from .history_file import opened
from .timedecode import calendar_name, days_of

NUMBER, CLIMATE = "mask_value", "main_climate"
LATITUDES, LONGITUDES = ("latitude", "lat", "gauge_lat"), ("longitude", "lon", "gauge_lon")
EARTH_RADIUS = 6371.0  # km
KOEPPEN = {"A": "tropical", "B": "arid", "C": "temperate", "D": "cold", "E": "polar"}
CLASSES = re.compile(r"(\d+)\s*=\s*([A-Z][A-Za-z]{0,2})")


@dataclass(frozen=True)
class Mask:
    """Numbers of basins [y, x] (0 none) at centres of cells in degrees, and the area of the cells [y], km2."""

    number: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    area: np.ndarray


@dataclass(frozen=True)
class Reference:
    """A file of monthly or daily series by basin.

    months  numbers of its months; days: their lengths; month [record]: index of the month of each record
    units, meanings  of each series by name
    number  of each basin in the mask, 0 none; area: km2, NaN unknown; climate: Koeppen class, '' unknown
    latitude, longitude  of each basin, degrees, NaN unknown
    """

    path: Path
    ids: list[str]
    months: np.ndarray
    days: np.ndarray
    month: np.ndarray
    units: dict[str, str]
    meanings: dict[str, str]
    number: np.ndarray
    area: np.ndarray
    climate: list[str]
    latitude: np.ndarray
    longitude: np.ndarray

    def series(self, name: str) -> np.ndarray:
        """A series [month, basin] in mm d-1 or mm, NaN where there is none, or not of every day of a month."""
        with opened(self.path) as data:
            variable = data[name]
            values = np.ma.filled(variable[:].astype(np.float64), np.nan)
            values = values.T if variable.dimensions[0] == "basin" else values
        if len(self.month) == len(self.months):
            return months.converted(values, self.units[name], self.days)
        days = months.converted(values, self.units[name], np.ones(len(values)))
        found = np.zeros((len(self.months), len(self.ids)))
        np.add.at(found, self.month, days)
        count = np.bincount(self.month, minlength=len(found))
        return np.where((count == self.days)[:, None], found / count[:, None], np.nan)


def read_reference(path: Path) -> Reference:
    """The file of independent data, monthly or daily. InputError where it has no time, basins or series."""
    with opened(path) as data:
        if "basin" not in data.variables or "time" not in data.variables:
            raise InputError(f"'{path}' has no variables 'basin' and 'time': expected monthly means of basins")
        ids = [str(name) for name in np.asarray(data["basin"][:]).tolist()]
        time = data["time"]
        calendar = calendar_name(getattr(time, "calendar", "standard"), f"'{path}': time")
        stamps = days_of(time[:], time.units, calendar, f"'{path}': time")
        numbers, month = np.unique(months.numbers(stamps, calendar), return_inverse=True)
        steps = np.diff(stamps)
        if (steps <= 0).any() or (len(numbers) < len(stamps) and (steps != 1).any()):
            raise InputError(f"'{path}': time has neither one record a month in order, nor one every day")
        series = {
            name: variable
            for name, variable in data.variables.items()
            if set(variable.dimensions) == {"basin", "time"} and variable.ndim == 2
        }
        if not series:
            raise InputError(f"'{path}' has no series of dimensions (basin, time)")
        count = len(ids)
        own = [str(text) for text in data[CLIMATE][:]] if CLIMATE in data.variables else [""] * count
        area = next((name for name in ("area_grid", "area") if name in data.variables), None)
        return Reference(
            path,
            ids,
            numbers,
            months.lengths(numbers, calendar),
            month,
            {name: str(getattr(variable, "units", "")) for name, variable in series.items()},
            {name: str(getattr(variable, "long_name", name)) for name, variable in series.items()},
            np.ma.filled(data[NUMBER][:], 0).astype(np.int64)
            if NUMBER in data.variables
            else np.zeros(count, np.int64),
            np.ma.filled(data[area][:].astype(float), np.nan) if area else np.full(count, np.nan),
            own,
            *(_where(data, names, count) for names in (LATITUDES, LONGITUDES)),
        )


def read_mask(path: Path) -> Mask:
    """Numbers of basins on a grid. InputError where the file has no such field."""
    with opened(path) as data:
        name = _field(data, path, "basin")
        latitude, longitude = _axes(data, path)
        number = np.ma.filled(data[name][:], 0).astype(int)
    step = np.radians(abs(float(latitude[1] - latitude[0])))
    bands = np.abs(np.sin(np.radians(latitude) + step / 2) - np.sin(np.radians(latitude) - step / 2))
    area = EARTH_RADIUS**2 * np.radians(abs(float(longitude[1] - longitude[0]))) * bands
    return Mask(number, latitude, longitude, area)


def climates(path: Path, reference: Reference, mask: Mask | None) -> list[str]:
    """Koeppen-Geiger class of each basin, '' unknown: that of most of its cells in the mask, or where it lies."""
    with opened(path) as data:
        name = _field(data, path, "koeppen")
        variable = data[name]
        known = {int(number): text for number, text in CLASSES.findall(str(getattr(variable, "long_name", "")))}
        if not known:
            raise InputError(f"'{path}': {name} does not say its classes in long_name ('1=Af 2=Am ...')")
        latitude, longitude = _axes(data, path)
        classes = np.ma.filled(variable[:], 0).astype(int)
    if mask is None:
        row, column = nearest(reference.latitude, latitude), nearest(reference.longitude, longitude)
        found = np.where((row >= 0) & (column >= 0), classes[np.maximum(row, 0), np.maximum(column, 0)], 0)
        return [known.get(int(number), "") for number in found]
    row, column = nearest(mask.latitude, latitude), nearest(mask.longitude, longitude)
    here = classes[np.ix_(np.maximum(row, 0), np.maximum(column, 0))]
    here = np.where((row >= 0)[:, None] & (column >= 0), here, 0)
    of_basins = []
    for number in reference.number:
        inside = (mask.number == number) & (number != 0) & (here > 0)
        area = np.bincount(here[inside], np.broadcast_to(mask.area[:, None], here.shape)[inside])
        of_basins.append(known.get(int(area.argmax()), "") if len(area) else "")
    return of_basins


def nearest(wanted: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Index of the cell of a regular axis (degrees) in which each coordinate lies, -1 outside of all."""
    step = float(there[1] - there[0])
    ahead = (np.asarray(wanted, np.float64) - there[0]) * np.sign(step)
    # longitudes go around, latitudes never come that far
    index = np.floor(((ahead / abs(step) + 0.5) % (360.0 / abs(step))) + 1e-9)
    inside = np.isfinite(index) & (index < len(there))
    return np.where(inside, index, -1).astype(np.int64)


def _where(data: Any, names: tuple[str, ...], count: int) -> np.ndarray:
    """The first of the coordinates by basin that is there, NaN without any."""
    for name in names:
        if name in data.variables and data[name].dimensions == ("basin",):
            return np.ma.filled(data[name][:].astype(np.float64), np.nan)
    return np.full(count, np.nan)


def _field(data: Any, path: Path, word: str) -> str:
    found = [name for name, variable in data.variables.items() if variable.ndim == 2 and word in name.lower()]
    if not found:
        raise InputError(f"'{path}' has no field of latitude and longitude with '{word}' in its name")
    return found[0]


def _axes(data: Any, path: Path) -> tuple[np.ndarray, np.ndarray]:
    for names in (("lat", "lon"), ("latitude", "longitude")):
        if all(name in data.variables for name in names):
            north, east = (np.ma.filled(data[name][:].astype(np.float64), np.nan) for name in names)
            return north, east
    raise InputError(f"'{path}' has no coordinates lat and lon")
