"""Three-hourly weather of an invented continent, in the units of VIC's files.

Systems of a thousand kilometres pass over the land, every day keeps most of the warmth of the one before, and the sun
follows latitude, longitude and day. Everything follows from a seed.
"""

from typing import Any

import numpy as np

from vic_case import PER_DAY

SYSTEM = 10.0  # degrees from one weather system to the next


class Weather:
    """Weather of a continent (vic_grid_case.Continent), day after day."""

    def __init__(self, continent: Any):
        self.continent, self.random = continent, np.random.default_rng(1)
        self.nets = [_net(axis) for axis in (continent.latitude, continent.longitude)]
        self.slow = self._system(1)[0]

    def of(self, dates: np.ndarray) -> dict[str, np.ndarray]:
        """Quantities by VIC's names and in its units, [step, y, x] float32, of days that follow the last ones."""
        continent = self.continent
        shape = (len(dates), PER_DAY, *continent.land.shape)
        day = (dates - dates.astype("datetime64[Y]")).astype(int).astype("f4")[:, None, None]
        season = np.sin(2 * np.pi * (day / 365.25 - 0.29))
        moist = self._system(len(dates))
        wet = np.clip(1.2 * (moist - 0.3), 0, 2)[:, None]
        cloud = np.clip(0.4 + 0.3 * moist + 0.1 * self._noise(moist.shape), 0.05, 1)[:, None]
        strength = 0.32 * continent.latitude[:, None] - 3
        daily = continent.mean_temperature + strength * season + self._spells(len(dates))
        hour = (24.0 / PER_DAY * (np.arange(PER_DAY) + 0.5))[:, None, None] + continent.longitude / 15
        angle = 2 * np.pi * (hour - 12) / 24
        warm = np.cos(angle - 2 * np.pi * 2.5 / 24) * (5.5 - 3.5 * cloud)
        temperature = np.clip(daily[:, None] + warm, -55, 48).astype("f4")
        tilt, north = 0.409 * season[:, None], np.deg2rad(continent.latitude)[:, None]
        height = np.sin(tilt) * np.sin(north) + np.cos(tilt) * np.cos(north) * np.cos(angle)
        falls = self.random.random(shape, "f4") < 0.45
        most = _saturated(temperature)
        humid = np.minimum(_saturated(daily - 2 - 4 * (1 - cloud[:, 0]))[:, None], most)
        values = {
            "PREC": 2.2 * wet * falls * self.random.standard_exponential(shape, "f4"),
            "AIR_TEMP": temperature,
            "SWDOWN": 950 * np.maximum(height, 0) * (1 - 0.7 * cloud),
            "LWDOWN": 5.67e-8 * (temperature + 273.15) ** 4 * (0.72 + 0.22 * cloud),
            "PRESSURE": np.broadcast_to(101.325 * np.exp(-continent.elevation / 8400), shape),
            "VP": np.maximum(humid, 0.005),
            "WIND": np.clip(3 + 1.2 * self._noise(shape), 0.3, 15),
        }
        return {name: found.astype("f4").reshape(-1, *shape[2:]) for name, found in values.items()}

    def _noise(self, shape: tuple[int, ...]) -> np.ndarray:
        return self.random.standard_normal(shape, "f4")

    def _system(self, days: int) -> np.ndarray:
        """Smooth fields [day, y, x] with a spread of about one."""
        down, right = self.nets
        return 1.5 * down @ self._noise((days, down.shape[1], right.shape[1])) @ right.T

    def _spells(self, days: int) -> np.ndarray:
        """Departure of the days from their season [day, y, x], K: each keeps three quarters of the one before."""
        found = self._system(days)
        for field in found:
            self.slow = field[:] = 0.75 * self.slow + 0.66 * field
        return 3.0 * found


def _net(axis: np.ndarray) -> np.ndarray:
    """Weights [point, knot] that interpolate between knots which lie SYSTEM degrees apart."""
    place = (axis - axis[0]) / SYSTEM
    return np.maximum(0, 1 - np.abs(place[:, None] - np.arange(int(place[-1]) + 2))).astype("f4")


def _saturated(temperature: np.ndarray) -> np.ndarray:
    """Vapour pressure at saturation, kPa."""
    return 0.6108 * np.exp(17.27 * temperature / (237.3 + temperature))
