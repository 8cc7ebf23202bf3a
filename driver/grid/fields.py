"""Static fields of a grid by HydroPy's names: what they are called elsewhere, their units, what they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import ConfigurationError, InputError
from ..nearest import suggestion
from ..unit_spelling import canonical
from .grid import Grid
from .names import recognised
from .static_file import StaticFile

# More missing land than this is another land mask, not a few cells along the coast.
MOST_MISSING = 0.05


@dataclass(frozen=True)
class Field:
    """A static field. names: in files, beside its own; missing: taken where the file has no value, NaN = default below;
    default: for stray cells without a value.
    """

    unit: str
    meaning: str
    low: float
    high: float
    missing: float
    default: float = 0.0
    names: tuple[str, ...] = ()
    monthly: bool = False


NAN = float("nan")
FIELDS = {
    "lsm": Field("1", "share of the cell that is land", 0, 1, 0.0),
    "glacier": Field("1", "share of the land under glaciers", 0, 1, 0.0, names=("glacier_fraction", "glac")),
    "flake": Field("1", "share of the land under lakes", 0, 1, 0.0, names=("lake_fraction", "fraction_open_water")),
    "fwetl": Field("1", "share of the land under wetlands", 0, 1, 0.0, names=("wetland_fraction",)),
    "fveg": Field("1", "share of the land under vegetation", 0, 1, 0.0, 0.5, ("vegetation_fraction",), monthly=True),
    "lai": Field("1", "leaf area index", 0, 20, 0.0, 2.0, ("leaf_area_index",), monthly=True),
    "ddfac": Field("mm K-1 d-1", "degree-day factor", 0, 30, NAN, 4.0, ("degree_day_factor",)),
    "beta": Field("1", "shape of the distribution of soil capacities", 0, 10, NAN, 0.2, ("arno_beta", "b_arno")),
    "wcap": Field("mm", "capacity of the root zone", 0, 5000, NAN, 300.0, ("root_zone_capacity",)),
    "wava": Field("mm", "root-zone water that plants can take", 0, 5000, NAN, 200.0),
    "wmin": Field("mm", "lowest local soil capacity", 0, 5000, NAN, 15.0),
    "wmax": Field("mm", "largest local soil capacity", 0, 10000, NAN, 350.0),
    "perm": Field("1", "share of the land with permafrost", 0, 1, 0.0, names=("permafrost", "permafrost_fraction")),
    "topo_std": Field("m", "spread of heights in the cell", 0, 5000, 0.0, names=("elevation_std", "orography_std")),
    "srftopo": Field(
        "m",
        "height of the land",
        -500,
        9000,
        0.0,
        names=("elevation_land", "elevation", "orography", "orog", "topography", "altitude", "dem", "topo"),
    ),
    "slope_avg": Field("1", "mean slope of the land", 0, 5, 0.0, names=("slope", "tanslope", "topo_tanslope")),
    # Of the river, for routers that take them.
    "channel_length": Field("m", "length of the river in the cell", 0, 1e7, NAN, NAN, ("river_length",)),
    "channel_slope": Field("1", "slope of the river bed", 0, 10, NAN, NAN, ("river_slope", "channel_gradient")),
    "channel_width": Field("m", "width of the river", 0, 1e5, NAN, NAN, ("river_width", "bankfull_width")),
    "channel_roughness": Field("s m-1/3", "Manning's n of the river", 0, 1, NAN, NAN, ("river_bed_roughness",)),
    "bankfull_flow": Field("m3 s-1", "discharge of the full river bed", 0, 1e7, NAN, NAN, ("bankfull_discharge",)),
}
# Factors into the unit on the left, by spelling.
UNITS = {
    "1": {"1": 1.0, "-": 1.0, "/": 1.0, "%": 0.01, "percent": 0.01, "m m-1": 1.0, "m2 m-2": 1.0, "fraction": 1.0},
    "m": {"m": 1.0, "km": 1e3, "cm": 0.01, "ft": 0.3048, "gpm": 1.0},
    "mm": {"mm": 1.0, "kg m-2": 1.0, "m": 1e3, "cm": 10.0},
    "m2": {"m2": 1.0, "km2": 1e6, "ha": 1e4},
    "mm K-1 d-1": {"mm K-1 d-1": 1.0, "kg m-2 K-1 d-1": 1.0, "mm degC-1 d-1": 1.0},
}
Asked = dict[str, float | str]


def asked_fields(texts: Sequence[str]) -> Asked:
    """What &grid fields says: by freshet's name, a variable of the files or a number. ConfigurationError otherwise."""
    found: Asked = {}
    for text in texts:
        name, equals, other = (part.strip() for part in text.partition("="))
        if not equals or not other:
            raise ConfigurationError(f"&grid fields: '{text}' is no 'name = variable' or 'name = number'")
        if name not in FIELDS:
            raise ConfigurationError(f"&grid fields: '{name}' is no static field{suggestion(name, FIELDS)}")
        try:
            found[name] = float(other)
        except ValueError:
            found[name] = other
    return found


def find_field(name: str, files: Sequence[StaticFile], asked: Asked) -> tuple[StaticFile, str] | None:
    """File and variable of a field, None where no file has it. InputError where a variable asked for is not there."""
    wanted = asked.get(name)
    if isinstance(wanted, str):
        for file in files:
            if wanted in file.variables:
                return file, wanted
        known = [other for file in files for other in file.variables]
        raise InputError(f"no file of &grid path has '{wanted}', asked for {name}{suggestion(wanted, known)}")
    for file in files:
        found = recognised((name, *FIELDS[name].names), file.variables)
        if found:
            return file, found
    return None


def read_field(name: str, file: StaticFile, variable: str, grid: Grid) -> np.ndarray:
    """A field in freshet's unit, [y, x] or [12, y, x], NaN where the file has no value. InputError for odd units."""
    values = file.onto(grid, variable) * factor(FIELDS[name].unit, file.unit(variable), f"{file.path}: {variable}")
    if FIELDS[name].monthly and values.ndim == 2:
        return np.repeat(values[None], 12, axis=0)
    if values.ndim == 3 and not FIELDS[name].monthly:
        raise InputError(f"{file.path}: {variable} has 12 months, expected one value for each cell")
    return values


def factor(unit: str, given: str, where: str) -> float:
    """What to multiply by, from the unit given into `unit`; nothing given is taken as `unit`. InputError otherwise."""
    if not given or unit not in UNITS:
        return 1.0
    for known, value in UNITS[unit].items():
        if given.strip() == known or (canonical(known) and canonical(known) == canonical(given)):
            return value
    raise InputError(f"{where}: unit '{given}' is unknown, expected one of: {', '.join(UNITS[unit])}: correct the file")


def completed(name: str, values: np.ndarray, active: np.ndarray, grid: Grid, where: str) -> tuple[np.ndarray, str]:
    """A field with a value in every active cell, and a note on what was put in.

    InputError, with the first place, where much of the land has no value, or a value is out of range.
    """
    field = FIELDS[name]
    absent = ~np.isfinite(values) & active
    lacking = absent.any(axis=0) if values.ndim == 3 else absent
    count, note = int(lacking.sum()), ""
    fill = field.default if np.isnan(field.missing) else field.missing
    if count and np.isfinite(fill):
        first = grid.name(int(np.flatnonzero(lacking)[0]))
        if np.isnan(field.missing) and count > MOST_MISSING * active.sum():
            raise InputError(
                f"{where}: {name} has no value in {count} of {int(active.sum())} cells of the land, first at {first}: "
                "is it of another land mask?"
            )
        note = f"{where}: {name} has no value in {count} of {int(active.sum())} cells (first: {first}): {fill:g} taken"
    filled = np.where(np.isfinite(values), values, fill)
    wrong = ((filled < field.low - 1e-9) | (filled > field.high * (1 + 1e-9))) & active
    if wrong.any():
        place = np.argwhere(wrong)[0]
        cell = int(np.ravel_multi_index(tuple(place[-2:]), grid.shape))
        raise InputError(
            f"{where}: {name} is {filled[tuple(place)]:g} at {grid.name(cell)}, expected {field.low:g} to "
            f"{field.high:g} {field.unit} ({field.meaning}): is the unit right?"
        )
    return filled, note


def constants(asked: Asked, grid: Grid) -> Mapping[str, np.ndarray]:
    """Fields that &grid fields sets to one number everywhere."""
    shapes = {name: (12, *grid.shape) if FIELDS[name].monthly else grid.shape for name in asked}
    return {name: np.full(shapes[name], value) for name, value in asked.items() if not isinstance(value, str)}
