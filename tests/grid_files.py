"""Writers of small grids as netCDF files, and the door through which they are read."""

from pathlib import Path

import netCDF4
import numpy as np
from freshet.driver.grid.assemble import assemble
from freshet.driver.grid.open import StaticData, read_static
from freshet.driver.grid.source import GridSource
from freshet.driver.settings import parse
from freshet.driver.timeaxis import TimeAxis

# A valley on 4 x 5 cells, as a keypad: all of it drains to the mouth in the lower right corner.
VALLEY = np.array([[2, 1, 2, 1, 2], [3, 2, 3, 2, 1], [6, 6, 6, 6, 2], [9, 6, 6, 6, 5]])
LATITUDE = np.array([11.75, 11.25, 10.75, 10.25])
LONGITUDE = np.array([20.25, 20.75, 21.25, 21.75, 22.25])
STEPS = {7: (-1, -1), 8: (-1, 0), 9: (-1, 1), 4: (0, -1), 6: (0, 1), 1: (1, -1), 2: (1, 0), 3: (1, 1)}


def write_grid(
    file: Path,
    variables: dict[str, np.ndarray],
    latitude: np.ndarray = LATITUDE,
    longitude: np.ndarray = LONGITUDE,
    units: dict[str, str] | None = None,
    names: tuple[str, str] = ("lat", "lon"),
    leading: str = "month",
) -> Path:
    """Variables [y, x] or [month, y, x]; integers stay integers, NaN becomes _FillValue."""
    with netCDF4.Dataset(file, "w") as data:
        for name, centres, unit in zip(names, (latitude, longitude), ("degrees_north", "degrees_east"), strict=True):
            data.createDimension(name, len(centres))
            data.createVariable(name, "f8", (name,))[:] = centres
            data[name].units = unit
        for name, values in variables.items():
            dimensions = names
            if values.ndim == 3:
                if leading not in data.dimensions:
                    data.createDimension(leading, len(values))
                dimensions = (leading, *names)
            fill = -9e30 if values.dtype.kind == "f" else None
            written = data.createVariable(name, values.dtype, dimensions, fill_value=fill)
            written[:] = np.where(np.isnan(values), fill, values) if fill else values
            if units and name in units:
                written.units = units[name]
    return file


def asked(*files: Path, **keys: object):
    """The group &grid of a namelist with these keys."""
    lines = [f"  path = {', '.join(repr(str(file)) for file in files)}"]
    for key, value in keys.items():
        items = value if isinstance(value, (tuple, list)) else [value]
        words = [f".{str(item).lower()}." if isinstance(item, bool) else repr(item) for item in items]
        lines.append(f"  {key} = {', '.join(words)}")
    text = "\n".join(["&run", "/", "&data", "  form = 'grid'", "/", "&grid", *lines, "/", ""])
    return parse(text, "case.nml").grid


def static(*files: Path, **keys: object) -> StaticData:
    """Cells, fields and rivers of these files."""
    return read_static(asked(*files, **keys))


class Calm:
    """Weather without rain at any place: days of the year 2001."""

    axis = TimeAxis.parse("2001-01-01", 365, "standard")

    def __init__(self, places: int = 0):
        self.places = places

    def on(self, latitude, longitude, elevation=None):
        return Calm(len(latitude))

    def forcing(self, start, stop):
        return np.zeros((stop - start, 3, self.places), np.float32)

    def subset(self, first, stop):
        return Calm(stop - first)


def source(*files: Path, **keys: object) -> GridSource:
    """The source of these files, with calm weather."""
    group = asked(*files, **keys)
    found = read_static(group)
    return assemble(
        found.grid, found.fields, Calm(), found.downstream, found.sites, group.distance, found.notes,
        reach=group.gauge_reach,
    )  # fmt: skip


def in_coding(ldd: np.ndarray, coding: str) -> np.ndarray:
    """Keypad directions in another coding: 'd8', 'trip', 'index'."""
    clockwise = [8, 9, 6, 3, 2, 1, 4, 7]  # N NE E SE S SW W NW
    if coding == "index":
        flat = np.arange(ldd.size).reshape(ldd.shape)
        step = np.vectorize(lambda code: np.dot(STEPS.get(code, (0, 0)), (ldd.shape[1], 1)))
        return flat + step(ldd)
    table = {code: 2 ** ((k - 2) % 8) for k, code in enumerate(clockwise)} | {5: 0}
    if coding == "trip":
        table = {code: k + 1 for k, code in enumerate(clockwise)} | {5: 9}
    return np.vectorize(table.get)(ldd)
