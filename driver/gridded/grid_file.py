"""What one netCDF file of gridded weather holds, without its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from .layout import Layout, read_layout
from .stamps import Stamps, read_stamps

# Dimensions whose single entry is meant, or, of expver, whichever has a value: ERA5 and its preliminary ERA5T.
EXPVER = "expver"


@dataclass(frozen=True)
class GridFile:
    """One file.

    stamps, layout  its times and cells
    series          standard name (or '') of every variable that runs over time and cells
    title           title, source, history and institution of the file, for recognising products
    """

    path: Path
    stamps: Stamps
    layout: Layout
    series: dict[str, str]
    title: str


def read_grid_file(path: Path) -> GridFile:
    """Look into a file. InputError where it is missing, broken, cut short, or has no time or no cells."""
    with NETCDF, opened(path) as data:
        _require_length(data, path)
        stamps, layout = read_stamps(data, path), read_layout(data, path)
        series = {
            name: str(getattr(variable, "standard_name", ""))
            for name, variable in data.variables.items()
            if stamps.dimension in variable.dimensions and all(one in variable.dimensions for one in layout.dimensions)
        }
        title = " ".join(str(getattr(data, key, "")) for key in ("title", "source", "history", "institution"))
    if not series:
        raise InputError(
            f"{path} has no variable of the dimensions {', '.join((stamps.dimension, *layout.dimensions))}: is it "
            "weather?"
        )
    return GridFile(path, stamps, layout, series, title)


def read_box(variable: Any, file: GridFile, first: int, stop: int, box: tuple[slice, ...], where: str) -> list[Any]:
    """Packed numbers [time, cell] of some time steps and one box; two of them where expver has two entries.

    InputError where the variable has dimensions besides time and cells.
    """
    wanted = dict(zip((file.stamps.dimension, *file.layout.dimensions), (slice(first, stop), *box), strict=True))
    more = {
        name: size
        for name, size in zip(variable.dimensions, variable.shape, strict=True)
        if name not in wanted and size != 1
    }
    if more and list(more) != [EXPVER]:
        raise InputError(
            f"{where} has dimensions ({', '.join(variable.dimensions)}), expected ({', '.join(wanted)}): choose one "
            f"level or average over {', '.join(more)} first"
        )
    order = [name for name in variable.dimensions if name in wanted]
    turn = [order.index(name) for name in wanted]
    found = []
    for entry in range(more.get(EXPVER, 1)):
        part = variable[tuple(wanted.get(name, entry if name == EXPVER else 0) for name in variable.dimensions)]
        found.append(part.transpose(turn) if turn != sorted(turn) else part)
    return found


def pieces(variable: Any, file: GridFile) -> tuple[int, int]:
    """Time steps and rows (or listed cells) that lie in one compressed piece of a variable; 1 where it has none."""
    chunks = variable.chunking()
    if chunks in (None, "contiguous"):
        return 1, 1
    sizes = dict(zip(variable.dimensions, chunks, strict=True))
    return int(sizes[file.stamps.dimension]), int(sizes[file.layout.dimensions[0]])


def _require_length(data: Any, path: Path) -> None:
    """InputError where a classic netCDF file is shorter than its variables: reading would give zeros."""
    if not data.data_model.startswith("NETCDF3"):
        return  # HDF5 sees that by itself
    needed = sum(variable.size * variable.dtype.itemsize for variable in data.variables.values())
    if path.stat().st_size < needed:
        raise InputError(
            f"{path} ({path.stat().st_size} bytes) is cut short: its variables need {needed} bytes; get it again"
        )
