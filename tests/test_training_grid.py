"""freshet train on grids: parameters of cells learned through the rivers, on any number of ranks."""

import csv
import json
import signal
import subprocess
import sys
import time

import netCDF4
import numpy as np
import pytest
import torch
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.grid.factors import with_factors
from freshet.driver.observed_discharge import observed_discharge
from freshet.driver.simulation import run
from freshet.driver.training import train
from freshet.driver.training_grid.train import train_grid
from freshet.nn import checkpoint

import mpi
import training_rivers
from training_rivers import LEARNED, country, observe, settings


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """Discharge of the parameters that are to be found."""
    return observe(tmp_path_factory.mktemp("truth"))


def weights(directory, name="last.pt"):
    return checkpoint.load(directory / name)["network"]


def same(one, other):
    return list(one) == list(other) and all(torch.equal(one[name], other[name]) for name in one)


def table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_parameters_behind_the_discharge_are_found(tmp_path, observed):
    more = ("network.kind=single", "training.epochs=80", "training.learning_rate=0.15", "training.schedule=cosine")
    summary = train(settings(tmp_path, f"data.discharge={observed}", *more), country())
    before, after = (
        [scores["nse"] for scores in summary["gauges"]["test"][when].values()] for when in ("before", "after")
    )
    assert np.mean(before) < 0.9
    assert np.mean(after) > 0.99
    for file, name in (("parameters.nc", "lag_land"), ("parameters_river.nc", "lag_river")):
        with netCDF4.Dataset(tmp_path / file) as found, netCDF4.Dataset(observed / file) as truth:
            # What only receives keeps its own value.
            ratio = (found[name][:] / truth[name][:].reshape(found[name].shape)).ravel()
            assert np.median(ratio) == pytest.approx(1.0, abs=0.03)
    rows = table(tmp_path / "gauges.csv")
    assert {row["parameters"] for row in rows} == {"before", "after"}
    assert len(rows) == len(country().river.gauges) * 3 * 2
    assert len(list(tmp_path.glob("hydrograph_*.png"))) == len(country().river.gauges)
    assert json.loads((tmp_path / "summary.json").read_text())["best_epoch"] == summary["best_epoch"]


def test_a_run_with_the_learned_parameters_gives_the_discharge_that_training_told(tmp_path, observed):
    learned = f"{LEARNED},potential_evaporation x 0.5 2"
    train(settings(tmp_path, f"data.discharge={observed}", learned), country())
    files = ("parameters.source=file", f"parameters.path={tmp_path / 'parameters.nc'}")
    files = (
        *files,
        f"routing.path={tmp_path / 'parameters_river.nc'}",
        f"weather.factors={tmp_path}/weather_factors.nc",
    )
    output = ("output.variables=discharge", f"output.directory={tmp_path / 'run'}")
    asked = settings(tmp_path, *files, *output, command="run")
    run(asked, with_factors(country(), asked.weather.factors))
    told = table(tmp_path / "discharge.csv")
    gauges = sorted(country().river.gauges, key=lambda gauge: gauge.node)
    axis = country().axis
    axis = axis.slice(axis.index("1999-12-10"), axis.index("2001-12-31") + 1)
    found = observed_discharge(tmp_path / "run", gauges, axis)
    for place, gauge in enumerate(gauges):
        depth = 86400e3 / gauge.upstream_area  # mm d-1 of 1 m3 s-1
        expected = [float(row[f"{gauge.id}_after"]) * depth for row in told]
        np.testing.assert_allclose(found[:, place], expected, rtol=1e-6)
        assert any(row[f"{gauge.id}_after"] != row[f"{gauge.id}_before"] for row in told)


def test_a_training_goes_on_as_if_it_had_never_stopped(tmp_path, observed):
    data = f"data.discharge={observed}"
    train(settings(tmp_path / "whole", data), country())
    train(settings(tmp_path / "cut", data, "training.epochs=2"), country())
    train(settings(tmp_path / "cut", data, "training.resume=true"), country())
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "cut"))
    best = (f"parameters.path={tmp_path / 'cut' / 'best.pt'}", "parameters.source=checkpoint")
    with pytest.raises(InputError, match="is of a training through rivers, whose parameters are in files"):
        run(settings(tmp_path, *best, f"output.directory={tmp_path / 'run'}", command="run"), country())
    with pytest.raises(ConfigurationError, match=r"another training: training\.learning_rate"):
        train(settings(tmp_path / "cut", data, "training.resume=true", "training.learning_rate=0.01"), country())
    with pytest.raises(ConfigurationError, match="holds a training already"):
        train(settings(tmp_path / "cut", data), country())


def test_a_signal_stops_it_with_a_checkpoint(tmp_path, observed):
    command = [sys.executable, training_rivers.__file__, str(tmp_path / "stopped"), str(observed)]
    command += ["training.epochs=100000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    begun = time.monotonic()
    while not (tmp_path / "stopped" / "last.pt").exists() and time.monotonic() - begun < 200:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    error = process.communicate(timeout=100)[1]
    assert process.returncode == 75, error
    assert "checkpoint written; go on with: freshet train" in error
    assert checkpoint.load(tmp_path / "stopped" / "last.pt")["training"]["progress"]["epoch"] >= 1


@pytest.fixture(scope="module")
def on_ranks(tmp_path_factory, observed):
    """The same training and probe by one process, and by 2, 3 and 4 ranks under a launcher."""
    folder = tmp_path_factory.mktemp("on_ranks")
    training_rivers.train_and_probe(folder / "ranks1", observed, training_rivers.World())
    status, out, error = mpi.finished(4, str(training_rivers.__file__), str(folder), str(observed))
    assert status == 0, out + error
    return folder


@pytest.mark.parametrize("ranks", [2, 3, 4])
def test_any_number_of_ranks_learns_the_same_to_the_bit(on_ranks, ranks):
    alone, many = on_ranks / "ranks1", on_ranks / f"ranks{ranks}"
    for name in ("last.pt", "best.pt"):
        assert same(weights(alone, name), weights(many, name))
    for name in ("gauges.csv", "discharge.csv"):
        assert (alone / name).read_bytes() == (many / name).read_bytes()
    for name in ("parameters.nc", "parameters_river.nc"):
        with netCDF4.Dataset(alone / name) as one, netCDF4.Dataset(many / name) as other:
            assert all(one[key][:].tolist() == other[key][:].tolist() for key in one.variables)
    losses = [[json.loads(line)["loss"] for line in (path / "log.jsonl").open()] for path in (alone, many)]
    assert losses[0] == losses[1]


@pytest.mark.parametrize("ranks", [1, 2, 3, 4])
def test_the_gradient_through_model_and_rivers_is_the_slope_on_any_ranks(on_ranks, ranks):
    alone, found = (np.load(on_ranks / f"ranks{count}" / "probe.npz") for count in (1, ranks))
    for name in ("gradient", "sums"):
        assert alone[name].tobytes() == found[name].tobytes()
    here, above, below, half = found["sums"]
    slope = (found["gradient"] * found["direction"]).sum()
    # As a dot product with the tangent, and as Taylor has it: what is left falls with the square of the step.
    assert (above - below) / 2e-4 == pytest.approx(slope, rel=1e-5)
    left = abs(above - here - 1e-4 * slope), abs(half - here - 5e-5 * slope)
    assert 3.0 < left[0] / left[1] < 5.0


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["routing.router=none"], "name a router"),
        (["training.variables=qsb_mix"], "no parameter 'qsb_mix'.*did you mean 'qsb_m"),
        (["training.variables=wcap"], "'wcap': give it bounds"),
        (["training.variables=lag_river 5 1"], "low is not < high"),
        (["training.variables=potential_evaporation 0 9"], "weather can only be multiplied"),
        (["training.variables=qsb_max,qsb_max"], "more than once"),
        (["training.variables=qsb_max+lag_river 0.1 5"], "cannot share a value"),
        (["training.variables=qsb_max", "parameters.qsb_max=3"], "is set, and to be learned too"),
        (["training.start=1990-01-01"], "training period.*outside of the data"),
        (["run.components=2"], "one component"),
    ],
)
def test_misuse_is_told_in_one_line(tmp_path, observed, overrides, message):
    with pytest.raises((ConfigurationError, InputError), match=message) as told:
        train_grid(settings(tmp_path / "new", f"data.discharge={observed}", *overrides), country())
    assert "\n" not in str(told.value)
    assert not (tmp_path / "new").exists()


def test_no_observations_are_told(tmp_path, observed):
    with pytest.raises(ConfigurationError, match="no observed discharge: name a file"):
        train(settings(tmp_path), country())
    other = tmp_path / "other.csv"
    other.write_text("date,elsewhere\n2000-01-01,3.0\n")
    with pytest.raises(InputError, match="no series of any of the 4 gauges"):
        train(settings(tmp_path, f"data.discharge={other}"), country())
