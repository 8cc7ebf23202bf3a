"""Parameters of cells in a netCDF file on a grid: HydroPy's raw fields, or a model's parameters by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...kernels.variable import Variable
from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from ..nearest import suggestion
from .fields import FIELDS, completed, read_field
from .names import LATITUDE, LONGITUDE, recognised
from .source import GridSource
from .static_file import StaticFile, open_static

# On the grid beside the parameters, and of no use here.
OTHERS = {"lsm", "area", "rivdir", "rout_lat", "rout_lon", "landarea", "time_bnds"}


def on_a_grid(path: Path) -> bool:
    """Whether a file of parameters lies on latitudes and longitudes, and not on basins. InputError where broken."""
    if path.suffix.lower() in (".csv", ".txt"):
        return False
    with NETCDF, opened(path) as data:
        return bool(recognised(LATITUDE, data.dimensions) and recognised(LONGITUDE, data.dimensions))


def read_on_grid(
    path: Path, source: GridSource, declared: tuple[Variable, ...]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], list[str]]:
    """Raw fields of HydroPy, then parameters by the model's names, [place] (months: [12, place]), and notes.

    What is both (wcap, wava, wmin, wmax, ddfac) is a raw field, as in HydroPy's own files. Cells are found by their
    coordinates. InputError, with file and place, where a name is unknown, a cell is missing or has no value.
    """
    file = open_static(path)
    raw, own, notes = {}, {}, []
    names = {variable.name: variable for variable in declared}
    known = [*FIELDS, *names]
    for variable in file.variables:
        name = variable.lower()
        if name in OTHERS:
            continue
        if name in FIELDS:
            raw[name], note = _field(name, file, variable, source)
            notes += [note] if note else []
        elif name in names:
            own[name] = _parameter(names[name], file, variable, source)
        else:
            raise InputError(f"'{path}': '{variable}' is no parameter and no static field{suggestion(name, known)}")
    if not raw and not own:
        raise InputError(f"'{path}' has no parameters on its grid; known: {', '.join(known)}")
    return raw, own, notes


def _field(name: str, file: StaticFile, variable: str, source: GridSource) -> tuple[np.ndarray, str]:
    values = read_field(name, file, variable, source.grid)
    active = np.zeros(source.grid.shape, bool)
    active.flat[source.cell] = True
    whole, note = completed(name, values, active, source.grid, str(file.path))
    return np.ascontiguousarray(whole.reshape(*whole.shape[:-2], -1)[..., source.cell]), note


def _parameter(variable: Variable, file: StaticFile, name: str, source: GridSource) -> np.ndarray:
    values = file.onto(source.grid, name)
    if values.ndim != 2:
        raise InputError(f"'{file.path}': {name} has 12 months, expected one value for each cell")
    found: np.ndarray = values.ravel()[source.cell]
    missing = ~np.isfinite(found)
    if missing.any():
        raise InputError(
            f"'{file.path}': {variable.name} has no value in {missing.sum()} of {len(found)} cells, first at "
            f"{source.ids[int(np.argmax(missing))]}"
        )
    return found
