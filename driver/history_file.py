"""One file of output: CF netCDF-4, whole or not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.variable import Variable
from .files import NETCDF, require_space, whole_file
from .netcdf_places import write_basins, write_coordinates
from .timeaxis import TimeAxis

# Share of its size to which compression may bring a file; to write without so much room is not worth a try.
SHRINK = 0.25
CHUNK = 262_144  # numbers in a chunk


@dataclass(frozen=True)
class Content:
    """What a file is to hold.

    values [record, variable, place], bounds [record, 2] in days since the first day of axis; places: ids and
    attributes by name; by_basin: arrays [place] with their attributes; attributes: those of the file.
    """

    variables: Sequence[Variable]
    states: frozenset[str]
    frequency: str
    values: np.ndarray
    bounds: np.ndarray
    axis: TimeAxis
    ids: Sequence[str]
    places: Mapping[str, np.ndarray]
    by_basin: Mapping[str, tuple[np.ndarray, Mapping[str, str]]] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)


def write_history(path: Path, content: Content, compression: int) -> None:
    """Write the file under a temporary name, compare what can be read with what was meant, then give it its name.

    WriteError with path and bytes needed where the disk is full or the file cannot be written.
    """
    import netCDF4

    needed = content.values.nbytes + 20_000
    require_space(path, needed, SHRINK if compression else 1.0)

    def verify(temporary: Path) -> None:
        with netCDF4.Dataset(temporary) as data:
            for row, variable in enumerate(content.variables):
                written = data[variable.name]
                written.set_auto_maskandscale(False)
                if not np.array_equal(written[:], content.values[:, row]):
                    raise OSError(f"{variable.name} reads back other than it was written")

    with NETCDF, whole_file(path, needed, verify) as temporary, netCDF4.Dataset(temporary, "w") as data:
        _write_coordinates(data, content)
        _write_variables(data, content, compression)
        for name, (values, attributes) in content.by_basin.items():
            written = data.createVariable(name, "f8", ("basin",), fill_value=False)
            written.setncatts(dict(attributes))
            written[:] = values
        data.setncatts({"Conventions": "CF-1.11", **content.attributes})


def _write_coordinates(data: Any, content: Content) -> None:
    data.createDimension("time", None)
    data.createDimension("bound", 2)
    time = data.createVariable("time", "i4", ("time",), fill_value=False, chunksizes=(_records(content),))
    time.setncatts(
        {
            "standard_name": "time",
            "long_name": "first day of the interval",
            "units": f"days since {content.axis.text(0)} 00:00:00",
            "calendar": content.axis.calendar,
            "axis": "T",
            "bounds": "time_bounds",
        }
    )
    time[:] = content.bounds[:, 0]
    limits = data.createVariable(
        "time_bounds", "i4", ("time", "bound"), fill_value=False, chunksizes=(_records(content), 2)
    )
    limits[:] = content.bounds
    write_basins(data, content.ids)
    write_coordinates(data, content.places)


def _write_variables(data: Any, content: Content, compression: int) -> None:
    records, places = _records(content), len(content.ids)
    chunks = (records, max(1, min(places, CHUNK // records)))
    for row, variable in enumerate(content.variables):
        written = data.createVariable(
            variable.name,
            content.values.dtype,
            ("time", "basin"),
            compression="zlib" if compression else None,
            complevel=compression,
            shuffle=True,
            chunksizes=chunks,
            fill_value=False,
        )
        written.setncatts(_attributes(variable, content))
        written[:] = content.values[:, row]


def _attributes(variable: Variable, content: Content) -> dict[str, str]:
    daily_state = variable.name in content.states and content.frequency in ("day", "step")
    given = {
        "long_name": variable.meaning,
        "units": variable.unit,
        "standard_name": variable.standard_name,
        "original_name": variable.symbol,
        "cell_methods": "time: point (value at the end of the interval)" if daily_state else "time: mean",
        "coordinates": " ".join(name for name in ("latitude", "longitude") if name in content.places),
    }
    return {name: text for name, text in given.items() if text}


def _records(content: Content) -> int:
    """Records in a chunk: all of them, as long as the file is of usual length."""
    return max(1, min(len(content.values), 4096))
