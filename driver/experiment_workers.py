"""Several processes at work on one experiment: started, told to stop, and replaced where one was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import click

from .errors import Interrupted
from .experiment_members import members, write_namelists
from .experiment_run import Progress, conclude, run_experiment, settled
from .experiment_sources import Sources
from .parallel.environment import THREADS
from .parallel.supervisor import ends_with_parent
from .parallel.world import current_world
from .signals import StopRequest

LOOK = 0.2  # seconds between looks at the processes


def run_with_workers(settings: Any, session: str = "") -> None:
    """Train every member, in as many processes as &experiment asks for; a session makes this one of them.

    Raises as run_experiment does.
    """
    workers = settings.experiment.workers
    if session:
        _join(lambda: run_experiment(settings, session))
        return
    if workers == 1 or current_world().size > 1:
        run_experiment(settings)
        return
    session = f"{time.time():.3f}"
    found = members(settings, Sources(settings).of(settings))
    write_namelists(found, settings.training.overwrite)
    Progress(found).begin(settings.experiment.kind)

    def left() -> int:
        return sum(not settled(member, session) for member in found)

    _supervise(Crew(settings, "experiment", session, min(workers, len(found))), left, "members")
    conclude(found)


def search_with_workers(settings: Any, session: str = "") -> None:
    """Search, in as many processes as &search asks for; a session makes this one of them. Raises as run_search does."""
    from .search_results import write_search
    from .search_run import checked_ranges, run_search
    from .search_study import open_study, unfinished

    workers = settings.search.workers
    if session:
        _join(lambda: run_search(settings, session))
        return
    world = current_world()
    if workers == 1 or world.size > 1:
        study = run_search(settings)
    else:
        checked_ranges(settings)
        study = open_study(settings)
        crew = Crew(settings, "search", f"{time.time():.3f}", min(workers, settings.search.trials))
        _supervise(crew, lambda: unfinished(study, settings), "trials")
    world.on_root(lambda: write_search(settings, study))


def _join(work: Callable[[], Any]) -> None:
    """Be one of the processes of a session: what came of it is told by the one that has started it."""
    try:
        work()
    except Interrupted:
        raise click.exceptions.Exit(Interrupted.status) from None


def _supervise(crew: "Crew", left: Callable[[], int], what: str) -> None:
    """Wait for the crew; Interrupted where it ends with something left to do. `what` is left, in words."""
    with StopRequest("the state of all") as stop:
        try:
            while crew.at_work():
                if stop:
                    crew.stop()
                crew.replace_killed(0 if stop else left())
                time.sleep(LOOK)
        finally:
            crew.kill()
    if left():
        why = f"stopped by {stop.name}" if stop else crew.message
        raise Interrupted(f"{why}, {left()} {what} left; go on with the same command")


class Crew:
    """The processes of one session."""

    def __init__(self, settings: Any, command: str, session: str, size: int):
        sets = [word for text in settings.overrides for word in ("--set", text)]
        self._command = [sys.executable, "-m", "freshet", command, settings.path, *sets, "--session", session]
        self._stopped = False
        self._spare = 2 * size  # processes that may be started for those killed before they could take a member
        self._processes = [self._start() for _ in range(size)]
        self.message = "its processes ended"

    def _start(self) -> subprocess.Popen:
        environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
        # Ctrl-C is told to them once, by us.
        return subprocess.Popen(
            self._command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=ends_with_parent(),  # noqa: PLW1509 (it calls the system, and takes no lock)
        )

    def at_work(self) -> bool:
        """Whether any is still there."""
        return any(process.poll() is None for process in self._processes)

    def stop(self) -> None:
        """Ask all to write a checkpoint and end."""
        if not self._stopped:
            self._stopped = True
            for process in self._processes:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)

    def replace_killed(self, left: int) -> None:
        """Start a process for each that a signal has ended, while members are left."""
        for place, process in enumerate(self._processes):
            if (process.poll() or 0) < 0 and left and self._spare:
                self._spare -= 1
                self._processes[place] = self._start()
                self.message = f"processes were killed (signal {-process.returncode}; out of memory?)"

    def kill(self) -> None:
        """End those that are left, after an error here or a second Ctrl-C."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()
