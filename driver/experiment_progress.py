"""What an experiment says while its members train: their begin and end, and now and then where they are."""

import io
import sys
import time
from collections.abc import Sequence
from typing import Any

from .experiment_summary import headline

EVERY = 30.0  # seconds between words about one member


class Progress:
    """Lines for people about the members of one experiment."""

    def __init__(self, found: Sequence[Any]):
        self._found = found
        self._out = sys.stdout

    def begin(self, kind: str) -> None:
        """How many members there are, and how many of them are done."""
        done = sum(member.finished for member in self._found)
        left = f", {done} of them finished before" if done else ""
        self._say(f"experiment of kind '{kind}': {len(self._found)} members{left}")

    def started(self, member: Any) -> None:
        """A member begins, or goes on."""
        going_on = " (going on)" if (member.folder / "last.pt").is_file() else ""
        self._say(f"{member.name}: begins{going_on}")

    def finished(self, member: Any, seconds: float) -> None:
        """A member is done."""
        done = sum(other.finished for other in self._found)
        result = headline(member.folder)
        self._say(f"{member.name}: finished in {seconds:.0f} s{result} [{done}/{len(self._found)}]")

    def failed(self, member: Any, message: str) -> None:
        """A member ended in an error; the others go on."""
        first = (message.splitlines() or ["no message"])[0]
        self._say(f"{member.name}: FAILED: {first}")

    def of(self, member: Any) -> io.TextIOBase:
        """Where a member's own words go: they are in its log, and only some of its epochs are told here."""
        return echo(member.name, self._out)

    def _say(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def echo(name: str, out: Any = None) -> io.TextIOBase:
    """A stream that tells now and then, on `out` (standard output), where the training of that name is."""
    stream = out or sys.stdout
    return _Echo(lambda line: print(f"{name}: {line}", file=stream, flush=True))


class _Echo(io.TextIOBase):
    """A stream that passes on a line about an epoch now and then."""

    def __init__(self, say: Any):
        self._say, self._last, self._line = say, time.monotonic(), ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            if line.startswith("epoch ") and time.monotonic() - self._last > EVERY:
                self._last = time.monotonic()
                self._say(line.partition(";")[0])
        return len(text)
