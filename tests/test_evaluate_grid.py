"""freshet evaluate on grids: discharge of runs at gauges against observed series of the same ids."""

import json

import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.evaluation import evaluate
from freshet.driver.gauged_source import GaugedSource
from freshet.driver.observed_discharge import observed_discharge

from training_rivers import country, discharge, observe, settings


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folders of a run with the parameters behind the observations, and of one with defaults."""
    folder = tmp_path_factory.mktemp("runs")
    return observe(folder / "truth"), discharge(folder / "default")


def asked(tmp_path, runs, *overrides, beside=""):
    truth, default = runs
    evaluated = (f"evaluation.simulation={default}", f"evaluation.benchmarks={beside or truth}")
    more = (f"evaluation.directory={tmp_path / 'scores'}", f"data.discharge={truth}", "evaluation.plots=false")
    return settings(tmp_path, *evaluated, *more, *overrides, command="evaluate")


def test_a_run_is_scored_at_its_gauges_beside_another(tmp_path, runs):
    found = evaluate(asked(tmp_path, runs, "evaluation.labels=one,two"), country())
    assert sorted(found.ids) == ["mouth_0", "mouth_1", "mouth_2", "mouth_3"]
    assert found.tables["two"]["nse"] == pytest.approx(np.ones(4), abs=1e-10)
    assert (found.tables["one"]["nse"] < 0.95).all()
    written = json.loads((tmp_path / "scores" / "evaluation.json").read_text())
    assert written["basins"] == 4
    assert (tmp_path / "scores" / "basins_one.csv").is_file()


def test_parameters_without_a_run_are_refused(tmp_path, runs):
    with pytest.raises(ConfigurationError, match="'default parameters' is no output of a run"):
        evaluate(asked(tmp_path, runs, beside="default"), country())


def test_the_weather_above_a_gauge_is_the_mean_of_its_land():
    source = country()
    gauges = source.river.gauges
    mean = GaugedSource(source, None, gauges).forcing(10, 20)
    gauge = max(gauges, key=lambda one: one.upstream_area)
    inside = []
    for node in range(len(source.river.downstream)):
        at = node
        while at != gauge.node and source.river.downstream[at] != at:
            at = source.river.downstream[at]
        if at == gauge.node and source.river.place[node] >= 0:
            inside.append(source.river.place[node])
    expected = np.average(source.forcing(10, 20)[:, :, inside], axis=2, weights=source.land_area[inside])
    np.testing.assert_allclose(mean[:, :, gauges.index(gauge)], expected, rtol=1e-5)


def test_series_in_a_table_keep_their_gaps_and_their_volume(tmp_path):
    gauges, axis = country().river.gauges, country().axis
    path = tmp_path / "seen.csv"
    name = gauges[0].id
    path.write_text(f"date,{name},other\n1999-12-02,5.0,1\n1999-12-03,,1\n1999-12-05,7.5,1\n1999-12-06,-999,1\n")
    found = observed_discharge(path, gauges, axis.slice(0, 8)) * gauges[0].upstream_area / 86400e3
    np.testing.assert_allclose(found[:, 0], [np.nan, 5.0, np.nan, np.nan, 7.5, np.nan, np.nan, np.nan])
    assert np.isnan(found[:, 1:]).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date,mouth_0\n1999-12-02,many\n", "column 'mouth_0' holds what is no number"),
        ("mouth_0,date\n5,1999-12-02\n", "the first column is 'mouth_0', expected 'date'"),
        ("date,mouth_9\n1999-12-02,5\n", "no series of any of the 4 gauges.*did you mean 'mouth_9'"),
    ],
)
def test_tables_that_cannot_be_meant_are_refused(tmp_path, text, message):
    path = tmp_path / "seen.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        observed_discharge(path, country().river.gauges, country().axis)
