"""Cases of the HBV benchmark: their names, and random but plausible inputs from a seed."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from freshet.kernels.model import Model
from freshet.kernels.registry import model
from freshet.kernels.routing import unit_hydrograph as uh

SIZE = "256x16x730"
KINDS: dict[str, dict[str, Any]] = {
    "static": {"version": "1.0"},
    "dynamic": {"version": "1.0", "gamma": True},
    "hbv-1.1p": {"version": "1.1p"},
    "hbv-2.0": {"version": "2.0"},
}
DYNAMIC = ("beta", "k0", "betaet")  # daily values in the cases named dynamic
DEFAULT = tuple(f"{kind} {SIZE}" for kind in KINDS) + ("static 32x1x365", "static 256x1x730")
PATTERN = re.compile(rf"({'|'.join(map(re.escape, KINDS))})(?: (\d+)x(\d+)x(\d+))?")


@dataclass(frozen=True)
class Case:
    """One case by its name: `kind basins x components x days`, as in `static 256x16x730`.

    Arrays are those of kernels.simulate, float32: forcing [time, row, place], parameters [row, cell], dynamic
    [time, row, cell], state [row, cell], routing and geometry [row, place], d_flow [time, 1, place].
    """

    name: str
    kind: str
    places: int
    components: int
    days: int

    @property
    def model(self) -> Model:
        return model("hbv", **KINDS[self.kind])

    @property
    def dynamic_names(self) -> tuple[str, ...]:
        return DYNAMIC if self.kind == "dynamic" else ()

    @property
    def component_days(self) -> int:
        return self.places * self.components * self.days

    @cached_property
    def forcing(self) -> np.ndarray:
        """A seasonal cycle of temperature and potential evaporation with noise, and rain on two days of five."""
        random, shape = np.random.default_rng(1), (self.days, self.places)
        season = np.sin(2 * np.pi * (np.arange(self.days)[:, None] / 365.25 - 0.3))
        warmth = random.uniform(-2, 18, self.places) + 11 * season + random.normal(0, 3, shape)
        rain = random.gamma(0.6, 12, shape) * (random.random(shape) < 0.4)
        demand = np.maximum(2.3 + 2 * season + random.normal(0, 0.4, shape), 0)
        return single(np.stack([rain, warmth, demand], 1))

    @cached_property
    def parameters(self) -> np.ndarray:
        return single(np.stack([self.draw(2, v, self.cells) for v in self.model.parameters]))

    @cached_property
    def dynamic(self) -> np.ndarray | None:
        rows = [v for v in self.model.parameters if v.name in self.dynamic_names]
        shape = (self.days, self.cells)
        return single(np.stack([self.draw(3, v, shape) for v in rows], 1)) if rows else None

    @cached_property
    def routing(self) -> np.ndarray:
        return single(np.stack([self.draw(4, v, self.places) for v in uh.PARAMETERS]))

    @cached_property
    def geometry(self) -> np.ndarray | None:
        random = np.random.default_rng(5)
        rows = [random.uniform(50, 4000, self.places), random.uniform(0, 3000, self.places)]
        return single(np.stack(rows)) if self.model.geometry else None

    @cached_property
    def state(self) -> np.ndarray:
        return np.full((len(self.model.states), self.cells), 0.001, np.float32)

    @cached_property
    def d_flow(self) -> np.ndarray:
        return single(np.random.default_rng(6).uniform(-1, 1, (self.days, 1, self.places)))

    @property
    def cells(self) -> int:
        return self.places * self.components

    def draw(self, seed: int, variable, shape) -> np.ndarray:
        """Uniform between the bounds of a variable; each variable has a stream of its own."""
        stream = np.random.default_rng((seed, *variable.name.encode()))
        return stream.uniform(variable.low, variable.high, shape)


def single(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, np.float32)


def parse(name: str) -> Case:
    """The case of that name; without sizes those of SIZE. ValueError where the name is none."""
    found = PATTERN.fullmatch(name.strip())
    sizes = [int(n) for n in found.groups()[1:] if n] if found else []
    if found is None or 0 in sizes:
        expected = f"one of {', '.join(KINDS)}, then basins x components x days, as in 'static {SIZE}'"
        raise ValueError(f"unknown case '{name}', expected {expected}")
    places, components, days = sizes or map(int, SIZE.split("x"))
    return Case(f"{found[1]} {places}x{components}x{days}", found[1], places, components, days)
