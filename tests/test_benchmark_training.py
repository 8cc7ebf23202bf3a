"""The benchmark of training steps, small: it compares what computes the same, and tells every part."""

import json
import sys

import benchmark_training


def test_the_benchmark_of_training_steps_runs_and_its_peer_computes_the_same_flow(capsys, monkeypatch):
    """It ends with a message where plain torch gives another flow from the same weights."""
    small = "--basins 4 --components 2 --days 40 --hidden 8 --repeats 1 --peer-steps 1 --json"
    monkeypatch.setattr(sys, "argv", ["benchmark_training.py", *small.split()])
    assert benchmark_training.main() == 0
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    cases = {found["case"] for found in lines}
    assert cases == {f"{case} 4x2x40 h8 {kind}" for case in ("static", "dynamic") for kind in ("float32", "bfloat16")}
    assert {found["what"] for found in lines} == {"step", "network", "kernel", "loading", "loss"}
    assert {found["peer"] for found in lines} == {"torch", "free kernel"}
    assert all(found["ours_ns"] > 0 for found in lines)
