"""The directory of a training: checkpoints that are whole, a log for people and one for programs."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from ..nn import checkpoint
from .errors import ConfigurationError, InputError, WriteError
from .files import remove_temporary, require_apart, whole_file, write_text
from .provenance import now
from .training_board import Board

LAST, BEST = "last.pt", "best.pt"
LOG, RECORDS = "log.txt", "log.jsonl"
OF_GRIDS = ("parameters_river.nc", "weather_factors.nc", "gauges.csv", "discharge.csv", "hydrograph_*.png",
            "objectives.csv", "objective_*.png", "potential_evaporation.nc", "precipitation_factors.csv")  # fmt: skip
EVENTS = "events.out.tfevents.*"  # as TensorBoard calls them
RESULTS = (
    EVENTS,
    "series.nc",
    "parameters.nc",
    "basins_test.csv",
    "scores.csv",
    "summary.json",
    "namelist.nml",
    *OF_GRIDS,
)
# Takes what is recorded of each epoch.
Watch = Callable[[Mapping[str, Any]], None] | None


class TrainingFolder:
    """Files of one training. `last.pt` is all that going on needs; `best.pt` is what simulations use.

    watch: takes what is recorded of each epoch, and may end the training by what it raises.
    """

    def __init__(self, path: Path, watch: Watch = None):
        self.path, self._watch = path, watch
        self._board: Board | None = None
        self._begun = False
        self._early: list[str] = []

    def claim(self, settings: Any, resume: bool = False) -> dict[str, Any] | None:
        """Content of the last checkpoint to go on from, or None for a training from the start.

        ConfigurationError where an earlier training would be lost or an input be written over, InputError where the
        checkpoint is damaged. Torn files go; everything else stays until begin.
        """
        remove_temporary(self.path)
        asked, last = settings.training, self.path / LAST
        resume = resume or asked.resume
        self._board = Board(self.path) if asked.tensorboard else None
        if not last.exists():
            require_apart(self.path, (LOG, *RESULTS), (settings.path, settings.data.path), "training")
            return None
        if asked.overwrite and not resume:
            return None
        if not resume:
            raise ConfigurationError(
                f"'{self.path}' holds a training already: go on with it (--resume), replace it (--set "
                "training.overwrite=true), or choose another directory in &training"
            )
        try:
            return checkpoint.load(last)
        except ValueError as error:
            raise InputError(f"{error}: start again with --set training.overwrite=true") from error

    def begin(self, fresh: bool) -> None:
        """Write what was said so far into log.txt; in a fresh training, what an earlier one left goes first."""
        if fresh:
            for pattern in (LAST, BEST, LOG, RECORDS, *RESULTS):
                for file in self.path.glob(pattern):
                    file.unlink()
        self._begun = True
        self._append(LOG, "".join(self._early))

    def say(self, text: str) -> None:
        """One line for people: on the terminal and, with the time, in log.txt."""
        print(text, flush=True)
        line = f"{now()} {text}\n"
        if self._begun:
            self._append(LOG, line)
        else:
            self._early.append(line)

    def record(self, found: Mapping[str, Any]) -> None:
        """One line for programs, in log.jsonl, and numbers for TensorBoard; then whoever watches has a look."""
        self._append(RECORDS, json.dumps(found) + "\n")
        if self._board is not None:
            self._board.record(found)
        if self._watch is not None:
            self._watch(found)

    def records(self) -> list[dict[str, Any]]:
        """What was recorded of each epoch, in order."""
        try:
            lines = (self.path / RECORDS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        found = {}
        for line in lines:
            try:
                entry = json.loads(line)
                found[entry["epoch"]] = entry
            except (ValueError, KeyError, TypeError):
                continue  # a line that a kill cut short
        return [found[epoch] for epoch in sorted(found)]

    def forget_after(self, epochs: int) -> None:
        """Drop the records of epochs that a killed training finished, but did not keep in a checkpoint."""
        kept = [json.dumps(entry) for entry in self.records() if entry["epoch"] <= epochs]
        write_text(self.path / RECORDS, "".join(f"{line}\n" for line in kept))

    def save(self, name: str, made: Mapping[str, Any], weights: Mapping[str, Tensor], training: Any = None) -> None:
        """Write a checkpoint whole; WriteError where that fails."""
        needed = sum(tensor.nbytes for tensor in weights.values()) * (6 if training else 1)
        with whole_file(self.path / name, needed) as temporary:
            checkpoint.save(temporary, made, weights, training)

    def _append(self, name: str, text: str) -> None:
        try:
            with (self.path / name).open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            free = shutil.disk_usage(self.path).free
            raise WriteError(f"cannot write '{self.path / name}': {error.strerror} ({free} bytes free)") from error
