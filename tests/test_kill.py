"""Runs that are killed, interrupted or have no room left go on to the same output as runs that nothing disturbed."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import netCDF4
import pytest

from run_case import run, same, weather

CASE = Path(__file__).parent / "run_case.py"
DAYS, PLACES = 3000, 4
# Short blocks, many restarts and files, so that a kill meets every kind of work.
OPTIONS = ("run.block=20", "output.restart_every=150", "run.warmup_days=100")
VARIABLES = "output.variables=streamflow,states"


def start(folder: Path, *overrides: str, variables: str = VARIABLES, **more) -> subprocess.Popen:
    """A run in a process of its own."""
    command = [sys.executable, str(CASE), str(folder), str(DAYS), str(PLACES), *OPTIONS, variables, *overrides]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what the test waits for does not come"
        time.sleep(0.002)


def require_whole(folder: Path) -> None:
    """Every file under a final name can be read to the end."""
    for file in folder.rglob("*.nc"):
        with netCDF4.Dataset(file) as data:
            for variable in data.variables.values():
                variable[:]
    if (folder / "manifest.json").exists():
        json.loads((folder / "manifest.json").read_text())


@pytest.fixture(scope="module")
def uncut(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("uncut")
    run(folder, weather(DAYS, PLACES), *OPTIONS, VARIABLES)
    return folder


@pytest.fixture(scope="module")
def duration(tmp_path_factory, uncut) -> tuple[float, float]:
    """Seconds until a process begins to write, and until it ends."""
    folder = tmp_path_factory.mktemp("timed")
    begun = time.monotonic()
    process = start(folder)
    wait_for((folder / "manifest.json").exists)
    first = time.monotonic() - begun
    process.communicate(timeout=120)
    assert process.returncode == 0
    return first, time.monotonic() - begun


def test_ten_random_kills_leave_no_torn_file_and_no_trace_in_the_output(tmp_path, uncut, duration):
    chance = random.Random(20)
    kills, runs = 0, 0
    early, late = 0.8 * duration[0], duration[1]
    while kills < 10:
        folder = tmp_path / f"run{runs}"
        resume: tuple[str, ...] = ()
        runs += 1
        while True:
            process = start(folder, *resume)
            begun = time.monotonic()
            try:
                # Ends of the interval: before the first file, after the last.
                process.wait(chance.uniform(early, late) if kills < 10 else 120)
                # Other work on the machine may have slowed the run that was timed.
                late = min(late, time.monotonic() - begun) if not resume else late
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
                require_whole(folder)
                resume = ("run.resume=true",)
        assert process.returncode == 0, process.communicate()
        process.communicate()
        assert same(folder, uncut)
        assert not list(folder.rglob("*.tmp.*"))
        assert runs < 40, "runs end before they can be killed"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGUSR1", "SIGINT"])
def test_a_signal_leaves_a_restart_and_complete_files_and_status_75(tmp_path, uncut, name):
    process = start(tmp_path)
    wait_for(lambda: any(tmp_path.glob("history*.nc")))
    process.send_signal(getattr(signal, name))
    out, error = process.communicate(timeout=60)
    assert process.returncode == 75, out + error
    assert f"stopped by {name}" in error
    assert "--resume" in error
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["status"] == "interrupted"
    # What was simulated can be read, up to the restart.
    assert manifest["history"][-1]["end_day"] == manifest["restarts"][-1]["end_day"]
    require_whole(tmp_path)
    again = start(tmp_path, "run.resume=true")
    out, error = again.communicate(timeout=60)
    assert again.returncode == 0, error
    assert "continuing from restart_" in out
    assert same(tmp_path, uncut)


def test_a_signal_in_the_warm_up_can_be_resumed(tmp_path):
    source, plain = weather(300), tmp_path / "plain"
    run(plain, source, "run.warmup_days=200")
    forcing, asked = source.forcing, []

    def forcing_with_signal(begin, end):
        asked.append(begin)
        if len(asked) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return forcing(begin, end)

    from freshet.driver.errors import Interrupted

    cut = tmp_path / "cut"
    source.forcing = forcing_with_signal
    with pytest.raises(Interrupted, match="of the warm-up"):
        run(cut, source, "run.warmup_days=200", "run.block=50")
    source.forcing = forcing
    run(cut, source, "run.warmup_days=200", "run.resume=true")
    assert same(cut, plain)


def small_disk(folder: Path, size: str) -> bool:
    """Mount a disk of that size; False where that is not allowed."""
    folder.mkdir()
    if os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_full_disk_ends_with_status_5_and_an_intact_restart(tmp_path, uncut):
    disk = tmp_path / "disk"
    if not small_disk(disk, "400k"):
        pytest.skip("a small disk can only be mounted by root: RLIMIT_FSIZE is tested instead")
    try:
        process = start(disk)
        out, error = process.communicate(timeout=120)
        assert process.returncode == 5, out + error
        assert "cannot write" in error
        assert str(disk) in error
        assert "it needs" in error
        assert "go on from restart_" in error
        require_whole(disk)
        assert not list(disk.rglob("*.tmp.*"))
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        again = start(disk, "run.resume=true")
        out, error = again.communicate(timeout=120)
        assert again.returncode == 0, error
        assert "continuing from restart_" in out
        assert same(disk, uncut)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_files_that_may_not_grow_end_with_status_5_and_an_intact_restart(tmp_path):
    plain, cut = tmp_path / "plain", tmp_path / "cut"
    options = (*OPTIONS, "output.variables=all", "output.compression=0")
    run(plain, weather(DAYS, PLACES), *options)
    limit = max(file.stat().st_size for file in plain.glob("history*.nc")) - 20_000

    def no_big_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = start(cut, "output.compression=0", variables="output.variables=all", preexec_fn=no_big_files)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 5, out + error
    assert "cannot write" in error
    assert "it needs about" in error
    require_whole(cut)
    assert json.loads((cut / "manifest.json").read_text())["latest"]
    run(cut, weather(DAYS, PLACES), *options, "run.resume=true")
    assert same(cut, plain)
