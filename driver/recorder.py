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
from .provenance import history_line
from .restart import write_restart
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
    ):
        self.settings, self.source, self.folder, self.schedule = settings, source, folder, schedule
        self.stepper, self.balance, self.history = parts
        self.attributes = attributes
        self.manifest = Manifest(__version__, identity, end=schedule.axis.text(schedule.count - 1))
        self.seconds, self.bytes = 0.0, 0

    def begin(self, start: Start | None) -> int:
        """Take over from a restart, or begin; the day to simulate first."""
        if start is None:
            self.manifest.write(self.folder.path)
            return self.schedule.first
        self.stepper.restore(start.arrays)
        self.balance.restore(start.arrays)
        self.history.restore(start.arrays)
        self.manifest.history, self.manifest.restarts = list(start.history), list(start.restarts)
        self.manifest.write(self.folder.path)
        return start.day

    def write_history(self, day: int) -> str:
        """Write the file of the days before `day`, as far as they are done; what was written, in words, or ''."""
        values, bounds = self.history.records()
        if not len(values):
            return ""
        started = time.perf_counter()
        part = self.schedule.part(day - 1)
        whole = part.whole and day == part.end
        path = self.folder.path / part.name
        write_history(path, self._content(values, bounds), self.settings.output.compression)
        days = (int(bounds[0, 0]), int(bounds[-1, 1]))
        dates = (self.schedule.date_text(days[0]), self.schedule.date_text(days[1] - 1))
        entry = Entry.of(path, dates, days, whole)
        self.manifest.history = [*self._others(part.name), entry]
        self.manifest.write(self.folder.path)
        if whole:
            self.history.clear()
        self.seconds += time.perf_counter() - started
        self.bytes += entry.bytes
        return f"wrote {part.name}: {dates[0]} to {dates[1]}, {len(values)} record(s), {size(entry.bytes)}"

    def write_restart(self, day: int) -> str:
        """Write a restart that stands before `day`, then name it in the manifest, then remove the oldest ones."""
        started = time.perf_counter()
        date = self.schedule.date_text(day)
        label = f"warmup_{day - self.schedule.first:05d}" if day < 0 else date.replace("-", "")
        path = self.folder.restarts / f"restart_{label}.nc"
        arrays = {**self.stepper.carry(), **self.balance.carry(), **self.history.carry()}
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
        self.seconds += time.perf_counter() - started
        return f"wrote restart {path.name}, {size(entry.bytes)}"

    def interrupt(self) -> None:
        """Say in the manifest that the run was asked to stop."""
        self.manifest.status = INTERRUPTED
        self.manifest.write(self.folder.path)

    def finish(self, days: int) -> None:
        """Say in the manifest that all is done, and how well the water balance closed."""
        self.manifest.status = FINISHED
        self.manifest.water_balance = self.residuals() | {"days": days}
        self.manifest.write(self.folder.path)

    def residuals(self) -> dict[str, Any]:
        """Largest residual of a day and of the run so far, with the basins that have them."""
        total = self.balance.total(self.stepper.in_transit())
        daily, worst = int(np.argmax(self.balance.largest)), int(np.argmax(np.abs(total)))
        return {
            "largest_daily_residual_mm": float(self.balance.largest[daily]),
            "largest_daily_residual_basin": self.source.ids[daily],
            "largest_total_residual_mm": float(total[worst]),
            "largest_total_residual_basin": self.source.ids[worst],
            "inflow_mm": float(self.balance.inflow.mean()),
        }

    def _others(self, name: str) -> list[Entry]:
        return [entry for entry in self.manifest.history if entry.file != name]

    def _content(self, values: np.ndarray, bounds: np.ndarray) -> Content:
        total = self.balance.total(self.stepper.in_transit())
        found = self.residuals()
        by_basin = {
            "water_balance_residual": (
                total,
                {
                    "long_name": "inflow less evaporation, discharge and change of storage since the start of the run, "
                    "at the end of this file",
                    "units": "mm",
                },
            ),
            "water_balance_residual_of_day": (
                self.balance.largest.copy(),
                {"long_name": "largest residual of a day since the start of the run", "units": "mm d-1"},
            ),
        }
        text = (
            f"largest residual of a day {found['largest_daily_residual_mm']:.3g} mm, "
            f"since the start {found['largest_total_residual_mm']:.3g} mm"
        )
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
                "data_notes": "\n".join(self.source.notes) or "none",
                "history": history_line(self.settings),
                "water_balance": text,
            },
        )
