"""A run cut anywhere and continued equals the uncut run, and damaged or foreign restarts are told of."""

import json
import random
import shutil
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.restart import read_restart, write_restart

from run_case import run, same, series, weather

ALL = "output.variables=all"
# Leap day, year end, and days that no cut prefers.
CUTS = ("1999-10-01", "1999-12-31", "2000-02-28", "2000-02-29", "2000-12-30", "2001-07-03")
DAYS = 700


def states(directory: Path) -> dict[str, np.ndarray]:
    """Arrays of the newest restart."""
    latest = json.loads((directory / "manifest.json").read_text())["latest"]
    return read_restart(directory / "restarts" / latest)[0]


def same_states(one: Path, other: Path) -> bool:
    mine, theirs = states(one), states(other)
    return mine.keys() == theirs.keys() and all(mine[name].tobytes() == theirs[name].tobytes() for name in mine)


@pytest.fixture(scope="module")
def uncut(tmp_path_factory) -> dict[str, Path]:
    """Runs without a cut, by precision and frequency."""
    folders = {}
    for precision, frequency in (("float32", "day"), ("float64", "day"), ("float32", "month"), ("float32", "run")):
        folder = tmp_path_factory.mktemp(f"{precision}_{frequency}")
        run(folder, weather(DAYS), ALL, f"run.precision={precision}", f"output.frequency={frequency}")
        folders[f"{precision} {frequency}"] = folder
    return folders


@pytest.mark.parametrize("end", CUTS)
@pytest.mark.parametrize("kind", ["float32 day", "float64 day"])
def test_a_run_ended_early_and_continued_equals_the_uncut_one(tmp_path, uncut, kind, end):
    precision, frequency = kind.split()
    options = (ALL, f"run.precision={precision}", f"output.frequency={frequency}")
    run(tmp_path, weather(DAYS), *options, f"run.end={end}")
    run(tmp_path, weather(DAYS), *options, "run.resume=true")
    assert same(tmp_path, uncut[kind])
    assert same_states(tmp_path, uncut[kind])


@pytest.mark.parametrize("frequency", ["month", "run"])
def test_means_cut_inside_their_interval_equal_the_uncut_ones(tmp_path, uncut, frequency):
    options = (ALL, f"output.frequency={frequency}")
    run(tmp_path, weather(DAYS), *options, "run.end=2000-02-17")
    run(tmp_path, weather(DAYS), *options, "run.resume=true", "run.end=2000-02-29")
    run(tmp_path, weather(DAYS), *options, "run.resume=true")
    assert same(tmp_path, uncut[f"float32 {frequency}"])
    assert same_states(tmp_path, uncut[f"float32 {frequency}"])


@pytest.mark.parametrize(
    "overrides", [("run.block=7",), ("run.block=1000", "output.restart_every=50"), ("run.threads=2",)]
)
@pytest.mark.parametrize("frequency", ["day", "month"])
def test_blocks_restarts_and_threads_do_not_change_a_bit(tmp_path, uncut, overrides, frequency):
    run(tmp_path, weather(DAYS), ALL, f"output.frequency={frequency}", *overrides)
    assert same(tmp_path, uncut[f"float32 {frequency}"])
    assert same_states(tmp_path, uncut[f"float32 {frequency}"])


def test_a_continued_run_takes_other_blocks_and_threads(tmp_path, uncut):
    run(tmp_path, weather(DAYS), ALL, "run.end=2000-05-05", "run.block=11", "run.threads=2")
    run(tmp_path, weather(DAYS), ALL, "run.block=100", "run.resume=true")
    assert same(tmp_path, uncut["float32 day"])


@pytest.mark.parametrize("calendar", ["noleap", "360_day", "julian"])
def test_a_restart_works_in_every_calendar(tmp_path, calendar):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    source = weather(500, start="1999-12-28", calendar=calendar)
    run(whole, source)
    run(cut, source, "run.end=2000-02-28")
    run(cut, source, "run.resume=true")
    assert same(whole, cut)


def test_a_restart_holds_every_component_and_the_routing(tmp_path):
    run(tmp_path, weather(40), "run.components=4", "output.variables=streamflow,streamflow_quick")
    arrays = states(tmp_path)
    assert arrays["state"].shape == (5, 12)
    assert arrays["routing_history"].shape == (14, 2, 3)


def test_empty_arrays_come_back_empty(tmp_path):
    write_restart(tmp_path / "r.nc", {"record_values": np.empty((0, 2, 3), np.float32)}, {})
    arrays, _ = read_restart(tmp_path / "r.nc")
    assert arrays["record_values"].shape == (0, 2, 3)
    assert arrays["record_values"].dtype == np.float32


def test_restarts_of_the_same_state_are_the_same_bytes(tmp_path):
    arrays = {"state": np.ones((3, 4)), "records": np.zeros((0, 500), "f4"), "none": np.zeros((7, 0))}
    for number in range(4):
        # Memory with other contents, which must not come into the file.
        held = [np.full(size, 1.5 + number) for size in (4, 7, 250, 500, 2000)]
        del held
        write_restart(tmp_path / f"{number}.nc", arrays, {"day": 5})
    with netCDF4.Dataset(tmp_path / "0.nc") as data:
        assert not np.ma.getdata(data["records"][:]).any()
        assert not np.ma.getdata(data["none"][:]).any()
    assert len({(tmp_path / f"{number}.nc").read_bytes() for number in range(4)}) == 1


def test_only_the_wanted_number_of_restarts_is_kept(tmp_path):
    run(tmp_path, weather(100), "output.restart_every=20", "output.keep_restarts=3")
    names = sorted(file.name for file in (tmp_path / "restarts").iterdir())
    assert names == ["restart_19991130.nc", "restart_19991220.nc", "restart_20000109.nc"]
    assert json.loads((tmp_path / "manifest.json").read_text())["latest"] == names[-1]


def damage(path: Path, how: str, chance: random.Random) -> None:
    """Flip one bit at a random place, or cut the file short."""
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    if how == "flip":
        content[place] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
    else:
        path.write_bytes(content[:place])


@pytest.fixture(scope="module")
def unfinished(tmp_path_factory) -> Path:
    """A run up to a day in its second year, with two restarts, as a killed run would leave it."""
    folder = tmp_path_factory.mktemp("unfinished")
    run(folder, weather(DAYS), "run.end=2000-06-30", "output.restart_every=100")
    return folder


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    run(folder, weather(DAYS))
    return folder


def test_sixty_damaged_restarts_are_all_noticed(tmp_path, unfinished):
    from freshet.driver.manifest import read_manifest

    entry = read_manifest(unfinished).restarts[-1]
    chance = random.Random(3)
    noticed = 0
    for how in ["flip"] * 50 + ["truncate"] * 10:
        shutil.copy(unfinished / "restarts" / entry.file, tmp_path / entry.file)
        damage(tmp_path / entry.file, how, chance)
        noticed += bool(entry.problem(tmp_path))
    assert noticed == 60


@pytest.mark.parametrize("how", ["flip", "truncate", "missing"])
def test_a_damaged_restart_falls_back_to_the_one_before(tmp_path, unfinished, reference, capsys, how):
    folder = tmp_path / "run"
    shutil.copytree(unfinished, folder)
    newest = folder / "restarts" / "restart_20000701.nc"
    newest.unlink() if how == "missing" else damage(newest, how, random.Random(1))
    run(folder, weather(DAYS), "run.resume=true")
    said = capsys.readouterr().out
    assert "warning: " in said
    assert "restart_20000701.nc" in said
    assert "going back to restart_20000418.nc" in said
    assert same(folder, reference)


def test_a_changed_history_file_falls_back_to_a_restart_before_it(tmp_path, reference, capsys):
    run(tmp_path, weather(DAYS), "run.end=2000-03-01", "output.restart_every=80", "output.keep_restarts=5")
    (tmp_path / "history_1999.nc").write_bytes(b"no netCDF")
    run(tmp_path, weather(DAYS), "run.resume=true")
    said = capsys.readouterr().out
    assert "going back to restart_19991220.nc" in said
    assert same(tmp_path, reference)


def test_what_lies_behind_the_restart_is_discarded(tmp_path):
    run(tmp_path, weather(DAYS), "output.restart_every=300", "output.keep_restarts=3")
    for name in ("restart_20010523.nc", "restart_20010831.nc"):
        damage(tmp_path / "restarts" / name, "flip", random.Random(6))
    run(tmp_path, weather(DAYS), "run.end=2000-12-31", "run.resume=true")
    assert sorted(file.name for file in tmp_path.glob("history*")) == ["history_1999.nc", "history_2000.nc"]
    names = sorted(file.name for file in (tmp_path / "restarts").iterdir())
    assert names == ["restart_20000727.nc", "restart_20010101.nc"]


def test_when_no_restart_is_sound_the_run_is_refused(tmp_path, unfinished):
    folder = tmp_path / "run"
    shutil.copytree(unfinished, folder)
    for file in (folder / "restarts").iterdir():
        damage(file, "flip", random.Random(2))
    with pytest.raises(InputError, match="none of the 2 restarts"):
        run(folder, weather(DAYS), "run.resume=true")


def test_a_damaged_manifest_is_replaced_by_what_the_restarts_know(tmp_path, unfinished, reference, capsys):
    folder = tmp_path / "run"
    shutil.copytree(unfinished, folder)
    (folder / "manifest.json").write_text("{")
    run(folder, weather(DAYS), "run.resume=true")
    assert "manifest.json' is damaged" in capsys.readouterr().out
    assert same(folder, reference)


@pytest.mark.parametrize(
    ("overrides", "item"),
    [
        (("run.version=1.1p",), "model: hbv-1.0 there, hbv-1.1p here"),
        (("run.precision=float64",), "precision: float32 there, float64 here"),
        (("parameters.fc=300",), "parameters: "),
        (("run.components=2",), "components: 1 there, 2 here"),
        (("output.variables=snowpack",), "output variables: streamflow there, snowpack here"),
        (("output.frequency=month",), "output frequency: day there, month here"),
        (("run.start=1999-10-02",), "start: 1999-10-01 there, 1999-10-02 here"),
        (("run.warmup_days=5",), "warmup_days: 0 there, 5 here"),
        (("generator.seed=2",), "generator: "),
    ],
)
def test_a_restart_of_another_run_is_refused_with_what_differs(tmp_path, unfinished, overrides, item):
    folder = tmp_path / "run"
    shutil.copytree(unfinished, folder)
    with pytest.raises(InputError, match="of another run") as caught:
        run(folder, weather(DAYS), "run.resume=true", *overrides)
    assert item in str(caught.value)
    assert same(folder, unfinished)


@pytest.mark.parametrize(
    ("source", "item"), [(weather(DAYS, 4), "basins: "), (weather(DAYS, calendar="noleap"), "calendar")]
)
def test_a_restart_of_other_basins_or_calendar_is_refused(tmp_path, unfinished, source, item):
    folder = tmp_path / "run"
    shutil.copytree(unfinished, folder)
    with pytest.raises(InputError, match="of another run") as caught:
        run(folder, source, "run.resume=true")
    assert item in str(caught.value)


def test_an_end_before_the_restart_is_refused(tmp_path, unfinished):
    folder = tmp_path / "run"
    shutil.copytree(unfinished, folder)
    with pytest.raises(ConfigurationError, match="beyond the end"):
        run(folder, weather(DAYS), "run.resume=true", "run.end=2000-01-01")


def test_continuing_a_finished_run_does_nothing(tmp_path, capsys):
    run(tmp_path, weather(50))
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nc")}
    run(tmp_path, weather(50), "run.resume=true")
    assert "nothing left to do" in capsys.readouterr().out
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nc")} == before


def test_continuing_where_nothing_is_begins_at_the_start(tmp_path, capsys):
    run(tmp_path, weather(50), "run.resume=true")
    assert "no restart" in capsys.readouterr().out
    assert len(series(tmp_path)["time"]) == 50
