"""Small runs of freshet run with VIC's files: three cells on a grid of 2 x 2, some days around new year."""

import sys
from pathlib import Path

import netCDF4
import numpy as np
from freshet.driver import simulation
from freshet.driver.settings import Settings, parse

from vic_files import FORCE_NAMES, write_image

START, DAYS, PER_DAY = np.datetime64("1999-12-26"), 12, 8
NAMELIST = """
&run
  model = 'vic'
  warmup_days = 0
/
&data
  form = 'vic'
/
&vic
  parameters = '{folder}/params.nc'
  domain = '{folder}/domain.nc'
  file_options = 'SNOW_BAND = TRUE', 'LAI_SRC = FROM_VEGPARAM'
  forcing = '{folder}/forcing.{{year}}.nc'
  forcing_names = {names}
/
&output
  directory = '{directory}'
  variables = 'runoff', 'evaporation', 'soil_moisture_1'
/
"""
ROUTED = ("grid.path={folder}/flow.nc", "routing.router=gridded_unit_hydrograph")


def weather(days: int = DAYS) -> dict[str, np.ndarray]:
    """Weather [time, cell] in VIC's units: rain and snow, days and nights, every number another."""
    time, cell = np.arange(days * PER_DAY)[:, None], np.arange(3)[None]
    hour = 2 * np.pi * (time % PER_DAY) / PER_DAY
    noise = np.modf(np.sin(time * 12.9898 + cell * 78.233) * 43758.5453)[0] ** 2
    warmth = 4.0 * np.sin(2 * np.pi * time / (5.0 * PER_DAY)) - 3.0 * np.cos(hour) + 2.0 - cell
    return {
        "PREC": np.where(noise > 0.4, 6.0 * noise, 0.0),
        "AIR_TEMP": warmth,
        "SWDOWN": np.maximum(0.0, -250.0 * np.cos(hour)) + 0.0 * cell,
        "LWDOWN": 250.0 + 40.0 * noise,
        "PRESSURE": 88.0 + cell + 0.0 * time,
        "VP": 0.45 + 0.1 * noise,
        "WIND": 1.0 + 3.0 * noise,
    }


def write_forcing(folder: Path, values: dict[str, np.ndarray] | None = None) -> None:
    """Files of the years that the days lie in, three-hourly."""
    values = weather() if values is None else values
    count = len(values["PREC"])
    times = START.astype("datetime64[h]") + 3 * np.arange(count)
    for year in np.unique(times.astype("datetime64[Y]")):
        part = times.astype("datetime64[Y]") == year
        with netCDF4.Dataset(folder / f"forcing.{year}.nc", "w") as data:
            for name, size in (("time", None), ("lat", 2), ("lon", 2)):
                data.createDimension(name, size)
            data.createVariable("lat", "f8", ("lat",))[:] = [48.0, 48.5]
            data.createVariable("lon", "f8", ("lon",))[:] = [-121.0, -120.5]
            time = data.createVariable("time", "i4", ("time",))
            time.setncatts({"units": f"hours since {year}-01-01", "calendar": "proleptic_gregorian"})
            time[:] = (times[part] - year.astype("datetime64[h]")).astype(int)
            for force_type, name in FORCE_NAMES.items():
                full = np.ma.masked_all((part.sum(), 2, 2))
                for place, (y, x) in enumerate(((0, 0), (0, 1), (1, 0))):
                    full[:, y, x] = values[force_type][part, place]
                data.createVariable(name, "f8", ("time", "lat", "lon"), fill_value=-9999.0)[:] = full


def write_flow(folder: Path) -> None:
    """Flow directions (D8): both other cells drain into the first one, where the water ends."""
    with netCDF4.Dataset(folder / "flow.nc", "w") as data:
        data.createDimension("lat", 2)
        data.createDimension("lon", 2)
        data.createVariable("lat", "f8", ("lat",))[:] = [48.0, 48.5]
        data.createVariable("lon", "f8", ("lon",))[:] = [-121.0, -120.5]
        variable = data.createVariable("flow_direction", "i4", ("lat", "lon"), fill_value=-9)
        variable[:] = np.ma.masked_equal([[0, 16], [4, -9]], -9)


def write_all(folder: Path) -> Path:
    """Parameters, domain, forcing, flow directions."""
    folder.mkdir(parents=True, exist_ok=True)
    write_image(folder)
    write_forcing(folder)
    write_flow(folder)
    return folder


def settings(folder: Path, directory: Path, *overrides: str) -> Settings:
    """Settings of a run of the files in a folder; {folder} in overrides is that folder."""
    names = ", ".join(f"'{name} = {own}'" for name, own in FORCE_NAMES.items())
    text = NAMELIST.format(folder=folder, directory=directory, names=names)
    return parse(text, "case.nml", [each.format(folder=folder) for each in overrides])


def run(folder: Path, directory: Path, *overrides: str) -> None:
    """Run in this process, or on this rank."""
    simulation.run(settings(folder, directory, *overrides))


def series(directory: Path, name: str = "history*.nc") -> dict[str, np.ndarray]:
    """Every variable of the files of a name, [time, cell] of the cells that run."""
    found: dict[str, list] = {}
    for file in sorted(directory.glob(name)):
        with netCDF4.Dataset(file) as data:
            for key, variable in data.variables.items():
                if variable.dimensions == ("time", "latitude", "longitude"):
                    found.setdefault(key, []).append(np.asarray(variable[:])[:, [0, 0, 1], [0, 1, 0]])
    return {key: np.concatenate(parts) for key, parts in found.items()}


if __name__ == "__main__":
    from freshet.driver.cli import _status

    files, target, *rest = sys.argv[1:]
    sys.exit(_status(lambda: run(Path(files), Path(target), *rest)))
