"""What covers the land on a day: monthly fields made daily, and the length of the day (Stacke & Hagemann, 2021).

Days are numbered from 1 within their year; year_length is that of the calendar: 365 or 366 days, or 360.
"""

import numpy as np

SMALLEST = 1e-10  # share of surface water where a cell has none
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def surface_water_fraction(flake: np.ndarray, fwetl: np.ndarray) -> np.ndarray:
    """Share of the land under surface water (1): the larger of lakes and wetlands, within (1e-10, 1)."""
    return np.clip(np.maximum(flake, fwetl), SMALLEST, 1.0)


def day_length(latitude: np.ndarray, day_of_year: np.ndarray, year_length: np.ndarray) -> np.ndarray:
    """Share of the day between sunrise and sunset [time, place]; latitude [place] in degrees, days [time].

    D = acos(-tan(latitude) tan(declination))/pi with declination = 23.45 sin(360 (283 + day)/year_length) degrees.
    """
    day, length = np.asarray(day_of_year, np.float64), np.asarray(year_length, np.float64)
    declination = np.radians(23.45 * np.sin(np.radians(360.0 * (283.0 + day) / length)))
    height = -np.tan(np.radians(np.asarray(latitude, np.float64))) * np.tan(declination)[:, None]
    return np.arccos(np.clip(height, -1.0, 1.0)) / np.pi


def daily_values(monthly: np.ndarray, day_of_year: np.ndarray, year_length: np.ndarray) -> np.ndarray:
    """Values at 00:00 of each day [time, place] of a field by month [12, place].

    Linear between the means of the days' stamps of each month (16 January 00:00, 14 February 12:00 of 28 days, ...).
    Raises ValueError where there are not twelve months or a year is not of 360, 365 or 366 days.
    """
    monthly = np.asarray(monthly, np.float64)
    if monthly.shape[0] != 12:
        raise ValueError(f"a monthly field has {monthly.shape[0]} values, expected 12")
    day, length = np.broadcast_arrays(np.asarray(day_of_year), np.asarray(year_length))
    before, share = np.empty(day.shape, np.int64), np.empty(day.shape)
    for days in np.unique(length):
        here = length == days
        stamps = _stamps(int(days))
        before[here] = np.searchsorted(stamps, day[here] - 1.0, side="right") - 1
        start = stamps[before[here]]
        share[here] = (day[here] - 1.0 - start) / (stamps[before[here] + 1] - start)
    share = share.reshape(-1, *(1,) * (monthly.ndim - 1))
    first, second = monthly[(before - 1) % 12], monthly[before % 12]
    return first + (second - first) * share


def _stamps(year_length: int) -> np.ndarray:
    """Middle of each month in days from 1 January 00:00, with the last one before and the first one after the year.

    Those two are 365 days away in leap years too, as in the original.
    """
    if year_length not in (360, 365, 366):
        raise ValueError(f"a year of {year_length} days, expected 360, 365 or 366")
    lengths = np.array((30,) * 12 if year_length == 360 else MONTHS, np.float64)
    lengths[1] += year_length == 366
    middle = np.cumsum(lengths) - lengths + (lengths - 1.0) / 2.0
    turn = min(year_length, 365)
    return np.concatenate((middle[-1:] - turn, middle, middle[:1] + turn))
