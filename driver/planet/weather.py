"""Daily weather of a world: a season at every place, and patterns that pass over it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.network.compiled import compiled
from ...kernels.potential_evaporation import extraterrestrial_radiation
from ...kernels.potential_evaporation.formulas import MILLIMETRES
from ..catchments.source import ROWS
from .patterns import LAYERS, Fields, fields, seen
from .rainfall import thresholds

if TYPE_CHECKING:
    from ..timeaxis import TimeAxis
    from .world import World

DAYS, PLACES = 30, 4096  # worked on at once: bounds the memory


class PlanetWeather:
    """The weather of a world behind the face of gridded weather (driver/gridded)."""

    def __init__(self, of: World, axis: TimeAxis):
        self.world, self.axis = of, axis
        self.latitude, self.longitude = of.ground.latitude, of.ground.longitude
        self.notes: list[str] = []
        self.files: list[tuple[str, str]] = []

    def on(self, latitude: np.ndarray, longitude: np.ndarray, elevation: np.ndarray | None = None) -> PlanetReader:
        """A reader of the land cells at these coordinates, degrees [place]; their elevation is the world's own."""
        rows, columns = self.world.land.shape
        y = np.rint((90.0 - latitude) / 180.0 * rows - 0.5).astype(np.int64)
        x = np.rint((longitude + 180.0) / 360.0 * columns - 0.5).astype(np.int64) % columns
        place = np.searchsorted(self.world.cell, y * columns + x)
        if (self.world.cell[np.minimum(place, len(self.world.cell) - 1)] != y * columns + x).any():
            raise ValueError("a place is no land cell of this world")
        return PlanetReader(Places(self.world, place, y), self.world.seed, self.axis)


class Places:
    """What the weather needs of places: [place], or [12, place] of months."""

    MONTHS = ("threshold", "scale")

    def __init__(self, of: World, place: np.ndarray, row: np.ndarray):
        found = of.conditions
        self.row, self.rows = row, of.ground.latitude
        self.latitude = of.ground.latitude[row]
        self.longitude = of.ground.longitude[of.cell[place] % len(of.ground.longitude)]
        self.temperature, self.amplitude = found.temperature[place], found.amplitude[place]
        self.peak, self.deviation = found.peak[place], found.deviation[place]
        threshold, scale = thresholds(found.precipitation[:, place], found.tas[:, place])
        self.threshold, self.scale = threshold.astype(np.float32), scale.astype(np.float32)
        # Showers rule in the tropics, storms beyond.
        self.showers = 0.35 + 0.45 * np.exp(-((self.latitude / 24.0) ** 2))

    def cut(self, first: int, stop: int) -> Places:
        """The places from first up to stop."""
        part = object.__new__(Places)
        for name, values in self.__dict__.items():
            part.__dict__[name] = values if name == "rows" else np.ascontiguousarray(values[..., first:stop])
        return part


class PlanetReader:
    """Weather of some places, by day; a day's weather depends on the world, the calendar and the date alone."""

    def __init__(self, places: Places, seed: int, axis: TimeAxis):
        self.places, self.seed, self.axis = places, seed, axis
        self.latitude, self.longitude = places.latitude, places.longitude
        self.notes: list[str] = []

    def subset(self, first: int, stop: int) -> PlanetReader:
        """The weather of the places from first up to stop; no other is made."""
        return PlanetReader(self.places.cut(first, stop), self.seed, self.axis)

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Precipitation mm d-1, air temperature degC, potential evaporation mm d-1, float32 [time, 3, place]."""
        result = np.empty((stop - start, len(ROWS), len(self.latitude)), np.float32)
        for low in range(start, stop, DAYS):
            high = min(low + DAYS, stop)
            self._days(low, high, result[low - start : high - start])
        return result

    def _days(self, start: int, stop: int, result: np.ndarray) -> None:
        days = self.axis.slice(start, stop)
        number = np.arange(days.first, days.first + days.count)
        drawn = [fields(layer, self.seed, int(number[0]), int(number[-1])) for layer in LAYERS.values()]
        day, length = days.day_of_year(), days.year_length()
        time = (day - 0.5) / length
        rows = tuple(self.places.rows.tolist())
        sun = np.stack([radiation(rows, int(n))[int(d) - 1] for d, n in zip(day, length, strict=True)])
        for first in range(0, len(self.latitude), PLACES):
            part = self.places.cut(first, first + PLACES)
            result[:, :, first : first + PLACES] = _weather_of(part, drawn, number.astype(np.float64), time, sun)


def _weather_of(
    places: Places, drawn: list[Fields], number: np.ndarray, time: np.ndarray, sun: np.ndarray
) -> np.ndarray:
    """Weather float32 [time, row, place] of a few places and days."""
    layers = np.stack([seen(given, number, places.latitude, places.longitude) for given in drawn])
    return combined(
        layers, time, sun, places.row, places.temperature, places.amplitude, places.peak, places.deviation,
        places.threshold, places.scale, places.showers,
    )  # fmt: skip


@lru_cache(maxsize=4)
def radiation(latitude: tuple[float, ...], length: int) -> np.ndarray:
    """Evaporation that the sun above the air could give, mm d-1 [day, row], of a year of `length` days."""
    day = np.arange(1, length + 1)[:, None]
    return extraterrestrial_radiation(np.array(latitude), day, length) * MILLIMETRES


@compiled
def combined(layers, time, sun, row, temperature, amplitude, peak, deviation, threshold, scale, showers):
    """Weather float32 [time, 3, place] from layers [layer, time, place], time [time] in years, sun [time, row].

    Layers are storms, showers, air, spells, years, warmth. Days of rain are cooler where it is warm; winters vary more
    than summers; potential evaporation is Oudin's (2005).
    """
    result = np.empty((len(time), 3, len(row)), np.float32)
    for t in range(len(time)):
        month = 12.0 * time[t] - 0.5
        before = int(np.floor(month))
        part = month - before
        before, after = before % 12, (before + 1) % 12
        for n in range(len(row)):
            # The shares sum up to 1.04: fields lose a little of their variance between their points.
            fine = showers[n]
            rain = np.sqrt(1.0 - fine) * layers[0, t, n] + np.sqrt(fine) * layers[1, t, n]
            rain += 0.17 * layers[3, t, n] + 0.10 * layers[4, t, n]
            above = rain - (threshold[before, n] * (1.0 - part) + threshold[after, n] * part)
            above = max(above, 0.0)
            result[t, 0, n] = (scale[before, n] * (1.0 - part) + scale[after, n] * part) * above * np.sqrt(above)
            summer = np.cos(2.0 * np.pi * (time[t] - peak[n]))
            warm = summer if amplitude[n] > 0.0 else -summer
            spread = deviation[n] * (1.0 - 0.35 * warm)
            odd = 0.88 * layers[2, t, n] + 0.4 * layers[5, t, n] - 0.25 * (1.0 + warm) * rain / 2.0
            tas = temperature[n] + amplitude[n] * summer + spread * odd
            result[t, 1, n] = tas
            result[t, 2, n] = sun[t, row[n]] * max(tas + 5.0, 0.0) / 100.0
    return result
