"""Several processes at work on one experiment: started, told to stop, and replaced where one was killed."""

import os
import signal
import subprocess
import sys
import time
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
        _join(settings, session)
        return
    if workers == 1 or current_world().size > 1:
        run_experiment(settings)
        return
    session = f"{time.time():.3f}"
    found = members(settings, Sources(settings).of(settings))
    write_namelists(found)
    Progress(found).begin(settings.experiment.kind)
    with StopRequest("the state of the experiment") as stop:
        crew = Crew(settings, session, min(workers, len(found)))
        try:
            while crew.at_work():
                if stop:
                    crew.stop()
                left = [member for member in found if not settled(member, session)]
                crew.replace_killed(len(left) if not stop else 0)
                time.sleep(LOOK)
        finally:
            crew.kill()
    left = [member for member in found if not settled(member, session)]
    if left:
        why = f"stopped by {stop.name}" if stop else crew.message
        raise Interrupted(f"{why}, {len(left)} members left; go on with the same command")
    conclude(found)


def _join(settings: Any, session: str) -> None:
    """Be one of the processes of a session: what came of its members is told by the one that has started it."""
    try:
        run_experiment(settings, session)
    except Interrupted:
        raise click.exceptions.Exit(Interrupted.status) from None


class Crew:
    """The processes of one session."""

    def __init__(self, settings: Any, session: str, size: int):
        sets = [word for text in settings.overrides for word in ("--set", text)]
        self._command = [sys.executable, "-m", "freshet", "experiment", settings.path, *sets, "--session", session]
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
