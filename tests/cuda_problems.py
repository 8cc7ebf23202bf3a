"""Runs for the tests of a GPU's loops: the small model of passes, and VIC in days chosen so that every process runs."""

from typing import Any

import numpy as np
from freshet.kernels.model import Model

from passes_model import PASSES
from problem import Problem
from vic_case import parse

# VIC's weather, one value for each step of three hours: snow falls on bare ground, more on snow, a cold clear night,
# the sun melts, rain falls on snow, all of it goes, rain on the leaves, a dry hot spell over the end of the month.
WEATHER = {
    "precipitation": (4.0, 6.0, 2.0, 0.0, 0.0, 0.0, 5.0, 3.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0),
    "air_temperature": (-6.0, -2.0, 0.2, -14.0, -9.0, 5.0, 3.0, 9.0, 14.0, 18.0, 13.0, 22.0, 29.0, 31.0),
    "shortwave": (0.0, 60.0, 90.0, 0.0, 0.0, 650.0, 120.0, 300.0, 700.0, 500.0, 200.0, 400.0, 850.0, 900.0),
    "longwave": (260.0, 290.0, 310.0, 190.0, 200.0, 280.0, 330.0, 340.0, 330.0, 330.0, 350.0, 330.0, 340.0, 350.0),
    "pressure": (9.4e4,) * 14,
    "vapour_pressure": (350.0, 480.0, 590.0, 150.0, 200.0, 500.0, 720.0, 900.0, 800.0, 900.0, 1300.0, 1100.0, 900.0,
                        800.0),
    "wind": (3.0, 6.0, 4.0, 1.0, 0.5, 2.0, 3.0, 5.0, 7.0, 4.0, 3.0, 2.0, 4.0, 5.0),
}  # fmt: skip
MONTHS = (4.0,) * 12 + (5.0,) * 2
# Snow of the cells at the start, m: none, so thin that it shares the surface, some that vanishes, a deep pack.
SNOW = (0.0, 0.001, 0.004, 0.12)


class Given(Problem):
    """A run of given arrays."""

    def __init__(self, model: Model, arrays: dict[str, np.ndarray], dtype: Any, dynamic_names: tuple[str, ...] = ()):
        self.model, self.dtype, self.dynamic_names = model, dtype, dynamic_names
        self.outputs = tuple(variable.name for variable in model.outputs)
        self.arrays = {name: np.ascontiguousarray(values, dtype) for name, values in arrays.items()}


def small(cells: int = 6, dtype: Any = np.float64, dynamic_names: tuple[str, ...] = ()) -> Given:
    """Days of three months of the small model, two places; some cells have snow at the start."""
    rng, days = np.random.default_rng(4), 14
    bounds = [(v.low, v.high) for v in PASSES.parameters]
    weather = [np.repeat([3.0, 4.0, 5.0], [6, 5, 3])[:, None] + np.zeros(2), rng.gamma(1, 4, (days, 2)),
               rng.normal(0.5, 4, (days, 2))]  # fmt: skip
    arrays = {
        "forcing": np.stack(weather, 1),
        "parameters": np.stack([rng.uniform(*b, cells) for b in bounds]),
        "state": rng.uniform(0, 20, (2, cells)) * [rng.random(cells) < 0.5, np.ones(cells)],
        "weights": rng.dirichlet(np.ones(cells // 2), 2).T,
        "geometry": np.array([[0.0, 900.0]]),
        "dynamic": rng.uniform(0.1, 2, (days, len(dynamic_names), cells)),
    }
    return Given(PASSES, arrays, dtype, dynamic_names)


def vic(form: Model, places: int = 3, dtype: Any = np.float64) -> Given:
    """Every tile of run/vic_case.py in a step for each column of WEATHER, at first with snow of different depths."""
    kind = "fs3h" if form.options["frozen"] else "wb3h"
    case = parse(f"{kind}-float64", f"{places}x1")
    steps, substeps = len(MONTHS), int(form.options["substeps"])
    clock = [np.array(MONTHS), 30.0 * np.array(MONTHS) - 10.0]
    clock += [np.array(values) for values in WEATHER.values() for _ in range(substeps)]
    forcing = np.repeat(np.stack(clock, 1)[:, :, None], places, 2)
    cover = np.array(SNOW)[np.arange(case.cells) % len(SNOW)]
    first = {
        "snow_water_equivalent": cover, "snow_depth": cover / 0.25, "snow_density": np.where(cover > 0, 250.0, 0.0),
        "snow_albedo": np.where(cover > 0, 0.8, 0.0), "snow_surface_temperature": np.where(cover > 0, -3.0, 0.0),
        "snow_pack_temperature": np.where(cover > 0.1, -1.0, 0.0),
        "snow_cold_content": np.where(cover > 0, -3.0 * 2.1e6 * np.minimum(cover, 0.125), 0.0),
        "canopy_water": 0.1 * (cover == 0),
    }  # fmt: skip
    if form.options["frozen"]:  # every other cell is frozen down to where it is warm
        nodes = int(form.options["nodes"])
        cold = np.where(np.arange(case.cells) % 2, -6.0, 4.0)
        warm = case.state[-1]
        first |= {f"soil_temperature_{n + 1}": cold + (warm - cold) * n / (nodes - 1) for n in range(nodes)}
    # forms with sub-steps have states that the case has not: those begin with their defaults
    rows = [*case.state, *(np.full(case.cells, v.default) for v in form.states[len(case.state) :])]
    state = np.stack([first[v.name] if v.name in first else rows[k] for k, v in enumerate(form.states)])
    assert forcing.shape == (steps, len(form.forcings), places)
    arrays = {"forcing": forcing, "parameters": case.parameters, "state": state, "weights": case.weights,
              "geometry": case.geometry, "dynamic": np.zeros((steps, 1, case.cells))}  # fmt: skip
    return Given(form, arrays, dtype)
