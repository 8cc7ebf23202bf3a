"""Everything that a run writes of its records: streams, who writes them, and what a restart has to keep of them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..manifest import Entry
from ..over_time import LAST, over_days
from ..schedule import Schedule
from .done import Done
from .fields import fields
from .history_file import Head
from .layout import NODE, PLACE
from .series import Series
from .stream import Stream
from .streams import chosen_mode
from .tiles import kept_bits
from .window import Window
from .writer import Writer

MODES = ("single", "rank", "zarr", "parallel")


class Output:
    """Records of all streams. Every method is called on all ranks, in the same order.

    add takes the days; `close` writes files that end; `carry` gives what a restart has to keep (this rank's columns,
    with the dimensions of `dimensions`), beside the files of `pieces`; `restore` goes on from there. Writing goes on in
    a thread: `results` says what has been done since the last call, `drain` waits for all of it. An error of the
    thread is raised by whatever is called next, as the WriteError with its path.
    """

    def __init__(
        self,
        settings: Any,
        source: Any,
        streams: Sequence[Stream],
        schedule: Schedule,
        world: Any,
        folders: tuple[Path, Path],
        states: Iterable[str],
    ):
        self.settings, self.source, self.axis, self.world = settings, source, schedule.axis, world
        self.streams, self.folders, self.states = list(streams), folders, frozenset(states)
        self.series = [self._series(stream) for stream in self.streams]
        self.writer = Writer()
        self.attributes: dict[str, Any] = {}  # of every file, as far as they are known before it is written
        self._last: dict[str, Window] = {}
        self.mode = ""
        self._choose(chosen_mode(settings.output, source, world.size))

    def _series(self, stream: Stream) -> Series:
        precision, rank = self.settings.run.precision, self.world.rank
        methods = {variable.name: over_days(variable, self.states) for variable in stream.variables}
        within = methods | dict.fromkeys(self.states & methods.keys(), LAST)
        return Series(stream, self.axis, rank, precision, methods, within)

    @property
    def variables(self) -> list[str]:
        """Names of all quantities that `add` needs of days."""
        return self._names(False)

    @property
    def within(self) -> list[str]:
        """Names of all quantities that `add` needs of the steps within a day."""
        return self._names(True)

    def _names(self, within: bool) -> list[str]:
        streams = [stream for stream in self.streams if (stream.frequency.per_day > 1) == within]
        return list(dict.fromkeys(variable.name for stream in streams for variable in stream.variables))

    def add(self, days: Mapping[str, np.ndarray], begin: int, within: Mapping[str, np.ndarray] | None = None) -> None:
        """Take up the values [day, place or node of this rank] by name of the days from `begin` on, and those [step,
        place] of the steps within them.

        The days never go beyond the end of a file, which has to be closed before others come (Schedule.blocks).
        """
        if self._last:
            raise ValueError(f"days from {begin} on come before the files that end there are closed")
        count = len(next(iter(days.values()))) if days else 0
        for series, sink in zip(self.series, self.sinks, strict=True):

            def emit(window: Window, series: Series = series, sink: Any = sink) -> None:
                if window.days[1] == window.part.end and window.part.whole:
                    self._last[series.stream.name] = window
                else:
                    sink.take(window)

            given = (within or {}) if series.stream.frequency.per_day > 1 else days
            series.add(given, begin, count, emit)

    def ends(self, day: int) -> bool:
        """Whether a file ends before `day`."""
        return any(stream.part(self.axis, day - 1).end == day for stream in self.streams)

    def close(
        self,
        day: int,
        fixed: Mapping[str, tuple[np.ndarray, Mapping[str, str]]],
        attributes: Mapping[str, Any],
        unfinished: bool = False,
    ) -> list[Done]:
        """Write the files that end before `day`; unfinished: also those that are at work, as far as they are.

        fixed: arrays [place] of all ranks without time, with attributes, for the files of the main stream; attributes:
        of every file; both are the root's. Gives what the writing came to so far.
        """
        for series, sink in zip(self.series, self.sinks, strict=True):
            stream = series.stream
            own = fixed if stream.name == "main" else {}
            last = self._last.pop(stream.name, None)
            if last is not None:
                sink.close(last, day, True, (own, attributes))
            elif unfinished or stream.part(self.axis, day - 1).end == day:
                rest = series.rest()
                if rest is not None or series.first:
                    sink.close(rest, day, False, (own, attributes))
        return self.results()

    def results(self) -> list[Done]:
        """What was written since the last call, on the root; raises the error of a writer."""
        return self._collected(self.writer.results())

    def drain(self) -> list[Done]:
        """As results, after waiting for all that is to be written."""
        return self._collected(self.writer.drain())

    def stop(self) -> None:
        """End the thread; what waits is not written any more."""
        self.writer.stop()

    @property
    def pieces(self) -> list[Entry]:
        """Files (in the folder of restarts) that a restart of this moment needs, after `drain`; root only."""
        return [entry for sink in self.sinks for entry in sink.pieces]

    def forget(self, restarts: Iterable[int]) -> None:
        """Remove what no restart needs any more, after `drain`; restarts: days before which those kept stand."""
        days = list(restarts)
        for sink in self.sinks:
            sink.forget(days)

    def carry(self) -> dict[str, np.ndarray]:
        """What has to be kept for an exact continuation."""
        kept = {"output_mode": np.array([MODES.index(self.mode)], np.int64)}
        for series in self.series:
            for name, values in series.carry().items():
                kept[name] = self._whole_gauges(series.stream, name, values)
        return kept

    @property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """Dimensions of what carry gives; 'basin' and 'node' are cut between ranks, what has neither is on the root."""
        found: dict[str, tuple[str, ...]] = {"output_mode": ("one",)}
        for stream in self.streams:
            record = f"record_{stream.name}"
            found |= {f"{stream.name}_bounds": (record, "two"), f"{stream.name}_counts": ("three",)}
            for name, location in stream.locations.items():
                last = {PLACE: "basin", NODE: "node"}[location] if stream.maps else f"gauge_{location}"
                found |= {f"{stream.name}_records_{name}": (record, last), f"{stream.name}_sum_{name}": (last,)}
        return found

    def restore(self, kept: Mapping[str, np.ndarray], pieces: Iterable[Entry] = ()) -> None:
        """Go on from what carry gave (gauges: the whole, on every rank) and the pieces of that moment.

        InputError where the earlier leg wrote in another mode than asked for.
        """
        mode, listed = MODES[int(kept["output_mode"][0])], list(pieces)
        if mode != self.mode:
            if self.settings.output.mode != "auto":
                raise InputError(
                    f"the run to be continued writes in mode '{mode}', &output asks for '{self.mode}': write "
                    f"mode = '{mode}', or choose another directory"
                )
            self._choose(mode)
        for series, sink in zip(self.series, self.sinks, strict=True):
            series.restore({name: self._own_gauges(series.stream, name, values) for name, values in kept.items()})
            sink.restore(listed, self.axis)

    def _choose(self, mode: str) -> None:
        from .sinks import sink

        self.mode = mode
        self.sinks = [sink(self, stream, mode) for stream in self.streams]

    def head(self, stream: Stream) -> Head:
        """What the files of a stream say, without what is known only when they are written."""
        output = self.settings.output
        dtype = np.dtype(self.settings.run.precision)
        return Head(
            stream.layout,
            fields(stream, self.states),
            dtype,
            self.axis,
            stream.window or 1,
            output.compression,
            bits=kept_bits(output.significant_digits, dtype) if output.significant_digits else None,
            per_day=stream.frequency.per_day,
        )

    def _collected(self, mine: list[Done | None]) -> list[Done]:
        done = [each for each in mine if each is not None]
        if not any(sink.spread for sink in self.sinks):
            return done
        all_ranks = self.world.gather_objects(done)
        return [each for rank in all_ranks for each in rank] if all_ranks is not None else []

    def _whole_gauges(self, stream: Stream, name: str, values: np.ndarray) -> np.ndarray:
        location = _location(stream, name)
        if stream.maps or not location:
            return values
        whole = self.world.gather(values, stream.bounds[location])
        return values if whole is None else whole

    def _own_gauges(self, stream: Stream, name: str, values: np.ndarray) -> np.ndarray:
        location = _location(stream, name)
        if stream.maps or not location:
            return values
        bounds = stream.bounds[location]
        return values[..., int(bounds[self.world.rank]) : int(bounds[self.world.rank + 1])]


def _location(stream: Stream, name: str) -> str:
    """Location of the variable that a carried array belongs to, '' where it is of none."""
    for kind in ("records", "sum"):
        beginning = f"{stream.name}_{kind}_"
        if name.startswith(beginning):
            return stream.locations[name.removeprefix(beginning)]
    return ""
