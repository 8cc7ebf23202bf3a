"""One file of output: CF netCDF-4, whole or not there.

The netCDF library writes what describes the data; the chunks of the data are compressed before, outside of the lock of
the library, and put into the file as they are (HDF5: direct chunk write).
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..files import NETCDF, require_space, whole_file
from ..timeaxis import TimeAxis
from .frequency import HOURS
from .layout import FILL, PLACE, Layout
from .tiles import Corner

# Bytes of a file beside its data: the namelist, and what HDF5 needs to find things.
SPARE = 20_000
# A chunk that was written: variable, place of its first number, CRC-32.
Written = tuple[str, tuple[int, ...], int]


@dataclass(frozen=True)
class Field:
    """A variable of a file: name, location, attributes without those of its layout."""

    name: str
    location: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Head:
    """What a file says beside its records.

    depth       records of a chunk, compression: deflate level, 0 = none
    fixed       arrays [column of places] with their attributes, which have no time
    bits        bits of the mantissa that are kept, None where all of them are
    per_day     ticks of a day, in which records are bounded
    attributes  of the file
    """

    layout: Layout
    fields: Sequence[Field]
    dtype: np.dtype
    axis: TimeAxis
    depth: int
    compression: int
    fixed: Mapping[str, tuple[np.ndarray, Mapping[str, str]]] = field(default_factory=dict)
    bits: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    per_day: int = 1


# What is known of a file only when it is written: arrays [place] without time with their attributes, and attributes.
Late = tuple[Mapping[str, tuple[np.ndarray, Mapping[str, str]]], Mapping[str, Any]]


class Records(Protocol):
    """Packed records, in memory or in a file (piece.py)."""

    @property
    def first(self) -> int:
        """Number in the file of the first record."""

    @property
    def bounds(self) -> np.ndarray:
        """int64 [record, 2], ticks of the run."""

    @property
    def nbytes(self) -> int:
        """Of all chunks."""

    def chunks(self, name: str) -> Iterator[tuple[Corner, bytes]]:
        """Corner and bytes of the chunks of a variable."""


def write_history(path: Path, head: Head, records: Sequence[Records]) -> None:
    """Write the file under a temporary name, compare what is in it with what was meant, then give it its name.

    records are in order, and begin with multiples of the head's depth. WriteError with path and bytes needed where the
    disk is full or the file cannot be written.
    """
    needed = sum(part.nbytes for part in records) + _fixed_bytes(head) + SPARE
    require_space(path, needed)
    bounds = np.concatenate([part.bounds for part in records])
    written: list[Written] = []
    with whole_file(path, needed, lambda temporary: verify_chunks(temporary, written)) as temporary, NETCDF:
        write_face(temporary, head, bounds, ("zlib", None))
        names = [each.name for each in head.fields]
        written += put_chunks(temporary, names, head.layout.shape, len(bounds), records)


def write_face(path: Path, head: Head, bounds: np.ndarray, storage: tuple[str, int | None]) -> None:
    """Write everything but the records; storage: 'zlib' for chunks, or 'flat', and length of time, None = unlimited.

    bounds int64 [record, 2] in ticks since the first day of the head's axis.
    """
    import netCDF4

    with netCDF4.Dataset(path, "w") as data:
        data.createDimension("time", storage[1])
        data.createDimension("bound", 2)
        _write_time(data, head, bounds)
        head.layout.write(data)
        for each in head.fields:
            _define(data, head, each, storage[0])
        for name, (values, attributes) in head.fixed.items():
            _write_fixed(data, head, name, values, attributes)
        data.setncatts({"Conventions": "CF-1.11", **head.attributes})


def _write_time(data: Any, head: Head, bounds: np.ndarray) -> None:
    records = max(1, min(len(bounds), 4096))
    time = data.createVariable("time", "i4", ("time",), fill_value=False, chunksizes=(records,))
    time.setncatts(time_attributes(head))
    bounds = time_values(bounds, head.per_day)
    time[:] = bounds[:, 0]
    limits = data.createVariable("time_bounds", "i4", ("time", "bound"), fill_value=False, chunksizes=(records, 2))
    limits[:] = bounds


def time_values(bounds: np.ndarray, per_day: int) -> np.ndarray:
    """Bounds in ticks as the numbers of a file: days, or hours where there are several records of a day."""
    return bounds * (HOURS // per_day) if per_day > 1 else bounds


def time_attributes(head: Head) -> dict[str, str]:
    """Attributes of `time`, days or hours since the first day of the axis."""
    unit, what = ("hours", "beginning") if head.per_day > 1 else ("days", "first day")
    return {
        "standard_name": "time",
        "long_name": f"{what} of the interval",
        "units": f"{unit} since {head.axis.text(0)} 00:00:00",
        "calendar": head.axis.calendar,
        "axis": "T",
        "bounds": "time_bounds",
    }


def _define(data: Any, head: Head, each: Field, storage: str) -> None:
    chunked = storage == "zlib"
    variable = data.createVariable(
        each.name,
        head.dtype,
        ("time", *head.layout.dimensions),
        compression="zlib" if chunked and head.compression else None,
        complevel=head.compression,
        shuffle=True,
        chunksizes=(head.depth, *head.layout.box(head.depth)) if chunked else None,
        contiguous=not chunked,
        fill_value=False if head.layout.complete(each.location) else head.dtype.type(FILL),
    )
    attributes = {**each.attributes, **head.layout.attributes}
    if head.bits is not None:
        attributes["quantization"] = f"BitRound: {head.bits} bits of the mantissa are kept"
    variable.setncatts({name: text for name, text in attributes.items() if text})


def _write_fixed(data: Any, head: Head, name: str, values: np.ndarray, attributes: Mapping[str, str]) -> None:
    complete = head.layout.complete(PLACE)
    compression = None if complete else "zlib"
    variable = data.createVariable(
        name, "f8", head.layout.dimensions, compression=compression, fill_value=False if complete else FILL
    )
    variable.setncatts({**attributes, **head.layout.attributes})
    variable[:] = head.layout.spread(np.asarray(values, np.float64), PLACE, FILL)


def put_chunks(
    path: Path, names: Sequence[str], shape: tuple[int, ...], count: int, records: Iterable[Records]
) -> list[Written]:
    """Put chunks of the variables [record, *shape] into a file of `count` records; what was written.

    The order is always the same, window by window, so that equal content gives equal bytes.
    """
    import h5py

    written = []
    with NETCDF, h5py.File(path, "r+") as file:
        targets = {name: file[name] for name in names}
        for target in targets.values():
            target.resize((count, *shape))
        for part in records:
            for name, target in targets.items():
                for corner, content in part.chunks(name):
                    target.id.write_direct_chunk((part.first, *corner), content)
                    written.append((name, (part.first, *corner), zlib.crc32(content)))
    return written


def verify_chunks(path: Path, written: Sequence[Written]) -> None:
    """OSError where a chunk of the closed file is not what it was meant to be."""
    import h5py

    with NETCDF, h5py.File(path, "r") as file:
        for name, place, expected in written:
            if zlib.crc32(file[name].id.read_direct_chunk(place)[1]) != expected:
                raise OSError(f"{name} reads back other than it was written")


def _fixed_bytes(head: Head) -> int:
    return sum(values.nbytes for values, _ in head.fixed.values())
