"""The water balance closes, and what does not close, or is no number, ends the run with basin and date."""

import dataclasses
import json

import numpy as np
import pytest
from freshet.driver.errors import InputError, NumericsError
from freshet.driver.files import checksum
from freshet.driver.manifest import read_manifest
from freshet.driver.restart import read_restart, write_restart

from run_case import run, series, weather

FORMS = [("run.version=1.0",), ("run.version=1.0", "run.gamma=true"), ("run.version=1.1p",), ("run.version=2.0",)]
DAYS = 1200


@pytest.mark.parametrize("form", FORMS)
def test_every_day_closes_to_rounding_in_double_precision(tmp_path, form):
    run(tmp_path, weather(DAYS), *form, "run.precision=float64", "run.components=3")
    found = series(tmp_path)
    assert (found["water_balance_residual_of_day"] < 1e-9).all()
    assert np.abs(found["water_balance_residual"]).max() < 1e-9
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    inflow = manifest["water_balance"]["inflow_mm"]
    assert abs(manifest["water_balance"]["largest_total_residual_mm"]) < 1e-12 * inflow


@pytest.mark.parametrize("form", FORMS)
def test_every_day_closes_to_rounding_in_single_precision(tmp_path, form):
    run(tmp_path, weather(DAYS), *form, "run.components=16")
    found = series(tmp_path)
    assert found["water_balance_residual_of_day"].max() < 1e-3
    assert found["water_balance_residual_of_day"].min() > 0


def test_the_balance_can_be_made_again_from_the_output(tmp_path):
    source = weather(DAYS)
    run(tmp_path, source, "output.variables=all", "run.precision=float64")
    found = series(tmp_path)
    stored = sum(found[name] for name in ("snowpack", "meltwater", "soil_moisture", "upper_zone", "lower_zone"))
    rain = source.forcing(0, DAYS)[:, 0]
    lost = found["evaporation"] + found["runoff"] - found["floor_gain"]
    # The initial states are 0.001 mm each.
    residual = rain.sum(axis=0) - lost.sum(axis=0) - (stored[-1] - 0.005)
    assert np.abs(residual).max() < 1e-9


def test_a_residual_above_the_tolerance_ends_the_run(tmp_path):
    with pytest.raises(NumericsError, match=r"water balance of basin basin_\d on \d{4}-\d\d-\d\d does not close"):
        run(tmp_path, weather(DAYS), "run.balance_tolerance=1e-9")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -5.0])
@pytest.mark.parametrize("state", range(5))
def test_a_state_that_cannot_be_ends_the_run_with_basin_and_date(tmp_path, bad, state):
    """A broken state is put into a restart that is sound as a file."""
    run(tmp_path, weather(300), "run.end=2000-02-28")
    manifest = read_manifest(tmp_path)
    path = tmp_path / "restarts" / manifest.latest
    arrays, facts = read_restart(path)
    arrays["state"][state, 1] = bad
    write_restart(path, arrays, facts)
    manifest.restarts[-1] = dataclasses.replace(manifest.restarts[-1], bytes=path.stat().st_size, sha256=checksum(path))
    manifest.write(tmp_path)
    with pytest.raises(NumericsError, match="basin_1 on 2000-02-29"):
        run(tmp_path, weather(300), "run.resume=true")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -90.1, 1e30])
def test_weather_that_cannot_be_ends_the_run_with_basin_and_date(tmp_path, bad):
    source = weather(DAYS)
    source._forcing[623, 1, 2] = bad
    with pytest.raises(InputError) as caught:
        run(tmp_path, source)
    assert f"air_temperature of basin basin_2 on 2001-06-15 is {bad:g}, expected -90 to 65 degC" in str(caught.value)
    # What was finished before is kept, and can be read.
    assert len(series(tmp_path)["time"]) == 92 + 366
