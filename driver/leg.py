"""One leg of a run: block after block from its start, or from a restart, to its end."""

import os
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..kernels.routing import unit_hydrograph
from .balance import Balance
from .counts import Counts
from .errors import Interrupted
from .files import write_text
from .forcing_reader import ForcingReader
from .geometry import geometry, kind_of_place
from .grid.start_states import begin_with
from .leg_summary import announcement, summary
from .lock import DirectoryLock
from .network_file import NETWORK, write_network
from .output.frequency import HOURS
from .output.output import Output
from .output.stream import Stream
from .output.streams import Streams, is_grid
from .output_variables import output_variables, with_bands
from .parallel.division import divide
from .parallel.environment import RANKS
from .parallel.exchange import exchange
from .parallel.stopping import Vote
from .parallel.world import World
from .parameter_file import write_parameters
from .parameters import parameters
from .progress import Report
from .provenance import global_attributes, identity
from .recorder import Recorder
from .river_file import write_river_parameters
from .river_input import river_identity, river_input
from .river_stepping import RiverInput, RiverStepper
from .run_folder import RIVER_PARAMETERS, RunFolder, Start
from .schedule import schedule
from .signals import StopRequest
from .states_to_write import StatesToWrite
from .stepping import Stepper


class Leg:
    """One leg of a run: from its start, or a restart, to its end, or to a request to stop.

    Every rank has one, with its own places and nodes; what is written and said is the root's.
    """

    def __init__(self, settings: Any, source: Any, folder: RunFolder, report: Report, world: World):
        run, model = settings.run, settings.model
        self.settings, self.folder, self.report, self.world = settings, folder, report, world
        given = parameters(settings, source, model)
        rivers = river_input(settings, source)
        self.division = divide(world, source, rivers is not None, given.components)
        streams = self._streams(source, rivers is not None)
        spans = tuple(dict.fromkeys(stream.span for stream in streams))
        self.states = StatesToWrite(settings, source)
        self.schedule = schedule(settings, source, self.division.largest, spans, self.states.dates)
        self.kind = kind = kind_of_place(source)
        slab, mine = self.division.place_slab, self.division.cut(source)
        shape, notes = geometry(model, source, run.precision)
        self.balance = Balance(
            model, mine.ids, run.precision, given.components, run.balance_tolerance, run.threads, kind
        )
        where = (folder.path, folder.restarts)
        self.counts = Counts(model, len(mine.ids))
        states = [variable.name for variable in model.states]
        output = Output(settings, source, streams, self.schedule, world, where, states)
        self.stepper = Stepper(
            model,
            given.slab(slab),
            # Of all places at once: numpy's sums of one place alone have other bits.
            unit_hydrograph.ordinates(*given.routing.astype(run.precision))[:, slab],
            None if shape is None else np.ascontiguousarray(shape[:, slab]),
            [*output.variables, *self.balance.names, *self.counts.names],
            run.precision,
            run.threads,
            None if rivers is None else self._river_stepper(rivers, source),
            self.division.largest,
            output.within,
        )
        begin_with(self.stepper, settings, source, self.division)
        self.reader = ForcingReader(mine, model, self.schedule, run.precision)
        self.recorder = Recorder(
            settings,
            source,
            folder,
            self.schedule,
            (self.stepper, self.balance, output, self.counts),
            identity(settings, source, model, given) | river_identity(rivers, source),
            global_attributes(settings, source, model, given),
            self.division,
        )
        self.places, self.output = len(source.ids), output
        self._given, self._rivers, self._source, self._mine = given, rivers, source, mine
        self._weights = None if given.weights is None else given.weights[:, slab]
        self._noted = 0
        for line in announcement(self, given, rivers, notes):
            report.say(line)
        self._note()

    def _streams(self, source: Any, routed: bool) -> list[Stream]:
        """What is to be written."""
        known = output_variables(self.settings.model, routed)
        at_nodes = ("discharge",) if routed else ()
        bounds = (self.division.places, self.division.nodes)
        bands = len(source.inputs.bands) if hasattr(source, "inputs") else 0
        known, step = with_bands(known, bands), HOURS // self.settings.model.steps_per_day
        return Streams(self.settings, source, known, at_nodes, bounds, self.world.rank, step).all()

    def _river_stepper(self, given: RiverInput, source: Any) -> RiverStepper:
        run = self.settings.run
        return RiverStepper(given, source, self.division, run.precision, run.threads, exchange(self.world))

    def go(self, stop: StopRequest, locks: Sequence[DirectoryLock]) -> None:
        """Do all days that are left; raises as run. locks: to be touched, the root's."""
        finished, start = self.world.on_root_alone(self._prepare_folder) or (False, None)
        if self.world.broadcast(finished):
            return
        day = self.recorder.begin(start)
        self._compile()
        begun, vote = day, Vote(self.world, stop, 1 + self.division.crossings)
        self.report.begin(day - self.schedule.first, self.schedule.count - self.schedule.first, self.places, self.kind)
        for begin, end, forcing in self.reader.blocks(day):
            for low in range(begin, end, self.stepper.days_at_once):
                day = min(low + self.stepper.days_at_once, end)
                steps = self.stepper.steps
                self._step(low, forcing[(low - begin) * steps : (day - begin) * steps])
                for lock in locks:
                    lock.touch()
                name = vote.asked()
                if name and day < self.schedule.count:
                    vote.close()
                    self._interrupt(name, day)
            self._commit(end)
        vote.close()
        self._finish(begun)

    def _prepare_folder(self) -> tuple[bool, Start | None]:
        """Whether nothing is left to do, and from where to go on, None = from the start; on the root."""
        folder, report = self.folder, self.report
        start = None
        if self.settings.run.resume:
            known = self.recorder.manifest.identity
            if folder.finished(known, self.recorder.manifest.end):
                report.say(f"the run in '{folder.path}' is finished: nothing left to do")
                return True, None
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
        if self._rivers is not None:
            write_river_parameters(folder.path / RIVER_PARAMETERS, self._rivers, self._source)
        if is_grid(self._source):
            write_network(folder.path / NETWORK, self._source)
        return False, start

    def _compile(self) -> None:
        started = time.perf_counter()
        self.world.root_first(self.stepper.prepare)
        seconds = time.perf_counter() - started
        if seconds > 3:
            self.report.say(f"compiled the loops of {self.settings.model.label} in {seconds:.1f} s (once)")

    def _step(self, begin: int, forcing: Any) -> None:
        if begin in (0, self.schedule.first):
            self.balance.start(self.stepper.state, self.stepper.in_transit(), self._weights)
            self.counts.clear()
            if self.stepper.river is not None:
                self.stepper.river.clear()
        days = self.stepper.advance(forcing)
        self.balance.add(days, begin, self.schedule)
        self.counts.add(days)
        if begin >= 0:
            self.output.add(days.fields, begin, days.within)
        count = len(forcing) // self.stepper.steps
        self.report.advance(count, self.schedule.date_text(begin + count - 1))

    def _commit(self, day: int) -> None:
        """Write what is due before `day`."""
        self._note()
        if day > 0 and self.output.ends(day):
            self.balance.require_closed(self.stepper.in_transit(), day)
            self._say(self.recorder.write_history(day))
        self._say(self.states.write(day, self.schedule, self.stepper.state, self.division))
        if self.schedule.restart_due(day):
            self._say(self.recorder.write_restart(day))

    def _interrupt(self, signal: str, day: int) -> None:
        """Write a restart and end."""
        if day > 0:
            self._say(self.recorder.write_history(day, unfinished=True))
        self._say(self.recorder.write_restart(day))
        self.recorder.interrupt()
        self.report.end()
        ranks = f" --ranks {self.world.size}" if RANKS in os.environ else ""
        command = self.settings.command(f"run{ranks}")
        raise Interrupted(
            f"stopped by {signal} before {self.schedule.date_text(day)} (day {max(day, 0)} of "
            f"{self.schedule.count}), restart written; go on with: {command}"
        )

    def _finish(self, begun: int) -> None:
        """Close the run and say what it came to."""
        found = self.recorder.finish(self.schedule.count)
        self.report.end()
        if found is not None:
            for line in summary(self, begun, found):
                self.report.say(line)

    def _say(self, lines: list[str]) -> None:
        for line in lines:
            self.report.say(line)

    def _note(self) -> None:
        """Say what reading has brought to light since the last time, on any rank; collective."""
        new = self._mine.notes[self._noted :]
        self._noted += len(new)
        for found in self.world.gather_objects(new) or []:
            for note in found:
                if note not in self.recorder.notes:
                    self.recorder.notes.append(note)
                    self.report.say(f"note: {note}")
