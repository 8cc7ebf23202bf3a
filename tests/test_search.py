"""freshet search: ranges, trials that are cut short, resumed, failed, and shared."""

import json
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest
from freshet.driver import search_study
from freshet.driver.errors import ConfigurationError, FreshetError, Interrupted
from freshet.driver.evaluation_files import read_csv
from freshet.driver.experiment_workers import search_with_workers
from freshet.driver.search_range import Range, read_range
from freshet.driver.search_study import open_study
from freshet.driver.settings import Settings, load

from experiment_case import NAMELIST

RANGES = "'training.learning_rate 1e-3 1e-1 log', 'network.hidden 2|4|2,2', 'training.batch_basins 2 4 step 2'"
ADDED = """
&search
  ranges = {ranges}
  trials = 5
  startup = 2
  least_epochs = 1
  directory = '{folder}/search'
/
"""


def asked(folder, *overrides: str, ranges: str = RANGES) -> Settings:
    text = NAMELIST.format(kind="temporal", seeds="1", folder=folder, variants="")
    text = text.replace("epochs = 2", "epochs = 4\n  validation_start = '1991-07-01'\n  validation_end = '1992-03-31'")
    text = text.replace("  test_start = '1991-07-01'\n  test_end = '1992-12-31'\n", "")
    file = folder / "search.nml"
    file.write_text(text + ADDED.format(ranges=ranges, folder=folder))
    return load(file, overrides, "search")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("training.learning_rate 1e-4 1e-1 log", Range("training.learning_rate", 1e-4, 1e-1, True)),
        ("training.batch_basins 50 200 step 50", Range("training.batch_basins", 50, 200, False, 50)),
        ("network.dropout 0 0.5", Range("network.dropout", 0.0, 0.5)),
        ("network.hidden 64 | 128,128", Range("network.hidden", choices=("64", "128,128"))),
    ],
)
def test_ranges_are_numbers_between_two_ends_or_choices(text, expected):
    assert read_range(text) == expected


@pytest.mark.parametrize(
    "text",
    ["learning_rate 1 2", "a.b 1", "a.b 2 1", "a.b 0 1 log", "a.b 1 2 step 3", "a.b 1 2 steps", "a.b x|x", "a.b"],
)
def test_texts_that_are_no_range_are_refused(text):
    with pytest.raises(ValueError, match=r"found '(a.b|learning_rate)"):
        read_range(text)


def test_a_search_finds_the_best_of_its_trials_and_goes_on_with_more(tmp_path, capsys):
    pytest.importorskip("optuna")
    search_with_workers(asked(tmp_path))
    table = read_csv(tmp_path / "search" / "trials.csv")
    assert table["trial"].tolist() == [0, 1, 2, 3, 4]
    assert set(table["state"]) <= {"complete", "pruned"}
    assert "pruned" in table["state"]
    done = table["state"] == "complete"
    assert (table["epochs"][done] == 4).all()
    assert (table["epochs"][~done] < 4).all()
    best = load(tmp_path / "search" / "best.nml", ("training.overwrite=true",), "train")
    top = int(table["trial"][done][table["validation_nse"][done].argmax()])
    assert best.training.learning_rate == pytest.approx(table["training.learning_rate"][top], rel=1e-8)
    assert ",".join(map(str, best.network.hidden)) == str(table["network.hidden"][top]).removesuffix(".0")
    said = capsys.readouterr().out
    assert f"the best is trial {top}" in said

    search_with_workers(asked(tmp_path, "search.trials=6"))
    again = read_csv(tmp_path / "search" / "trials.csv")
    assert again["validation_nse"][:5].tolist() == table["validation_nse"].tolist()
    assert len(again["trial"]) == 6
    whole = asked(tmp_path, "search.trials=6", f"search.directory={tmp_path / 'whole'}")
    search_with_workers(whole)
    assert read_csv(tmp_path / "whole" / "trials.csv")["validation_nse"].tolist() == again["validation_nse"].tolist()


def test_a_search_that_is_stopped_leaves_a_trial_that_goes_on(tmp_path):
    optuna = pytest.importorskip("optuna")
    sets = ("search.trials=2", "search.pruner=none", "training.epochs=50", "training.patience=0")
    settings = asked(tmp_path, *sets)
    logs = [tmp_path / "search" / f"trial_000{number}" / "log.jsonl" for number in range(2)]

    def stop() -> None:
        while not logs[0].is_file():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop, daemon=True)
    thread.start()
    with pytest.raises(Interrupted, match=r"stopped by SIGTERM in epoch \d+"):
        search_with_workers(settings)
    assert [trial.state.name for trial in open_study(settings).get_trials()] == ["RUNNING"]
    search_with_workers(settings)
    trials = open_study(settings).get_trials()
    assert {trial.state for trial in trials} == {optuna.trial.TrialState.COMPLETE}
    for trial, log in zip(trials, logs, strict=True):
        records = [json.loads(line) for line in log.read_text().splitlines()]
        assert [entry["epoch"] for entry in records] == list(range(1, 51))
        assert trial.value == max(entry["validation_nse"] for entry in records)
        best = np.maximum.accumulate([entry["validation_nse"] for entry in records])
        assert trial.intermediate_values == {entry["epoch"]: value for entry, value in zip(records, best, strict=True)}


def test_trials_that_fail_are_counted_and_stop_no_other(tmp_path, capsys):
    pytest.importorskip("optuna")
    ranges = "'data.attributes nothing|elevation,aridity'"
    search_with_workers(asked(tmp_path, "search.trials=4", "search.sampler=random", ranges=ranges))
    states = read_csv(tmp_path / "search" / "trials.csv")["state"].tolist()
    assert {"fail", "complete"} <= set(states)
    assert "no attribute 'nothing'" in capsys.readouterr().out
    never = f"search.directory={tmp_path / 'never'}"
    settings = asked(tmp_path, "search.trials=2", never, ranges="'data.attributes nothing|neither'")
    with pytest.raises(FreshetError, match=r"none of 2 trials came to its end: .*no attribute"):
        search_with_workers(settings)


def test_what_cannot_be_searched_is_refused_before_a_trial_is_begun(tmp_path):
    pytest.importorskip("optuna")
    with pytest.raises(ConfigurationError, match=r"&search ranges: .*network.dropout=1.5: .*expected 0 to 0.95"):
        search_with_workers(asked(tmp_path, ranges="'network.dropout 0 1.5'"))
    with pytest.raises(ConfigurationError, match="&search ranges: is missing"):
        asked(tmp_path, ranges="''")
    with pytest.raises(ConfigurationError, match="freshet search chooses by the validation period"):
        asked(tmp_path, "training.validation_start=''", "training.validation_end=''")
    assert not (tmp_path / "search").exists()


def test_a_search_without_optuna_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'freshet\[search\]'"):
        search_study.import_optuna()
