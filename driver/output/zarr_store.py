"""A stream in one zarr store: every process writes chunks of its own, which are the same for any number of them.

The store has the records of the whole run, of the active cells in canonical order (time, cell). What was not reached
yet is missing (NaN). After a restart the records behind it are written once more, as they were.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigurationError, WriteError
from ..manifest import Entry
from ..parallel.exchange import exchange
from ..timeaxis import TimeAxis
from . import columns
from .columns import Columns
from .done import Done
from .grid_layout import CellFact, cell_facts, part_layout
from .history_file import Head, Late
from .layout import NODE, PLACE
from .stream import Stream
from .tiles import rounded
from .window import Window
from .writer import Writer

SUFFIX = ".zarr"
MISSING = (
    "&output mode = 'zarr' needs zarr, which is not installed: pip install 'freshet[zarr]', or choose another mode"
)


def require_zarr() -> None:
    """ConfigurationError where zarr is not installed."""
    try:
        import zarr  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(MISSING) from error


class ZarrStore:
    """Writes one stream, as Single does."""

    spread = False
    pieces: tuple[Entry, ...] = ()

    def __init__(self, stream: Stream, head: Head, world: Any, writer: Writer, folder: Path, source: Any):
        require_zarr()
        self.stream, self.head, self.world, self.writer, self.source = stream, head, world, writer, source
        self.path = folder / f"{stream.stem}{SUFFIX}"
        self._columns = Columns(stream.cells, world.rank, exchange(world), columns.WIDTH)
        self._layout = part_layout(source, stream.own(PLACE, world.rank), stream.own(NODE, world.rank))
        self._ready = self._kept = False

    def take(self, window: Window) -> None:
        """A window that is full; the run is one file, and so none is the last."""
        self._prepare()
        chunks = {}
        for name, location in self.stream.locations.items():
            block = np.full((len(window.bounds), self._columns.stop - self._columns.first), np.nan, self.head.dtype)
            block[:, self._layout.positions[location]] = window.values[name]
            if self.head.bits is not None:
                block = rounded(block, self.head.bits)
            chunks[name] = list(self._columns.whole(block))
        self.writer.submit(partial(self._write, window.first, chunks))

    def close(self, window: Window | None, day: int, whole: bool, late: Late) -> None:
        """Write this window and, on the root, the attributes."""
        self._prepare()
        if window is not None:
            self.take(window)
        if self.world.root:
            self.writer.submit(partial(self._finish, *late))

    def restore(self, pieces: Iterable[Entry], axis: TimeAxis) -> None:
        """Go on in the store that is there."""
        self._kept = True

    def forget(self, restarts: Iterable[int]) -> None:
        """Nothing is kept for restarts."""

    def _prepare(self) -> None:
        """Make the store, or lengthen it where the run has become longer; collective."""
        if not self._ready:
            self.world.on_root(lambda: self._guarded(self._make))
            self._ready = True

    def _make(self) -> None:
        from .zarr_face import lengthen, make

        bounds = self.stream.record_bounds(self.head.axis, 0, self.head.axis.count)
        if self._kept and self.path.exists():
            lengthen(self.path, self.head, bounds)
        else:
            make(self.path, self.head, bounds, self._cells())

    def _cells(self) -> dict[str, CellFact]:
        return cell_facts(self.source, bool(self.stream.bounds[NODE][-1]))

    def _write(self, first: int, chunks: Mapping[str, list[tuple[int, np.ndarray]]]) -> None:
        """Job: the chunks of this rank."""
        self._guarded(partial(self._write_chunks, first, chunks))

    def _write_chunks(self, first: int, chunks: Mapping[str, list[tuple[int, np.ndarray]]]) -> None:
        import zarr

        group = zarr.open_group(self.path, mode="r+", zarr_format=3)
        for name, found in chunks.items():
            array: Any = group[name]
            for begin, block in found:
                array[first : first + len(block), begin : begin + block.shape[1]] = block

    def _finish(self, fixed: Mapping[str, Any], attributes: Mapping[str, Any]) -> Done:
        """Job: what the file says of itself, at the end of a leg."""
        from .zarr_face import finish

        self._guarded(lambda: finish(self.path, self.head, fixed, attributes))
        axis, end = self.head.axis, self.head.axis.count
        dates = (axis.text(0), axis.text(end - 1))
        found = Entry.of(self.path / "zarr.json", dates, (0, end), False)
        entry = Entry(f"{self.path.name}/{found.file}", *dates, 0, end, found.bytes, found.sha256, False)
        return Done(entry, f"wrote {self.path.name}: {dates[0]} to {dates[1]}")

    def _guarded(self, work: Any) -> None:
        """Do the work; WriteError with the path where the store cannot be written."""
        try:
            work()
        except OSError as error:
            raise WriteError(f"cannot write '{self.path}': {error.strerror or error}") from error
