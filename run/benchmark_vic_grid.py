"""A continent of VIC through `freshet run`, 3-hourly, five tile-bands a cell: read, simulate, write. Real netCDF files.

    python run/benchmark_vic_grid.py                           10,000 cells (half a degree), a year, on 2 processes
    python run/benchmark_vic_grid.py --cells 1000 --days 60    smaller
    python run/benchmark_vic_grid.py --kind eb3h --ranks 1     with the energy balance; fs3h: with frozen soil
    python run/benchmark_vic_grid.py --rivers                  routed to the coast by the gridded unit hydrograph

The files are made first (vic_grid_case.py; 1.1 GB of weather for the default) and are no part of the time, which is
that of the whole command: interpreter, compiled loops from the cache (--cold: compiled anew), reading, writing,
restart. Float32; daily maps of six quantities and monthly ones of eight OUT_ names. Then the run is stopped after part
of its days and goes on in another number of processes (--onward): files and restart have to have the first run's bits.

Reading is told by the clock of its own thread, which works while the loops do. peak_mb: of the largest process.
--json prints an object: case, what, ours_ns (per tile-band and step, by the clock), peer, peer_ns, ratio, peak_mb,
seconds, processor_s, reading_s, writing_s, starting_s, same_bits. The peer is VIC 5.1 on one core, as published beside
its reference data.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import netCDF4
import numpy as np
from freshet.driver.restart import read_restart

from vic_case import KINDS, PER_DAY
from vic_grid_case import BANDS, FORCING, FULL, START, Continent

PEER_NS = {"wb3h": 9.7e3, "eb3h": 13.3e3, "fs3h": 449e3}  # ns per tile-band and step, without files
STOPPED = 0.6  # of the days, before the run goes on elsewhere
UNITS = {"bytes": 1e-6, "kB": 1e-3, "MB": 1.0, "GB": 1e3}
NAMELIST = """
&run
  title = 'a continent of VIC'
  model = 'vic'
  start = '{start}'
  end = '{end}'
  warmup_days = 0
  precision = 'float32'
/
&data
  form = 'vic'
/
&vic
  step = 3
  energy = {energy}
  frozen = {frozen}
  parameters = '{folder}/params.nc'
  domain = '{folder}/domain.nc'
  file_options = 'SNOW_BAND = TRUE', 'LAI_SRC = FROM_VEGPARAM', 'ALB_SRC = FROM_VEGPARAM'
  forcing = '{folder}/forcing.{{year}}.nc'
  forcing_names = {names}
/
{rivers}
&output
  directory = '{folder}/output'
  variables = {daily}
  frequency = 'day'
  monthly = 'OUT_PREC', 'OUT_EVAP', 'OUT_RUNOFF', 'OUT_BASEFLOW', 'OUT_SWE', 'OUT_SOIL_MOIST', 'OUT_SNOW_COVER',
            'OUT_RAD_TEMP'
  overwrite = .true.
/
"""
RIVERS = """
&grid
  path = '{folder}/directions.nc'
  coding = 'd8'
/
&routing
  router = 'gridded_unit_hydrograph'
/
"""
DAILY = ("runoff", "evaporation", "snow_water_equivalent", "soil_moisture_1", "soil_moisture_2", "soil_moisture_3")


def main() -> int:
    """Make the files, run, stop and go on, print."""
    options = arguments()
    made = nullcontext(str(options.keep)) if options.keep else tempfile.TemporaryDirectory(prefix="vic-")
    with made as name:
        folder = Path(name).resolve()
        path = case(folder, options)
        environment = {"FRESHET_CACHE": str(folder / "cache")} if options.cold else {}
        if not options.cold:  # the loops are compiled
            run(path, 1, environment, *elsewhere(folder, "first"), "--set", f"run.end={START}")
        begin, before = time.perf_counter(), processor_time()
        said = run(path, options.ranks, environment)
        found = told(said, time.perf_counter() - begin, processor_time() - before, options)
        if not options.json:
            print(said)
        if not options.no_restart:
            found["same_bits"] = goes_on(path, folder, options, environment)
    show(found, options)
    return 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=FULL, help="fewer make a coarser grid of the same continent")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--kind", choices=PEER_NS, default="wb3h", help="as in benchmark_vic.py")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--onward", type=int, default=None, help="processes after the stop (one more)")
    parser.add_argument("--no-restart", action="store_true", help="without stopping and going on")
    parser.add_argument("--rivers", action="store_true", help="route the runoff")
    parser.add_argument("--cold", action="store_true", help="without compiled loops from before")
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the files, which stay there")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    if options.cells < 4 or options.days < 2 or options.ranks < 1:
        parser.error("expected at least 4 cells, 2 days and one process")
    options.onward = options.onward or options.ranks + 1
    return options


def case(folder: Path, options: argparse.Namespace) -> Path:
    """The files of a run and its namelist."""
    folder.mkdir(parents=True, exist_ok=True)
    Continent(options.cells).write(folder, options.days)
    chosen = KINDS[options.kind]
    flags = {key: f".{str(bool(chosen.get(key))).lower()}." for key in ("energy", "frozen")}
    daily = [*DAILY, *(["discharge"] if options.rivers else [])]
    path = folder / "continent.nml"
    path.write_text(
        NAMELIST.format(
            **flags,
            folder=folder,
            start=START,
            end=START + options.days - 1,
            names=", ".join(f"'{name} = {own}'" for name, own in FORCING.items()),
            rivers=RIVERS.format(folder=folder) if options.rivers else "",
            daily=", ".join(f"'{name}'" for name in daily),
        )
    )
    return path


def run(path: Path, ranks: int, environment: dict[str, str], *more: str) -> str:
    """The command; what it said."""
    processes = ["--ranks", str(ranks)] if ranks > 1 else []
    command = [sys.executable, "-m", "freshet", "run", str(path), *processes, *more]
    given = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=given, check=False)
    if done.returncode:
        sys.exit(f"freshet run failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def elsewhere(folder: Path, name: str) -> list[str]:
    """Arguments with which a run writes into a folder of that name."""
    return ["--set", f"output.directory={folder}/{name}"]


def processor_time() -> float:
    """Of all processes that were started and have ended, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(said: str, seconds: float, processor: float, options: argparse.Namespace) -> dict:
    """What the run says of itself, as numbers."""

    def number(pattern: str) -> float:
        return float(re.search(pattern, said)[1])

    work = options.cells * len(BANDS) * options.days * PER_DAY
    amount, unit = re.search(r"peak memory ([\d.]+) (\w+)", said).groups()
    return {
        "case": f"{options.kind} {options.cells}x{options.days}, {options.ranks} process(es)",
        "what": "run with files",
        "ours_ns": seconds / work * 1e9,
        "peer": "VIC 5.1, one core, published, without files",
        "peer_ns": PEER_NS[options.kind],
        "ratio": PEER_NS[options.kind] * work / 1e9 / seconds,
        "peak_mb": float(amount) * UNITS[unit],
        "seconds": seconds,
        "processor_s": processor,
        "reading_s": number(r"reading ([\d.]+) s"),
        "writing_s": number(r"writing ([\d.]+) s"),
        "starting_s": seconds - number(r"days in ([\d.]+) s"),
        "same_bits": None,
    }


def goes_on(path: Path, folder: Path, options: argparse.Namespace, environment: dict[str, str]) -> bool:
    """Whether a run that was stopped and went on in other processes left the bits of the first one; else the end."""
    cut = START + max(1, int(options.days * STOPPED)) - 1
    apart = elsewhere(folder, "onward")
    run(path, options.ranks, environment, *apart, "--set", f"run.end={cut}")
    run(path, options.onward, environment, *apart, "--resume")
    first, second = folder / "output", folder / "onward"
    names = [file.relative_to(first) for file in (*first.glob("history*.nc"), max(first.glob("restarts/*.nc")))]
    different = [f"{name}: {variable}" for name in names for variable in unequal(first / name, second / name)]
    if different:
        sys.exit(f"stopped after {cut}, {options.onward} processes leave other bits: {', '.join(different)}")
    return True


def unequal(*files: Path) -> list[str]:
    """Variables whose stored numbers are not the same in two files."""
    one, other = (numbers(file) for file in files)
    same = {name for name in one.keys() & other.keys() if one[name].tobytes() == other[name].tobytes()}
    return sorted((one.keys() | other.keys()) - same)


def numbers(file: Path) -> dict[str, np.ndarray]:
    """Every variable of a file of output, or every array of a restart."""
    if file.parent.name == "restarts":
        return read_restart(file)[0]
    with netCDF4.Dataset(file) as data:
        data.set_auto_maskandscale(False)
        return {name: np.asarray(variable[...]) for name, variable in data.variables.items()}


def show(found: dict, options: argparse.Namespace) -> None:
    """Print what the run took."""
    if options.json:
        print(json.dumps(found))
        return
    seconds = found["seconds"]
    shares = {name: found[f"{name}_s"] / seconds for name in ("starting", "reading", "writing")}
    print(
        f"{found['case']}: {seconds:.1f} s, {found['ours_ns']:.0f} ns per tile-band and step "
        f"({1e3 / found['ours_ns']:.2f} million a second), at most {found['peak_mb']:.0f} MB in each process"
    )
    print(
        f"processor time of all processes {found['processor_s']:.1f} s; by the clock "
        f"starting and ending {shares['starting']:.0%}, reading {shares['reading']:.0%} (beside the loops), "
        f"writing {shares['writing']:.0%}"
    )
    print(f"{found['peer']}: {found['ratio']:.1f} times as long")
    if found["same_bits"]:
        print(f"stopped and gone on in {options.onward} process(es): the same bits")


if __name__ == "__main__":
    sys.exit(main())
