"""Factors of the weather by cell: errors of precipitation and potential evaporation that hold for years, corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path

import numpy as np

from ..catchments.checksums import Checksums
from ..catchments.netcdf_file import basin_ids, opened
from ..catchments.source import ROWS
from ..errors import InputError
from ..files import NETCDF, whole_file
from ..nearest import suggestion
from ..netcdf_places import write_basins
from .source import GridSource, Reader

LOW, HIGH = 0.1, 10.0


class Scaled:
    """A reader whose rows of forcing are multiplied; factors float32 [row, place]."""

    def __init__(self, reader: Reader, factors: np.ndarray):
        self.reader, self.factors = reader, np.ascontiguousarray(factors, np.float32)

    @property
    def notes(self) -> list[str]:
        """Those of the reader."""
        return list(getattr(self.reader, "notes", []))

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """As Reader.forcing."""
        return self.reader.forcing(start, stop) * self.factors

    def subset(self, first: int, stop: int) -> Scaled:
        """As Reader.subset."""
        return Scaled(self.reader.subset(first, stop), self.factors[:, first:stop])


def with_factors(source: GridSource, path: str) -> GridSource:
    """The source with its weather multiplied as a file says; without a path, the source as it is.

    InputError where the file cannot be read, lacks a cell, or a factor is no number between 0.1 and 10.
    """
    if not path:
        return source
    rows = read_factors(Path(path), source.ids)
    factors = np.ones((len(ROWS), len(source.ids)))
    for name, values in rows.items():
        factors[ROWS.index(name)] = values
    sums, scaled = Checksums([Path(path)]), copy(source)
    scaled.reader = Scaled(source.reader, factors)
    scaled.add(f"{', '.join(rows)} multiplied by the factors in {path}", sums.files)
    return scaled


def factors_of(source: GridSource, name: str) -> np.ndarray | float:
    """Factors [place] by which a row of forcing is multiplied already."""
    reader = source.reader
    if not isinstance(reader, Scaled) or name not in ROWS:
        return 1.0
    return reader.factors[ROWS.index(name)].astype(np.float64)


def read_factors(path: Path, ids: Sequence[str]) -> dict[str, np.ndarray]:
    """Factors [place] by name of the forcing, of the cells named."""
    with NETCDF, opened(path) as data:
        if "basin" not in data.variables:
            raise InputError(f"{path} has no variable 'basin' with the names of the cells")
        there = {name: place for place, name in enumerate(basin_ids(data, "basin", path))}
        found = {name: np.asarray(data[name][:], np.float64) for name in data.variables if name != "basin"}
    for name in found:
        if name not in ROWS[::2]:
            raise InputError(f"{path}: '{name}' cannot be multiplied{suggestion(name, ROWS[::2])}: "
                             f"expected {' or '.join(ROWS[::2])}")  # fmt: skip
    absent = [name for name in ids if name not in there]
    if absent or not found:
        what = f"the cell {absent[0]} ({len(absent)} of {len(ids)} are missing)" if absent else "any factor"
        raise InputError(f"{path} has not {what}: is it of another grid?")
    order = np.array([there[name] for name in ids])
    rows = {name: values[order] for name, values in found.items()}
    for name, values in rows.items():
        wrong = ~((values >= LOW) & (values <= HIGH))
        if wrong.any():
            place = int(np.argmax(wrong))
            raise InputError(f"{path}: {name} at {ids[place]} is {values[place]:g}, expected {LOW:g} to {HIGH:g}")
    return rows


def write_factors(path: Path, rows: Mapping[str, np.ndarray], ids: Sequence[str], origin: str) -> None:
    """Write factors [place] by name of the forcing; WriteError where that fails."""
    import netCDF4

    with NETCDF, whole_file(path, 8 * len(ids) * len(rows)) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts({"Conventions": "CF-1.11", "title": "factors of the weather", "source": origin})
        write_basins(data, ids)
        for name, values in rows.items():
            written = data.createVariable(name, "f8", ("basin",), fill_value=False)
            written.setncatts({"long_name": f"factor of {name.replace('_', ' ')}", "units": "1"})
            written[:] = values
