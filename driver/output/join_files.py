"""The files of processes in a folder, and what they say."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..files import NETCDF
from .layout import FILL
from .ranked import FACE

RANK_FILE = re.compile(r"(.+)\.(\d{4,})\.rank(\d{5,})\.nc")
Windows = dict[int, list[Path]]


@dataclass(frozen=True)
class Face:
    """What a face says about its file, as one process would write it.

    locations, fills  of the variables with records; shape, dimensions of a record; depth, compression of a chunk
    bounds            int64 [record, 2]; cells: numbers of the cells of the file, None where it is the whole grid
    """

    locations: dict[str, str]
    fills: dict[str, float]
    shape: tuple[int, ...]
    dimensions: tuple[str, ...]
    depth: int
    compression: int
    bounds: np.ndarray
    cells: np.ndarray | None


@dataclass(frozen=True)
class Group:
    """The files of all processes for one window: bounds [record, 2]; cells by number, and their kinds (flags)."""

    paths: list[Path]
    bounds: np.ndarray
    cells: np.ndarray
    kinds: np.ndarray

    def values(self, name: str) -> np.ndarray:
        """Values [record, cell] of a variable."""
        found = []
        for path in self.paths:
            with NETCDF, open_netcdf(path) as data:
                found.append(np.array(data[name][:]))
        return np.concatenate(found, axis=1)


def rank_files(folder: Path) -> dict[str, Windows]:
    """Files of processes by file and number of the window, in the order of ranks."""
    found: dict[str, Windows] = {}
    for path in sorted(folder.glob("*.rank*.nc")):
        match = RANK_FILE.fullmatch(path.name)
        if match:
            found.setdefault(match[1], {}).setdefault(int(match[2]), []).append(path)
    return found


def read_face(path: Path, windows: Windows) -> Face:
    """The face of a file. InputError where it, or the first file of a process, cannot be read."""
    if not windows:
        raise InputError(f"'{path}' has no files of processes beside it: were they moved?")
    first = next(iter(windows.values()))[0]
    with NETCDF, open_netcdf(path) as data, open_netcdf(first) as part:
        locations = {name: each.location for name, each in part.variables.items() if "location" in each.ncattrs()}
        one = data[next(iter(locations))]
        filters = one.filters()
        return Face(
            locations,
            {name: getattr(data[name], "_FillValue", FILL) for name in locations},
            tuple(one.shape[1:]),
            tuple(one.dimensions[1:]),
            int(one.chunking()[0]),
            int(filters["complevel"]) if filters["zlib"] else 0,
            np.array(data["time_bounds"][:]),
            np.array(data["cell"][:]) if "cell" in data.variables else None,
        )


def read_group(paths: list[Path], expected: np.ndarray) -> Group:
    """What the files of a window say; expected: bounds from its first record on, of all that follow.

    InputError where the file of a process is missing or of another run.
    """
    cells, kinds, bounds, total = [], [], np.empty((0, 2), np.int64), 0
    for path in paths:
        with NETCDF, open_netcdf(path) as data:
            cells.append(np.array(data["cell"][:]))
            kinds.append(np.array(data["cell_location"][:]))
            bounds, total = np.array(data["time_bounds"][:]), int(data.cells)
        if not np.array_equal(bounds, expected[: len(bounds)]):
            raise InputError(f"'{path}' holds other days than {path.name.split('.')[0]}{FACE}: is it of another run?")
    found = np.concatenate(cells)
    if len(np.unique(found)) != total or len(found) != total:
        raise InputError(
            f"'{paths[0].parent}': the {len(paths)} files {paths[0].name} to {paths[-1].name} hold {len(found)} cells, "
            f"expected {total}: the file of a process is missing, or one of an earlier run is left"
        )
    return Group(paths, bounds, found, np.concatenate(kinds))


def open_netcdf(path: Path) -> Any:
    """The dataset, without masks. InputError where it cannot be read."""
    import netCDF4

    try:
        data = netCDF4.Dataset(path)
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error}") from error
    data.set_auto_maskandscale(False)
    return data
