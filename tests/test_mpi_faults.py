"""Trouble on one rank ends all of them: soon, with one message, the exit status kept, and so that the run can go on."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import netCDF4
import pytest

import grid_case
import mpi
import mpi_fault
from run_case import same

PROGRAM = str(Path(mpi_fault.__file__))
OPTIONS = mpi_fault.OPTIONS


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    grid_case.run(folder, grid_case.country(mpi_fault.DAYS), *OPTIONS)
    return folder


def messages(error: str) -> list[str]:
    """What freshet says, without the launcher's own words."""
    return [line for line in error.splitlines() if line.startswith("freshet: error: ")]


def require_continued(folder: Path, undisturbed: Path) -> None:
    """Nothing is half-written, and one process goes on to the same end."""
    for file in folder.rglob("*.nc"):
        with netCDF4.Dataset(file) as data:
            assert data.variables
    grid_case.run(folder, grid_case.country(mpi_fault.DAYS), *OPTIONS, "run.resume=true")
    assert same(folder, undisturbed)


def test_a_gap_on_one_rank_is_told_with_rank_place_and_date(tmp_path, undisturbed):
    status, _, error = mpi.finished(4, PROGRAM, str(tmp_path), "nan", "2")
    assert status == 3, error
    (line,) = messages(error)
    assert "rank 2 of 4: air_temperature of cell" in line
    assert "on 2000-04-09 is nan" in line
    require_continued(tmp_path, undisturbed)


def test_a_crash_of_one_rank_ends_all_within_seconds(tmp_path):
    begun = time.monotonic()
    status, _, error = mpi.finished(4, PROGRAM, str(tmp_path), "crash", "3")
    assert time.monotonic() - begun < 60
    assert status == 1, error
    assert messages(error) == [
        "freshet: error: rank 3 of 4: internal error: RuntimeError: the roof came down (set FRESHET_DEBUG=1 for the "
        "traceback)"
    ]


def test_a_killed_rank_ends_the_job_and_the_run_goes_on(tmp_path, undisturbed):
    begun = time.monotonic()
    status, _, error = mpi.finished(3, PROGRAM, str(tmp_path), "SIGKILL", "1")
    assert time.monotonic() - begun < 60
    assert status == 75, error
    (line,) = messages(error)
    assert "because a process was killed (out of memory?); what was written stays" in line
    assert "run again with run.resume=true" in line
    require_continued(tmp_path, undisturbed)


def test_a_rank_that_crashes_in_compiled_code_is_an_internal_error(tmp_path):
    status, _, error = mpi.finished(3, PROGRAM, str(tmp_path), "SIGSEGV", "1")
    assert status == 1, error
    (line,) = messages(error)
    assert "internal error: the launcher" in line
    assert "because a process crashed (SIGSEGV)" in line


BARE = {"nan": ["rank 2 of 3: air_temperature of cell"], "crash": ["rank 2 of 3: internal error"], "SIGKILL": []}


@pytest.mark.parametrize("kind", BARE)
def test_under_a_bare_launcher_trouble_ends_all_with_some_status_and_one_message(tmp_path, undisturbed, kind):
    """Which status is the launcher's affair: it makes one of those who end and those whom it kills."""
    begun = time.monotonic()
    status, _, error = mpi.finished(3, PROGRAM, str(tmp_path), kind, "2", bare=True)
    assert time.monotonic() - begun < 60
    assert status != 0
    assert len(messages(error)) == len(BARE[kind])
    assert all(begin in line for begin, line in zip(BARE[kind], messages(error), strict=True))
    require_continued(tmp_path, undisturbed)


def test_a_signal_to_one_rank_stops_all_before_the_same_day(tmp_path, undisturbed):
    status, out, error = mpi.finished(3, PROGRAM, str(tmp_path), "SIGUSR1", "1")
    assert status == 75, error
    (line,) = messages(error)
    assert "stopped by SIGUSR1 before 2000-0" in line
    assert "wrote restart" in out
    require_continued(tmp_path, undisturbed)


def started(folder: Path, bare: bool = False, **more: str) -> subprocess.Popen:
    """A slow run of two ranks that has written its first restart."""
    process = mpi.start(2, PROGRAM, str(folder), "slow", "9", bare=bare, **more)
    end = time.monotonic() + 120
    while not any(folder.glob("restarts/*.nc")) and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    return process


def require_stopped(process: subprocess.Popen, name: str) -> None:
    """All ranks stop together: that status is exact under any launcher."""
    _, error = process.communicate(timeout=60)
    assert process.returncode == 75, error
    (line,) = messages(error)
    assert f"stopped by {name}" in line


@pytest.mark.parametrize("bare", [False, True])
def test_a_signal_to_the_launcher_leaves_a_restart(tmp_path, undisturbed, bare):
    process = started(tmp_path, bare=bare)
    process.send_signal(signal.SIGTERM)
    require_stopped(process, "SIGTERM")
    require_continued(tmp_path, undisturbed)


def test_a_terminal_that_interrupts_the_whole_group_leaves_a_restart(tmp_path, undisturbed):
    process = started(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    require_stopped(process, "SIGINT")
    require_continued(tmp_path, undisturbed)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_a_killed_parent_leaves_no_rank_behind(tmp_path):
    process = started(tmp_path, TMPDIR=str(tmp_path))  # what a killed process leaves goes with the test

    def ranks() -> int:
        found = 0
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                found += str(tmp_path).encode() in file.read_bytes()
        return found

    assert ranks() > 2
    process.kill()
    end = time.monotonic() + 30
    while ranks():
        assert time.monotonic() < end
        time.sleep(0.05)
    process.communicate()


def freshet(*arguments: str, **more: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "freshet", *arguments]
    env = mpi.environment(**more)
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)


def test_a_launcher_of_another_library_is_noticed():
    """Every process would be alone, and all of them would write the same files."""
    told = freshet("run", "none.nml", PMI_SIZE="3", PMI_RANK="0")
    assert told.returncode == 2
    assert "a launcher has started 3 processes, but the MPI library of mpi4py" in told.stderr
    assert "knows of 1" in told.stderr
    assert freshet("run", "none.nml", PMI_SIZE="3", PMI_RANK="2").stderr == ""


def test_commands_of_one_process_refuse_several(tmp_path):
    told = freshet("check", "none.nml", PMI_SIZE="2", PMI_RANK="0")
    assert told.returncode == 2
    assert "freshet check works in one process" in told.stderr


NAMELIST = """
&run
  end = '1990-12-31'
  warmup_days = 0
/
&data
  form = 'generated'
/
&generator
  basins = 3
  years = 2
/
&output
  directory = '{directory}'
/
"""


def test_ranks_start_the_launcher_and_share_one_message(tmp_path):
    namelist = tmp_path / "case.nml"
    namelist.write_text(NAMELIST.format(directory=tmp_path / "output"))
    done = freshet("run", str(namelist), "--ranks", "2")
    assert done.returncode == 0, done.stderr
    assert "2 processes of 1 thread(s)" in done.stdout
    assert done.stdout.count("wrote restart") == 1
    again = freshet("run", str(namelist), "--ranks", "2")
    assert again.returncode == 2
    (line,) = messages(again.stderr)
    assert "continue it with --resume" in line
    assert "rank 0" not in line
    wrong = freshet("run", str(namelist), "--ranks", "2", "--set", "run.threds=2")
    assert wrong.returncode == 2
    assert len(messages(wrong.stderr)) == 1
    # Nothing of the launcher's own, where all ranks have come to the same.
    assert wrong.stderr.count("\n") == 1, wrong.stderr


def test_the_parent_of_the_launcher_stays_small(tmp_path):
    script = (
        "import sys\ntry:\n    from freshet.driver.cli import main\n    main(['run', 'none.nml', '--ranks', '2'])\n"
        "except SystemExit as ended:\n"
        "    heavy = {'numpy', 'torch', 'numba', 'xarray', 'netCDF4', 'mpi4py'}\n"
        "    print(ended.code, *heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path, env=mpi.environment()
    )
    assert done.stdout == "2\n", done.stderr
    assert messages(done.stderr) == ["freshet: error: namelist none.nml does not exist"]


def test_ranks_that_differ_from_the_launcher_are_refused():
    told = freshet("run", "none.nml", "--ranks", "2", PMI_SIZE="3", PMI_RANK="0")
    assert told.returncode == 2
    assert "--ranks 2: a launcher has started 3 processes" in told.stderr


def test_every_rank_takes_its_share_of_the_processors():
    from freshet.driver.parallel.environment import processors

    text = "import os; from freshet.driver.parallel.environment import share_processors; share_processors(); "
    text += "print(os.environ['OMP_NUM_THREADS'], os.environ['NUMBA_NUM_THREADS'])"
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    for ranks in (2, 64):
        done = subprocess.run(
            [sys.executable, "-c", text], capture_output=True, text=True, check=True,
            env={**plain, "PMI_SIZE": str(ranks), "MPI_LOCALNRANKS": str(ranks)},
        )  # fmt: skip
        threads = int(done.stdout.split()[0])
        assert done.stdout.split() == [str(threads)] * 2
        assert 1 <= threads <= processors()
