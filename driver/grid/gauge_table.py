"""Lists of gauges in csv and netCDF files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from ..catchments.attributes import complete
from ..catchments.netcdf_file import basin_attributes, basin_dimension, basin_ids, opened
from ..catchments.table import UNKNOWN, read_text
from ..errors import InputError
from ..files import NETCDF
from .gauges import Site
from .names import recognised

IDS = ("id", "gauge_id", "station", "gauge", "station_id", "grdc_no", "basin")
TITLES = ("name", "gauge_name", "station_name", "river", "site")


def read_gauges(path: Path) -> list[Site]:
    """The gauges of a table: id, latitude and longitude (degrees), and, where there, name and area (km2).

    InputError where the file has none of the first three, or a gauge's place is no place on Earth.
    """
    ids, found, units = _netcdf(path) if path.suffix.lower() in (".nc", ".nc4", ".cdf") else _text(path)
    known = complete(found, len(ids), units)
    title = recognised(TITLES, [name for name, column in found.items() if column.dtype.kind != "f"])
    names = [str(text) for text in found[title]] if title else [""] * len(ids)
    # A river has several gauges: its name alone would not tell them apart.
    count = Counter(names)
    names = [f"{text}, {one}" if text and count[text] > 1 else text for text, one in zip(names, ids, strict=True)]
    sites = []
    for k, name in enumerate(ids):
        north, east, area = (float(known[key][k]) for key in ("latitude", "longitude", "area"))
        if not (abs(north) <= 90.0 and abs(east) <= 360.0):
            raise InputError(f"{path}: gauge {name} has latitude {north:g}, longitude {east:g}, expected degrees")
        if area <= 0.0:
            raise InputError(f"{path}: gauge {name} has an area of {area:g} km2, expected more than 0, or none at all")
        sites.append(Site(name, names[k], north, east, area * 1e6))
    return sites


def _netcdf(path: Path) -> tuple[list[str], dict[str, np.ndarray], dict[str, str]]:
    with NETCDF, opened(path) as data:
        dimension = basin_dimension(data, "time", path)
        return basin_ids(data, dimension, path), *basin_attributes(data, dimension)


def _text(path: Path) -> tuple[list[str], dict[str, np.ndarray], dict[str, str]]:
    table = read_text(path, sep=None, engine="python", dtype=str, keep_default_na=False).fillna("")  # lines cut short
    if not len(table):
        raise InputError(f"{path} has no gauges below its line of names: add some, or take gauges out of &grid")
    table.columns = [str(name).strip().lower() for name in table.columns]
    key = recognised(IDS, table.columns)
    if not key:
        raise InputError(f"{path} has no column of gauge ids, expected one of: {', '.join(IDS)}")
    ids = [text.strip() for text in table[key]]
    if len(set(ids)) < len(ids) or "" in ids:
        raise InputError(f"{path}: gauge ids of column '{key}' are empty or come twice: give each gauge its own")
    return ids, {name: _column(table[name].to_numpy(dtype=object)) for name in table.columns if name != key}, {}


def _column(texts: np.ndarray) -> np.ndarray:
    """Numbers, NaN where a cell is empty or stands for no value; text where not all are numbers."""
    known = [text.strip() if text.strip() not in UNKNOWN else "nan" for text in texts]
    try:
        return np.array(known, np.float64)
    except ValueError:
        return texts.astype(str)
