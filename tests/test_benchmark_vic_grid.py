"""run/benchmark_vic_grid.py does what its help says, on a continent of a few cells."""

import json
import subprocess
import sys

import pytest

from conftest import ROOT


def benchmark(*options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "run" / "benchmark_vic_grid.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)


def test_a_small_continent_runs_and_goes_on_with_the_same_bits(tmp_path):
    size = ("--cells", "60", "--days", "5", "--ranks", "1", "--onward", "1", "--rivers")
    done = benchmark("--json", *size, "--keep", str(tmp_path / "files"))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["case"] == "wb3h 60x5, 1 process(es)"
    assert found["same_bits"] is True
    assert found["ours_ns"] == pytest.approx(found["seconds"] * 1e9 / (60 * 5 * 5 * 8))
    assert found["ratio"] == pytest.approx(found["peer_ns"] / found["ours_ns"])
    # What the run tells of its parts lies within the whole.
    assert 0 < found["starting_s"] < found["seconds"]
    assert (tmp_path / "files" / "onward" / "history_2001.nc").is_file()


def test_sizes_that_make_no_run_are_refused():
    done = benchmark("--cells", "1")
    assert done.returncode == 2
    assert "expected at least 4 cells, 2 days and one process" in done.stderr
