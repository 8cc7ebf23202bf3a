"""The directory of a run: what is in it, whether it may be used, and from where it can be continued."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.caching import source_hash
from .errors import ConfigurationError, InputError
from .files import remove_temporary, require_apart
from .manifest import FINISHED, NAME, Entry, read_manifest
from .network_file import NETWORK
from .output.piece import SUFFIX, days_of
from .provenance import differences
from .restart import read_restart

HISTORY = "history*.nc"
# As driver/output names them: a user's history_notes.nc stays.
OURS = re.compile(r"(history(_daily|_monthly|_yearly)?|gauges)(_\d+(-\d+)?)?(\.face|\.\d+(\.rank\d+)?)?\.nc")
PIECE = f"*{SUFFIX}"
RESTART = "restart_*.nc"
# Written by every run beside the above.
RIVER_PARAMETERS = "parameters_river.nc"
OTHERS = (NAME, "run.log", "namelist.nml", "parameters.nc", RIVER_PARAMETERS, NETWORK)


@dataclass(frozen=True)
class Start:
    """A restart that fits: its arrays, the day before which it stands, the files finished by then, and the pieces.

    pieces: windows of the files that were at work, beside the restarts (driver/output/piece.py).
    """

    arrays: dict[str, np.ndarray]
    day: int
    history: list[Entry]
    restarts: list[Entry]
    pieces: list[Entry] = field(default_factory=list)


class RunFolder:
    """Output directory of a run, with its restarts in a folder of their own."""

    def __init__(self, path: Path):
        self.path = path
        self.restarts = path / "restarts"

    def claim(self, settings: Any) -> None:
        """Remove torn files. ConfigurationError as require_free; an earlier run that is to be replaced stays so far."""
        remove_temporary(self.path)
        remove_temporary(self.restarts)
        self.require_free(settings)

    def require_free(self, settings: Any) -> None:
        """ConfigurationError where a run is there that is neither to be continued nor replaced, or an input is."""
        if self._used() and not settings.run.resume and not settings.output.overwrite:
            raise ConfigurationError(
                f"'{self.path}' holds {self._state()}: continue it with --resume, replace it with "
                "--set output.overwrite=true, or choose another directory in &output"
            )
        if not (self.path / NAME).exists():  # what an earlier run wrote may be read and written again
            inputs = (settings.path, settings.parameters.path, settings.data.path, settings.routing.path)
            require_apart(self.path, (*OTHERS, HISTORY, "gauges*.nc"), inputs, "output")

    def clean(self) -> None:
        """Remove every file that a run writes; others stay."""
        # The manifest goes first: without it nothing that is left is taken for a run's own.
        for name in OTHERS:
            (self.path / name).unlink(missing_ok=True)
        for file in [*self._history(), *self.restarts.glob(RESTART), *self.restarts.glob(PIECE)]:
            file.unlink(missing_ok=True)
        for store in self.path.glob("history*.zarr"):
            shutil.rmtree(store, ignore_errors=True)

    def finished(self, identity: dict[str, str], end: str) -> bool:
        """Whether the same run up to the same end is there, complete and unchanged."""
        try:
            manifest = read_manifest(self.path)
        except ValueError:
            return False
        if manifest is None or (manifest.status, manifest.end) != (FINISHED, end) or manifest.identity != identity:
            return False
        return not any(entry.problem(self.path) for entry in manifest.history)

    def last_restart(self, identity: dict[str, str], end_day: int, warn: Callable[[str], None]) -> Start | None:
        """The newest restart that is sound, with all history before it; None where no restart was written yet.

        InputError where the restarts are of another run (what differs is listed) or none of them is sound;
        ConfigurationError where the run has gone beyond the end asked for.
        """
        known = self._known(identity, warn)
        for place in range(len(known) - 1, -1, -1):
            start, problem = self._start(known[: place + 1], identity, warn)
            if start is None:
                older = f"going back to {known[place - 1].file}" if place else "no older one is left"
                warn(f"warning: {problem}; {older}")
                continue
            if start.day > end_day:
                raise ConfigurationError(
                    f"'{self.path}' has already gone beyond the end asked for: choose a later end in &run, or replace "
                    "the run with --set output.overwrite=true"
                )
            return start
        if known:
            raise InputError(
                f"none of the {len(known)} restarts in '{self.restarts}' can be used: start again with "
                "--set output.overwrite=true and without --resume"
            )
        return None

    def discard_after(self, start: Start) -> None:
        """Remove history and restarts that the restart does not know of."""
        kept = {entry.file for entry in start.history}
        for file in self._history():
            if file.name not in kept:
                file.unlink(missing_ok=True)
        kept = {entry.file for entry in start.restarts}
        for file in self.restarts.glob(RESTART):
            if file.name not in kept:
                file.unlink(missing_ok=True)
        for file in self.restarts.glob(PIECE):
            if days_of(file)[1] > start.day:
                file.unlink(missing_ok=True)

    def _known(self, identity: dict[str, str], warn: Callable[[str], None]) -> list[Entry]:
        """Restarts from old to new: those of the manifest, or, where it is damaged, those that are there."""
        try:
            manifest = read_manifest(self.path)
        except ValueError as error:
            warn(f"warning: {error}; its restarts are looked for")
            found = sorted(self.restarts.glob(RESTART), key=lambda file: file.stat().st_mtime_ns)
            return [Entry.of(file, ("", ""), (0, 0)) for file in found]
        if manifest is None:
            return []
        self._require_same(identity, manifest.identity, self.path / NAME)
        return manifest.restarts

    def _start(
        self, known: list[Entry], identity: dict[str, str], warn: Callable[[str], None]
    ) -> tuple[Start | None, str]:
        """The start from the last of the known restarts, or None and what is wrong with it."""
        problem = known[-1].problem(self.restarts)
        if problem:
            return None, problem
        try:
            arrays, facts = read_restart(self.restarts / known[-1].file)
        except InputError as error:
            return None, str(error)
        self._require_same(identity, facts["identity"], self.restarts / known[-1].file)
        if facts["kernels"] != source_hash():
            warn(
                f"warning: the kernels have changed since {known[-1].file} was written: the continued run may differ "
                "from an uncut one"
            )
        history = [Entry(**entry) for entry in facts["history"]]
        for entry in history:
            problem = entry.problem(self.path)
            if problem:
                return None, f"{problem} (restart {known[-1].file} needs it)"
        pieces = [Entry(**entry) for entry in facts["pieces"]]
        for entry in pieces:
            problem = entry.problem(self.restarts)
            if problem:
                return None, f"{problem} (restart {known[-1].file} needs it)"
        return Start(arrays, facts["day"], history, known, pieces), ""

    @staticmethod
    def _require_same(mine: dict[str, str], other: dict[str, str], path: Path) -> None:
        found = differences(mine, other)
        if found:
            raise InputError(
                f"'{path}' is of another run, it cannot be continued: {'; '.join(found)}. Change that back, or choose "
                "another directory in &output"
            )

    def _history(self) -> list[Path]:
        return [file for file in self.path.glob("*.nc") if OURS.fullmatch(file.name)]

    def _used(self) -> bool:
        return (self.path / NAME).exists() or bool(self._history())

    def _state(self) -> str:
        """What is there, in words."""
        try:
            manifest: Any = read_manifest(self.path)
        except ValueError:
            manifest = None
        if manifest is None:
            return "the output of an earlier run"
        return f"a run that is {manifest.status}" if manifest.status != "running" else "a run that was cut off"
