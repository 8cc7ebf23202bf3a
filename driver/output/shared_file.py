"""All processes write into one file at once, where HDF5 was built for it.

Each window is a file of its own, <file>.<number>.nc: HDF5 files that are open for long do not outlive a killed run. It
holds the active cells in canonical order, without compression; every process writes its columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigurationError, WriteError
from ..files import require_space, sync_folder
from ..manifest import Entry
from ..timeaxis import TimeAxis
from .done import told
from .grid_layout import part_layout
from .history_file import SPARE, Head, Late, write_face
from .layout import FILL, NODE, PLACE
from .stream import Stream
from .tiles import rounded
from .window import Window
from .writer import Writer

MISSING = (
    "&output mode = 'parallel' needs h5py or netCDF4 built with parallel HDF5, and those installed are not (the wheels "
    "of PyPI never are): install a parallel build, such as HDF5_MPI=ON pip install --no-binary=h5py h5py, or write "
    "mode = 'rank', and join the files afterwards"
)


def parallel_library() -> str:
    """'h5py' or 'netCDF4', whichever can write in parallel. ConfigurationError where none can."""
    import h5py
    import netCDF4

    if h5py.get_config().mpi:
        return "h5py"
    if getattr(netCDF4, "__has_parallel4_support__", 0):
        return "netCDF4"
    raise ConfigurationError(MISSING)


class SharedFile:
    """Writes one stream, as Single does, but in the thread of the model: MPI's calls have to come in one order."""

    spread = False
    pieces: tuple[Entry, ...] = ()

    def __init__(
        self,
        stream: Stream,
        head: Head,
        world: Any,
        writer: Writer,
        folder: Path,
        source: Any,
        facts: Mapping[str, Any],
    ):
        self.library = parallel_library()
        self.stream, self.world, self.writer, self.folder, self.facts = stream, world, writer, folder, facts
        self._own = part_layout(source, stream.own(PLACE, world.rank), stream.own(NODE, world.rank))
        self._columns = slice(int(stream.cells[world.rank]), int(stream.cells[world.rank + 1]))
        everything = slice(0, int(stream.bounds[PLACE][-1])), slice(0, int(stream.bounds[NODE][-1]))
        self.head = replace(head, layout=part_layout(source, *everything)) if world.root else head

    def take(self, window: Window) -> None:
        """A window that is full and not the last of its file."""
        self._write(window, True, {}, self.facts)

    def close(self, window: Window | None, day: int, whole: bool, late: Late) -> None:
        """Write this window; whole: nothing will come to it any more."""
        if window is not None:
            self._write(window, whole, *late)

    def restore(self, pieces: Iterable[Entry], axis: TimeAxis) -> None:
        """Nothing is left open between windows."""

    def forget(self, restarts: Iterable[int]) -> None:
        """Nothing is kept for restarts."""

    def _write(self, window: Window, whole: bool, fixed: Mapping[str, Any], attributes: Mapping[str, Any]) -> None:
        number = window.first // self.head.depth
        path = self.folder / f"{Path(window.part.name).stem}.{number:04d}.nc"
        temporary = path.with_name(f"{path.name}.tmp.0")
        self.world.on_root(lambda: self._prepare(path, temporary, window, fixed, attributes))
        problem = ""
        try:
            self._put(temporary, window)
        except (OSError, RuntimeError) as error:
            problem = f"cannot write '{path}': {' '.join(str(error).split())}"
        problems = self.world.gather_objects(problem)
        self.world.on_root(lambda: self._finish(path, temporary, window, whole, problems or []))

    def _prepare(self, path: Path, temporary: Path, window: Window, fixed: Any, attributes: Any) -> None:
        """The file with room for all records; root only."""
        count = self.head.layout.shape[0]
        require_space(path, len(window.bounds) * count * self.head.dtype.itemsize * len(self.head.fields) + SPARE)
        head = replace(self.head, fixed=fixed, attributes={**attributes, "first_record": window.first})
        try:
            write_face(temporary, head, window.bounds, ("flat", len(window.bounds)))
        except (OSError, RuntimeError) as error:
            raise WriteError(f"cannot write '{path}': {' '.join(str(error).split())}") from error

    def _put(self, path: Path, window: Window) -> None:
        """Write this rank's columns."""
        communicator = self._communicator()
        if self.library == "h5py":
            import h5py

            with h5py.File(path, "r+", driver="mpio", comm=communicator) as file:
                self._put_all({name: file[name] for name in self.stream.locations}, window)
            return
        import netCDF4

        with netCDF4.Dataset(path, "r+", parallel=True, comm=communicator) as data:
            data.set_auto_maskandscale(False)
            self._put_all({name: data[name] for name in self.stream.locations}, window)

    def _put_all(self, targets: Mapping[str, Any], window: Window) -> None:
        for name, location in self.stream.locations.items():
            values = window.values[name]
            values = values if self.head.bits is None else rounded(np.ascontiguousarray(values), self.head.bits)
            block = np.full((len(window.bounds), self._own.shape[0]), FILL, self.head.dtype)
            block[:, self._own.positions[location]] = values
            if block.size:
                targets[name][:, self._columns] = block

    def _communicator(self) -> Any:
        from mpi4py import MPI

        return getattr(self.world, "communicator", MPI.COMM_SELF)

    def _finish(self, path: Path, temporary: Path, window: Window, whole: bool, problems: list[str]) -> None:
        """Give the file its name; root only. WriteError where a rank could not write."""
        import os

        found = [problem for problem in problems if problem]
        if found:
            temporary.unlink(missing_ok=True)
            raise WriteError(found[0])
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
        days, axis = window.days, self.head.axis
        entry = Entry.of(path, (axis.text(days[0]), axis.text(days[1] - 1)), days, whole)
        self.writer.note(told(entry, len(window.bounds)))
