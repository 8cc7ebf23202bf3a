"""The end of a run of several processes: one message, one exit status, nobody left waiting."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from ..errors import Interrupted
from .environment import launched_rank
from .verdict import begin, tell

# How long the root waits for one more rank to tell of the same trouble, and for all of them, or of a stop, which all of
# them come to; and a rank for the root's answer, s.
GRACE, TOGETHER, PATIENCE = 0.5, 5.0, 10.0
POLL = 0.02
REPORT, LEAVE = 1, 2  # tags


@dataclass(frozen=True, order=True)
class Outcome:
    """How a rank ends: its number, exit status (0 = well) and message ('' = none)."""

    rank: int
    status: int
    message: str


_ending: list[Ending | LonelyEnding] = []


class Ending:
    """What all ranks of a world report to the root at their end.

    Where all have reported, they leave together. Where one has failed while others are at work or wait for it, the
    root tells of it and ends all of them. A thread of the root listens, whatever the root is doing meanwhile.
    """

    def __init__(self, communicator: Any):
        self.communicator = communicator.Dup()
        self._own: Outcome | None = None
        self._status = 0
        self._listener: threading.Thread | None = None
        if communicator.rank == 0:
            self._listener = threading.Thread(target=self._listen, name="ending", daemon=True)
            self._listener.start()

    def conclude(self, status: int, message: str) -> int:
        """End with this status and message, in concert with the others; the status of all. May not come back."""
        outcome = Outcome(self.communicator.rank, status, message)
        if self._listener is not None:
            self._own = outcome
            self._listener.join()
            return self._status
        self.communicator.isend(outcome, 0, REPORT)
        answer = self.communicator.irecv(source=0, tag=LEAVE)
        begun = time.monotonic()
        while True:
            done, found = answer.test()
            if done:
                return found
            if status and time.monotonic() - begun > PATIENCE:
                say(f"rank {outcome.rank} of {self.communicator.size}: {message}")
                tell(status)
                self.communicator.Abort(status)
            time.sleep(POLL)

    def _listen(self) -> None:
        outcomes: dict[int, Outcome] = {}
        first = latest = 0.0
        while len(outcomes) < self.communicator.size:
            known = len(outcomes)
            if self._own is not None:
                outcomes[0] = self._own
            while self.communicator.iprobe(tag=REPORT):
                told = self.communicator.recv(tag=REPORT)
                outcomes[told.rank] = told
            failed = {outcome.status for outcome in outcomes.values()} - {0}
            if failed:
                now = time.monotonic()
                first, latest = first or now, now if len(outcomes) > known else latest
                lone = failed != {Interrupted.status} and now - latest > GRACE
                if lone or now - first > TOGETHER:
                    break
            time.sleep(POLL)
        self._decide(outcomes)

    def _decide(self, outcomes: dict[int, Outcome]) -> None:
        """Tell of the first failure; let all go, or end them."""
        size = self.communicator.size
        failed = sorted(outcome for outcome in outcomes.values() if outcome.status)
        if failed:
            # What all of them came to alike is no matter of one rank.
            together = len(failed) == size and len({outcome.status for outcome in failed}) == 1
            where = "" if together or not failed[0].message else f"rank {failed[0].rank} of {size}: "
            say(where + failed[0].message)
            self._status = failed[0].status
        tell(self._status)
        if len(outcomes) < size:
            self.communicator.Abort(self._status)
        for rank in range(1, size):
            self.communicator.send(self._status, rank, LEAVE)


class LonelyEnding:
    """As Ending where the MPI library lets one thread speak only: whoever fails says so and ends all."""

    def __init__(self, communicator: Any):
        self.communicator = communicator

    def conclude(self, status: int, message: str) -> int:
        """End with this status and message; what all ranks come to together, a signal, is the root's to tell."""
        rank = self.communicator.rank
        if status in (0, Interrupted.status):
            say(message if rank == 0 else "")
            if status:
                tell(status)
            return status
        time.sleep(GRACE if rank else 0.0)
        say(f"rank {rank} of {self.communicator.size}: {message}")
        tell(status)
        self.communicator.Abort(status)
        return status


def listen(communicator: Any, threads: bool) -> None:
    """Have the ends of all ranks concerted; every rank calls it once. threads: whether any thread may speak."""
    begin()
    _ending.append(Ending(communicator) if threads else LonelyEnding(communicator))
    others = sys.excepthook

    def end_all(*what: Any) -> None:
        # A script that does not go through the command line: its error would leave the others waiting for ever.
        others(*what)
        sys.stderr.flush()
        tell(1)
        communicator.Abort(1)

    sys.excepthook = end_all


def conclude(status: int, message: str) -> int:
    """Say the message of an error once, whatever the number of ranks; the status to exit with."""
    if _ending:
        return _ending[0].conclude(status, message)
    if launched_rank() == 0:
        say(message)
    if status:
        tell(status)
    return status


def say(message: str) -> None:
    """The lines of an error on standard error, in one piece."""
    text = "\n".join(f"freshet: error: {line}" for line in message.splitlines())
    if text:
        print(text, file=sys.stderr, flush=True)
