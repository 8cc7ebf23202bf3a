"""What a run leaves on disk, and in which order: history files, restarts, and the manifest that names them."""

import time
from dataclasses import asdict
from typing import Any

import numpy as np

from .. import __version__
from ..kernels.caching import source_hash
from .balance import Balance
from .counts import Counts
from .files import size
from .manifest import FINISHED, INTERRUPTED, Entry, Manifest
from .output.done import Done
from .output.output import Output
from .parallel.collect import gather_arrays, scatter_arrays
from .parallel.division import Division
from .provenance import history_line
from .residuals import Residuals
from .restart import DIMENSIONS, write_restart
from .river_stepping import river_balance
from .run_folder import RunFolder, Start
from .schedule import Schedule
from .stepping import Stepper


class Recorder:
    """Commits history and restarts of one run.

    A file counts once the manifest names it. Restarts know the files finished before them, and hold what the output
    carries on, so that every restart is a whole start by itself.
    """

    def __init__(
        self,
        settings: Any,
        source: Any,
        folder: RunFolder,
        schedule: Schedule,
        parts: tuple[Stepper, Balance, Output, Counts],
        identity: dict[str, str],
        attributes: dict[str, Any],
        division: Division,
    ):
        self.settings, self.source, self.folder, self.schedule = settings, source, folder, schedule
        self.stepper, self.balance, self.output, self.counts = parts
        self.division, self.world = division, division.world
        self.notes: list[str] = []
        self.attributes = attributes
        self.output.attributes.update(attributes)
        self.manifest = Manifest(__version__, identity, end=schedule.axis.text(schedule.count - 1))
        self.seconds, self.bytes = 0.0, 0

    def begin(self, start: Start | None) -> int:
        """Take over from the root's restart, or begin; the day to simulate first."""
        day = self.world.broadcast(start.day if start is not None else None)
        if day is not None:
            given = None if start is None else start.arrays
            arrays = scatter_arrays(self.division, given, self._dimensions())
            self.stepper.restore(arrays)
            self.balance.restore(arrays)
            self.counts.restore(arrays)
            self.output.restore(arrays, () if start is None else start.pieces)
        if start is not None:
            self.manifest.history, self.manifest.restarts = list(start.history), list(start.restarts)
        self.world.on_root(lambda: self.manifest.write(self.folder.path))
        return self.schedule.first if day is None else day

    def write_history(self, day: int, unfinished: bool = False) -> list[str]:
        """Have the files written that end before `day`; unfinished: also those at work, as far as they are.

        What was written by now, in words; a writer may be at work still.
        """
        started = time.perf_counter()
        found = self.residuals()
        fixed, attributes = ({}, {}) if found is None else (_maps(found), self._attributes(found))
        said = self._take(self.output.close(day, fixed, attributes, unfinished))
        self.seconds += time.perf_counter() - started
        return said

    def _take(self, done: list[Done]) -> list[str]:
        """Name in the manifest what was written; collective."""
        for each in done:
            self.manifest.history = [*self._others(each.entry.file), each.entry]
            self.bytes += each.entry.bytes
        if self.world.broadcast(bool(done)):
            self.world.on_root(lambda: self.manifest.write(self.folder.path))
        return [each.text for each in done if each.text]

    def write_restart(self, day: int) -> list[str]:
        """Write a restart that stands before `day`, then name it in the manifest, then remove the oldest ones."""
        started = time.perf_counter()
        said = self._take(self.output.drain())
        arrays = {**self.stepper.carry(), **self.balance.carry(), **self.counts.carry(), **self.output.carry()}
        whole = gather_arrays(self.division, arrays, self._dimensions())
        written = self.world.on_root(lambda: self._write_restart(day, whole or {}))
        self.seconds += time.perf_counter() - started
        return [*said, written]

    def _write_restart(self, day: int, arrays: dict[str, np.ndarray]) -> str:
        date = self.schedule.date_text(day)
        label = f"warmup_{day - self.schedule.first:05d}" if day < 0 else date.replace("-", "")
        path = self.folder.restarts / f"restart_{label}.nc"
        facts = {
            "day": day,
            "date": date,
            "kernels": source_hash(),
            "identity": self.manifest.identity,
            "history": [asdict(entry) for entry in self.manifest.history if entry.whole],
            "pieces": [asdict(entry) for entry in self.output.pieces],
        }
        write_restart(path, arrays, facts, self._dimensions())
        entry = Entry.of(path, (date, date), (self.schedule.first, day))
        restarts = [*(other for other in self.manifest.restarts if other.file != path.name), entry]
        self.manifest.restarts = restarts[-self.settings.output.keep_restarts :]
        self.manifest.write(self.folder.path)
        for old in restarts[: -self.settings.output.keep_restarts]:
            (self.folder.restarts / old.file).unlink(missing_ok=True)
        self.output.forget(entry.end_day for entry in self.manifest.restarts)
        return f"wrote restart {path.name}, {size(entry.bytes)}"

    def interrupt(self) -> None:
        """Say in the manifest that the run was asked to stop."""
        self.manifest.status = INTERRUPTED
        self.world.on_root(lambda: self.manifest.write(self.folder.path))

    def finish(self, days: int) -> Residuals | None:
        """Say in the manifest that all is done, and how well the water balance closed; what that is, on the root."""
        found = self.residuals()
        self.manifest.status = FINISHED
        if found is not None:
            self.manifest.water_balance = found.facts(self.source.ids) | {"days": days}
        self.world.on_root(lambda: self.manifest.write(self.folder.path))
        return found

    def residuals(self) -> Residuals | None:
        """Residuals of all places so far, on the root; collective."""
        own = {
            "total": self.balance.total(self.stepper.in_transit()),
            "largest": self.balance.largest,
            "inflow": self.balance.inflow,
            **self.counts.carry(),
        }
        river = self.stepper.river
        if river is not None:
            own |= {"river_taken": river.taken, "river_given": river.given, "river_begun": river.stored() - river.begun}
        whole = gather_arrays(self.division, own, DIMENSIONS)
        if whole is None:
            return None
        water: dict[str, Any] = {}
        if river is not None:
            sums = (whole[name] for name in ("river_taken", "river_given", "river_begun"))
            water = river_balance(self.source.river.downstream, *sums)
        counts = {name: round(float(whole[f"count_{name}"].sum())) for name in self.counts.totals}
        return Residuals(whole["total"], whole["largest"], whole["inflow"], water, counts)

    def _others(self, name: str) -> list[Entry]:
        return [entry for entry in self.manifest.history if entry.file != name]

    def _dimensions(self) -> dict[str, tuple[str, ...]]:
        return DIMENSIONS | self.output.dimensions

    def _attributes(self, found: Residuals) -> dict[str, Any]:
        """Attributes of the files that are written now."""
        return {
            **self.attributes,
            "data_notes": "\n".join(self.notes) or "none",
            "history": history_line(self.settings),
            "water_balance": found.text(),
        }


def _maps(found: Residuals) -> dict[str, tuple[np.ndarray, dict[str, str]]]:
    """What a file says by place beside its records."""
    return {
        "water_balance_residual": (
            found.total,
            {
                "long_name": "inflow less evaporation, discharge and change of storage since the start of the run, "
                "at the end of this file",
                "units": "mm",
            },
        ),
        "water_balance_residual_of_day": (
            found.largest.copy(),
            {"long_name": "largest residual of a day since the start of the run", "units": "mm d-1"},
        ),
    }
