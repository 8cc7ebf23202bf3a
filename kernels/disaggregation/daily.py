"""A day's radiation and vapour from its precipitation and extreme temperatures (MTCLIM 4.3)."""

from typing import NamedTuple

import numpy as np

from .air import SEA_LEVEL, saturation, standard_pressure
from .aridity import YEAR, daytime_temperature, dry_dewpoint, potential_evaporation
from .running import running_mean
from .sun import Course, Sun, course, potential
from .transmittance import clear_transmittance, cloud_transmittance, dry_transmittance

RANGE_DAYS, RAIN_DAYS, YEAR_DAYS = 30, 90, 365
ITERATIONS = 4
NEVER, ALWAYS, ARID = "never", "always", "arid"
ARIDITY = 2.5  # potential evaporation over precipitation, above which a place counts as arid


class Daily(NamedTuple):
    """Daily values [day, place]: shortwave (W m-2, mean of 24 hours), vapour_pressure (Pa), and the share of a
    clear day's shortwave that clouds let through.
    """

    shortwave: np.ndarray
    vapour_pressure: np.ndarray
    through: np.ndarray


def estimate(
    precipitation: np.ndarray,
    minimum: np.ndarray,
    maximum: np.ndarray,
    latitude: np.ndarray,
    elevation: np.ndarray,
    sky: Sun,
    shortwave: np.ndarray | None = None,
    vapour_pressure: np.ndarray | None = None,
    aridity: str = ALWAYS,
    wet_above: float = 0.0,
) -> Daily:
    """Shortwave, vapour pressure and clouds of days; what was measured is taken as it is.

    precipitation mm d-1, minimum and maximum degC, shortwave W m-2 (mean of 24 hours), vapour_pressure Pa:
    [day, place]; latitude degrees north, elevation m: [place]. wet_above mm: a day with more counts as wet.
    Vapour dims the sun and the sun dries the air: both are found in turns, which settle within a few (the vapour's
    share of the transmittance is small). aridity: where the dew point is below the minimum temperature (Kimball et
    al., 1997): 'always', 'never', or in 'arid' places alone, whose potential evaporation is 2.5 times the
    precipitation. ValueError where aridity is none of these.
    """
    if aridity not in (NEVER, ALWAYS, ARID):
        raise ValueError(f"aridity is '{aridity}', expected one of: {NEVER}, {ALWAYS}, {ARID}")
    way = course(latitude, sky.declination)
    height = np.asarray(elevation, np.float64)
    outside = potential(way, sky.nearness)
    clear_and_dry = dry_transmittance(way, standard_pressure(height) / SEA_LEVEL)
    spread = np.maximum(maximum - minimum, 0.0)
    through = cloud_transmittance(spread, running_mean(spread, RANGE_DAYS), precipitation > wet_above)
    vapour = saturation(minimum) if vapour_pressure is None else vapour_pressure
    sun = outside * clear_transmittance(clear_and_dry, vapour) * through if shortwave is None else shortwave
    if vapour_pressure is None and aridity != NEVER:
        yearly = running_mean(precipitation, RAIN_DAYS) * YEAR
        air, weight = daytime_temperature(minimum, maximum), standard_pressure(height)
        for _ in range(ITERATIONS):
            wanted = potential_evaporation(sun, air, weight)
            vapour = saturation(dry_dewpoint(minimum, maximum, wanted, yearly))
            if aridity == ARID:
                humid = running_mean(wanted, YEAR_DAYS) < ARIDITY * running_mean(precipitation, YEAR_DAYS)
                vapour = np.where(humid, saturation(minimum), vapour)
            if shortwave is not None:
                break
            sun = outside * clear_transmittance(clear_and_dry, vapour) * through
    if shortwave is not None:
        through = _observed_transmittance(shortwave, outside * clear_transmittance(clear_and_dry, vapour), through, way)
    return Daily(sun, vapour, through)


def _observed_transmittance(measured: np.ndarray, clear: np.ndarray, derived: np.ndarray, way: Course) -> np.ndarray:
    """Measured over clear-sky radiation; where the sun hardly shines the one from the temperatures."""
    told = clear > 1.0
    return np.where(told, np.clip(measured / np.where(told, clear, 1.0), 0.0, 1.0), derived)
