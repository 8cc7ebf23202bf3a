"""What a run leaves on disk, and in which order: history files, restarts, and the manifest that names them."""

import time
from dataclasses import asdict
from typing import Any

import numpy as np

from .. import __version__
from ..kernels.caching import source_hash
from .balance import Balance
from .files import size
from .history import History
from .history_file import Content, write_history
from .manifest import FINISHED, INTERRUPTED, Entry, Manifest
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

    A file counts once the manifest names it. Restarts know the files finished before them and hold the records of the
    file at work, so that every restart is a whole start by itself.
    """

    def __init__(
        self,
        settings: Any,
        source: Any,
        folder: RunFolder,
        schedule: Schedule,
        parts: tuple[Stepper, Balance, History],
        identity: dict[str, str],
        attributes: dict[str, Any],
        division: Division,
    ):
        self.settings, self.source, self.folder, self.schedule = settings, source, folder, schedule
        self.stepper, self.balance, self.history = parts
        self.division, self.world = division, division.world
        self.notes: list[str] = []
        self.attributes = attributes
        self.manifest = Manifest(__version__, identity, end=schedule.axis.text(schedule.count - 1))
        self.seconds, self.bytes = 0.0, 0

    def begin(self, start: Start | None) -> int:
        """Take over from the root's restart, or begin; the day to simulate first."""
        day = self.world.broadcast(start.day if start is not None else None)
        if day is not None:
            arrays = scatter_arrays(self.division, start.arrays if start is not None else None, DIMENSIONS)
            for part in (self.stepper, self.balance, self.history):
                part.restore(arrays)
        if start is not None:
            self.manifest.history, self.manifest.restarts = list(start.history), list(start.restarts)
        self.world.on_root(lambda: self.manifest.write(self.folder.path))
        return self.schedule.first if day is None else day

    def write_history(self, day: int) -> str:
        """Write the file of the days before `day`, as far as they are done; what was written, in words, or ''."""
        values, bounds = self.history.records()
        if not len(values):
            return ""
        started = time.perf_counter()
        part = self.schedule.part(day - 1)
        whole = part.whole and day == part.end
        gathered = self.world.gather(values, self.division.places)
        found = self.residuals()
        written = self.world.on_root(lambda: self._write_history(part.name, whole, gathered, bounds, found))
        if whole:
            self.history.clear()
        self.seconds += time.perf_counter() - started
        return written

    def _write_history(self, name: str, whole: bool, values: Any, bounds: np.ndarray, found: Any) -> str:
        path = self.folder.path / name
        write_history(path, self._content(values, bounds, found), self.settings.output.compression)
        days = (int(bounds[0, 0]), int(bounds[-1, 1]))
        dates = (self.schedule.date_text(days[0]), self.schedule.date_text(days[1] - 1))
        entry = Entry.of(path, dates, days, whole)
        self.manifest.history = [*self._others(name), entry]
        self.manifest.write(self.folder.path)
        self.bytes += entry.bytes
        return f"wrote {name}: {dates[0]} to {dates[1]}, {len(values)} record(s), {size(entry.bytes)}"

    def write_restart(self, day: int) -> str:
        """Write a restart that stands before `day`, then name it in the manifest, then remove the oldest ones."""
        started = time.perf_counter()
        arrays = {**self.stepper.carry(), **self.balance.carry(), **self.history.carry()}
        whole = gather_arrays(self.division, arrays, DIMENSIONS)
        written = self.world.on_root(lambda: self._write_restart(day, whole or {}))
        self.seconds += time.perf_counter() - started
        return written

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
        }
        write_restart(path, arrays, facts)
        entry = Entry.of(path, (date, date), (self.schedule.first, day))
        restarts = [*(other for other in self.manifest.restarts if other.file != path.name), entry]
        self.manifest.restarts = restarts[-self.settings.output.keep_restarts :]
        self.manifest.write(self.folder.path)
        for old in restarts[: -self.settings.output.keep_restarts]:
            (self.folder.restarts / old.file).unlink(missing_ok=True)
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
        return Residuals(whole["total"], whole["largest"], whole["inflow"], water)

    def _others(self, name: str) -> list[Entry]:
        return [entry for entry in self.manifest.history if entry.file != name]

    def _content(self, values: np.ndarray, bounds: np.ndarray, found: Residuals) -> Content:
        by_basin = {
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
        return Content(
            variables=self.history.variables,
            states=frozenset(self.balance.states),
            frequency=self.history.frequency,
            values=values,
            bounds=bounds,
            axis=self.schedule.axis,
            ids=self.source.ids,
            places=self.source.attributes,
            by_basin=by_basin,
            attributes={
                **self.attributes,
                "data_notes": "\n".join(self.notes) or "none",
                "history": history_line(self.settings),
                "water_balance": found.text(),
            },
        )
