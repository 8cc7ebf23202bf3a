"""The door to the text files of CAMELS-US (Newman et al., 2015, doi:10.5194/hess-19-209-2015; Addor et al., 2017).

basin_mean_forcing/<product>/[<huc>/]<id>_lump_*_forcing_leap.txt, usgs_streamflow/[<huc>/]<id>_streamflow_qc.txt,
camels_attributes_v2.0/camels_*.txt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import ConfigurationError, InputError
from ..timeaxis import check_days
from ..units import convert
from .attributes import complete
from .camels_us_files import Forcing, parse_forcing, parse_streamflow, read_header
from .checked import DISCHARGE
from .fields import FIELDS, find_fields
from .record import Record
from .table import read_attributes
from .text_record import TextRecord

FORCING_FILE = re.compile(r"(\w+?)_lump_.*_forcing_leap\.txt")
FLOW_FILE = re.compile(r"(\w+?)_streamflow_qc\.txt")
FLOW = "streamflow"
# Where the distributed archives put things, seen from the folder into which they were unpacked.
DEPTHS = ("", "*/", "*/*/", "*/*/*/")


class CamelsDoor:
    """A CAMELS-US tree with the weather of one product (daymet, maurer, nldas, ...).

    path: the folder that holds basin_mean_forcing/, or up to three levels above it. InputError where there is none;
    ConfigurationError where the product is not in it.
    """

    def __init__(self, path: Path, product: str):
        folder = _below(path, "basin_mean_forcing")
        if folder is None:
            what = "is no folder" if not path.is_dir() else "has no folder basin_mean_forcing"
            raise InputError(f"{path} {what}, expected a CAMELS-US tree: basin_mean_forcing, usgs_streamflow, ...")
        products = sorted(other.name for other in folder.iterdir() if other.is_dir())
        if product not in products:
            raise ConfigurationError(
                f"{folder} has no forcing_product '{product}', expected one of: {', '.join(products)}"
            )
        self.path, self.product = path, product
        self.forcing = _files(folder / product, FORCING_FILE)
        if not self.forcing:
            raise InputError(f"{folder / product} has no file <basin>_lump_*_forcing_leap.txt")
        flow = _below(path, "usgs_streamflow")
        self.flow = None if flow is None else _files(flow, FLOW_FILE)
        self.ids = list(self.forcing)
        topography = next((file for depth in DEPTHS for file in sorted(path.glob(f"{depth}camels_topo.txt"))), None)
        self.tables = [] if topography is None else sorted(topography.parent.glob("camels_*.txt"))

    def attributes(self, places: np.ndarray) -> dict[str, np.ndarray]:
        """By name, [place]: the tables, and area (km2), elevation and latitude of the forcing files' headers."""
        ids = [self.ids[place] for place in places]
        headers = np.array([read_header(self.forcing[name]) for name in ids]).reshape(-1, 3)
        known = {"latitude_forcing": headers[:, 0], "elevation_forcing": headers[:, 1], "area_forcing": headers[:, 2]}
        return complete(read_attributes(self.tables, ";", ids) | known, len(ids))

    def record(self, places: np.ndarray) -> Record:
        """The series of these basins."""
        ids = [self.ids[place] for place in places]
        files = [self._files_of(name) for name in ids]
        first = parse_forcing(files[0][0], rows=1)
        available = find_fields(dict.fromkeys(first.units, ""))
        if self.flow is not None:
            available[DISCHARGE] = FLOW

        def parse(place: int, names: Sequence[str]) -> dict[str, tuple[int, np.ndarray]]:
            forcing = parse_forcing(files[place][0])
            found = {name: _series(forcing, name, available[name]) for name in names if name != DISCHARGE}
            if DISCHARGE in names:
                found[DISCHARGE] = parse_streamflow(files[place][1], forcing.area)
            return found

        titles = {"shortwave": "mean over the daylight"}
        record = TextRecord(ids, parse, available, files, titles)
        record.paths += self.tables
        if self.flow is not None:
            record.notes.append(
                f"{self.path}: streamflow converted from cfs to mm d-1 with the area of the forcing files"
            )
        return record

    def _files_of(self, name: str) -> list[Path]:
        if self.flow is None:
            return [self.forcing[name]]
        if name not in self.flow:
            raise InputError(f"{self.path}: basin {name} has no file {name}_streamflow_qc.txt in usgs_streamflow")
        return [self.forcing[name], self.flow[name]]


def _series(forcing: Forcing, name: str, column: str) -> tuple[int, np.ndarray]:
    """One series of a forcing file in freshet's unit, with the first day."""
    where = f"{forcing.file}: {column}"
    if column not in forcing.columns:
        raise InputError(f"{where} is missing, which the first basin's file has: correct the file")
    check_days(forcing.days, "standard", f"{forcing.file}: dates")
    values = convert(forcing.columns[column], FIELDS[name].quantity, forcing.units[column], where)
    return int(forcing.days[0]), values


def _below(path: Path, name: str) -> Path | None:
    """The folder of that name in path, or some levels below."""
    found = (folder for depth in DEPTHS for folder in sorted(path.glob(depth + name)) if folder.is_dir())
    return next(found, None)


def _files(folder: Path, pattern: re.Pattern[str]) -> dict[str, Path]:
    """Files of a folder and its subfolders whose names match, by basin; of two of one basin the first."""
    found: dict[str, Path] = {}
    for file in sorted(folder.rglob("*.txt")):
        match = pattern.fullmatch(file.name)
        if match:
            found.setdefault(match[1], file)
    return dict(sorted(found.items()))
