"""Output of grids outlives whatever stops a run: cuts, signals, kills, full disks, damaged pieces."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import netCDF4
import pytest
from freshet.driver.errors import WriteError
from freshet.driver.output.writer import Writer

from output_case import run
from run_case import same

CASE = Path(__file__).parent / "output_case.py"
OPTIONS = ("output.restart_every=50", "run.block=10", "output.window=16")


@pytest.fixture(scope="module")
def uncut(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("uncut")
    run(folder, *OPTIONS)
    return folder


def start(folder: Path, *overrides: str, **more) -> subprocess.Popen:
    command = [sys.executable, str(CASE), str(folder), *OPTIONS, *overrides]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def gauges_same(one: Path, other: Path) -> bool:
    """Whether the series at gauges are the same to the bit."""
    for file in one.glob("gauges*.nc"):
        with netCDF4.Dataset(file) as mine, netCDF4.Dataset(other / file.name) as theirs:
            for name in ("discharge", "runoff", "time_bounds"):
                if mine[name][:].tobytes() != theirs[name][:].tobytes():
                    return False
    return len(list(one.glob("gauges*.nc"))) == len(list(other.glob("gauges*.nc"))) > 0


def written(folder: Path) -> int | None:
    """When the manifest was written."""
    try:
        return (folder / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:  # not there yet, or gone because the run begins anew
        return None


def goes_on(process: subprocess.Popen, folder: Path, before: int | None) -> bool:
    """Whether the run has written something since, or has ended."""
    return written(folder) != before or process.poll() is not None


def wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what the test waits for does not come"
        time.sleep(0.005)


@pytest.mark.parametrize("day", ["1999-12-17", "2000-02-29", "2000-12-31"])
def test_a_run_cut_at_any_day_leaves_the_same_files(tmp_path, uncut, day):
    run(tmp_path, *OPTIONS, f"run.end={day}")
    run(tmp_path, *OPTIONS, "run.resume=true")
    assert same(tmp_path, uncut)
    assert gauges_same(tmp_path, uncut)


def test_pieces_are_there_as_long_as_a_restart_needs_them(uncut):
    manifest = json.loads((uncut / "manifest.json").read_text())
    days = sorted(entry["end_day"] for entry in manifest["restarts"])
    assert days == [400, 430]
    pieces = sorted(file.name for file in (uncut / "restarts").glob("*.piece"))
    # 2001 begins with day 397, and both restarts lie in it: nothing of the years before is needed any more.
    assert [name for name in pieces if name.startswith("history_2")] == [
        "history_2001.000397-000413.piece",
        "history_2001.000413-000429.piece",
    ]
    assert not list(uncut.rglob("*.tmp.*"))


def test_an_older_restart_still_has_its_pieces(tmp_path, uncut):
    run(tmp_path, *OPTIONS, "run.end=2001-01-20")
    newest = tmp_path / "restarts" / json.loads((tmp_path / "manifest.json").read_text())["latest"]
    newest.write_bytes(newest.read_bytes()[:-100])
    run(tmp_path, *OPTIONS, "run.resume=true")
    assert same(tmp_path, uncut)


def test_a_damaged_piece_falls_back_to_the_restart_before(tmp_path, uncut, capsys):
    more = ("output.restart_every=20", "output.window=16")
    run(tmp_path, *more, "run.end=2000-03-08", streams=("output.variables=discharge",))
    pieces = sorted((tmp_path / "restarts").glob("history_2000*.piece"))
    content = bytearray(pieces[-1].read_bytes())
    content[-50] ^= 1
    pieces[-1].write_bytes(bytes(content))
    more = (*more, "run.end=2000-04-01")
    run(tmp_path, *more, "run.resume=true", streams=("output.variables=discharge",))
    said = capsys.readouterr().out
    assert f"the checksum of '{pieces[-1]}' is wrong" in said
    assert "going back to restart_" in said
    plain = tmp_path / "plain"
    run(plain, *more, streams=("output.variables=discharge",))
    assert same(tmp_path, plain)


def test_random_kills_leave_no_trace_in_the_output(tmp_path, uncut):
    chance = random.Random(5)
    process, kills, before = start(tmp_path), 0, None
    while True:
        wait_for(partial(goes_on, process, tmp_path, before))
        try:
            process.wait(chance.uniform(0.0, 0.8) if kills < 3 else 120)
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            before = written(tmp_path)
            kills += 1
            for file in tmp_path.glob("*.nc"):
                netCDF4.Dataset(file).close()
            process = start(tmp_path, "run.resume=true")
    out, error = process.communicate()
    assert process.returncode == 0, out + error
    assert kills
    assert same(tmp_path, uncut)
    assert gauges_same(tmp_path, uncut)


def test_a_signal_leaves_complete_files_and_goes_on(tmp_path, uncut):
    process = start(tmp_path)
    wait_for((tmp_path / "history_1999.nc").exists)
    process.send_signal(signal.SIGTERM)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 75, out + error
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    day = manifest["restarts"][-1]["end_day"]
    ends = {entry["file"]: entry["end_day"] for entry in manifest["history"]}
    # All that was simulated can be read.
    assert max(end for name, end in ends.items() if name.startswith("history_2")) == day
    assert max(end for name, end in ends.items() if name.startswith("gauges")) == day
    again = start(tmp_path, "run.resume=true")
    out, error = again.communicate(timeout=60)
    assert again.returncode == 0, error
    assert same(tmp_path, uncut)


def test_a_full_disk_ends_with_status_5_and_goes_on_when_there_is_room(tmp_path, uncut):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=420k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root: RLIMIT_FSIZE is tested instead")
    try:
        process = start(disk)
        out, error = process.communicate(timeout=60)
        assert process.returncode == 5, out + error
        assert "cannot write" in error
        assert str(disk) in error
        assert error.count("\n") == 1
        assert not list(disk.rglob("*.tmp.*"))
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        process = start(disk, "run.resume=true")
        out, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
        assert same(disk, uncut)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_files_that_may_not_grow_end_with_status_5(tmp_path, uncut):
    limit = max(file.stat().st_size for file in uncut.glob("history_2000.nc")) - 10_000

    def no_big_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = start(tmp_path, preexec_fn=no_big_files)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 5, out + error
    assert "history_2000.nc" in error
    assert "it needs about" in error
    assert not (tmp_path / "history_2000.nc").exists()
    run(tmp_path, *OPTIONS, "run.resume=true")
    assert same(tmp_path, uncut)


def test_an_error_of_the_writer_is_raised_by_whatever_is_called_next():
    writer = Writer()

    def fail() -> None:
        raise WriteError("cannot write 'x'")

    writer.submit(fail)
    with pytest.raises(WriteError, match="cannot write 'x'"):
        writer.drain()
    with pytest.raises(WriteError):
        writer.submit(lambda: None)
    writer.stop()


def test_a_writer_holds_a_bounded_number_of_jobs_and_gives_their_results_in_order():
    writer, seen = Writer(), []
    for number in range(20):
        writer.submit(lambda number=number: (time.sleep(0.001), seen.append(number), number)[2])
        assert number - len(seen) <= 4
    assert writer.drain() == list(range(20))
    writer.stop()
