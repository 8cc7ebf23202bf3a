"""Files of parameters by basin and component: netCDF, read and written, and csv, read."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..kernels.model import Model
from .errors import InputError
from .files import NETCDF, whole_file
from .nearest import suggestion
from .netcdf_places import COORDINATES, write_basins
from .parameters import Parameters, declared, default_parameters

# Columns and variables by parameter name, [component, basin of the file], and the basins.
Table = tuple[list[str], dict[str, np.ndarray]]


def read_parameters(
    path: Path, ids: Sequence[str], model: Model, components: int = 1, instead: Parameters | None = None
) -> Parameters:
    """Parameters of the basins `ids` from a file; one that the file does not name is that of `instead`, or its default.

    netCDF: variables named as parameters with dims (basin) or (component, basin), and `basin` with the ids; or a map of
    freshet parameters on a grid, whose cells are the ids.
    csv: columns basin, component (optional, from 1) and one for each parameter. One component in the file stands for
    all components of the run. InputError, with file and place, where something is missing, unknown or no number.
    """
    found, columns = _read_csv(path) if path.suffix.lower() in (".csv", ".txt") else _read_netcdf(path)
    known = [variable.name for variable in declared(model)]
    for name in columns:
        if name not in known:
            raise InputError(f"'{path}': {model.label} has no parameter '{name}'{suggestion(name, known)}")
    if not columns:
        raise InputError(f"'{path}' has no parameter of {model.label}; known: {', '.join(known)}")
    place = {name: index for index, name in enumerate(found)}
    absent = [name for name in ids if name not in place]
    if absent:
        more = f" (and {len(absent) - 1} more)" if len(absent) > 1 else ""
        raise InputError(f"'{path}' has no parameters for basin {absent[0]}{more}: it holds {len(found)} basins")
    order = np.array([place[name] for name in ids])
    here = {name: column[:, order] for name, column in columns.items()}
    return _assemble(path, model, components, here, instead or default_parameters(model, len(ids)))


def write_parameters(path: Path, given: Parameters, ids: Sequence[str], model: Model) -> None:
    """Write parameters as netCDF, in the form that read_parameters reads; WriteError where that fails."""
    import netCDF4

    with NETCDF, whole_file(path, given.values.nbytes) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.Conventions = "CF-1.11"
        data.title = f"parameters of {model.label}"
        data.source = given.origin
        data.createDimension("component", given.components)
        write_basins(data, ids)
        for variable, rows in zip(declared(model), (*given.values, *given.routing), strict=True):
            dimensions = ("component", "basin")[2 - rows.ndim :]
            written = data.createVariable(variable.name, "f8", dimensions, fill_value=False)
            written.setncatts({"long_name": variable.meaning, "units": variable.unit})
            written.valid_range = np.array([variable.low, variable.high])
            written[:] = rows


def _assemble(
    path: Path, model: Model, components: int, columns: Mapping[str, np.ndarray], instead: Parameters
) -> Parameters:
    """Arrays in the model's order, every component filled."""
    count = max([len(column) for column in columns.values()] + [1])
    if components not in (1, count) and count != 1:
        raise InputError(f"'{path}' holds {count} components, but &run components = {components}: leave components out")
    count = max(count, components)
    rows, places = [], instead.values.shape[2]
    for variable, usual in zip(declared(model), (*instead.values, *instead.routing[:, None]), strict=True):
        rows.append(np.broadcast_to(columns.get(variable.name, usual), (count, places)))
    own = len(model.parameters)
    for variable, row in zip(declared(model)[own:], rows[own:], strict=True):
        if (row != row[0]).any() and not np.isnan(row).any():
            raise InputError(f"'{path}': {variable.name} differs between components: routing has one value per basin")
    left = [variable.name for variable in declared(model) if variable.name not in columns]
    origin = f"file {path.name}" + (f" ({instead.origin} for {_some(left)})" if left else "")
    return Parameters(np.array(rows[:own]), np.array([row[0] for row in rows[own:]]), origin)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 20 else f"{', '.join(names[:20])} and {len(names) - 20} others"


def _read_netcdf(path: Path) -> Table:
    import netCDF4

    from .parameter_maps import grid_table, on_grid

    try:
        with NETCDF, netCDF4.Dataset(path) as data:
            if on_grid(data):
                return grid_table(path, data)
            if "basin" not in data.variables or data["basin"].ndim != 1:
                raise InputError(f"'{path}' has no variable basin (basin) with the ids of the basins")
            ids = [str(name) for name in np.asarray(data["basin"][:]).tolist()]
            columns = {}
            for name, variable in data.variables.items():
                if name in ("basin", "component", *COORDINATES):
                    continue
                if variable.dimensions not in (("basin",), ("component", "basin")):
                    raise InputError(
                        f"'{path}': {name} has dimensions ({', '.join(variable.dimensions)}), expected (basin) or "
                        "(component, basin)"
                    )
                columns[name] = np.atleast_2d(_numbers(variable[:]))
    except (OSError, RuntimeError) as error:
        raise InputError(f"cannot read the parameters in '{path}': {error}") from error
    return ids, columns


def _numbers(values: np.ma.MaskedArray) -> np.ndarray:
    """Numbers, NaN where there is none; those outside of valid_range, which netCDF4 masks, are to be told by value."""
    missing = np.ma.getmaskarray(values) & (np.ma.getdata(values) == np.ma.asarray(values).fill_value)
    return np.where(missing, np.nan, np.ma.getdata(values).astype(float))


def _read_csv(path: Path) -> Table:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            rows = list(reader)
            names = [name for name in reader.fieldnames or [] if name not in ("basin", "component")]
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"cannot read the parameters in '{path}': {error}") from error
    if not rows or "basin" not in rows[0]:
        raise InputError(f"'{path}' has no column 'basin': expected a csv table basin,[component,]beta,fc,...")
    ids = list(dict.fromkeys(row["basin"] for row in rows))
    values = {(row["basin"], _number(path, row, "component", 1.0)): row for row in rows}
    count = int(max(component for _, component in values))
    wanted = [(name, component + 1.0) for component in range(count) for name in ids]
    gaps = [key for key in wanted if key not in values]
    if gaps or len(values) != len(rows) or len(values) != len(wanted):
        what = f"no line for basin {gaps[0][0]}, component {gaps[0][1]:g}" if gaps else "a basin more than once"
        raise InputError(f"'{path}' has {what}: expected one line for each basin (and component, from 1)")
    table = {name: np.array([_number(path, values[key], name) for key in wanted]) for name in names}
    return ids, {name: column.reshape(count, len(ids)) for name, column in table.items()}


def _number(path: Path, row: dict[str, str], name: str, default: float | None = None) -> float:
    text = row.get(name)
    if text is None and default is not None:
        return default
    try:
        return float(text or "nan")
    except ValueError:
        raise InputError(f"'{path}': {name} of basin {row['basin']} is '{text}', expected a number") from None
