"""run/benchmark_hbv.py does what its help says, on sizes that take no time."""

import json
import subprocess
import sys

import pytest
from freshet.kernels.registry import model

import benchmark_case
from conftest import ROOT

SCRIPT = ROOT / "run" / "benchmark_hbv.py"
KEYS = {"case", "what", "ours_ns", "peer", "peer_ns", "ratio", "peak_mb"}


def benchmark(*options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(SCRIPT), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)


def test_json_lines_compare_ours_with_each_peer():
    done = benchmark("--json", "--no-compile", "--repeats", "1", "--cases", "static 5x2x20")
    assert done.returncode == 0, done.stderr
    assert "torch compiled is left out: --no-compile was given" in done.stderr
    lines = [json.loads(text) for text in done.stdout.splitlines()]
    assert all(set(line) >= KEYS and line["case"] == "static 5x2x20" for line in lines)
    timed = {(line["what"], line["peer"]): line for line in lines if line["peer_ns"] is not None}
    assert set(timed) == {
        (what, peer) for what in ("forward", "gradient", "second start") for peer in ("Physics", "torch eager")
    }
    for line in timed.values():
        assert line["ratio"] == pytest.approx(line["peer_ns"] / line["ours_ns"])
    assert timed["gradient", "torch eager"]["peer_peak_mb"] is None or sys.platform == "linux"


def test_two_threads_are_compared_with_one_in_a_table():
    done = benchmark("--threads", "2", "--warm", "--repeats", "1", "--cases", "static 40x2x20")
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header.split() == ["case", "what", "program", "ns", "ratio", "peak", "MB"]
    assert [row.split()[2:5] for row in rows if "one thread" in row] == [
        ["forward", "x2", "one"],
        ["gradient", "x2", "one"],
    ]


def test_an_unknown_case_is_refused_with_the_known_ones():
    done = benchmark("--cases", "hydropy 3x3x3")
    assert done.returncode == 2
    assert "unknown case 'hydropy 3x3x3', expected one of static, dynamic, hbv-1.1p, hbv-2.0" in done.stderr


@pytest.mark.parametrize("kind", benchmark_case.KINDS)
def test_inputs_of_a_case_are_plausible_and_the_same_each_time(kind):
    case, again = benchmark_case.parse(f"{kind} 7x3x400"), benchmark_case.parse(f"{kind} 7x3x400")
    rain, temperature, demand = case.forcing.transpose(1, 0, 2)
    assert (rain >= 0).all()
    assert 0.3 < (rain > 0).mean() < 0.5
    assert -50 < temperature.min() < 0
    assert 20 < temperature.max() < 45
    assert (demand >= 0).all()
    for row, variable in zip(case.parameters, case.model.parameters, strict=True):
        assert variable.low <= row.min() <= row.max() <= variable.high
    for name in ("forcing", "parameters", "routing", "d_flow"):
        assert (getattr(case, name) == getattr(again, name)).all()
    if kind == "dynamic":
        assert case.dynamic.shape == (400, 3, 21)
    assert case.model is model("hbv", **benchmark_case.KINDS[kind])
