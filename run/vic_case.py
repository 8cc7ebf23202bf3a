"""Cases of the VIC benchmark: their names, and from seeds tile-bands and 3-hourly weather of temperate mountains.

Each place has five tile-bands: needleleaf forest and bare soil in its upper band, broadleaf forest, grass and crops in
its lower one. A case has snow for part of the year, or, `-snowfree`, is so warm that none ever falls.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from freshet.kernels.model import Model
from freshet.kernels.registry import model

SIZE = "64x365"
KINDS: dict[str, dict[str, Any]] = {
    "wb24h": {"step": 86400, "substeps": 8},
    "wb3h": {},
    "eb3h": {"energy": True},
    "fs3h": {"energy": True, "frozen": True},
}
ENDINGS = ("", "-snowfree", "-float64", "-snowfree-float64")
PATTERN = re.compile(rf"({'|'.join(KINDS)})({'|'.join(ENDINGS)})")
PER_DAY = 8  # steps of the weather
LAPSE = -6.5e-3  # K m-1
FREE_OF_SNOW = 16.0  # K warmer, and a season half as strong

# One value for each tile-band: needleleaf, broadleaf, grass, crops, bare.
TILES = {
    "vegetated": (1.0, 1.0, 1.0, 1.0, 0.0),
    "overstory": (1.0, 1.0, 0.0, 0.0, 0.0),
    "rarc": (50.0, 30.0, 2.0, 2.0, 100.0),
    "rmin": (130.0, 125.0, 110.0, 80.0, 0.0),
    "RGL": (30.0, 30.0, 100.0, 100.0, 100.0),
    "wind_h": (40.0, 35.0, 10.0, 10.0, 10.0),
    "wind_atten": (0.5, 0.5, 0.5, 0.5, 0.5),
    "rad_atten": (0.5, 0.5, 0.5, 0.5, 0.0),
    "trunk_ratio": (0.2, 0.2, 0.2, 0.2, 0.2),
}
HEIGHT = np.array([18.0, 14.0, 0.5, 0.9, 0.0])  # m, of the plants
LEAVES = np.array([(3.5, 4.0), (0.6, 4.5), (0.4, 2.2), (0.2, 3.5), (0.0, 0.0)])  # leaf area in winter and in summer
ALBEDO = (0.12, 0.16, 0.2, 0.18, 0.2)
ROOTS = {"root_depth": (0.1, 0.6, 1.0), "root_fract": ((0.2, 0.5, 0.3), (0.2, 0.4, 0.4), (0.5, 0.4, 0.1))}
ROOTS_OF = (0, 1, 2, 2, 2)
UPPER = np.array([True, False, False, False, True])  # in the upper band
AREAS = (0.3, 0.2, 0.25, 0.15, 0.1)


@dataclass(frozen=True)
class Case:
    """One case by its name, with so many places and days.

    Arrays are those of kernels.simulate in the case's precision: forcing [time, row, place], parameters and state
    [row, cell], geometry [row, place], weights [component, place].
    """

    name: str
    kind: str
    snowfree: bool
    precision: str
    places: int
    days: int

    @property
    def model(self) -> Model:
        return model("vic", **KINDS[self.kind])

    @property
    def steps(self) -> int:
        return self.days * 86400 // int(self.model.options["step"])

    @property
    def cells(self) -> int:
        return self.places * len(HEIGHT)

    @property
    def cell_steps(self) -> int:
        return self.cells * self.steps

    @cached_property
    def weather(self) -> dict[str, np.ndarray]:
        """Each quantity, [three-hourly step, place]."""
        random, shape = np.random.default_rng(1), (self.days, self.places)
        day = np.arange(self.days)[:, None]
        season = np.sin(2 * np.pi * (day / 365.25 - 0.29))
        wet = random.random(shape) < 0.35
        slow = _remembering(random.normal(0, 1, shape))
        cloud = np.clip(0.35 + 0.4 * wet + 0.15 * random.normal(0, 1, shape), 0.05, 1)
        strength = 5.5 if self.snowfree else 11.0
        mean = random.uniform(4, 9, self.places) + (FREE_OF_SNOW if self.snowfree else 0.0)
        daily = mean + strength * season + 3.0 * slow
        hour = np.arange(PER_DAY) * 3 + 1.5
        warmth = np.cos(2 * np.pi * (hour - 14.5) / 24) * (5.5 - 3.5 * cloud[..., None])
        temperature = np.maximum(daily[..., None] + warmth, 10.0 if self.snowfree else -40.0)
        sun = np.clip(np.sin(np.pi * (hour - 6 + 1.5 * season[..., None]) / (12 + 3 * season[..., None])), 0, 1)
        clear = 1000 * np.clip(0.62 + 0.33 * season, 0.1, 1) * (1 - 0.7 * cloud)
        humid = _saturated(daily - 3 - 3 * (1 - cloud))
        falls = random.random((*shape, PER_DAY)) < 0.4
        rain = random.gamma(0.8, 2.2, (*shape, PER_DAY)) * falls * wet[..., None]
        wind = np.clip(3 + 1.2 * random.normal(0, 1, (*shape, PER_DAY)), 0.3, 15)
        kelvin = temperature + 273.15
        longwave = 5.67e-8 * kelvin**4 * (0.72 + 0.22 * cloud[..., None])
        pressure = np.broadcast_to(101325 * np.exp(-self.elevation / 8400), shape)
        by_hour = {
            "precipitation": rain, "air_temperature": temperature, "shortwave": sun * clear[..., None],
            "longwave": longwave, "pressure": np.repeat(pressure[..., None], PER_DAY, -1),
            "vapour_pressure": np.minimum(humid[..., None], _saturated(temperature)), "wind": wind,
        }  # fmt: skip
        return {name: v.transpose(0, 2, 1).reshape(-1, self.places) for name, v in by_hour.items()}

    @cached_property
    def forcing(self) -> np.ndarray:
        """Month and day of the year, then each quantity for the sub-steps of a step."""
        day = np.arange(self.steps) * self.days // self.steps % 365
        month = np.minimum(day // 30.42 + 1, 12)
        rows = [np.repeat(v[:, None], self.places, 1) for v in (month, day + 1)]
        for values in self.weather.values():
            parts = values.reshape(self.steps, -1, self.places)
            rows += list(parts.transpose(1, 0, 2))
        return self._cast(np.stack(rows, 1))

    @cached_property
    def elevation(self) -> np.ndarray:
        return np.random.default_rng(2).uniform(200, 1800, self.places)

    @cached_property
    def offset(self) -> np.ndarray:
        """Of the bands' temperature, [component, place], K."""
        half = np.random.default_rng(3).uniform(50, 400, self.places)
        return LAPSE * np.where(UPPER[:, None], half, -half)

    @cached_property
    def geometry(self) -> np.ndarray:
        latitude = np.random.default_rng(4).uniform(35, 60, self.places)
        return self._cast(np.stack([self.elevation, latitude, self.offset.min(0)]))

    @cached_property
    def parameters(self) -> np.ndarray:
        """By the names of the declarations; `name_k` is entry k - 1 of `name`."""
        values = self._soil() | self._plants()
        values |= {"temperature_offset": self.offset, "precipitation_factor": 1 - 0.02 * self.offset, "area": 1.0}
        rows = []
        for variable in self.model.parameters:
            stem, _, number = variable.name.rpartition("_")
            found = values[variable.name] if variable.name in values else values[stem][int(number) - 1]
            rows.append(np.broadcast_to(found, (len(HEIGHT), self.places)).ravel())
        return self._cast(np.stack(rows))

    def _soil(self) -> dict[str, Any]:
        random, soils = np.random.default_rng(5), (3, 1, self.places)
        by_place = {"infilt": (0.05, 0.4), "Ds": (0.005, 0.3), "Dsmax": (5.0, 25.0), "Ws": (0.6, 0.95)}
        values = {name: random.uniform(*bounds, self.places) for name, bounds in by_place.items()}
        layers = {
            "bulk_density": (1300, 1600), "quartz": (0.2, 0.7), "Ksat": (200, 1500), "expt": (9, 18), "bubble": (8, 40),
            "Wcr_FRACT": (0.4, 0.6), "Wpwp_FRACT": (0.15, 0.3),
        }  # fmt: skip
        values |= {name: random.uniform(*bounds, soils) for name, bounds in layers.items()}
        values["depth"] = np.array([0.1, 0.5, 1.5])[:, None, None] * random.uniform(0.8, 1.2, soils)
        mean = 7.0 + (FREE_OF_SNOW if self.snowfree else 0.0)
        return values | {
            "c": 2.0, "soil_density": np.full(3, 2650.0), "resid_moist": np.full(3, 0.02), "avg_T": mean, "dp": 4.0,
            "rough": 0.001, "snow_rough": 0.0005,
        }  # fmt: skip

    def _plants(self) -> dict[str, Any]:
        values = {name: np.array(v)[:, None] for name, v in TILES.items()}
        summer = 0.5 + 0.5 * np.sin(2 * np.pi * ((np.arange(12) + 0.5) / 12 - 0.29))
        winter_leaves, summer_leaves = LEAVES.T[:, :, None]
        values["leaf_area_index"] = winter_leaves + (summer_leaves - winter_leaves) * summer[:, None, None]
        for name, found in (
            ("albedo", np.array(ALBEDO)), ("roughness", 0.123 * HEIGHT), ("displacement", 0.67 * HEIGHT),
        ):  # fmt: skip
            values[name] = np.broadcast_to(found[:, None], (12, len(HEIGHT), 1))
        values["root_depth"] = np.array(ROOTS["root_depth"])[:, None, None]
        values["root_fract"] = np.array(ROOTS["root_fract"])[list(ROOTS_OF)].T[..., None]
        return values

    @cached_property
    def state(self) -> np.ndarray:
        """No snow, soil half full, everything else at the declared defaults, nodes at the soil's mean."""
        given = dict(zip((v.name for v in self.model.parameters), self.parameters, strict=True))
        rows = []
        for variable in self.model.states:
            value = np.zeros(self.cells) + variable.default
            stem, _, number = variable.name.rpartition("_")
            if stem == "soil_moisture":
                pores = 1 - given[f"bulk_density_{number}"] / given[f"soil_density_{number}"]
                value = 0.5 * 1000 * pores * given[f"depth_{number}"]
            elif stem == "soil_temperature":
                value = given["avg_T"]
            rows.append(value)
        return self._cast(np.stack(rows))

    @cached_property
    def weights(self) -> np.ndarray:
        return self._cast(np.repeat(np.array(AREAS)[:, None], self.places, 1))

    def _cast(self, values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(values, self.precision)


def _remembering(noise: np.ndarray) -> np.ndarray:
    """Noise [day, place] that keeps three quarters of the day before."""
    values = noise.copy()
    for k in range(1, len(values)):
        values[k] = 0.75 * values[k - 1] + 0.66 * noise[k]
    return values


def _saturated(temperature: np.ndarray) -> np.ndarray:
    """Vapour pressure at saturation, Pa."""
    return 610.8 * np.exp(17.27 * temperature / (237.3 + temperature))


def parse(name: str, size: str = SIZE) -> Case:
    """The case of that name; size: places x days. ValueError where either is none."""
    found, sizes = PATTERN.fullmatch(name.strip()), re.fullmatch(r"(\d+)x(\d+)", size.strip())
    if found is None:
        raise ValueError(f"unknown case '{name}', expected one of {', '.join(KINDS)}, then none of or one of "
                         f"{', '.join(ENDINGS[1:])}")  # fmt: skip
    if sizes is None or 0 in (places := [int(n) for n in sizes.groups()]):
        raise ValueError(f"unknown size '{size}', expected places x days, as in {SIZE}")
    precision = "float64" if found[2].endswith("float64") else "float32"
    return Case(name.strip(), found[1], "snowfree" in found[2], precision, *places)
