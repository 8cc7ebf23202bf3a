"""One leg of a run: block after block from its start, or from a restart, to its end."""

import time
from typing import Any

from .balance import Balance, require_numbers
from .errors import Interrupted
from .files import write_text
from .forcing_reader import ForcingReader
from .geometry import geometry
from .history import History
from .leg_summary import summary, warmup_text
from .lock import DirectoryLock
from .output_variables import output_variables
from .parameter_file import write_parameters
from .parameters import parameters
from .progress import Report
from .provenance import global_attributes, identity
from .recorder import Recorder
from .run_folder import RunFolder
from .schedule import schedule
from .signals import StopRequest
from .stepping import Stepper


class Leg:
    """One leg of a run: from its start, or a restart, to its end, or to a request to stop."""

    def __init__(self, settings: Any, source: Any, folder: RunFolder, report: Report):
        run, model = settings.run, settings.model
        self.settings, self.folder, self.report = settings, folder, report
        self.schedule = schedule(settings, source)
        given = parameters(settings, source, model)
        shape, notes = geometry(model, source, run.precision)
        names = settings.output.variables
        self.balance = Balance(model, source.ids, run.precision, given.components, run.balance_tolerance)
        self.stepper = Stepper(model, given, shape, [*names, *self.balance.names], run.precision, run.threads)
        known = output_variables(model)
        history = History(
            [known[name] for name in names], settings.output.frequency, self.schedule, len(source.ids), run.precision
        )
        self.reader = ForcingReader(source, model, self.schedule, run.precision)
        self.recorder = Recorder(
            settings,
            source,
            folder,
            self.schedule,
            (self.stepper, self.balance, history),
            identity(settings, source, model, given),
            global_attributes(settings, source, model, given),
        )
        self.places, self.history = len(source.ids), history
        self._given, self._source = given, source
        self._noted = 0
        self._announce(notes)

    def go(self, stop: StopRequest, lock: DirectoryLock) -> None:
        """Do all days that are left; raises as run."""
        day = self._begin()
        if day is None:
            return
        self._compile()
        begun = day
        self.report.begin(day - self.schedule.first, self.schedule.count - self.schedule.first, self.places)
        for begin, end, forcing in self.reader.blocks(day):
            for low in range(begin, end, self.stepper.days_at_once):
                day = min(low + self.stepper.days_at_once, end)
                self._step(low, forcing[low - begin : day - begin])
                lock.touch()
                if stop and day < self.schedule.count:
                    self._interrupt(stop, day)
            self._commit(end)
        self._finish(begun)

    def _begin(self) -> int | None:
        """Day to begin with, None where nothing is left to do."""
        resume, folder, report = self.settings.run.resume, self.folder, self.report
        start = None
        if resume:
            known = self.recorder.manifest.identity
            if folder.finished(known, self.recorder.manifest.end):
                report.say(f"the run in '{folder.path}' is finished: nothing left to do")
                return None
            start = folder.last_restart(known, self.schedule.count, report.say)
            if start is None:
                report.say(f"no restart in '{folder.path}': the run begins at its start")
            else:
                folder.discard_after(start)
                report.say(f"continuing from {start.restarts[-1].file}, before {self.schedule.date_text(start.day)}")
        if start is None:
            folder.clean()
        report.keep(folder.path / "run.log", append=start is not None)
        write_text(folder.path / "namelist.nml", self.settings.text())
        write_parameters(folder.path / "parameters.nc", self._given, self._source.ids, self.settings.model)
        return self.recorder.begin(start)

    def _compile(self) -> None:
        started = time.perf_counter()
        self.stepper.prepare()
        seconds = time.perf_counter() - started
        if seconds > 3:
            self.report.say(f"compiled the loops of {self.settings.model.label} in {seconds:.1f} s (once)")

    def _step(self, begin: int, forcing: Any) -> None:
        if begin in (0, self.schedule.first):
            self.balance.start(self.stepper.state, self.stepper.in_transit())
        days = self.stepper.advance(forcing)
        self.balance.add(days, begin, self.schedule)
        require_numbers(days, self.balance.ids, begin, self.schedule)
        if begin >= 0:
            self.history.add(days, begin)
        self.report.advance(len(forcing), self.schedule.date_text(begin + len(forcing) - 1))

    def _commit(self, day: int) -> None:
        """Write what is due before `day`."""
        self._note()
        if day > 0 and day == self.schedule.part(day - 1).end:
            self.balance.require_closed(self.stepper.in_transit(), day)
            self.report.say(self.recorder.write_history(day))
        if self.schedule.restart_due(day):
            self.report.say(self.recorder.write_restart(day))

    def _interrupt(self, stop: StopRequest, day: int) -> None:
        """Write a restart and end."""
        if day > 0:
            written = self.recorder.write_history(day)
            if written:
                self.report.say(written)
        self.report.say(self.recorder.write_restart(day))
        self.recorder.interrupt()
        self.report.end()
        raise Interrupted(
            f"stopped by {stop.name} before {self.schedule.date_text(day)} (day {max(day, 0)} of "
            f"{self.schedule.count}), restart written; go on with: {self.settings.command('run')}"
        )

    def _finish(self, begun: int) -> None:
        """Close the run and say what it came to."""
        self.recorder.finish(self.schedule.count)
        self.report.end()
        for line in summary(self, begun):
            self.report.say(line)

    def _announce(self, notes: list[str]) -> None:
        """Say what is about to be done."""
        run, axis, report = self.settings.run, self.schedule.axis, self.report
        report.say(
            f"{self.settings.path}: {self.settings.model.label}, {self.places} basins, {self._given.components} "
            f"component(s), {run.precision}, {run.threads} thread(s)"
        )
        report.say(f"period {axis.text(0)} to {axis.text(axis.count - 1)} ({axis.calendar}), {axis.count} days")
        report.say(f"warm-up: {warmup_text(self.schedule)}")
        report.say(f"weather: {self.settings.data.form}; parameters: {self._given.origin}")
        for note in notes:
            report.say(f"note: {note}")
        self._note()

    def _note(self) -> None:
        """Say what reading has brought to light since the last time."""
        new = self._source.notes[self._noted :]
        self._noted += len(new)
        for note in new:
            self.report.say(f"note: {note}")
