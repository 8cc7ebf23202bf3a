"""Requests to stop: signals set a flag, which the run looks at between pieces of work."""

import os
import signal
import threading
from types import FrameType
from typing import Any

NAMES = ("SIGTERM", "SIGUSR1", "SIGINT")


class StopRequest:
    """While entered, SIGTERM, SIGUSR1 and SIGINT are noted in `name` instead of ending the process.

    A second SIGINT raises KeyboardInterrupt: whoever presses Ctrl-C twice does not want to wait. Outside the main
    thread signals cannot be caught; the flag then stays empty. writes: what is written before the end, in words.
    quiet: say nothing, because another process does.
    """

    def __init__(self, writes: str = "a restart", quiet: bool = False) -> None:
        self.name, self.writes, self.quiet = "", writes, quiet
        self._before: dict[int, Any] = {}

    def __bool__(self) -> bool:
        return bool(self.name)

    def __enter__(self) -> "StopRequest":
        if threading.current_thread() is threading.main_thread():
            for name in NAMES:
                number = getattr(signal, name)
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _: FrameType | None) -> None:
        if self.name and number == signal.SIGINT:
            raise KeyboardInterrupt
        if not self.name:
            self.name = signal.Signals(number).name
            if self.quiet:
                return
            # print() could be in the middle of a line already: a handler writes past it.
            os.write(2, f"\n{self.name}: writing {self.writes}, then stopping\n".encode())
