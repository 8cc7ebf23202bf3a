"""`freshet join`: of the files of all processes, the files that one process would have written."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import require_space, size, whole_file
from .grid_layout import LOCATION_FLAGS
from .history_file import Written, put_chunks, verify_chunks
from .join_files import Face, Group, Windows, rank_files, read_face, read_group
from .layout import Layout
from .piece import Packed
from .ranked import FACE
from .tiles import Tiles, pack


def join(folder: Path, virtual: bool = False, remove: bool = False) -> list[str]:
    """Join all files of a folder; what was done, in words.

    virtual  write HDF5 virtual datasets that refer to the files of the processes, instead of copying
    remove   remove the files of the processes afterwards
    InputError where a part is missing or damaged; WriteError. Doing it again writes the same.
    """
    found = rank_files(folder)
    faces = sorted(path.name.removesuffix(FACE) for path in folder.glob(f"*{FACE}"))
    if not faces and not found:
        raise InputError(
            f"'{folder}' has nothing to join: expected files of processes, such as history_2001.0000.rank00000.nc"
        )
    for stem in found:
        if stem not in faces:
            raise InputError(f"'{folder / (stem + FACE)}' is missing: the run has not come to the end of {stem}")
    said = []
    for stem in faces:
        windows = found.get(stem, {})
        face = read_face(folder / f"{stem}{FACE}", windows)
        groups = _groups(face, windows, stem)
        if virtual:
            from .virtual import write_virtual

            said.append(write_virtual(folder, stem, list(groups), face.bounds))
        else:
            said.append(_write(folder, stem, face, windows, groups))
        if remove:
            _remove([folder / f"{stem}{FACE}", *(path for paths in windows.values() for path in paths)])
    return said


def _groups(face: Face, windows: Windows, stem: str) -> Iterator[Group]:
    """The windows in order. InputError where one is missing."""
    done = 0
    for number, paths in sorted(windows.items()):
        if number * face.depth != done:
            raise InputError(f"window {done // face.depth:04d} of {stem} is missing: {paths[0].name} does not follow")
        group = read_group(paths, face.bounds[done:])
        done += len(group.bounds)
        yield group
    if done != len(face.bounds):
        raise InputError(f"{stem} has {len(face.bounds)} records, the files of the processes hold {done}")


def _write(folder: Path, stem: str, face: Face, windows: Windows, groups: Iterator[Group]) -> str:
    path, source = folder / f"{stem}.nc", folder / f"{stem}{FACE}"
    needed = source.stat().st_size + sum(each.stat().st_size for paths in windows.values() for each in paths)
    require_space(path, needed)
    written: list[Written] = []
    with whole_file(path, needed, lambda temporary: verify_chunks(temporary, written)) as temporary:
        shutil.copyfile(source, temporary)
        names = list(face.locations)
        written += put_chunks(temporary, names, face.shape, len(face.bounds), _packed(face, groups))
    return f"wrote {path.name}: {len(face.bounds)} record(s), {size(path.stat().st_size)}"


def _packed(face: Face, groups: Iterator[Group]) -> Iterator[Packed]:
    """The windows as chunks of the whole."""
    first = 0
    for group in groups:
        flat = group.cells if face.cells is None else np.searchsorted(face.cells, group.cells)
        own = {location: (group.kinds & flag) > 0 for location, flag in LOCATION_FLAGS.items()}
        positions = {location: flat[there] for location, there in own.items()}
        tiles, content = Tiles(Layout(face.dimensions, face.shape, positions, lambda data: None), face.depth), {}
        for name, location in face.locations.items():
            values = group.values(name)[:, own[location]]
            cut = tiles.cut(values, location, face.fills[name])
            content[name] = [(corner, pack(block, face.compression)) for corner, block in cut]
        yield Packed(first, group.bounds, content)
        first += len(group.bounds)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink()
