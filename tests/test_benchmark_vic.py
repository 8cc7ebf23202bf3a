"""run/benchmark_vic.py does what its help says, on sizes that take no time."""

import json
import subprocess
import sys

import numpy as np
import pytest

import vic_case
from conftest import ROOT

SCRIPT = ROOT / "run" / "benchmark_vic.py"
KEYS = {"case", "what", "ours_ns", "peer", "peer_ns", "ratio", "peak_mb", "snow", "published_ns"}


def benchmark(*options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(SCRIPT), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)


def test_json_lines_compare_vic_with_the_plain_program():
    done = benchmark("--json", "--no-gradient", "--repeats", "1", "--cases", "wb3h", "--size", "4x60")
    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(text) for text in done.stdout.splitlines()]
    assert set(line) == KEYS
    assert (line["case"], line["what"], line["peer"]) == ("wb3h", "forward", "scalar float64 Brent")
    assert line["ratio"] == pytest.approx(line["peer_ns"] / line["ours_ns"])
    assert 0.5 < line["snow"] <= 1  # the days begin in winter


def test_an_unknown_case_or_size_is_refused_with_what_is_known():
    done = benchmark("--cases", "hydropy")
    assert done.returncode == 2
    assert "unknown case 'hydropy', expected one of wb24h, wb3h, eb3h, fs3h" in done.stderr
    done = benchmark("--size", "3")
    assert done.returncode == 2
    assert "unknown size '3', expected places x days" in done.stderr


@pytest.mark.parametrize("name", [kind + ending for kind in vic_case.KINDS for ending in ("", "-snowfree-float64")])
def test_inputs_of_a_case_of_vic_are_plausible_and_the_same_each_time(name):
    case, again = vic_case.parse(name, "3x365"), vic_case.parse(name, "3x365")
    for array in ("forcing", "parameters", "state", "geometry", "weights"):
        assert (getattr(case, array) == getattr(again, array)).all()
        assert getattr(case, array).dtype == np.dtype("float64" if "float64" in name else "float32")
    for rows, variables in (
        (case.forcing.swapaxes(0, 1), case.model.forcings),
        (case.parameters, case.model.parameters),
    ):
        for row, variable in zip(rows, variables, strict=True):
            assert variable.low <= row.min() <= row.max() <= variable.high, variable.name
    weather = case.weather
    coldest = weather["air_temperature"].min() + case.offset.min()
    assert 5 < coldest < 15 if case.snowfree else -30 < coldest < -8
    assert 600 < weather["precipitation"].sum(0).mean() < 1200
    assert np.allclose(case.weights.sum(0), 1)
