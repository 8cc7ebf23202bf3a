"""freshet train and evaluate with networks that read the weather, from namelist to files."""

import json

import numpy as np
import pytest
import torch
from freshet.driver.catchments.source import ArraySource
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.evaluation import evaluate
from freshet.driver.parameter_file import read_parameters
from freshet.driver.parameters import parameters
from freshet.driver.settings import parse
from freshet.driver.timeaxis import TimeAxis
from freshet.driver.training import train
from freshet.kernels.registry import model
from freshet.nn import checkpoint

from training_source import NAMELIST, source

HBV = model("hbv", version="1.0")
STATIC = ("network.kind=lstm", "network.hidden=8", "network.dropout=0.3")
DYNAMIC = (*STATIC, "network.dynamic='beta', 'k0'", "network.dynamic_dropout=0.2")


@pytest.fixture
def catchments():
    return source()


def settings(directory, *overrides):
    return parse(NAMELIST, "train.nml", [f"training.directory={directory}", *overrides], "train")


def records(directory):
    return [json.loads(line) for line in (directory / "log.jsonl").read_text().splitlines()]


def evaluation(folder, name):
    return (
        "evaluation.minimum_days=50", "evaluation.plots=false", f"evaluation.directory={folder / 'scores'}",
        f"evaluation.checkpoint={folder / name / 'best.pt'}",
    )  # fmt: skip


@pytest.mark.parametrize("kind", [STATIC, DYNAMIC], ids=["static", "dynamic"])
def test_it_learns_from_weather_and_attributes(tmp_path, catchments, kind):
    more = ("training.epochs=10", "training.steps_per_epoch=8", "training.learning_rate=0.03")
    summary = train(settings(tmp_path, *kind, *more), catchments)
    found = records(tmp_path)
    assert found[-1]["loss"] < 0.8 * found[0]["loss"]
    assert summary["medians"]["test"]["all"]["nse"] > 0.3


@pytest.mark.parametrize("kind", [STATIC, DYNAMIC], ids=["static", "dynamic"])
def test_a_training_goes_on_to_the_same_bits(tmp_path, catchments, kind):
    train(settings(tmp_path / "whole", *kind), catchments)
    train(settings(tmp_path / "cut", *kind, "training.epochs=2"), catchments)
    train(settings(tmp_path / "cut", *kind, "training.resume=true"), catchments)
    whole, cut = (checkpoint.load(tmp_path / name / "last.pt")["network"] for name in ("whole", "cut"))
    assert all(torch.equal(whole[name], cut[name]) for name in whole)
    assert "layers.weather.mean" in whole  # how the weather was normalised is kept


def test_static_parameters_are_the_same_by_file_and_by_checkpoint(tmp_path, catchments):
    train(settings(tmp_path, *STATIC, "training.epochs=1"), catchments)
    by_file = read_parameters(tmp_path / "parameters.nc", catchments.ids, HBV)
    asked = settings(tmp_path, "parameters.source=checkpoint", f"parameters.path={tmp_path / 'best.pt'}")
    by_network = parameters(asked, catchments, HBV)
    np.testing.assert_allclose(by_file.values, by_network.values, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [STATIC, DYNAMIC], ids=["static", "dynamic"])
def test_evaluate_simulates_what_the_training_scored(tmp_path, catchments, kind):
    summary = train(settings(tmp_path / "trained", *kind, "training.epochs=1"), catchments)
    found = evaluate(settings(tmp_path / "trained", *evaluation(tmp_path, "trained")), catchments)
    (label,) = found.tables
    expected = summary["medians"]["test"]["all"]["nse"]
    assert np.nanmedian(found.tables[label]["nse"]) == pytest.approx(expected, abs=1e-4)


def test_what_cannot_be_is_told_in_one_line(tmp_path, catchments):
    with pytest.raises(ConfigurationError, match="dynamic: betaet is no parameter of hbv"):
        train(settings(tmp_path / "a", *STATIC, "network.dynamic='betaet'"), catchments)
    train(settings(tmp_path / "b", *DYNAMIC, "training.epochs=1"), catchments)
    asked = settings(tmp_path, "parameters.source=checkpoint", f"parameters.path={tmp_path / 'b' / 'best.pt'}")
    with pytest.raises(InputError, match="gives parameters that vary by day, which freshet run does not take so far"):
        parameters(asked, catchments, HBV)
    train(settings(tmp_path / "c", *STATIC, "training.epochs=1"), catchments)
    asked = settings(tmp_path, "parameters.source=checkpoint", f"parameters.path={tmp_path / 'c' / 'best.pt'}")
    axis = TimeAxis(catchments.axis.start, 400)
    early = ArraySource(
        catchments.ids, axis, catchments.attributes, catchments.forcing(0, 400), catchments.discharge(0, 400)
    )
    with pytest.raises(InputError, match="reads the weather of the last days of its training, and the data lack them"):
        parameters(asked, early, HBV)


SPLIT = ("network.kind=lstm_mlp", "network.hidden=8", "network.static_hidden=8", "network.dynamic='beta', 'k0'")
FLOW = ("network.kind=streamflow", "network.hidden=8")
SEASON = (*DYNAMIC, "network.precipitation_correction=season")


@pytest.mark.parametrize("kind", [SPLIT, FLOW, SEASON], ids=["split", "flow", "season"])
def test_every_kind_learns_goes_on_to_the_same_bits_and_is_evaluated(tmp_path, catchments, kind):
    more = ("training.epochs=6", "training.steps_per_epoch=8", "training.learning_rate=0.03")
    summary = train(settings(tmp_path / "whole", *kind, *more), catchments)
    found = records(tmp_path / "whole")
    assert found[-1]["loss"] < 0.9 * found[0]["loss"]
    train(settings(tmp_path / "cut", *kind, "training.epochs=3", *more[1:]), catchments)
    train(settings(tmp_path / "cut", *kind, *more, "training.resume=true"), catchments)
    whole, cut = (checkpoint.load(tmp_path / name / "last.pt")["network"] for name in ("whole", "cut"))
    assert all(torch.equal(whole[name], cut[name]) for name in whole)
    scored = evaluate(settings(tmp_path / "whole", *evaluation(tmp_path, "whole")), catchments)
    (label,) = scored.tables
    expected = summary["medians"]["test"]["all"]["nse"]
    assert np.nanmedian(scored.tables[label]["nse"]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("network.dynamic='beta'", "kind 'attributes' gives nothing that varies by day: choose kind = 'lstm'"),
        ("network.kind=lstm_mlp", "name the parameters that the lstm of 'lstm_mlp' gives"),
        (("network.kind=streamflow", "network.precipitation_correction=basin"), "has no water balance to correct"),
        (("network.kind=lstm", "network.hidden=8, 8, 8"), "takes two sizes: the linear layer before the LSTM"),
        (("network.kind=lstm", "data.form=grid", "grid.path=x.nc"), "'lstm' reads the weather of basins"),
    ],
)
def test_what_does_not_go_together_is_told_before_data_are_read(tmp_path, asked, told):
    with pytest.raises(ConfigurationError, match=told):
        settings(tmp_path, *([asked] if isinstance(asked, str) else asked))
