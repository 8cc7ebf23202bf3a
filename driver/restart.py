"""Restart files: every number that the next day needs, exactly, and a checksum over all of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputError
from .files import NETCDF, require_space, whole_file

FORMAT = 1
# Dimensions of the arrays that a run carries from day to day.
DIMENSIONS = {
    "state": ("state", "cell"),
    "routing_history": ("lag", "series", "basin"),
    "river_state": ("river_state", "node"),
    "river_taken": ("node",),
    "river_given": ("node",),
    "river_begun": ("node",),
}


def write_restart(
    path: Path,
    arrays: Mapping[str, np.ndarray],
    facts: Mapping[str, Any],
    named: Mapping[str, Sequence[str]] = DIMENSIONS,
) -> None:
    """Write a restart: temporary name, close, fsync, read back and compare checksums, rename.

    arrays by name, with the dimensions that are `named`, otherwise (basin); facts: plain values (JSON).
    WriteError with path and bytes needed where that fails; a restart of the same name stays as it was then.
    """
    import netCDF4

    text = json.dumps({"format": FORMAT, **facts}, indent=1, sort_keys=True)
    needed = sum(array.nbytes for array in arrays.values()) + len(text) + 20_000
    require_space(path, needed)

    def verify(temporary: Path) -> None:
        try:
            read_restart(temporary)
        except InputError as error:
            raise OSError(f"reads back other than it was written ({error})") from error

    with NETCDF, whole_file(path, needed, verify) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts({"title": "restart of freshet run", "facts": text, "sha256": _digest(arrays, text)})
        for name, array in arrays.items():
            dimensions = named.get(name) or _dimensions(array, data.dimensions)
            for dimension, length in zip(dimensions, array.shape, strict=True):
                if dimension not in data.dimensions:
                    # A dimension of length 0 would be unlimited: the one record that is then there is not read.
                    data.createDimension(dimension, max(length, 1))
            written = data.createVariable(name, array.dtype, dimensions, fill_value=False)
            written.length = np.array(array.shape, np.int64)
            # Nothing is left unwritten: it would be whatever the memory held, in every file something else.
            written[:] = array if array.size else 0


def _dimensions(array: np.ndarray, known: Mapping[str, Any]) -> tuple[str, ...]:
    """Dimensions of an array without names for them: basins, or numbers."""
    if array.ndim == 1 and ("basin" not in known or len(known["basin"]) == len(array)):
        return ("basin",)
    return tuple(f"length_{length}" for length in array.shape)


def read_restart(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and facts of a restart. InputError where it cannot be read or its checksum is wrong."""
    import netCDF4

    try:
        with NETCDF, netCDF4.Dataset(path) as data:
            data.set_auto_maskandscale(False)
            arrays = {}
            for name, variable in data.variables.items():
                shape = tuple(np.atleast_1d(variable.length).tolist())
                arrays[name] = np.ascontiguousarray(variable[tuple(slice(length) for length in shape)])
            text, written = data.facts, data.sha256
        if _digest(arrays, text) != written:
            raise ValueError("its checksum is wrong")
        facts = json.loads(text)
    except (OSError, RuntimeError, AttributeError, ValueError, IndexError) as error:
        raise InputError(f"restart '{path}' is damaged: {error}") from error
    if facts.get("format") != FORMAT:
        raise InputError(f"restart '{path}' has format {facts.get('format')}, this freshet reads format {FORMAT}")
    return arrays, facts


def _digest(arrays: Mapping[str, np.ndarray], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
