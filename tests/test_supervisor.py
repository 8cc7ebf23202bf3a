"""The parent of a launcher: the ranks' word counts, whatever the launcher's status; without it, the likeliest cause."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from freshet.driver import outcome
from freshet.driver.parallel import supervisor, verdict
from freshet.driver.parallel.environment import VERDICT

FOUND = f'ln -s 0 "${VERDICT}{verdict.BEGUN}"; '


def ended(script: str) -> tuple[int, str]:
    """Status and message of a shell script that is taken for a launcher."""
    return outcome.outcome(lambda: supervisor.supervise(["sh", "-c", script], dict(os.environ)))


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 5, 75, 130])
@pytest.mark.parametrize("launcher", ["exit 9", "exit 0", "exit 137", "kill -9 $$", "exit 255"])
def test_the_word_of_the_ranks_counts_whatever_the_launcher_ends_with(status, launcher):
    assert ended(f'ln -s {status} "${VERDICT}"; {launcher}') == (status, "")


KILLED = "because a process was killed (out of memory?); what was written stays: run again with run.resume=true"
CRASHED = "because a process crashed (SIG"
LOST = "before the processes had found each other"
SILENT = {
    "exit 0": (0, ""),
    "exit 9": (75, f"the launcher (sh) ended with status 9 {KILLED}"),
    "kill -9 $$": (75, f"the launcher (sh) ended with status 137 {KILLED}"),
    f"{FOUND} exit 1": (75, KILLED),
    f"{FOUND} exit 255": (75, KILLED),
    f"{FOUND} exit 11": (1, CRASHED),
    "exit 139": (1, CRASHED),
    f"{FOUND} exit 15": (1, CRASHED),
    f"{FOUND} exit 143": (75, KILLED),
    "exit 255": (2, LOST),
    "exit 1": (2, LOST),
    "exit 3": (3, ""),
    "kill -PIPE $$": (141, ""),
}


@pytest.mark.parametrize("script", SILENT)
def test_a_launcher_that_ends_without_a_word_is_told_in_one_line(script):
    status, message = SILENT[script]
    found, said = ended(script)
    assert found == status, said
    assert message in said
    assert bool(message) == bool(said)
    assert "\n" not in said


def test_threads_that_take_signals_do_not_keep_the_parent_waiting():
    """A signal goes to any thread that does not hold it back: libraries and debuggers start some."""
    over = threading.Event()
    threads = [threading.Thread(target=over.wait, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            assert ended("exit 0") == (0, "")
    finally:
        over.set()


def test_a_launcher_that_is_not_there_is_an_error_of_the_system():
    with pytest.raises(FileNotFoundError):
        supervisor.supervise(["/nowhere/mpiexec"], {})


def test_the_first_word_counts_and_nothing_is_left_behind(monkeypatch):
    monkeypatch.delenv(VERDICT, raising=False)
    verdict.tell(3)  # there is nobody to listen
    with verdict.Verdict() as place:
        assert (place.status, place.begun) == (None, False)
        monkeypatch.setenv(VERDICT, place.environment[VERDICT])
        verdict.begin()
        assert (place.status, place.begun) == (None, True)
        verdict.tell(4)
        verdict.tell(1)
        assert place.status == 4
    assert not Path(place.environment[VERDICT]).parent.exists()
    verdict.tell(1)


def test_a_launcher_in_a_queue_gets_a_place_that_other_nodes_see(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLURM_JOB_ID", "1")
    with verdict.Verdict() as place:
        assert Path(place.environment[VERDICT]).parent.parent == tmp_path
    assert not list(tmp_path.iterdir())


PARENT = (
    "import sys; from freshet.driver.parallel.supervisor import supervise; from freshet.driver.cli import _status; "
    "import os; sys.exit(_status(lambda: supervise(['sh', '-c', sys.argv[1]], dict(os.environ))))"
)


def start(script: str, **more: str) -> subprocess.Popen:
    """A parent of such a launcher, which says when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **more},
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("name", ["INT", "TERM", "USR1", "USR2", "HUP", "QUIT"])
def test_a_signal_to_the_whole_group_reaches_the_launcher_once(name):
    """As Ctrl-C of a terminal does: a second one would have MPICH's launcher kill everybody."""
    got = f'count=$((count + 1)); ln -s 75 "${VERDICT}"'
    process = start(f"count=0; trap '{got}' {name}; echo ready; for i in 1 2 3 4 5; do sleep 0.1; done; echo $count")
    os.killpg(process.pid, getattr(signal, f"SIG{name}"))
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (75, "1\n", "")


def test_a_signal_that_ends_the_launcher_can_be_resumed():
    process = start("echo ready; exec sleep 60")
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 75
    assert error.startswith("freshet: error: the launcher (sh) ended with status 143 after SIGTERM, before all")
    assert error.count("\n") == 1


def test_a_second_interrupt_that_ends_the_launcher_is_an_interrupt():
    process = start("trap 'trap - INT; echo again' INT; echo ready; while true; do sleep 0.05; done")
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "again\n"
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (130, "freshet: error: interrupted\n")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
def test_the_launcher_of_a_killed_parent_ends_too(tmp_path):
    process = start("echo ready; echo $$; exec sleep 60", TMPDIR=str(tmp_path))
    launcher = int(process.stdout.readline())
    os.kill(launcher, 0)
    process.kill()
    process.communicate(timeout=30)  # until nobody holds the pipes
    end = time.monotonic() + 30
    while Path(f"/proc/{launcher}").exists() and "\nState:\tZ" not in Path(f"/proc/{launcher}/status").read_text():
        assert time.monotonic() < end
        time.sleep(0.01)
