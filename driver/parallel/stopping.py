"""Stopping together: a request that any rank has got stops all of them before the same day."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable

from ..signals import StopRequest
from .world import World


class Vote:
    """The requests of all ranks, combined at the end of every window.

    Nobody waits for those who are behind: the votes of a window are looked at `lag` windows later. Alone, a request
    stops the run at once.
    """

    def __init__(self, world: World, stop: StopRequest, lag: int = 1):
        self.stop, self.world = stop, world
        self.lag = lag if world.size > 1 else 0
        self._votes: deque[Callable[[], int]] = deque()

    def asked(self) -> str:
        """Name of the signal that stops the run at the end of this window, '' where none does; collective."""
        number = signal.Signals[self.stop.name].value if self.stop else 0
        self._votes.append(self.world.begin_maximum(number))
        found = self._votes.popleft()() if len(self._votes) > self.lag else 0
        return signal.Signals(found).name if found else ""

    def close(self) -> None:
        """Take the votes that nobody has looked at; collective."""
        while self._votes:
            self._votes.popleft()()
