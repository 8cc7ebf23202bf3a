"""The climate at the cells of a world: at their own height, by month, with what follows from it for land and ice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...kernels.potential_evaporation import daylight_hours, oudin
from .climate import LAPSE, MIDDLES, Climate
from .rainfall import share_above

DAYS = 365


@dataclass(frozen=True)
class Conditions:
    """Climate of cells [cell]; months are [12, cell].

    continental  0 to 1; temperature degC, mean of the year; amplitude K, negative in the south; peak years, when the
    northern season is warmest; deviation K, of days; precipitation mm d-1
    tas degC, potential_evaporation mm d-1, snow mm d-1, melt mm d-1 that days of these months could melt
    """

    continental: np.ndarray
    temperature: np.ndarray
    amplitude: np.ndarray
    peak: np.ndarray
    deviation: np.ndarray
    precipitation: np.ndarray
    tas: np.ndarray
    potential_evaporation: np.ndarray
    snow: np.ndarray
    melt: np.ndarray

    @property
    def humidity(self) -> np.ndarray:
        """Precipitation over potential evaporation, means of the year."""
        return self.precipitation.mean(axis=0) / np.maximum(self.potential_evaporation.mean(axis=0), 0.05)


def conditions(of: Climate, latitude: np.ndarray, longitude: np.ndarray, height: np.ndarray) -> Conditions:
    """The climate at cells: latitude, longitude degrees, height m, all [cell]."""
    take = _between(of, latitude, longitude)
    temperature = take(of.temperature) - LAPSE * height
    amplitude, peak, deviation = take(of.amplitude), take(of.peak), take(of.deviation)
    rain = take(of.precipitation)
    tas = temperature + amplitude * np.cos(2.0 * np.pi * (MIDDLES[:, None] - peak))
    day = (MIDDLES * DAYS)[:, None]
    evaporation = oudin(tas, latitude, day, DAYS)
    light = daylight_hours(latitude, day, DAYS) / 24.0
    spread = 0.75 * deviation + 0.2
    snow = rain / (1.0 + np.exp(np.clip((tas - 1.0) / (0.6 * spread + 0.5), -50.0, 50.0)))
    melt = (8.3 * light + 0.7) * _thaw(tas, spread)  # HydroPy's factor
    far = take(of.continental)
    return Conditions(far, temperature, amplitude, peak, deviation, rain, tas, evaporation, snow, melt)


def _thaw(mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Mean, K, of what normal temperatures of a mean (degC) and a spread have above 0 degC."""
    size = mean / spread
    return spread * np.exp(-0.5 * size**2) / np.sqrt(2.0 * np.pi) + mean * (1.0 - share_above(size))


def _between(of: Climate, latitude: np.ndarray, longitude: np.ndarray):  # type: ignore[no-untyped-def]
    """A function that takes a field [..., y, x] of the climate at places, linearly between four cells."""
    rows, columns = len(of.latitude), len(of.longitude)
    y = np.clip((90.0 - latitude) / 180.0 * rows - 0.5, 0.0, rows - 1.0)
    x = ((longitude + 180.0) / 360.0 * columns - 0.5) % columns
    j, i = np.minimum(y.astype(np.int64), rows - 2), x.astype(np.int64) % columns
    south, east, nexts = y - j, x - np.floor(x), (i + 1) % columns

    def take(field: np.ndarray) -> np.ndarray:
        field = np.broadcast_to(field, (*field.shape[:-2], rows, columns))
        upper = field[..., j, i] * (1.0 - east) + field[..., j, nexts] * east
        lower = field[..., j + 1, i] * (1.0 - east) + field[..., j + 1, nexts] * east
        return upper * (1.0 - south) + lower * south

    return take
