"""Daily steps of mended VIC with several sub-steps of snow: what a step tells of evaporation in its sub-steps."""

import numpy as np
import pytest
from freshet.kernels.registry import model

from problem import Problem
from slopes import Cells
from test_vic_balance import DAILY

TOLD = ("potential_evaporation", "transpiration", "bare_soil_evaporation")


@pytest.fixture(scope="module")
def year() -> dict[str, np.ndarray]:
    """Outputs by name [time, cell] of tiles with snow in winter."""
    problem = Problem(model("vic", **DAILY), days=365, places=100, components=1, seed=1)
    outputs = problem.run(weights=None).outputs
    return {name: outputs[:, k] for k, name in enumerate(problem.outputs)}


def test_parts_of_the_evaporation_add_up_to_it(year):
    layers = range(1, DAILY["layers"] + 1)
    asked = sum(year[f"layer_evaporation_{k}"] for k in layers)
    taken = sum(year[f"layer_evaporation_taken_{k}"] for k in layers)
    soil = year["transpiration"] + year["bare_soil_evaporation"]
    np.testing.assert_allclose(soil, asked, rtol=1e-12, atol=1e-13)
    above = year["canopy_evaporation"] + year["canopy_sublimation"] + year["snow_sublimation"]
    np.testing.assert_allclose(soil + above + (taken - asked), year["evaporation"], rtol=1e-12, atol=1e-12)
    # soil that has too little gives less than is asked for
    whole = np.abs(taken - asked) <= 1e-9
    assert whole.mean() > 0.8
    np.testing.assert_allclose((soil + above)[whole], year["evaporation"][whole], rtol=1e-9, atol=2e-9)
    # where it snows, sub-steps count
    assert ((year["snowfall"] > 0.0) & (soil > 0.0)).mean() > 0.01


def test_a_day_of_sub_steps_evaporates_about_what_the_same_day_in_one_step_does():
    """A shower that is snow in some other band makes a day one of sub-steps; here it rains in the same weather."""
    form = model("vic", **DAILY)
    problem = Problem(form, days=1, places=60, components=1, outputs=TOLD, seed=3)
    rows = [variable.name for variable in form.states]
    state, forcing = problem.arrays["state"], problem.arrays["forcing"]
    state[: rows.index("canopy_water") + 1] = 0.0
    quantities = [variable.name for variable in form.forcings]
    weather = {"air_temperature": 12.0, "precipitation": 1e-6, "shortwave": 180.0, "longwave": 310.0, "wind": 3.0,
               "pressure": 9e4, "vapour_pressure": 700.0}  # fmt: skip
    for row, name in enumerate(quantities):
        for quantity, value in weather.items():
            if name.startswith(quantity):
                forcing[:, row] = value
    state[rows.index("soil_temperature_1") : rows.index("soil_temperature_1") + 3] = 12.0
    found = []
    for offset in (0.0, -30.0):
        problem.arrays["geometry"][[variable.name for variable in form.geometry].index("smallest_offset")] = offset
        found.append(problem.run(weights=None).outputs[0])
    for whole, parts in zip(*found, strict=True):
        some = whole > 0.05
        assert some.sum() > 5
        assert 0.9 < np.median(parts[some] / whole[some]) < 1.1
        assert not np.array_equal(parts, whole)


def test_gradients_of_what_is_told_are_those_of_central_differences():
    problem = Problem(model("vic", **DAILY), days=20, places=60, components=1, outputs=TOLD, seed=4)
    cells = Cells(problem, seed=5)
    agree, explained = cells.shares(least=1e-6)
    assert agree >= 0.85, agree
    assert explained >= 0.98, explained
