"""run/vic_sites.py on parts of its records: the skill that VIC has at real sites, and what its gradient finds."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

import vic_sites
from vic_site_calibration import Site, loss
from vic_site_parameters import texture
from vic_site_records import SITES, STEPS


@pytest.fixture(scope="module")
def record(shared):
    """The first years of a site's record, read once."""
    whole = {}

    def read(name, years):
        if name not in whole:
            whole[name] = SITES[name](shared / "data")
        return whole[name].first(years)

    return read


def skill(site, found, period):
    simulated = vic_sites.simulation(site, found)
    return {name: vic_sites.scores(simulated[name][period], site.record.observed[name][period]) for name in simulated}


def test_a_loam_is_as_in_the_regressions_of_cosby():
    loam = texture(0.43, 0.18)
    assert loam["expt"] == pytest.approx(2 * 5.797 + 3)
    assert loam["bubble"] == pytest.approx(10**1.3772)
    assert loam["Ksat"] == pytest.approx(609.6 * 10**-0.1734)
    assert 1 - loam["bulk_density"] / loam["soil_density"] == pytest.approx(0.43728)
    assert loam["resid_moist"] < loam["Wpwp_FRACT"] < loam["Wcr_FRACT"] < 0.6


def test_snow_of_a_year_at_reynolds_mountain_is_near_what_was_measured(record):
    site = Site(record("mountain", 1))
    half = site.record.days // 2
    built, melted = skill(site, {}, slice(0, half)), skill(site, {}, slice(half, None))
    assert built["snow_water_equivalent"]["nse"] > 0.9
    assert melted["snow_water_equivalent"]["nse"] > 0.93
    assert abs(melted["snow_water_equivalent"]["bias"]) < 10


def test_evaporation_of_walnut_gulch_follows_the_rain_and_calibration_mends_the_sensible_heat(record):
    site = Site(replace(record("gulch", 3), spin_up=365))
    half = site.record.days // 2
    found = site.calibrate(half, 6)
    before, after = (skill(site, values, slice(half, None)) for values in ({}, found))
    assert before["evaporation"]["nse"] > 0.6
    assert after["evaporation"]["nse"] > 0.6
    assert after["sensible_heat"]["nse"] > before["sensible_heat"]["nse"] + 0.1
    assert abs(after["sensible_heat"]["bias"]) < abs(before["sensible_heat"]["bias"])


def test_calibration_finds_better_discharge_of_the_other_years(record):
    site = Site(replace(record("north", 4), spin_up=365))
    half = site.record.days // 2
    found = site.calibrate(half, 6)
    assert len(found) <= 8
    before, after = (skill(site, values, slice(half, None))["streamflow"] for values in ({}, found))
    assert before["nse"] > 0.35
    assert after["nse"] > before["nse"]
    assert after["kge"] > before["kge"] + 0.05
    assert abs(after["bias"]) < abs(before["bias"])


def test_the_gradient_of_the_loss_is_that_of_differences(record):
    site = Site(replace(record("north", 0.5), spin_up=0))
    observed = torch.from_numpy(site.record.observed["streamflow"])

    def lost(z):
        found = {each.name: each.value(part) for each, part in zip(site.free, z, strict=True)}
        return loss(site.simulate(found, site.record.days)["streamflow"], observed)

    z = torch.tensor([each.number() for each in site.free], dtype=torch.float64, requires_grad=True)
    lost(z).backward()
    for k, each in enumerate(site.free):
        step = torch.zeros_like(z)
        step[k] = 1e-5
        with torch.no_grad():
            difference = (lost(z + step) - lost(z - step)) / 2e-5
        assert z.grad[k].item() == pytest.approx(difference.item(), rel=1e-4, abs=1e-8), each.name


def test_the_script_prints_scores_of_the_second_half_and_writes_pictures(shared, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FRESHET_SHARED", str(shared))
    command = ["vic_sites.py", "--sites", "mountain", "--iterations", "0", "--json", "--pictures", str(tmp_path)]
    monkeypatch.setattr("sys.argv", command)
    assert vic_sites.main() == 0
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert (line["site"], line["what"], line["days"]) == ("Reynolds Mountain East", "uncalibrated", 183)
    assert np.isfinite([line["nse"], line["kge"], line["bias"]]).all()
    assert (tmp_path / "mountain.png").read_bytes()[:4] == b"\x89PNG"


def test_weather_of_steps_keeps_the_water_of_the_days(record):
    year = record("north", 1)
    rain = year.forcing[:, 2, 0].reshape(-1, STEPS).sum(1)
    assert year.days == 365
    assert 800 < rain.sum() < 2000
    assert np.isfinite(year.forcing).all()
