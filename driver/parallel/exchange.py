"""Water on links that are cut, from rank to rank (kernels/rivers/route.py has the protocol)."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from .messages import MessageWorld, wait
from .world import World

# Messages that may be under way before the oldest are waited for: memory stays bounded when a rank falls behind.
LIMIT = 1024


class MessageExchange:
    """Sends that nobody waits for, and receives that do not keep the processor busy."""

    def __init__(self, communicator: Any):
        self.communicator = communicator.Dup()
        self._sent: deque[tuple[Any, np.ndarray]] = deque()

    def send(self, rank: int, tag: int, array: np.ndarray) -> None:
        """Send a copy; it is on its way when this comes back."""
        copy = np.array(array, order="C")
        self._sent.append((self.communicator.Isend(copy, rank, tag), copy))
        while self._sent and self._sent[0][0].Test():
            self._sent.popleft()
        if len(self._sent) > LIMIT:
            wait(self._sent.popleft()[0])

    def receive(self, rank: int, tag: int, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        """What the rank sent under the tag, in the order of sending."""
        array = np.empty(shape, dtype)
        wait(self.communicator.Irecv(array, rank, tag))
        return array

    def finish(self) -> None:
        """Nothing to wait for: what was sent is a copy, looked after here until it has left."""


def exchange(world: World) -> MessageExchange | None:
    """The exchange of a world; None where there is one rank."""
    return MessageExchange(world.communicator) if isinstance(world, MessageWorld) else None
