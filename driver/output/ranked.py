"""Every process writes the records of its own cells; `freshet join` makes of them what one process would have written.

Windows become files <file>.<number>.rank<rank>.nc as soon as they are full. When a file ends, the root writes its face,
<file>.face.nc: the file that one process would have written, without the records.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..files import require_space, whole_file
from ..manifest import Entry
from ..timeaxis import TimeAxis
from .done import Done
from .grid_layout import part_layout
from .history_file import NETCDF, SPARE, Head, Late, write_face, write_history
from .layout import FILL, NODE, PLACE
from .piece import Packed
from .stream import Stream
from .tiles import Tiles, pack, rounded
from .window import Window
from .writer import Writer

FACE = ".face.nc"


class Ranked:
    """Writes one stream, as Single does; `head` is that of the whole."""

    spread = True
    pieces: tuple[Entry, ...] = ()

    def __init__(self, stream: Stream, head: Head, world: Any, writer: Writer, folder: Path, source: Any):
        self.stream, self.head, self.world, self.writer, self.folder = stream, head, world, writer, folder
        layout = part_layout(source, stream.own(PLACE, world.rank), stream.own(NODE, world.rank))
        homes = [replace(each, attributes={**each.attributes, "location": each.location}) for each in head.fields]
        facts = {"title": f"part of a file: freshet join '{folder.name}' makes it whole", "rank": world.rank}
        self.own = replace(
            head, layout=layout, fields=homes, attributes={**facts, "ranks": world.size, "cells": int(stream.cells[-1])}
        )
        self._tiles = Tiles(layout, head.depth) if layout.shape[0] else None

    def take(self, window: Window) -> None:
        """A window that is full and not the last of its file."""
        self._submit(window, True)

    def close(self, window: Window | None, day: int, whole: bool, late: Late) -> None:
        """Write this window and, on the root, the face of the file, up to `day`; whole: as Single."""
        if window is not None:
            self._submit(window, whole)
        if self.world.root:
            head = replace(self.head, fixed=late[0], attributes=dict(late[1]))
            self.writer.submit(partial(self._write_face, head, day, whole))

    def restore(self, pieces: Iterable[Entry], axis: TimeAxis) -> None:
        """Nothing is left open between windows."""

    def forget(self, restarts: Iterable[int]) -> None:
        """Nothing is kept for restarts."""

    def _submit(self, window: Window, whole: bool) -> None:
        if self._tiles is not None:
            self.writer.submit(partial(self._write, window, whole))

    def _write(self, window: Window, whole: bool) -> Done:
        """Job: the file of a window."""
        content, tiles = {}, self._tiles
        assert tiles is not None
        for name, location in self.stream.locations.items():
            values = np.ascontiguousarray(window.values[name])
            values = values if self.own.bits is None else rounded(values, self.own.bits)
            cut = tiles.cut(values, location, FILL)
            content[name] = [(corner, pack(block, self.own.compression)) for corner, block in cut]
        number = window.first // self.own.depth
        path = self.folder / f"{Path(window.part.name).stem}.{number:04d}.rank{self.world.rank:05d}.nc"
        head = replace(self.own, attributes={**self.own.attributes, "first_record": window.first})
        write_history(path, head, [Packed(0, window.bounds, content)])
        return Done(self._entry(path, window.days, whole), "")

    def _write_face(self, head: Head, end: int, whole: bool) -> Done:
        """Job: the file without its records."""
        part = self.stream.part(head.axis, end - 1)
        path = self.folder / f"{Path(part.name).stem}{FACE}"
        bounds = self.stream.record_bounds(head.axis, part.begin, end)
        needed = sum(values.nbytes for values, _ in head.fixed.values()) + SPARE
        require_space(path, needed)
        with whole_file(path, needed) as temporary, NETCDF:
            write_face(temporary, head, bounds, ("zlib", None))
        entry = self._entry(path, (part.begin, end), whole)
        days = f"{entry.first_date} to {entry.last_date}"
        return Done(entry, f"wrote {path.name} and the files of {self.world.size} process(es): {days}; freshet join")

    def _entry(self, path: Path, days: tuple[int, int], whole: bool) -> Entry:
        return Entry.of(path, (self.head.axis.text(days[0]), self.head.axis.text(days[1] - 1)), days, whole)
