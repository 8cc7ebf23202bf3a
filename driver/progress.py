"""What a run says of itself: lines on the terminal and in run.log, and a bar with rate and time left."""

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

from .provenance import now

# Where there is no terminal, a line of progress at most this often, s.
INTERVAL = 10.0


class Report:
    """Lines and progress of a run of `total` days, `done` of which lie behind; `places` is for the rate.

    On a terminal a bar, otherwise plain lines. Everything said is also kept in the log file, once keep is called.
    kind: what a place is called; mute: keep the clock, say nothing, because another process does.
    """

    def __init__(self, mute: bool = False) -> None:
        self.mute = mute
        self.kind = "basin"
        self._log: Any = None
        self._early: list[str] = []
        self._bar: Any = None
        self._task: Any = None
        self._total = self._done = self._places = 0
        self._begun = self._told = time.monotonic()
        self._from = 0

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._log is not None:
            with contextlib.suppress(OSError):
                self._log.close()

    def keep(self, path: Path, append: bool) -> None:
        """Keep all lines, also those said before, in a log file."""
        try:
            self._log = path.open("a" if append else "w", encoding="utf-8", buffering=1)
        except OSError:
            self.say(f"warning: cannot write '{path}'")
            return
        early, self._early = self._early, []
        for line in early:
            self._note(line)

    def say(self, text: str) -> None:
        """Say one line."""
        if self.mute:
            return
        if self._bar is not None:
            self._bar.console.print(text, highlight=False, markup=False, soft_wrap=True)
        else:
            print(text, flush=True)
        self._note(text)

    def begin(self, done: int, total: int, places: int, kind: str = "basin") -> None:
        """Start the clock: `done` of `total` days lie behind."""
        self._done = self._from = done
        self._total, self._places, self.kind = total, places, kind
        self._begun = self._told = time.monotonic()
        if sys.stdout.isatty() and not self.mute:
            self._bar, self._task = _bar(done, total)
            self._bar.start()

    def advance(self, days: int, date: str) -> None:
        """So many days more are done, up to `date`."""
        self._done += days
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done, date=date, rate=rate_text(self.rate, self.kind))
        elif time.monotonic() - self._told > INTERVAL:
            self._told = time.monotonic()
            share = 100 * self._done / max(self._total, 1)
            self.say(f"{date}: {share:.0f} %, {rate_text(self.rate, self.kind)}, {_duration(self._left())} left")

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    @property
    def seconds(self) -> float:
        """Time since begin."""
        return max(time.monotonic() - self._begun, 1e-9)

    @property
    def rate(self) -> float:
        """Days of one place per second since begin."""
        return (self._done - self._from) * self._places / self.seconds

    def _left(self) -> float:
        done = self._done - self._from
        return (self._total - self._done) * self.seconds / done if done else float("inf")

    def _note(self, line: str) -> None:
        if self._log is None:
            self._early.append(line)
            return
        # A full disk is told of by the output itself.
        with contextlib.suppress(OSError):
            self._log.write(f"{now()} {line}\n")


def rate_text(rate: float, kind: str = "basin") -> str:
    """A rate in words, such as '1.2 million basin-days/s'."""
    for name, unit in (("billion ", 1e9), ("million ", 1e6), ("thousand ", 1e3)):
        if rate >= unit:
            return f"{rate / unit:.3g} {name}{kind}-days/s"
    return f"{rate:.3g} {kind}-days/s"


def _duration(seconds: float) -> str:
    if seconds == float("inf"):
        return "unknown time"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _bar(done: int, total: int) -> tuple[Any, Any]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.fields[date]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return bar, bar.add_task("run", total=total, completed=done, date="", rate="")
