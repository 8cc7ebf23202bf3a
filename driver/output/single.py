"""One process writes the files of a stream: windows are gathered, compressed by a thread, and wait as pieces."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..manifest import Entry
from ..timeaxis import TimeAxis
from .done import Done, told
from .history_file import Head, Late, Records, write_history
from .layout import FILL
from .piece import SUFFIX, Packed, days_of, read_piece, write_piece
from .stream import Stream
from .tiles import Tiles, pack, rounded
from .window import Window
from .writer import Writer


class Single:
    """Writes one stream; all methods are collective, and only the root has files.

    A window that is full becomes a piece in the folder of restarts, so that restarts need not hold it and no file is
    ever open for long. When a file is complete it is put together from its pieces. A piece stays as long as a restart
    stands between it and the end of its file.
    """

    spread = False  # whether every rank has files

    def __init__(self, stream: Stream, head: Head, world: Any, writer: Writer, folders: tuple[Path, Path]):
        self.stream, self.head, self.world, self.writer = stream, head, world, writer
        self.folder, self.waiting = folders
        self.pieces: list[Entry] = []  # of the file at work
        self._old: list[tuple[Entry, int]] = []  # of files that are complete, with the day behind their last
        self._restarts: list[int] = []  # days before which restarts stand
        self._tiles: Tiles | None = None

    def take(self, window: Window) -> None:
        """A window that is full and not the last of its file."""
        whole = self._gather(window)
        if whole is not None:
            self.writer.submit(partial(self._keep, whole))

    def close(self, window: Window | None, day: int, whole: bool, late: Late) -> None:
        """Write the file of the pieces and this window, up to `day`; whole: nothing will come to it any more."""
        last = None if window is None else self._gather(window)
        if self.world.root:
            head = replace(self.head, fixed=late[0], attributes=dict(late[1]))
            self.writer.submit(partial(self._put_together, last, whole, head))
            if not self.stream.window:
                # Small files are there when the run goes on, as they are in its log.
                self.writer.wait()

    def restore(self, pieces: Iterable[Entry], axis: TimeAxis) -> None:
        """Go on with the pieces that a restart names; others that are there belong to other restarts."""
        names = set()
        for entry in pieces:
            names.add(entry.file)
            if self._mine(entry.file, axis, entry.first_day):
                self.pieces.append(entry)
        for path in sorted(self.waiting.glob(f"{self.stream.stem}*{SUFFIX}")) if self.world.root else ():
            first, end = days_of(path)
            if path.name not in names and self._mine(path.name, axis, first):
                entry = Entry(path.name, "", "", first, end, 0, "")
                self._old.append((entry, self.stream.part(axis, first).end))

    def forget(self, restarts: Iterable[int]) -> None:
        """Remove the pieces that no restart needs; restarts: days before which those kept stand."""
        self._restarts = list(restarts)
        left = []
        for entry, end in self._old:
            if any(entry.end_day <= day < end for day in self._restarts):
                left.append((entry, end))
            else:
                (self.waiting / entry.file).unlink(missing_ok=True)
        self._old = left

    def _mine(self, name: str, axis: TimeAxis, day: int) -> bool:
        return name.split(".", maxsplit=1)[0] == Path(self.stream.part(axis, day).name).stem

    def _gather(self, window: Window) -> Window | None:
        values = {
            name: self.world.gather(window.values[name], self.stream.bounds[location])
            for name, location in self.stream.locations.items()
        }
        return replace(window, values=values) if self.world.root else None

    def _keep(self, window: Window) -> None:
        """Job: make a piece of a window."""
        first, end = window.days
        path = self.waiting / f"{Path(window.part.name).stem}.{first:06d}-{end:06d}{SUFFIX}"
        write_piece(path, self._packed(window, self.head))
        self.pieces.append(Entry.of(path, self._dates(first, end), (first, end)))

    def _put_together(self, last: Window | None, whole: bool, head: Head) -> Done:
        """Job: make the file of its pieces and the last window."""
        records: list[Records] = [read_piece(self.waiting / entry.file) for entry in self.pieces]
        if last is not None:
            if not self.stream.window:
                head = replace(head, depth=max(1, min(len(last.bounds), 4096)))
            records.append(self._packed(last, head))
        first, end = (int(tick) // head.per_day for tick in (records[0].bounds[0, 0], records[-1].bounds[-1, 1]))
        part = self.stream.part(head.axis, end - 1)
        path = self.folder / part.name
        write_history(path, head, records)
        entry = Entry.of(path, self._dates(first, end), (first, end), whole)
        if whole:
            self._old += [(piece, part.end) for piece in self.pieces]
            self.pieces = []
            self.forget(self._restarts)
        return told(entry, sum(len(each.bounds) for each in records))

    def _packed(self, window: Window, head: Head) -> Packed:
        tiles = self._tiles_of(head)
        content = {}
        for name, location in self.stream.locations.items():
            values = np.ascontiguousarray(window.values[name])
            if head.bits is not None:
                values = rounded(values, head.bits)
            cut = tiles.cut(values, location, FILL)
            content[name] = [(corner, pack(block, head.compression)) for corner, block in cut]
        return Packed(window.first, window.bounds, content)

    def _tiles_of(self, head: Head) -> Tiles:
        if self._tiles is None or self._tiles.depth != head.depth:
            self._tiles = Tiles(head.layout, head.depth)
        return self._tiles

    def _dates(self, first: int, end: int) -> tuple[str, str]:
        return self.head.axis.text(first), self.head.axis.text(end - 1)
