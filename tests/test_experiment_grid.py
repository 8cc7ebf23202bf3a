"""Experiments on grids: gauges are held out, one fold after the other, and all of them are pooled."""

import pytest
from freshet.driver.errors import ConfigurationError
from freshet.driver.evaluation_files import read_csv
from freshet.driver.experiment_ensemble import read_series
from freshet.driver.experiment_gather import gather
from freshet.driver.experiment_run import run_experiment
from freshet.driver.metrics import nse
from freshet.driver.settings import load

from training_rivers import LEARNED, NAMELIST, country, observe


def test_gauges_held_out_are_scored_and_not_learned_from(tmp_path):
    observed = observe(tmp_path / "truth")
    file = tmp_path / "country.nml"
    file.write_text(NAMELIST + "&experiment\n  kind = 'spatiotemporal'\n  folds = 2\n/\n")
    sets = (LEARNED, f"data.discharge={observed}", f"experiment.directory={tmp_path / 'experiment'}")
    settings = load(file, (*sets, "training.epochs=1", "network.kind=single", "experiment.plots=false"), "experiment")
    found = run_experiment(settings, source=country())
    gauges = {gauge.id for gauge in country().river.gauges}
    assert set(found[0].split.held) | set(found[1].split.held) == gauges
    for member in found:
        table = read_csv(member.folder / "scores.csv")
        assert set(table["basin"][table["learned"] == 0]) == set(member.split.held)
        assert set(table["period"]) == {"training", "validation", "test"}
        assert member.settings.objectives[0].held_out == member.split.held
        ids, seen, flow = read_series(member)
        test = table["period"] == "test"
        told = dict(zip(table["basin"][test], table["nse"][test], strict=True))
        assert [told[name] for name in ids] == pytest.approx(nse(flow, seen).tolist(), rel=1e-6)
    result = gather(settings, country())
    assert set(result.pool.ids) == gauges
    assert [part.name for part in result.pool.parts] == ["held_out_test", "held_out_training", "test", "training"]
    first = read_csv(found[0].folder / "scores.csv")
    chosen = (first["learned"] == 0) & (first["period"] == "test")
    pooled = dict(zip(result.pool.ids, result.pool.of("", result.pool.parts[0], "nse")[0], strict=True))
    assert [pooled[name] for name in first["basin"][chosen]] == pytest.approx(first["nse"][chosen].tolist(), rel=1e-8)


def test_basins_to_learn_from_are_refused_on_a_grid(tmp_path):
    file = tmp_path / "country.nml"
    file.write_text(NAMELIST)
    with pytest.raises(ConfigurationError, match="on a grid, gauges are held out by &objective_1"):
        load(file, (LEARNED, "training.basins=mouth_1"), "train")
