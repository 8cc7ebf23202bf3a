"""A year of the globe at half a degree through `freshet run`: read, simulate, route, write. Real netCDF files.

    python run/benchmark_globe.py GRID.nc                HydroPy's forcing; daily discharge, monthly maps
    python run/benchmark_globe.py GRID.nc --threads 2    two threads of one process
    python run/benchmark_globe.py GRID.nc --ranks 2      two processes under MPI

GRID.nc holds static fields on a global grid with flow directions, such as WaterGAP's at half a degree. Weather of its
land is written first, a file a variable, deflated as W5E5's are. Wall clock of the whole command, from the shell:
interpreter, compiled loops from the cache (--cold: compiled anew), reading, writing, restart.

--json prints an object: case, what, ours_ns (whole), peer, peer_ns, ratio, peak_mb. The peer is HydroPy 1.0.2 with its
Fortran routing, as published beside its reference data: 5900 ns per cell-day, physics and routing alone.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import netCDF4
import numpy as np

PEER_NS = 5900.0
DAYS = 365
NAMELIST = """
&run
  title = 'a year of the globe'
  model = 'hydropy'
  start = '2001-01-01'
  end = '2001-12-31'
  warmup_days = 0
  threads = {threads}
/
&data
  form = 'grid'
/
&grid
  path = '{grid}'
/
&weather
  path = '{folder}/weather_*.nc'
  pet = 'given'
  beyond_mask = 'nearest'
/
&routing
  router = 'cascade'
/
&output
  directory = '{folder}/output'
  variables = 'discharge'
  frequency = 'day'
  monthly = 'evaporation', 'runoff', 'snow_water_equivalent', 'root_zone_moisture'
  overwrite = .true.
/
"""


def main() -> int:
    """Write the weather, run, print."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="globe-", dir=options.folder) as name:
        folder = Path(name)
        write_weather(folder, options.grid)
        path = folder / "globe.nml"
        path.write_text(NAMELIST.format(grid=options.grid.resolve(), folder=folder, threads=options.threads))
        cache = {"FRESHET_CACHE": str(folder / "cache")} if options.cold else {}
        seconds = []
        for _ in range(options.repeats):
            begin = time.perf_counter()
            said = run(path, options.ranks, cache)
            seconds.append(time.perf_counter() - begin)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    show(said, min(seconds), peak, options)
    return 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("grid", type=Path, help="static fields on a global grid")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=2, help="the least counts")
    parser.add_argument("--cold", action="store_true", help="without compiled loops from before")
    parser.add_argument("--folder", type=Path, default=None, help="where weather and output go (1 GB)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args()


def write_weather(folder: Path, grid: Path) -> None:
    """TSurf, Precip and PET on every cell that the grid has as land, in files as HydroPy reads them."""
    with netCDF4.Dataset(grid) as data:
        latitude = np.array(data[next(n for n in ("lat", "latitude") if n in data.variables)][:])
        longitude = np.array(data[next(n for n in ("lon", "longitude") if n in data.variables)][:])
        mask = next(n for n in ("land_mask", "landmask", "continental_area", "lsm") if n in data.variables)
        land = np.ma.filled(data[mask][:], 0) > 0
    random = np.random.default_rng(1)
    season = np.sin(2 * np.pi * (np.arange(DAYS) / 365 - 0.3))
    warmth = 300 - 0.6 * np.abs(latitude)[:, None] + np.zeros(longitude.shape)
    swing = (0.25 * latitude)[:, None] + np.zeros(longitude.shape)
    values = {
        "TSurf": lambda day: warmth + swing * season[day] + random.normal(0, 2, land.shape),
        "Precip": lambda day: random.gamma(0.6, 9, land.shape) * (random.random(land.shape) < 0.4) / 86400,
        "PET": lambda day: np.maximum((warmth + swing * season[day] - 268) * 1.2e-6, 0),
    }
    units = {"TSurf": "K", "Precip": "kg m-2 s-1", "PET": "kg m-2 s-1"}
    for name, make in values.items():
        with netCDF4.Dataset(folder / f"weather_{name}.nc", "w") as data:
            for axis, points, unit in (("lat", latitude, "degrees_north"), ("lon", longitude, "degrees_east")):
                data.createDimension(axis, len(points))
                data.createVariable(axis, "f8", (axis,))[:] = points
                data[axis].units = unit
            data.createDimension("time", None)
            stamps = data.createVariable("time", "i4", ("time",))
            stamps.setncatts({"units": "days since 2001-01-01", "calendar": "standard"})
            stamps[:] = np.arange(DAYS)
            chunks = (1, *land.shape)
            written = data.createVariable(
                name, "f4", ("time", "lat", "lon"), zlib=True, complevel=1, fill_value=1e20, chunksizes=chunks
            )
            written.units = units[name]
            for day in range(DAYS):
                written[day] = np.where(land, make(day), 1e20)


def run(path: Path, ranks: int, environment: dict[str, str]) -> str:
    """The command; what it said."""
    command = [sys.executable, "-m", "freshet", "run", str(path), *(["--ranks", str(ranks)] if ranks > 1 else [])]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    if done.returncode:
        sys.exit(f"freshet run failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def show(said: str, seconds: float, peak: float, options: argparse.Namespace) -> None:
    """Print what the run took."""
    cells = next(int(line.split()[0]) for line in said.splitlines() if " cells, " in line and "days in" in line)
    peer = PEER_NS * cells * DAYS
    found = {
        "case": f"globe {cells}x{DAYS}, {options.ranks} process(es), {options.threads} thread(s)",
        "what": "run with files",
        "ours_ns": seconds * 1e9,
        "peer": "HydroPy 1.0.2, published",
        "peer_ns": peer,
        "ratio": peer / 1e9 / seconds,
        "peak_mb": peak,
    }
    if options.json:
        print(json.dumps(found))
        return
    print(said)
    print(
        f"{found['case']}: {seconds:.1f} s, {seconds / cells / DAYS * 1e9:.0f} ns per cell-day, {peak:.0f} MB at most"
    )
    print(f"HydroPy 1.0.2 (published, without files): {peer / 1e9:.0f} s, {found['ratio']:.1f} times as long")


if __name__ == "__main__":
    sys.exit(main())
