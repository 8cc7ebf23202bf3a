"""The reference cases of HydroPy as the files its users have: a parameter file on the grid, forcing by year."""

from pathlib import Path

import netCDF4
import numpy as np

RAW = ("lsm", "glacier", "flake", "fwetl", "fveg", "lai", "ddfac", "beta", "wmax", "wmin", "wcap", "wava", "perm")
RAW = (*RAW, "topo_std", "srftopo", "slope_avg", "area")


def write_case(inputs: Path, folder: Path, forcing: bool = True) -> tuple[Path, Path]:
    """hydropy_para.nc, hydropy_forcing_2001.nc and hydropy_restart.nc of a reference case, on its global grid."""
    with netCDF4.Dataset(inputs) as data:
        data.set_auto_mask(False)
        rows, columns = (int(word) for word in data.grid.split(" global")[0].split(" x "))
        shape = (rows, columns)
        cell = data["row"][:].astype(np.int64) * columns + data["col"][:]
        para, series = folder / "hydropy_para.nc", folder / "hydropy_forcing_2001.nc"
        with _created(para, shape) as made:
            made.createDimension("month", 12)
            for name in RAW:
                values = data[f"par_{name}"][:]
                whole = np.zeros((*values.shape[:-1], rows * columns))
                if name == "area":
                    whole[:] = np.nan
                whole[..., cell] = values
                if name == "area":
                    _fill_area(whole, shape)
                dimensions = ("month", "lat", "lon") if values.ndim == 2 else ("lat", "lon")
                written = made.createVariable(name, "f8", dimensions, compression="zlib", complevel=1)
                written.units = data[f"par_{name}"].units
                written[:] = whole.reshape(*whole.shape[:-1], *shape)
            target = np.arange(rows * columns)
            target[cell] = cell[data["down"][:]]
            for name, values in zip(("rout_lat", "rout_lon"), np.divmod(target, columns), strict=True):
                made.createVariable(name, "f8", ("lat", "lon"))[:] = values.reshape(shape)
        if forcing:
            _write_forcing(data, series, shape, cell)
            _write_restart(data, folder / "hydropy_restart.nc", shape, cell)
    return para, series


def _fill_area(area: np.ndarray, shape: tuple[int, int]) -> None:
    """Cells that the case does not list get the area of their row, or that of the sphere."""
    step = np.pi / shape[0]
    north = np.pi / 2 - step * np.arange(shape[0] + 1)
    sphere = 6_371_000.0**2 * step * (np.sin(north[:-1]) - np.sin(north[1:]))
    grid = area.reshape(shape)
    for row, values in enumerate(grid):
        known = values[np.isfinite(values)]
        values[~np.isfinite(values)] = known[0] if len(known) else sphere[row]


def _write_forcing(data: netCDF4.Dataset, file: Path, shape: tuple[int, int], cell: np.ndarray) -> None:
    with _created(file, shape) as made:
        days = data["time"][:]
        made.createDimension("time", len(days))
        time = made.createVariable("time", "f8", ("time",))
        time.setncatts({"units": data["time"].units, "calendar": data["time"].calendar})
        time[:] = days
        for name in ("TSurf", "Precip", "PET"):
            values = np.full((len(days), shape[0] * shape[1]), np.float32(1e20))
            values[:, cell] = data[name][:]
            written = made.createVariable(
                name, "f4", ("time", "lat", "lon"), fill_value=np.float32(1e20), compression="zlib", complevel=1
            )
            written.units = data[name].units
            written[:] = values.reshape(len(days), *shape)


def _write_restart(data: netCDF4.Dataset, file: Path, shape: tuple[int, int], cell: np.ndarray) -> None:
    with _created(file, shape) as made:
        made.createDimension("res", len(data.dimensions["res"]))
        for name in (name for name in data.variables if name.startswith("ini_")):
            values = data[name][:]
            whole = np.zeros((*values.shape[:-1], shape[0] * shape[1]))
            whole[..., cell] = values
            dimensions = ("res", "lat", "lon") if values.ndim == 2 else ("lat", "lon")
            written = made.createVariable(name[4:], "f8", dimensions, compression="zlib", complevel=1)
            written[:] = whole.reshape(*whole.shape[:-1], *shape)


def _created(file: Path, shape: tuple[int, int]) -> netCDF4.Dataset:
    made = netCDF4.Dataset(file, "w")
    for name, unit, size, first, extent in (
        ("lat", "degrees_north", shape[0], 90.0, -180.0),
        ("lon", "degrees_east", shape[1], -180.0, 360.0),
    ):
        made.createDimension(name, size)
        made.createVariable(name, "f8", (name,))[:] = first + (np.arange(size) + 0.5) * extent / size
        made[name].units = unit
    return made
