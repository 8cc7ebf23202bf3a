"""One run in one directory: what is there already, who else is at work, and what is left alone."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from freshet.driver import simulation
from freshet.driver.errors import ConfigurationError, FreshetError, WriteError
from freshet.driver.files import require_space
from freshet.driver.lock import DirectoryLock
from freshet.driver.settings import load

from run_case import NAMELIST, run, same, series, weather


def test_a_finished_run_is_not_overwritten_unless_asked(tmp_path):
    run(tmp_path, weather(50))
    with pytest.raises(ConfigurationError, match="a run that is finished: continue it with --resume"):
        run(tmp_path, weather(60))
    assert len(series(tmp_path)["time"]) == 50
    run(tmp_path, weather(40), "output.overwrite=true")
    assert len(series(tmp_path)["time"]) == 40


def test_output_without_a_manifest_is_not_overwritten_either(tmp_path):
    run(tmp_path, weather(50))
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(ConfigurationError, match="output of an earlier run"):
        run(tmp_path, weather(50))


def test_overwriting_leaves_the_files_of_others_alone(tmp_path):
    run(tmp_path, weather(500))
    (tmp_path / "my_notes.txt").write_text("mine")
    (tmp_path / "history_notes.nc").write_text("mine too")
    (tmp_path / "other.nc").write_text("mine")
    run(tmp_path, weather(30), "output.overwrite=true")
    assert (tmp_path / "my_notes.txt").read_text() == "mine"
    assert (tmp_path / "other.nc").read_text() == "mine"
    assert [file.name for file in tmp_path.glob("history_1*")] == ["history_1999.nc"]
    assert (tmp_path / "history_notes.nc").read_text() == "mine too"


def test_a_second_run_in_the_same_directory_is_refused(tmp_path):
    with DirectoryLock(tmp_path), pytest.raises(WriteError, match=rf"process {os.getpid()} on {socket.gethostname()}"):
        run(tmp_path, weather(50))
    run(tmp_path, weather(50))
    assert not (tmp_path / "run.lock").exists()


def test_the_lock_of_a_killed_process_is_stale(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from freshet.driver.lock import DirectoryLock\n"
        "with DirectoryLock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    with pytest.raises(WriteError, match=f"process {process.pid}"), DirectoryLock(tmp_path):
        pass
    process.kill()
    process.communicate()
    assert (tmp_path / "run.lock").exists()
    with DirectoryLock(tmp_path):
        assert json.loads((tmp_path / "run.lock").read_text())["pid"] == os.getpid()


def test_a_lock_of_another_host_holds_until_it_has_long_been_silent(tmp_path):
    lock = tmp_path / "run.lock"
    lock.write_text(json.dumps({"host": "elsewhere", "pid": 1, "since": "then"}))
    with pytest.raises(WriteError, match="process 1 on elsewhere"), DirectoryLock(tmp_path):
        pass
    assert lock.exists()
    os.utime(lock, (time.time() - 2000, time.time() - 2000))
    with DirectoryLock(tmp_path):
        pass


def test_a_run_that_is_refused_leaves_no_folder(tmp_path):
    for overrides in (["run.start='2001-01-01'"], ["parameters.source=file", f"parameters.path={__file__}"]):
        with pytest.raises(FreshetError):
            run(tmp_path / "deep" / "run", weather(50), *overrides)
        assert not list(tmp_path.iterdir())
    (tmp_path / "mine").mkdir()
    with pytest.raises(FreshetError):
        run(tmp_path / "mine", weather(50), "run.start='2001-01-01'")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]


def test_a_run_that_is_refused_does_not_replace_an_earlier_one(tmp_path):
    run(tmp_path / "run", weather(50))
    shutil.copytree(tmp_path / "run", tmp_path / "before")
    with pytest.raises(ConfigurationError):
        run(tmp_path / "run", weather(50), "output.overwrite=true", "run.start='2001-01-01'")
    assert same(tmp_path / "run", tmp_path / "before")
    assert (tmp_path / "run" / "manifest.json").read_bytes() == (tmp_path / "before" / "manifest.json").read_bytes()


def test_a_run_does_not_write_over_the_namelist_and_parameters_that_it_reads(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(Path("first"), weather(50))
    Path("namelist.nml").write_text("! mine\n" + NAMELIST.format(directory="."))
    Path("run.nml").write_text(NAMELIST.format(directory="."))
    shutil.copy("first/parameters.nc", "parameters.nc")
    for read, overrides in (
        ("namelist.nml", []),
        ("run.nml", ["parameters.source=file", "parameters.path=parameters.nc"]),
    ):
        before = Path(read).read_bytes()
        with pytest.raises(ConfigurationError, match=r"is read, and would be written over .* directory in &output"):
            simulation.run(load(read, overrides), weather(50))
        assert Path(read).read_bytes() == before
    # what a run wrote may be read again in its own folder
    own = ["output.overwrite=true", "parameters.source=file", "parameters.path=first/parameters.nc"]
    simulation.run(load("first/namelist.nml", own), weather(50))


def test_files_of_others_that_look_torn_stay(tmp_path):
    tmp_path.joinpath("notes.tmp.txt").write_text("mine")
    run(tmp_path, weather(50))
    assert tmp_path.joinpath("notes.tmp.txt").read_text() == "mine"


def test_a_folder_that_vanishes_is_a_write_error(tmp_path):
    with pytest.raises(WriteError, match=r"cannot write '.*gone/x': No such file"):
        require_space(tmp_path / "gone" / "x", 10)


def test_torn_files_of_a_killed_run_are_removed(tmp_path):
    (tmp_path / "restarts").mkdir()
    (tmp_path / "history_1999.nc.tmp.123").write_text("torn")
    (tmp_path / "restarts" / "restart_20000101.nc.tmp.123").write_text("torn")
    run(tmp_path, weather(30))
    assert not list(tmp_path.rglob("*.tmp.*"))


def test_a_directory_that_cannot_be_made_is_a_write_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot make the directory"):
        run(tmp_path / "file" / "run", weather(30))


def test_a_period_outside_of_the_data_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ConfigurationError, match="2031-01-01 lies outside of the data"):
        run(tmp_path, weather(30), "run.end=2031-01-01")
    assert not list(tmp_path.glob("*.nc"))


def test_lines_without_a_terminal_say_what_is_read_written_and_how_fast(tmp_path, capsys):
    run(tmp_path, weather(500))
    said = capsys.readouterr().out
    for text in (
        "3 basins",
        "period 1999-10-01 to 2001-02-11 (standard), 500 days",
        "warm-up: none",
        "wrote history_2000.nc",
        "wrote restart restart_20010212.nc",
        "basin-days/s",
        "water balance: largest residual",
        "peak memory",
    ):
        assert text in said
    log = (tmp_path / "run.log").read_text()
    assert [line.split(" ", 1)[1] for line in log.splitlines()] == said.splitlines()


def test_a_terminal_gets_a_bar_with_rate_and_time_left(tmp_path):
    import pty

    case = Path(__file__).parent / "run_case.py"
    seen = b""

    def read(descriptor: int) -> bytes:
        nonlocal seen
        content = os.read(descriptor, 4096)
        seen += content
        return content

    options = ["run.block=10"]
    status = pty.spawn([sys.executable, str(case), str(tmp_path), "1500", "3", *options], read)
    text = seen.decode()
    assert os.waitstatus_to_exitcode(status) == 0, text
    assert "━" in text
    assert "%" in text
    assert "basin-days/s" in text
    assert same(tmp_path, tmp_path)
