"""freshet train, from namelist to files: learning, resume, signals, kills, misuse."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from freshet.driver.errors import ConfigurationError, InputError, NumericsError, WriteError
from freshet.driver.lock import DirectoryLock
from freshet.driver.parameter_file import read_parameters
from freshet.driver.parameters import parameters
from freshet.driver.settings import parse
from freshet.driver.training import train
from freshet.driver.training_attributes import choose, is_streamflow
from freshet.kernels.registry import model
from freshet.nn import checkpoint

from training_source import NAMELIST, source

HBV = model("hbv", version="1.0")
COMMAND = [sys.executable, "-m", "freshet", "train"]


@pytest.fixture
def catchments():
    return source()


def settings(directory, *overrides):
    return parse(NAMELIST, "train.nml", [f"training.directory={directory}", *overrides], "train")


def weights(directory, name="best.pt"):
    return checkpoint.load(directory / name)["network"]


def same(one, two):
    return list(one) == list(two) and all(torch.equal(one[name], two[name]) for name in one)


def records(directory):
    return [json.loads(line) for line in (directory / "log.jsonl").read_text().splitlines()]


def test_a_training_leaves_checkpoints_logs_parameters_and_scores(tmp_path, catchments):
    summary = train(settings(tmp_path), catchments)
    files = "basins_test.csv best.pt last.pt log.jsonl log.txt namelist.nml parameters.nc scores.csv summary.json"
    assert sorted(path.name for path in tmp_path.iterdir()) == files.split()
    found = records(tmp_path)
    assert [entry["epoch"] for entry in found] == [1, 2, 3]
    assert {"kernel", "network", "loading", "loss", "validation"} == set(found[0]["seconds"])
    assert summary["best_epoch"] == 1 + int(np.argmax([entry["validation_nse"] for entry in found]))
    assert summary["medians"]["test"]["all"]["basins"] == 6
    assert summary["medians"]["test"]["test_subset"]["basins"] == 3
    assert json.loads((tmp_path / "summary.json").read_text())["medians"]["test"]["all"]["nse"] > 0
    log = (tmp_path / "log.txt").read_text()
    assert "5 attributes, 7 inputs: area, elevation, height, wetness, cover" in log
    assert "attributes that tell of streamflow are left out: q_mean" in log
    assert "s per epoch: kernel" in log
    again = parse((tmp_path / "namelist.nml").read_text(), "again.nml", command="train")
    assert again == settings(tmp_path)


def test_trained_parameters_are_the_same_by_file_and_by_checkpoint(tmp_path, catchments):
    train(settings(tmp_path), catchments)
    by_file = read_parameters(tmp_path / "parameters.nc", catchments.ids, HBV)
    asked = settings(tmp_path, "parameters.source=checkpoint", f"parameters.path={tmp_path / 'best.pt'}")
    by_network = parameters(asked, catchments, HBV)
    assert by_file.components == by_network.components == 2
    np.testing.assert_allclose(by_file.values, by_network.values, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(by_file.routing, by_network.routing, rtol=1e-5, atol=1e-6)


def test_the_networks_beat_one_set_for_all_which_beats_the_defaults(tmp_path, catchments):
    """Where attributes decide the discharge."""
    learn = ("training.epochs=10", "training.steps_per_epoch=8", "training.learning_rate=0.03")
    scores = {}
    for kind in ("attributes", "single"):
        found = train(settings(tmp_path / kind, *learn, f"network.kind={kind}"), catchments)
        scores[kind] = found["medians"]["test"]["all"]["nse"]
    nothing = ("training.learning_rate=1e-12", "training.epochs=1", "network.spread=0")
    found = train(settings(tmp_path / "default", *nothing, "network.kind=single"), catchments)
    scores["default"] = found["medians"]["test"]["all"]["nse"]
    assert scores["attributes"] > scores["single"] > scores["default"]


@pytest.mark.parametrize(("version", "precision"), [("1.0", "float64"), ("1.1p", "float32"), ("2.0", "float32")])
def test_every_form_of_the_model_trains_in_either_precision(tmp_path, catchments, version, precision):
    asked = settings(tmp_path, f"run.version='{version}'", f"run.precision={precision}", "training.epochs=1")
    assert train(asked, catchments)["model"] == f"hbv-{version}"
    assert weights(tmp_path)["layers.0.weight"].dtype == getattr(torch, precision)


def test_a_finished_training_goes_on_to_more_epochs_as_if_it_had_never_stopped(tmp_path, catchments):
    train(settings(tmp_path / "whole", "training.epochs=4"), catchments)
    train(settings(tmp_path / "cut", "training.epochs=2"), catchments)
    train(settings(tmp_path / "cut", "training.epochs=4", "training.resume=true"), catchments)
    assert same(weights(tmp_path / "whole", "last.pt"), weights(tmp_path / "cut", "last.pt"))
    assert [entry["loss"] for entry in records(tmp_path / "whole")] == [
        entry["loss"] for entry in records(tmp_path / "cut")
    ]


def test_an_earlier_training_is_not_overwritten_unasked(tmp_path, catchments):
    train(settings(tmp_path, "training.epochs=1"), catchments)
    before = weights(tmp_path)
    with pytest.raises(ConfigurationError, match=r"holds a training already: go on with it \(--resume\)"):
        train(settings(tmp_path), catchments)
    assert same(before, weights(tmp_path))
    train(settings(tmp_path, "training.epochs=1", "training.overwrite=true", "training.seed=2"), catchments)
    assert not same(before, weights(tmp_path))
    assert len(records(tmp_path)) == 1


def test_a_training_that_is_refused_leaves_an_earlier_one_as_it_was_and_no_folder(tmp_path, catchments):
    train(settings(tmp_path / "first", "training.epochs=1"), catchments)
    before = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    for more in (["training.overwrite=true", "data.attributes=hieght"], ["training.resume=true", "network.hidden=9"]):
        with pytest.raises(ConfigurationError):
            train(settings(tmp_path / "first", *more), catchments)
        assert {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()} == before
    with pytest.raises(ConfigurationError):
        train(settings(tmp_path / "deep" / "second", "data.attributes=hieght"), catchments)
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


def test_the_log_has_what_was_said_before_the_first_epoch(tmp_path, catchments, capsys):
    train(settings(tmp_path, "training.epochs=1"), catchments)
    said = [line.partition(" ")[2] for line in (tmp_path / "log.txt").read_text().splitlines()]
    assert said == capsys.readouterr().out.splitlines()


def test_a_second_training_in_the_same_directory_is_refused(tmp_path, catchments):
    with DirectoryLock(tmp_path), pytest.raises(WriteError, match="directory in &training"):
        train(settings(tmp_path), catchments)


def test_a_training_does_not_go_on_as_another_one(tmp_path, catchments):
    train(settings(tmp_path, "training.epochs=1"), catchments)
    other = settings(
        tmp_path, "training.resume=true", "training.window_days=60", "network.hidden=9", "run.components=3"
    )
    with pytest.raises(ConfigurationError, match="it is another training") as caught:
        train(other, catchments)
    for told in ("training.window_days: 90 in the checkpoint, 60 here", "network.hidden: [8]", "model.components: 2"):
        assert told in str(caught.value)
    with pytest.raises(ConfigurationError, match=r"data.basins: \['b0', 'b1', 'b2', 'b3', 'b4', 'b5'\] in the"):
        train(settings(tmp_path, "training.resume=true"), catchments.select(["b1", "b2", "b4"]))


def test_a_damaged_checkpoint_is_not_gone_on_from(tmp_path, catchments):
    train(settings(tmp_path, "training.epochs=1"), catchments)
    path = tmp_path / "last.pt"
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match=r"last.pt' is not a readable checkpoint .* training.overwrite=true"):
        train(settings(tmp_path, "training.resume=true"), catchments)


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["training.end=2012-06-30"], "2012-06-30"),
        (["training.window_days=5000"], "fewer than the window of 5000 days"),
        (["data.attributes=height,q_mean"], "q_mean is computed from observed streamflow"),
        (["parameters.fc=300"], "fc given, but freshet train learns every parameter"),
        (["data.attributes=hieght"], "no attribute 'hieght'; did you mean 'height'?"),
    ],
)
def test_settings_that_do_not_fit_the_data_are_told(tmp_path, catchments, overrides, told):
    periods = [] if "end" not in overrides[0] else ["training.validation_start=''", "training.test_start=''"]
    periods += [] if not periods else ["training.validation_end=''", "training.test_end=''"]
    with pytest.raises(ConfigurationError) as caught:
        train(settings(tmp_path, *overrides, *periods), catchments)
    assert told in str(caught.value)
    assert "train.nml" in str(caught.value)


def test_data_without_discharge_are_told(tmp_path, catchments):
    catchments._discharge = None
    with pytest.raises(InputError, match="no observed discharge"):
        train(settings(tmp_path), catchments)


def test_a_loss_that_is_not_a_number_ends_with_epoch_and_minibatch(tmp_path, catchments):
    catchments._forcing[:, 0] = np.nan
    with pytest.raises(NumericsError, match="of epoch 1, minibatch 1 is not a finite number"):
        train(settings(tmp_path), catchments)


def test_signatures_of_streamflow_are_known():
    seen = "q_mean runoff_ratio runoff_ratio_era5land baseflow_index slope_fdc q5 q95 hfd_mean stream_elas high_q_freq"
    seen += " low_q_dur zero_q_freq hydroatlas_dis_m3_pyr hydroatlas_run_mm_syr dis_m3_pmn valid_streamflow_days"
    assert all(is_streamflow(name) for name in seen.split())
    fine = "p_mean pet_mean high_prec_freq low_prec_dur aridity slope_mean area_gages2 hydroatlas_pre_mm_syr frac_snow"
    assert not any(is_streamflow(name) for name in fine.split())


def test_data_without_known_attributes_give_all_that_describe_the_basin():
    columns = {
        "gauge_name": np.array(["a", "b", "c", "d"]),
        "q_mean": np.arange(4.0),
        "qc_flag": np.array([0.0, 1.0, 0.0, 2.0]),
        "depth": np.arange(4.0),
        "constant": np.ones(4),
        "soil": np.array(["clay", "sand", "clay", "sand"]),
    }
    names, warnings = choose((), columns, "x.nml")
    assert names == ["depth", "soil"]
    assert warnings == ["attributes that tell of streamflow are left out: q_mean"]
    with pytest.raises(ConfigurationError, match="no basin attributes for a network"):
        choose((), {"q_mean": np.arange(4.0)}, "x.nml")


# --- the command, in a process of its own -------------------------------------------------------------------------


GENERATED = NAMELIST.replace(
    "/\n&network", "/\n&generator\n  basins = 8\n  years = 4\n  start = '2000-01-01'\n/\n&network"
)


@pytest.fixture(scope="module")
def namelist(tmp_path_factory):
    path = tmp_path_factory.mktemp("namelist") / "train.nml"
    path.write_text(GENERATED.replace("epochs = 3", "epochs = 60\n  patience = 0"))
    return path


def start(namelist, directory, *more):
    command = [*COMMAND, str(namelist), "--set", f"training.directory={directory}", *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process):
    _, told = process.communicate(timeout=120)
    return process.returncode, told


def wait_for_epoch(directory, process, done=0, seconds=60.0):
    """Until an epoch more than those done is kept, or all are."""
    begin = time.monotonic()
    while not (directory / "last.pt").exists() or len(records(directory)) <= done:
        if process.poll() is not None:
            assert process.returncode == 0, process.stderr.read()
            return
        assert time.monotonic() - begin < seconds
        time.sleep(0.02)


@pytest.fixture(scope="module")
def uncut(namelist, tmp_path_factory):
    """Weights of a training that nothing disturbed."""
    directory = tmp_path_factory.mktemp("uncut")
    assert finish(start(namelist, directory)) == (0, "")
    return weights(directory, "last.pt")


def test_a_training_killed_at_random_moments_ends_with_the_same_weights(namelist, tmp_path, uncut):
    directory, chance, killed = tmp_path / "killed", random.Random(3), 0
    more: tuple[str, ...] = ()
    for longest in (0.1, 0.2, 0.4):
        process = start(namelist, directory, *more)
        wait_for_epoch(directory, process, len(records(directory)) if more else 0)
        time.sleep(longest * chance.random())
        process.kill()
        killed += finish(process)[0] == -signal.SIGKILL
        more = ("--resume",)
    assert killed > 0
    assert finish(start(namelist, directory, "--resume")) == (0, "")
    assert same(weights(directory, "last.pt"), uncut)
    assert [entry["epoch"] for entry in records(directory)] == list(range(1, 61))
    assert not [path for path in directory.iterdir() if ".tmp." in path.name]


def test_a_training_asked_to_stop_keeps_everything_and_says_how_to_go_on(namelist, tmp_path, uncut):
    more: tuple[str, ...] = ()
    for name in ("SIGTERM", "SIGINT", "SIGUSR1"):
        done = len(records(tmp_path)) if more else 0
        process = start(namelist, tmp_path, *more)
        wait_for_epoch(tmp_path, process, done)
        os.kill(process.pid, getattr(signal, name))
        status, told = finish(process)
        assert status == 75, told
        assert f"stopped by {name} in epoch" in told
        assert "--resume" in told
        assert f"{name}: writing a checkpoint, then stopping" in told
        assert "Traceback" not in told
        more = ("--resume",)
    assert finish(start(namelist, tmp_path, "--resume")) == (0, "")
    assert same(weights(tmp_path, "last.pt"), uncut)
