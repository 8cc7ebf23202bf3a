"""Weather of steps from that of days."""

from typing import NamedTuple

import numpy as np

from .air import pressure
from .daily import Daily
from .edges import Clock, Edges, days_around, edges
from .humidity import mean_vapour_pressure
from .longwave import longwave
from .spread import amounts, even, sunlight, triangle
from .sun import Sun, course
from .temperature import extremes, mean_temperature


class Record(NamedTuple):
    """All days of a record [day, place]: precipitation (mm), minimum and maximum (degC), wind (m s-1), what was
    derived of them, the sun; measured longwave (W m-2, mean of the day) or None; peak (local solar hour) and duration
    (h) of a day's precipitation, None where it falls evenly. latitude (degrees north) and elevation (m) [place].
    """

    precipitation: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    wind: np.ndarray
    daily: Daily
    sky: Sun
    latitude: np.ndarray
    elevation: np.ndarray
    longwave: np.ndarray | None = None
    peak: np.ndarray | None = None
    duration: np.ndarray | None = None


def disaggregate(
    record: Record,
    clock: Clock,
    first: int,
    stop: int,
    steps: int,
    clear_sky: str = "prata",
    clouds: str = "deardorff",
) -> dict[str, np.ndarray]:
    """Weather of `steps` equal steps a day on the clock's days first <= day < stop, [step, place], by name.

    precipitation mm of the step; air_temperature degC, shortwave and longwave W m-2, pressure and vapour_pressure Pa,
    wind m s-1: means of the step. The numbers of a step depend on first and stop by rounding only.
    KeyError where a formula of the longwave is unknown.
    """
    days = days_around(first, stop, len(record.precipitation))
    where = edges(clock, stop - first, steps)
    way = course(record.latitude, record.sky.declination[days])
    equation = record.sky.equation[days]
    when = extremes(way, equation, where.offset)
    evenly = even(where)
    sun = sunlight(way, equation, where)
    temperature = mean_temperature(record.minimum[days], record.maximum[days], when, where)
    vapour = mean_vapour_pressure(record.daily.vapour_pressure[days], when.coldest, temperature, where)
    through = steps * amounts(record.daily.through[days], evenly, where)
    sky = longwave(temperature, vapour, through, clear_sky, clouds)
    if record.longwave is not None:
        sky = _measured_sky(record, record.longwave, sky, where, first, stop, (steps, clear_sky, clouds))
    return {
        "precipitation": amounts(record.precipitation[days], _rain(record, days, where, evenly), where),
        "air_temperature": temperature,
        "shortwave": steps * amounts(record.daily.shortwave[days], sun, where),
        "longwave": sky,
        "pressure": pressure(record.elevation, temperature),
        "vapour_pressure": vapour,
        "wind": steps * amounts(record.wind[days], evenly, where),
    }


def _rain(record: Record, days: np.ndarray, where: Edges, evenly: np.ndarray) -> np.ndarray:
    if record.peak is None or record.duration is None:
        return evenly
    return triangle(where, record.peak[days], record.duration[days])


def _measured_sky(
    record: Record, measured: np.ndarray, sky: np.ndarray, where: Edges, first: int, stop: int, options: tuple
) -> np.ndarray:
    """The derived longwave of steps, scaled so that each day has the measured mean.

    Exact where the days are the clock's; elsewhere as exact as the derived mean of a day is the same from both.
    """
    steps = options[0]
    days = days_around(first, stop, len(record.precipitation))
    own = Clock(np.zeros(1), where.offset)
    begin, end = int(days[0]), int(days[-1]) + 1
    derived = disaggregate(record._replace(longwave=None), own, begin, end, *options)["longwave"]
    mean = derived.reshape(end - begin, steps, -1).mean(axis=1)
    ratio = measured[days] / mean[days - begin]
    return sky * steps * amounts(ratio, even(where), where)
