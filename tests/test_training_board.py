"""What TensorBoard sees of a training."""

import json
import sys

import pytest
from freshet.driver.errors import ConfigurationError
from freshet.driver.training import train

from experiment_case import experiment


def test_tensorboard_sees_what_the_log_says_and_a_resumed_training_adds_to_it(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    own = ("training.tensorboard=true", f"training.directory={tmp_path / 'training'}")
    train(experiment(tmp_path, *own))
    train(experiment(tmp_path, *own, "training.epochs=3"), resume=True)
    board = EventAccumulator(str(tmp_path / "training"))
    board.Reload()
    records = [json.loads(line) for line in (tmp_path / "training" / "log.jsonl").read_text().splitlines()]
    assert [event.step for event in board.Scalars("loss")] == [1, 2, 3]
    assert [event.value for event in board.Scalars("loss")] == pytest.approx([entry["loss"] for entry in records])
    assert "seconds/kernel" in board.Tags()["scalars"]


def test_a_training_for_tensorboard_without_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'freshet\[tensorboard\]'"):
        train(experiment(tmp_path, "training.tensorboard=true", f"training.directory={tmp_path / 'training'}"))
    assert not (tmp_path / "training").exists()
