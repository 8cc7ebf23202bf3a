"""The five schemes of the hybrid HydroPy on a tiny basin whose truth is known."""

import csv
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest

RUN = Path(__file__).parents[1] / "run"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A basin of 60 cells and 4 years."""
    folder = tmp_path_factory.mktemp("world")
    command = [sys.executable, str(RUN / "hybrid_hydropy_world.py"), str(folder)]
    done = subprocess.run(
        [*command, "--cells", "60", "--gauges", "3", "--years", "4"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("60 cells, 3 gauges, ")
    return folder


def test_the_truth_differs_from_what_is_given(world):
    with netCDF4.Dataset(world / "truth.nc") as truth, netCDF4.Dataset(world / "weather.nc") as weather:
        error = weather["PET_true"][:] - weather["PET"][:]
        np.testing.assert_allclose(error.mean(0), truth["PET_error"][:], atol=1e-4)
        assert 0.2 < float(np.abs(truth["PET_error"][:]).mean()) < 1.3
        assert truth["lag_base"][:].min() >= 30.0
        assert truth["lag_base"][:].max() > 1.5 * truth["lag_base"][:].min()


def test_a_scheme_is_trained_once_and_told_in_a_table(world, tmp_path):
    command = [sys.executable, str(RUN / "hybrid_hydropy.py"), str(world / "train.nml"), str(tmp_path)]
    command += ["--schemes", "hybrid_qs_plus", "--truth", str(world / "truth.nc"), "--folds", "3", "--fold", "1"]
    command += ["--set", "training.epochs=3", "--set", "network.hidden=8", "--set", "pet_network.hidden=2"]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "epoch 3/3" not in done.stdout  # nothing was left to do
    with (tmp_path / "schemes.csv").open(newline="") as file:
        rows = {row["scheme"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"HydroPyNN", "Hybrid(Q,S)+"}
    for name in ("training_Q_learned", "training_Q_held_out", "test_Q_held_out", "test_S_learned"):
        assert np.isfinite(float(rows["HydroPyNN"][name]))
        assert rows["Hybrid(Q,S)+"][name] != rows["HydroPyNN"][name]
    assert -1.0 <= float(rows["Hybrid(Q,S)+"]["pet_pattern_r"]) <= 1.0
