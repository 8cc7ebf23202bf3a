"""VIC's own balances: water of a daily mended form and in float32, energy of the surface where it is solved."""

import numpy as np
import pytest
from freshet.kernels.model import Model
from freshet.kernels.registry import forms, model

from problem import Problem

YEAR = 365
# The contracts run over the published forms; these have what those have not.
DAILY = {"step": 86400, "substeps": 8, "energy": True, "compat": False, "layers": 2}


def residual(problem: Problem) -> np.ndarray:
    """What each cell gains from nowhere in a step, mm, reckoned in float64."""
    form, names = problem.model, list(problem.outputs)
    outputs = problem.run(weights=None).outputs.astype(np.float64)
    signed = sum(v.balance * outputs[:, names.index(v.name)] for v in form.fluxes if v.balance)
    stored = [(names.index(form.states[row].name), row, size) for row, size in form.storages]
    storage = sum(size * outputs[:, k] for k, _, size in stored)
    before = sum(size * problem.arrays["state"][row].astype(np.float64) for _, row, size in stored)
    return signed - np.diff(storage, axis=0, prepend=before[None])


FROZEN = {"energy": True, "frozen": True}
FURTHER = {
    "daily": {"step": 86400, "substeps": 8},
    "daily-mended": DAILY,
    "frozen": FROZEN,
    "frozen-mended": FROZEN | {"compat": False},
}


@pytest.mark.parametrize("options", FURTHER.values(), ids=FURTHER)
def test_vic_conserves_water_in_forms_that_are_not_published(options):
    form = model("vic", **options)
    places = 100 if form.steps_per_day == 1 else 24
    problem = Problem(form, days=YEAR * form.steps_per_day, places=places, components=1, seed=1)
    assert np.abs(residual(problem)).max() <= 1e-9


@pytest.mark.parametrize("form", forms("vic"), ids=lambda form: form.label)
def test_vic_in_float32_loses_water_by_rounding_only(form):
    """Soil of up to 1000 mm is rounded to 6e-5 mm; a dozen such roundings may meet in a step, and they cancel."""
    problem = Problem(form, days=YEAR * form.steps_per_day, places=24, components=1, dtype=np.float32, seed=1)
    found = residual(problem)
    assert np.abs(found).max() <= 1e-3
    assert np.abs(found.mean()) <= 1e-6


@pytest.fixture(scope="module")
def energy() -> tuple[Problem, dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """A year of the energy form: the problem, its outputs by name, snow before each step (m), and the balance of the
    surface: radiation less turbulent and ground heat, W m-2."""
    return energy_of(next(form for form in forms("vic") if form.options["energy"]), places=40)


def energy_of(form: Model, places: int) -> tuple[Problem, dict[str, np.ndarray], np.ndarray, np.ndarray]:
    problem = Problem(form, days=YEAR * form.steps_per_day, places=places, components=1, seed=3)
    outputs = problem.run().outputs
    found = {name: outputs[:, k] for k, name in enumerate(problem.outputs)}
    snow = sum(
        np.concatenate((problem.arrays["state"][[v.name for v in form.states].index(name)][None], found[name][:-1]))
        for name in ("snow_water_equivalent", "canopy_snow")
    )
    balance = found["net_shortwave"] + found["net_longwave"]
    for name in ("latent_heat", "sublimation_heat", "sensible_heat", "ground_heat", "heat_storage", "fusion_heat"):
        balance = balance - found[name]
    return problem, found, snow, balance


def test_energy_of_vic_closes_where_there_is_no_snow(energy):
    assert_closed(*energy[1:])


@pytest.mark.parametrize("compat", [True, False], ids=["frozen", "frozen-mended"])
def test_energy_of_vic_closes_over_freezing_soil_where_there_is_no_snow(compat):
    _, found, snow, balance = energy_of(model("vic", **FROZEN, compat=compat), places=12)
    assert (found["soil_ice_1"] > 0.0).mean() > 0.1
    assert_closed(found, snow, balance)


def assert_closed(found, snow, balance):
    solved = (snow == 0.0) & (found["snowfall"] == 0.0) & (found["surface_fallback"] == 0.0)
    assert solved.mean() > 0.3
    assert np.abs(balance[solved]).max() <= 1e-3


def test_energy_of_vic_closes_under_most_lasting_snow(energy):
    """VIC divides the heat from the ground by dt: up to 1e-3 W m-2 are lost, more where layers of snow refill."""
    problem, found, snow, balance = energy
    tall = problem.arrays["parameters"][[v.name for v in problem.model.parameters].index("overstory")] > 0.0
    lasting = (snow > 0.0) & (found["snow_cover"] == 1.0) & ~tall & (found["snow_fallback"] == 0.0)
    melt = found["advected_heat"] - found["snow_heat_storage"] + found["refreeze_heat"] + found["melt_heat"]
    rest = np.abs(balance + melt + found["snow_ground_heat"])[lasting]
    assert lasting.mean() > 0.1
    assert np.quantile(rest, 0.9) <= 1e-3
    assert np.quantile(rest, 0.98) <= 1e-2


def test_searches_of_vic_hardly_ever_fail(energy):
    _, found, _, _ = energy
    assert found["snow_fallback"].sum() + found["canopy_fallback"].sum() + found["surface_fallback"].sum() <= 20


def test_thin_snow_that_melts_at_exactly_0_degrees_gives_its_water_to_the_soil():
    form = next(form for form in forms("vic") if not form.options["energy"])
    problem = Problem(form, days=6, places=200, components=1, seed=5)
    rows = {v.name: row for row, v in enumerate(form.states)}
    state = problem.arrays["state"]
    state[: rows["foliage_temperature"]] = 0.0
    for name, value in (("snow_water_equivalent", 8e-4), ("snow_depth", 5e-3), ("snow_density", 160.0)):
        state[rows[name]] = value
    state[rows["soil_temperature_1"]] = 4.0
    problem.arrays["parameters"][[v.name for v in form.parameters].index("temperature_offset")] = 0.0
    for name, value in (("air_temperature", 0.0), ("precipitation", 0.0), ("shortwave", 0.0)):
        problem.arrays["forcing"][:, [v.name for v in form.forcings].index(name)] = value
    outputs = problem.run(weights=None).outputs
    assert (outputs[0, list(problem.outputs).index("snow_water_equivalent")] < 7e-4).any()
    assert np.abs(residual(problem)).max() <= 1e-9
