"""Cases of the HydroPy benchmark: plausible cells on a branching network, everything from one seed."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from freshet.kernels.network.order import canonical_order, reordered
from freshet.kernels.registry import model
from freshet.kernels.rivers.registry import router
from freshet.kernels.simulate import initial_state

DAY = 86400.0
PATTERN = re.compile(r"(\d+)x(\d+)")


@dataclass(frozen=True)
class Case:
    """`cells x days`, as in 67420x60. Arrays in the given precision, as simulate and route take them."""

    cells: int
    days: int
    precision: str = "float32"

    @property
    def name(self) -> str:
        return f"{self.cells}x{self.days}"

    @property
    def cell_days(self) -> int:
        return self.cells * self.days

    @cached_property
    def model(self):
        return model("hydropy")

    @cached_property
    def router(self):
        return router("cascade")

    @cached_property
    def forcing(self) -> np.ndarray:
        """[time, row, cell]: seasons by a latitude of each cell, rain on two days of five."""
        random, shape = np.random.default_rng(1), (self.days, self.cells)
        latitude = np.repeat(random.uniform(-55, 75, -(-self.cells // 40)), 40)[: self.cells]
        season = np.sin(2 * np.pi * np.arange(self.days)[:, None] / 365.25 - 1.3) * np.sign(latitude)
        warmth = 27 - 0.6 * np.abs(latitude) + 0.25 * np.abs(latitude) * season
        rows = {
            "precipitation": random.gamma(0.6, 9, shape).astype(np.float32) * (random.random(shape) < 0.4),
            "air_temperature": warmth + random.normal(0, 2, shape),
            "potential_evaporation": np.maximum(0.1 * warmth + 1.5, 0.1),
            "day_length": np.clip(0.5 + 0.004 * np.abs(latitude) * season, 0.05, 0.95),
            "vegetation_fraction": np.broadcast_to(random.uniform(0.1, 0.9, self.cells), shape),
            "leaf_area_index": 2.5 + 1.5 * season,
        }
        return self.cast(np.stack([self.cast(rows[v.name]) for v in self.model.forcings], 1))

    @cached_property
    def parameters(self) -> np.ndarray:
        """[row, cell]: defaults, with soils that differ."""
        random = np.random.default_rng(2)
        rows = {v.name: np.full(self.cells, v.default) for v in self.model.parameters}
        rows["wcap"] = random.uniform(80, 500, self.cells)
        rows["wava"] = rows["wcap"] * random.uniform(0.4, 0.8, self.cells)
        rows["wmin"], rows["wmax"] = rows["wcap"] * 0.1, rows["wcap"] * random.uniform(1.05, 1.4, self.cells)
        rows["beta_oro"] = random.uniform(0.05, 0.6, self.cells)
        rows["lag_land"] = random.uniform(3, 60, self.cells)
        return self.cast(np.stack([rows[v.name] for v in self.model.parameters]))

    @cached_property
    def geometry(self) -> np.ndarray:
        return self.cast(np.random.default_rng(3).uniform(0.005, 0.1, (1, self.cells)))

    @cached_property
    def state(self) -> np.ndarray:
        state = initial_state(self.model, self.cells, self.precision)
        row = [v.name for v in self.model.states].index("root_zone_moisture")
        state[row] = 0.6 * self.parameters[0]
        return state

    @cached_property
    def downstream(self) -> np.ndarray:
        """A network whose cells flow to one of the twelve that came before: long rivers, many headwaters."""
        random = np.random.default_rng(4)
        node = np.arange(self.cells)
        down = np.maximum(node - random.integers(1, 13, self.cells), 0)
        down = np.where((node < 3) | (random.random(self.cells) < 0.04), node, down)
        return reordered(down, canonical_order(down))

    @cached_property
    def area(self) -> np.ndarray:
        return np.random.default_rng(5).uniform(1e9, 3e9, self.cells)

    @cached_property
    def lag(self) -> np.ndarray:
        return self.cast(np.random.default_rng(6).uniform(0.05, 0.5, (1, self.cells)))

    @cached_property
    def reservoirs(self) -> np.ndarray:
        return self.cast(np.full((1, self.cells), 5.0))

    @cached_property
    def weight(self) -> np.ndarray:
        """Gradient of the discharge [time, cell]."""
        return self.cast(np.random.default_rng(7).uniform(-1, 1, (self.days, self.cells)) * 1e-3)

    def cast(self, values) -> np.ndarray:
        return np.ascontiguousarray(values, self.precision)


def parse(text: str) -> Case:
    """The case of that name; ValueError where it is none."""
    found = PATTERN.fullmatch(text.strip())
    if found is None or 0 in map(int, found.groups()):
        raise ValueError(f"unknown case '{text}', expected cells x days, as in 67420x60")
    return Case(*map(int, found.groups()))
