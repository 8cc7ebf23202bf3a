"""The parent of a launcher: hands signals on, and ends with the status that the ranks have come to."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..errors import ConfigurationError, FreshetError, Interrupted
from .verdict import Verdict

FORWARDED = ("SIGINT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGHUP", "SIGQUIT")
# Statuses after signals, as of a shell, and of MPICH, which mixes their bits with those of SIGKILL for the others.
CRASHES = {
    **{128 + number: number.name for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL)},
    signal.SIGSEGV | signal.SIGKILL: "SIGSEGV",
    signal.SIGABRT | signal.SIGKILL: "SIGABRT or SIGBUS",
}
KILLED = (signal.SIGKILL, 128 + signal.SIGKILL)
BROKEN_PIPE = (signal.SIGPIPE, 128 + signal.SIGPIPE)
# Of prctl: the signal that a process gets when its parent ends.
PARENT_DEATH = 1


def supervise(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the launcher; the exit status that the ranks have told.

    Without their word: Interrupted where a process was killed, FreshetError where one crashed, KeyboardInterrupt after
    a second Ctrl-C, ConfigurationError where no process has begun. OSError where the launcher cannot be started.
    """
    with Verdict() as verdict:
        ended, asked = _run(command, {**environment, **verdict.environment})
        if verdict.status is not None:
            return verdict.status
        return _judge(Path(command[0]).name, ended, asked, verdict.begun)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, list[str]]:
    """Exit status of the launcher, as of a shell, and the signals that were handed on to it.

    It has a session of its own: Ctrl-C in a terminal reaches every process of the group, and would reach it twice.
    Signals come through a pipe, so that none is lost between a look and a wait. Nothing is read from standard input,
    which the launcher would take from whoever has started several runs in a loop.
    """
    handed = {getattr(signal, name) for name in FORWARDED}
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        handed.discard(signal.SIGHUP)  # what nohup has switched off stays off
    coming, noted = os.pipe()
    os.set_blocking(noted, False)
    wakes = signal.set_wakeup_fd(noted, warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, lambda *_: None) for number in (*handed, signal.SIGCHLD)}
    asked: list[str] = []
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=ends_with_parent(),  # noqa: PLW1509 (it calls the system, and takes no lock)
        )
        while process.poll() is None:
            for number in handed.intersection(os.read(coming, 64)):
                asked.append(signal.Signals(number).name)
                process.send_signal(number)
    finally:
        signal.set_wakeup_fd(wakes)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(coming)
        os.close(noted)
    status = process.returncode
    return (status if status >= 0 else 128 - status), asked


def ends_with_parent() -> Callable[[], None] | None:
    """What the launcher's process does first on Linux: arrange to end with this one, even if this one is killed."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def arrange() -> None:
        prctl(PARENT_DEATH, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(128 + signal.SIGKILL)

    return arrange


def _judge(launcher: str, status: int, asked: list[str], begun: bool) -> int:
    """What to make of the launcher's own status, where the ranks have told nothing."""
    if status == 0 or status in BROKEN_PIPE:  # done, or the reader of our output has gone
        return status
    if asked.count("SIGINT") > 1:
        raise KeyboardInterrupt
    ended = f"the launcher ({launcher}) ended with status {status}"
    again = "what was written stays: run again with run.resume=true (--resume)"
    if asked:
        raise Interrupted(f"{ended} after {asked[0]}, before all processes could answer it; {again}")
    if status in CRASHES:
        raise FreshetError(f"internal error: {ended} because a process crashed ({CRASHES[status]}); {again}")
    if begun or status in KILLED:
        raise Interrupted(f"{ended} because a process was killed (out of memory?); {again}")
    if status in {kind.status for kind in FreshetError.__subclasses__()}:
        return status
    raise ConfigurationError(f"{ended} before the processes had found each other; it may have said why")
