"""A file that only refers to the files of the processes (HDF5 virtual datasets): made at once, without copying."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..files import NETCDF, whole_file
from .join_files import Group, open_netcdf

# Variables of the cells of a process, which follow each other in the order of ranks.
OF_CELLS = ("cell", "cell_latitude", "cell_longitude", "cell_area", "land_area", "cell_location")


def write_virtual(folder: Path, stem: str, groups: Sequence[Group], bounds: np.ndarray) -> str:
    """Write <stem>.nc of dimensions (time, cell), cells in canonical order; what was done, in words.

    The files of the processes have to stay where they are, in the same folder. InputError where the ranks of one
    window have other cells than those of another: the run was continued by another number of processes.
    """
    path = folder / f"{stem}.nc"
    if any(not np.array_equal(groups[0].cells, each.cells) for each in groups):
        raise InputError(f"{stem} was written by changing numbers of processes: join it without --virtual")
    with whole_file(path) as temporary, NETCDF:
        paths = [each.paths for each in groups]
        _refer(temporary, paths, _write_face(temporary, paths[0], bounds))
    return f"wrote {path.name}: {len(bounds)} record(s) in {sum(map(len, paths))} files of processes"


def _write_face(target: Path, paths: Sequence[Path], bounds: np.ndarray) -> dict[str, dict[str, Any]]:
    """Dimensions, coordinates and attributes; the variables that have records, with their attributes."""
    import netCDF4

    parts = [open_netcdf(path) for path in paths]
    with netCDF4.Dataset(target, "w") as data:
        one = parts[0]
        data.setncatts({name: one.getncattr(name) for name in one.ncattrs() if name not in ("rank", "first_record")})
        for name, dimension in one.dimensions.items():
            length = {"time": len(bounds), "cell": sum(len(part.dimensions["cell"]) for part in parts)}
            data.createDimension(name, length.get(name, len(dimension)))
        given = {"time": bounds[:, 0], "time_bounds": bounds}
        given |= {name: np.concatenate([part[name][:] for part in parts]) for name in OF_CELLS}
        for name, variable in one.variables.items():
            if "location" not in variable.ncattrs():
                copy = data.createVariable(name, variable.dtype, variable.dimensions, fill_value=False)
                copy.setncatts(_attributes(variable))
                copy[:] = given.get(name, variable[:])
        told = {each.name: _attributes(each) for each in one.variables.values() if "location" in each.ncattrs()}
    for part in parts:
        part.close()
    return told


def _refer(target: Path, groups: Sequence[Sequence[Path]], names: Mapping[str, Mapping[str, Any]]) -> None:
    import h5py

    with h5py.File(target, "r+") as file:
        shape = (len(file["time"]), len(file["cell"]))
        for name, attributes in names.items():
            layout, fill, dtype, first = None, None, None, 0
            for paths in groups:
                column = records = 0
                for path in paths:
                    with h5py.File(path, "r") as part:
                        records, width = part[name].shape
                        fill, dtype = part[name].fillvalue, part[name].dtype
                    # Names without a folder are looked for beside the file that refers to them.
                    source = h5py.VirtualSource(path.name, name, (records, width), dtype)
                    layout = layout or h5py.VirtualLayout(shape, dtype)
                    layout[first : first + records, column : column + width] = source
                    column += width
                first += records
            made = file.create_virtual_dataset(name, layout, fillvalue=fill)
            for place, dimension in enumerate(("time", "cell")):
                made.dims[place].attach_scale(file[dimension])
            for key, value in attributes.items():
                made.attrs[key] = np.bytes_(value) if isinstance(value, str) else value
            if fill:
                made.attrs["_FillValue"] = np.array([fill], dtype)


def _attributes(variable: Any) -> dict[str, Any]:
    return {name: variable.getncattr(name) for name in variable.ncattrs() if name not in ("_FillValue", "location")}
