"""A netCDF file that a run has written, opened or refused in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import InputError
from .files import NETCDF


@contextmanager
def opened(file: Path, advice: str = "") -> Iterator[Any]:
    """The file; every failure to read it, and what is looked for and not there, is an InputError with that advice."""
    import netCDF4

    try:
        with NETCDF, netCDF4.Dataset(file) as data:
            yield data
    except (OSError, RuntimeError, IndexError, KeyError, AttributeError) as error:
        raise InputError(f"cannot read '{file}': {error}{advice}") from error
