"""The door to the Caravan distribution (Kratzert et al., 2023, doi:10.1038/s41597-023-01975-w).

timeseries/{netcdf,csv}/<dataset>/<id>.{nc,csv} and attributes/<dataset>/attributes_*_<dataset>.csv, of any version and
extension. Units are Caravan's, where a netCDF variable does not give its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..timeaxis import check_days
from .attributes import complete
from .caravan_netcdf import CaravanNetcdfRecord
from .fields import FIELDS, find_fields
from .record import Record, without_sentinels
from .table import days_of_text, read_attributes, read_text
from .text_record import TextRecord

FORMS = {"netcdf": ".nc", "csv": ".csv"}
# Caravan's units by quantity of fields.FIELDS, as its code writes them; all are freshet's own.
UNITS = {
    "precipitation": "mm d-1",
    "potential_evaporation": "mm d-1",
    "temperature": "degC",
    "discharge": "mm d-1",
    "net_radiation": "W m-2",
    "wind": "m s-1",
}


class CaravanDoor:
    """A Caravan tree. path: the folder that holds timeseries/, or its parent. InputError where there is none."""

    def __init__(self, path: Path):
        self.root = _root(path)
        self.form, self.files = _list(self.root)
        self.ids = list(self.files)

    def attributes(self, places: np.ndarray) -> dict[str, np.ndarray]:
        """By name, [place], from all tables of the datasets of these basins."""
        ids = [self.ids[place] for place in places]
        folders = dict.fromkeys(self.root / "attributes" / self.files[name].parent.name for name in ids)
        self.tables = [table for folder in folders for table in sorted(folder.glob("*.csv"))]
        return complete(read_attributes(self.tables, ",", ids), len(ids))

    def record(self, places: np.ndarray) -> Record:
        """The series of these basins."""
        ids = [self.ids[place] for place in places]
        files = [self.files[name] for name in ids]
        if self.form == "netcdf":
            return CaravanNetcdfRecord(ids, files, UNITS, self.tables)
        header = read_text(files[0], nrows=0)
        available = {
            name: there for name, there in find_fields(dict.fromkeys(header.columns, "")).items() if _has(name)
        }

        def parse(place: int, names: Sequence[str]) -> dict[str, tuple[int, np.ndarray]]:
            return _parse(files[place], {name: available[name] for name in names})

        record = TextRecord(ids, parse, available, [[file] for file in files])
        record.paths += self.tables
        return record


def _has(name: str) -> bool:
    """Whether Caravan's unit of a series is known."""
    return FIELDS[name].quantity in UNITS


def _root(path: Path) -> Path:
    for folder in (path, *sorted(other for other in path.glob("*") if other.is_dir())):
        if (folder / "timeseries").is_dir():
            return folder
    what = "is no folder" if not path.is_dir() else "has no folder timeseries"
    raise InputError(f"{path} {what}, expected a Caravan tree: timeseries/csv or timeseries/netcdf, and attributes")


def _list(root: Path) -> tuple[str, dict[str, Path]]:
    """Form of the files, netCDF where both are there, and the file of each basin in order of the datasets."""
    for form, ending in FORMS.items():
        files = sorted((root / "timeseries" / form).glob(f"*/*{ending}"))
        found: dict[str, Path] = {}
        for file in files:
            if file.stem in found:
                raise InputError(f"basin '{file.stem}' has two files, {found[file.stem]} and {file}: remove one")
            found[file.stem] = file
        if found:
            return form, found
    raise InputError(
        f"{root / 'timeseries'} has no series, expected netcdf/<dataset>/<basin>.nc or csv/<dataset>/<basin>.csv"
    )


def _parse(file: Path, columns: dict[str, str]) -> dict[str, tuple[int, np.ndarray]]:
    """Some columns of a csv file by freshet's names, with the first day of the file."""
    wanted = {"date", *columns.values()}
    table = read_text(file, usecols=lambda name: name in wanted, dtype={"date": str})
    missing = sorted(wanted - set(table.columns))
    if missing:
        raise InputError(f"{file} has no column {', '.join(missing)}, which the first basin's file has: correct it")
    days = days_of_text(table["date"].tolist(), f"{file}: date")
    check_days(days, "standard", f"{file}: date")
    series = {}
    for name, column in columns.items():
        values = table[column].to_numpy()
        if values.dtype.kind not in "fi":
            raise InputError(f"{file}: column {column} holds what is no number: correct the file")
        series[name] = int(days[0]), without_sentinels(values.astype(np.float64))
    return series
