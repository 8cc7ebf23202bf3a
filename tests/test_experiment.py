"""freshet experiment and gather, from namelist to tables: members, resume, failures, sharing, pooled scores."""

import json
import os
import signal
import subprocess
import sys
import time

import netCDF4
import numpy as np
import pytest
import torch
from freshet.driver.errors import ConfigurationError, FreshetError, InputError
from freshet.driver.evaluation_files import read_csv
from freshet.driver.experiment_ensemble import read_series
from freshet.driver.experiment_gather import gather
from freshet.driver.experiment_members import members
from freshet.driver.experiment_record import FINISHED, Record, write_record
from freshet.driver.experiment_report import published
from freshet.driver.experiment_run import LOCK, conclude, run_experiment, settled
from freshet.driver.experiment_sources import Sources
from freshet.driver.metrics import nse
from freshet.driver.settings import load
from freshet.driver.training import train
from freshet.nn import checkpoint

import mpi
from experiment_case import experiment
from training_source import NAMELIST, source


def weights(folder, name="last.pt"):
    return checkpoint.load(folder / name)["network"]


def same(one, two):
    return list(one) == list(two) and all(torch.equal(one[name], two[name]) for name in one)


def learned_from(tmp_path, catchments, name):
    from freshet.driver.settings import parse

    sets = (f"training.directory={tmp_path / name}", "training.basins=b0,b2,b3", "training.test_basins=b1,b4")
    train(parse(NAMELIST, "train.nml", sets, "train"), catchments)
    return tmp_path / name


def test_basins_held_out_change_nothing_of_what_is_learned(tmp_path):
    catchments = source()
    first = learned_from(tmp_path, catchments, "first")
    held = [1, 4, 5]
    catchments._forcing[:, :, held] *= 3.0
    catchments._discharge[:, held] = 17.0 + catchments._forcing[:, 0, held]
    for name in ("height", "wetness", "elevation", "area"):
        catchments.attributes[name][held] *= 1.7
    other = learned_from(tmp_path, catchments, "other")
    assert same(weights(first), weights(other))
    made = [checkpoint.load(folder / "best.pt")["made"] for folder in (first, other)]
    assert made[0]["normalisation"] == made[1]["normalisation"]
    assert made[0]["data"]["basins"] == ["b0", "b2", "b3"]
    tables = [read_csv(folder / "scores.csv") for folder in (first, other)]
    learned = tables[0]["learned"] == 1
    assert set(tables[0]["basin"][~learned]) == {"b1", "b4"}
    np.testing.assert_array_equal(tables[0]["nse"][learned], tables[1]["nse"][learned])
    assert (tables[0]["nse"][~learned] != tables[1]["nse"][~learned]).all()
    assert read_csv(first / "basins_test.csv")["basin"].tolist() == ["b1", "b4"]


def test_basins_that_the_data_lack_or_the_network_cannot_know_are_refused(tmp_path):
    from freshet.driver.settings import parse

    asked = (f"training.directory={tmp_path}", "training.basins=b0,b1")
    with pytest.raises(ConfigurationError, match=r"&training test_basins: the data of &data has no basin 'b9'"):
        train(parse(NAMELIST, "train.nml", (*asked, "training.test_basins=b9"), "train"), source())
    with pytest.raises(ConfigurationError, match="'basin' has parameters for the basins that it learned from only"):
        train(
            parse(NAMELIST, "train.nml", (*asked, "training.test_basins=b2", "network.kind=basin"), "train"), source()
        )


def test_an_experiment_trains_every_member_once_and_pools_what_was_held_out(tmp_path, capsys):
    variants = "  narrow = ''\n  wide = 'network.hidden=8'"
    settings = experiment(tmp_path, "experiment.ensemble=true", seeds="1, 2", variants=variants)
    found = run_experiment(settings)
    assert len(found) == 8
    assert {member.record.status for member in found} == {FINISHED}
    assert "[8/8]" in capsys.readouterr().out
    again = load(found[0].folder / "member.nml", command="train")
    assert again == load(found[0].folder / "namelist.nml", command="train")
    before = {member.name: (member.folder / "last.pt").stat().st_mtime_ns for member in found}
    run_experiment(settings)
    assert before == {member.name: (member.folder / "last.pt").stat().st_mtime_ns for member in found}

    result = gather(settings)
    folder = tmp_path / "experiment"
    assert result.pool.missing == []
    (part,) = result.pool.parts
    for member in found:
        table = read_csv(member.folder / "basins_test.csv")
        seed = result.pool.seeds.index(member.seed)
        pooled = dict(zip(result.pool.ids, result.pool.of(member.variant, part, "nse")[seed], strict=True))
        assert [pooled[name] for name in table["basin"]] == pytest.approx(table["nse"].tolist(), rel=1e-8)
    rows = read_csv(folder / "summary.csv")
    chosen = (rows["variant"] == "wide") & (rows["group"] == "all") & (rows["score"] == "nse")
    medians = np.median(result.pool.of("wide", part, "nse"), axis=1)
    assert rows["median"][chosen].tolist() == pytest.approx([medians.mean()], rel=1e-6)
    assert rows["deviation"][chosen].tolist() == pytest.approx([abs(medians[0] - medians[1]) / np.sqrt(2)], rel=1e-6)
    with netCDF4.Dataset(folder / "scores.nc") as data:
        assert data["nse"].dimensions == ("part", "variant", "seed", "basin")
        np.testing.assert_array_equal(data["nse"][0, 1].filled(), result.pool.of("wide", part, "nse"))
    pictures = {path.name for path in folder.glob("*.png")}
    assert pictures == {"distribution_held_out_test.png", "groups_held_out_test.png"}
    assert "wide: median" in (folder / "summary.txt").read_text()

    require_mean_of_seeds([member for member in found if member.variant == "wide"], folder / "ensemble.csv")
    with pytest.raises(ConfigurationError, match=r"was trained otherwise \(training.clip was 1.0, now 2.0\)"):
        run_experiment(load(settings.path, ("training.clip=2",), "experiment"))


def test_members_that_were_trained_otherwise_are_replaced_on_request(tmp_path):
    variants = "  one = ''\n  two = 'training.clip=2'"
    one, two = run_experiment(experiment(tmp_path, kind="seeds", variants=variants))
    before = {member.name: (member.folder / "last.pt").stat().st_mtime_ns for member in (one, two)}
    changed = experiment(
        tmp_path, "training.overwrite=true", kind="seeds", variants=variants.replace("clip=2", "learning_rate=0.1")
    )
    run_experiment(changed)
    assert (one.folder / "last.pt").stat().st_mtime_ns == before[one.name]
    assert (two.folder / "last.pt").stat().st_mtime_ns > before[two.name]
    assert "learning_rate = 0.1" in (two.folder / "namelist.nml").read_text()
    assert len((two.folder / "log.jsonl").read_text().splitlines()) == 2


def require_mean_of_seeds(members, path):
    """The table of the ensemble is that of the mean flow of two seeds."""
    table = read_csv(path)
    chosen = table["variant"] == "wide"
    told = dict(zip(table["basin"][chosen], table["nse"][chosen], strict=True))
    for one, other in ((members[0], members[1]), (members[2], members[3])):
        assert one.split == other.split
        ids, observed, flow = read_series(one)
        assert set(ids) == set(one.split.held)
        expected = nse((flow + read_series(other)[2]) / 2, observed)
        assert [told[name] for name in ids] == pytest.approx(expected.tolist(), rel=1e-6)
        scores = read_csv(one.folder / "basins_test.csv")
        assert nse(flow, observed).tolist() == pytest.approx(scores["nse"].tolist(), rel=1e-5)


def test_more_epochs_go_on_from_what_is_there(tmp_path):
    settings = experiment(tmp_path, kind="temporal")
    (member,) = run_experiment(settings)
    run_experiment(load(settings.path, ("training.epochs=4",), "experiment"))
    assert len((member.folder / "log.jsonl").read_text().splitlines()) == 4
    whole = load(settings.path, ("training.epochs=4", f"training.directory={tmp_path / 'whole'}"), "train")
    train(whole)
    assert same(weights(member.folder), weights(tmp_path / "whole"))


def test_a_failing_member_stops_no_other_and_gives_its_status(tmp_path, capsys):
    variants = "  bad = 'data.attributes=nothing'\n  good = ''"
    settings = experiment(tmp_path, kind="seeds", variants=variants)
    with pytest.raises(ConfigurationError, match="1 of 2 members failed"):
        run_experiment(settings)
    assert "bad_seed_1: FAILED" in capsys.readouterr().out
    result = gather(load(settings.path, ("experiment.plots=false",), "gather"))
    assert result.pool.missing == ["bad_seed_1"]
    assert "1 members are not finished" in (tmp_path / "experiment" / "summary.txt").read_text()


def test_a_member_that_another_process_holds_is_left_to_it(tmp_path):
    settings = experiment(tmp_path, kind="seeds", seeds="1, 2")
    found = members(settings, Sources(settings).of(settings))
    held = found[0].folder
    held.mkdir(parents=True)
    script = (
        "import sys, time; from pathlib import Path; from freshet.driver.lock import DirectoryLock\n"
        "from freshet.driver.experiment_record import *\n"
        "folder = Path(sys.argv[1])\n"
        f"with DirectoryLock(folder, 'experiment', '{LOCK}'):\n"
        "    print('held', flush=True); time.sleep(3); write_record(folder, Record(FINISHED, epochs=2))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(held)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        run_experiment(settings)
        assert other.wait() == 0
    assert not (held / "last.pt").exists()
    assert found[1].finished


def test_a_member_whose_process_is_killed_again_and_again_is_given_up(tmp_path):
    settings = experiment(tmp_path, kind="seeds")
    (member,) = members(settings, Sources(settings).of(settings))
    member.folder.mkdir(parents=True)
    write_record(member.folder, Record("running", "now", 2))
    run_experiment(settings, "now")
    with pytest.raises(FreshetError, match="its process was killed 2 times"):
        conclude([member])
    assert settled(member, "now")
    assert not settled(member, "later")


def test_workers_that_are_stopped_go_on_to_the_same_weights(tmp_path):
    sets = ("training.epochs=60", "experiment.workers=2")
    settings = experiment(tmp_path, *sets, kind="seeds", seeds="1, 2")
    command = [sys.executable, "-m", "freshet", "experiment", settings.path]
    command += [word for text in sets for word in ("--set", text)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    found = members(settings, Sources(settings).of(settings))
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 120
        while not all((member.folder / "log.jsonl").is_file() for member in found):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
        assert process.returncode == 75
    assert "stopped by SIGTERM, 2 members left" in said
    assert {member.record.status for member in found} == {"interrupted"}
    run_experiment(load(settings.path, sets, "experiment"))
    whole = load(settings.path, (*sets, f"training.directory={tmp_path / 'whole'}", "training.seed=2"), "train")
    train(whole)
    assert same(weights(found[1].folder), weights(tmp_path / "whole"))
    assert json.loads((found[1].folder / "member.json").read_text())["status"] == FINISHED


def test_ranks_share_the_members(tmp_path):
    settings = experiment(tmp_path, kind="seeds", seeds="1, 2")
    status, said, error = mpi.finished(2, "-m", "freshet", "experiment", settings.path, "--set", "training.epochs=20")
    assert (status, error) == (0, "")
    assert "[2/2]" in said
    found = members(settings, Sources(settings).of(settings))
    assert len({member.record.process for member in found}) == 2
    assert all(member.record.epochs == 20 for member in found)


def test_an_experiment_without_a_finished_member_cannot_be_gathered(tmp_path):
    settings = experiment(tmp_path, kind="seeds")
    with pytest.raises(InputError, match=r"no member .* is finished"):
        gather(settings)


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        ("  a = 'hidden=8'", "expected 'group.key=value'"),
        ("  a = 'training.seed=8'", "training.seed cannot differ between variants"),
        ("  a = 8", "without quotes"),
    ],
)
def test_variants_that_cannot_be_are_refused_with_their_line(tmp_path, variants, said):
    with pytest.raises(ConfigurationError, match=rf"experiment.nml:\d+: &variants a: .*{said}"):
        experiment(tmp_path, variants=variants)


def test_a_variant_with_a_wrong_setting_is_named_before_anything_is_trained(tmp_path):
    settings = experiment(tmp_path, variants="  a = 'network.hiden=8'")
    with pytest.raises(ConfigurationError, match=r"&variants a: network.hiden=8: .*did you mean 'hidden'"):
        run_experiment(settings)
    assert not (tmp_path / "experiment").exists()


def test_published_numbers_are_read_by_name():
    assert published(("A: b: nse=0.7 |fhv|=15",)) == {"A: b": {"nse": 0.7, "|fhv|": 15.0}}
    with pytest.raises(ConfigurationError, match="unknown score nze"):
        published(("A: nze=0.7",))
    with pytest.raises(ConfigurationError, match="expected 'name: nse"):
        published(("nse=0.7",))
