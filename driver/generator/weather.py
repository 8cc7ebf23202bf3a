"""Daily weather of generated basins, by calendar year.

Wet and dry days follow a two-state Markov chain with seasonal chances, amounts a mixed exponential distribution
(Wilks, 1998), temperature a seasonal cycle with an AR(1) anomaly, cooler on wet days (Richardson, 1981), evaporation
Oudin's formula. Years differ by factors that pass smoothly from the middle of one year to that of the next.
"""

import numpy as np

from ...kernels.potential_evaporation import oudin
from .basin import Basin
from .keyed_random import PER_DAY, WEATHER, YEARS, exponentials, normals, uniforms
from .season import season

# Chains start this many days before 1 January from a fixed state, with the numbers of the year before: they forget the
# start (0.75^90 = 6e-12), so that a year is known without its history and still continues the year before.
APPROACH = 90
SMALL_SHARE, SMALL = 0.65, 0.45  # share of the lesser wet days, and their amount over the mean
LARGE = (1.0 - SMALL_SHARE * SMALL) / (1.0 - SMALL_SHARE)
CHUNK = 128  # basins that are drawn together: bounds the memory
KEPT = 3  # years kept: a block of 365 days touches two


class Weather:
    """Weather of basins for any year of a calendar; `year` is a pure function of its arguments, with a small memory."""

    def __init__(self, basins: list[Basin], seed: int, calendar: str):
        self.basins, self.seed, self.calendar = basins, seed, calendar
        self._years: dict[int, np.ndarray] = {}

    def year(self, year: int) -> np.ndarray:
        """Precipitation mm d-1, air temperature degC, potential evaporation mm d-1, [day, row, place]."""
        if year not in self._years:
            length, before = year_length(self.calendar, year), year_length(self.calendar, year - 1)
            series = np.empty((length, 3, len(self.basins)))
            for first in range(0, len(self.basins), CHUNK):
                part = self.basins[first : first + CHUNK]
                series[:, :, first : first + len(part)] = weather_of_year(part, self.seed, year, length, before)
            keep(self._years, year, series)
        return self._years[year]


def weather_of_year(basins: list[Basin], seed: int, year: int, length: int, length_before: int) -> np.ndarray:
    """Weather [day, row, place] of a year of `length` days after one of `length_before`."""
    chance, amount, noise = _draws(basins, seed, year)
    chance_before, _, noise_before = _draws(basins, seed, year - 1)
    approach = slice(length_before - APPROACH, length_before)
    expected = season(basins, length)
    wet, anomaly = _chains(
        basins,
        np.concatenate((season(basins, length_before).wet[approach], expected.wet)),
        np.concatenate((chance_before[approach], chance[:length])),
        np.concatenate((noise_before[approach], noise[:length])),
    )
    rain_factor, warmer = _years(basins, seed, year, length)
    cooling = np.array([basin.climate.cooling for basin in basins])
    series = np.empty((length, 3, len(basins)))
    series[:, 0] = wet * amount[:length] * expected.amount * rain_factor
    series[:, 1] = expected.temperature + expected.deviation * anomaly - cooling * (wet - expected.wet) + warmer
    day = np.arange(1, length + 1)
    for place, basin in enumerate(basins):  # one by one: transcendental functions see the same arrays in any company
        series[:, 2, place] = oudin(np.ascontiguousarray(series[:, 1, place]), basin.latitude, day, length)
    return series


def _draws(basins: list[Basin], seed: int, year: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Uniform chance of rain, amount over its mean, normal noise, each [day, place], of 366 days."""
    rows = np.empty((3, len(basins), PER_DAY))
    for place, basin in enumerate(basins):
        chance, kind, size, first, second = uniforms(seed, basin.number, WEATHER, year, 5 * PER_DAY).reshape(5, PER_DAY)
        rows[0, place] = chance
        rows[1, place] = exponentials(size) * np.where(kind < SMALL_SHARE, SMALL, LARGE)
        rows[2, place] = normals(first, second)
    chance, amount, noise = np.ascontiguousarray(rows.transpose(0, 2, 1))
    return chance, amount, noise


def _chains(basins: list[Basin], expected_wet: np.ndarray, chance: np.ndarray, noise: np.ndarray) -> tuple:
    """Wet days (0 or 1) and standard temperature anomalies, [day, place], after the approach."""
    persistence = np.array([basin.climate.persistence for basin in basins])
    memory = np.array([basin.climate.memory for basin in basins])
    fresh = np.sqrt(1.0 - memory * memory)
    after_dry = expected_wet * (1.0 - persistence)
    wet, anomaly = np.empty_like(chance), np.empty_like(noise)
    wet_today, anomaly_today = np.zeros(len(basins)), np.zeros(len(basins))
    for day in range(len(chance)):
        wet_today = (chance[day] < after_dry[day] + persistence * wet_today).astype(np.float64)
        anomaly_today = memory * anomaly_today + fresh * noise[day]
        wet[day], anomaly[day] = wet_today, anomaly_today
    return wet[APPROACH:], anomaly[APPROACH:]


def _years(basins: list[Basin], seed: int, year: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Factor of the amounts and shift of temperature, K, [day, place]: between the middles of three years."""
    middles = np.empty((2, 3, len(basins)))
    for place, basin in enumerate(basins):
        for index in range(3):
            first = uniforms(seed, basin.number, YEARS, year - 1 + index, 4)
            rain, warm = np.clip(normals(first[:2], first[2:]), -2.5, 2.5)
            middles[0, index, place] = 1.0 + basin.climate.rain_years * rain
            middles[1, index, place] = basin.climate.warm_years * warm
    position = ((np.arange(length) + 0.5) / length + 0.5)[:, None]  # 1 in the middle of this year
    early = position < 1.0
    share = np.where(early, position, position - 1.0)
    rain, warm = (np.where(early, m[0], m[1]) * (1.0 - share) + np.where(early, m[1], m[2]) * share for m in middles)
    return rain, warm


def year_length(calendar: str, year: int) -> int:
    """Days of a year; years before 1, which only approach the first, have no leap day."""
    import cftime

    if year < 1:
        return 360 if calendar == "360_day" else 365
    first, after = (cftime.datetime(y, 1, 1, calendar=calendar) for y in (year, year + 1))
    return (after - first).days


def keep(memory: dict, year: int, series: np.ndarray) -> None:
    """Keep a year's series and forget the one farthest from it, beyond the number that is kept."""
    memory[year] = series
    if len(memory) > KEPT:
        del memory[max(memory, key=lambda other: abs(other - year))]
