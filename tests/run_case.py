"""Small runs for the tests of freshet run: weather of a few basins in memory, and a namelist."""

import sys
from pathlib import Path

import numpy as np
from freshet.driver import simulation
from freshet.driver.catchments.source import ArraySource
from freshet.driver.settings import Settings, parse
from freshet.driver.timeaxis import TimeAxis

NAMELIST = """
&run
  warmup_days = 0
/
&data
  form = 'generated'
/
&output
  directory = '{directory}'
/
"""


def weather(days: int, places: int = 3, start: str = "1999-10-01", calendar: str = "standard") -> ArraySource:
    """Rain, warm and cold seasons, the same numbers for the same day whatever the length."""
    axis = TimeAxis.parse(start, days, calendar)
    day = np.arange(days)[:, None]
    place = np.arange(places)[None, :]
    noise = np.modf(np.sin(day * 12.9898 + place * 78.233) * 43758.5453)[0]
    rain = np.where(noise > 0.3, 30.0 * (noise - 0.3), 0.0)
    season = np.cos(2 * np.pi * (day - 200) / 365.25)
    temperature = 6.0 + 12.0 * season - 4.0 * place + 3.0 * noise
    evaporation = np.maximum(0.2, 2.5 + 2.0 * season)
    forcing = np.stack([rain, temperature, np.broadcast_to(evaporation, rain.shape)], axis=1)
    attributes = {
        "latitude": 45.0 + np.arange(places),
        "longitude": 7.0 + np.arange(places),
        "area": 100.0 * (1 + np.arange(places)),
        "elevation": 600.0 * (1 + np.arange(places)),
    }
    return ArraySource([f"basin_{number}" for number in range(places)], axis, attributes, forcing)


def settings(directory: Path, *overrides: str) -> Settings:
    """Settings of a run without warm-up that writes daily streamflow to the directory; overrides as of --set."""
    return parse(NAMELIST.format(directory=directory), "case.nml", overrides)


def run(directory: Path, source: ArraySource, *overrides: str) -> None:
    """Run in this process."""
    simulation.run(settings(directory, *overrides), source)


def series(directory: Path) -> dict[str, np.ndarray]:
    """Every variable of all history files, in order of time; what has no time only from the last file."""
    import netCDF4

    found: dict[str, list] = {}
    for file in sorted(directory.glob("history*.nc")):
        with netCDF4.Dataset(file) as data:
            data.set_auto_mask(False)
            for name, variable in data.variables.items():
                if "time" not in variable.dimensions:
                    found[name] = []
                found.setdefault(name, []).append(variable[:])
    return {name: np.concatenate(pieces) for name, pieces in found.items()}


def same(one: Path, other: Path) -> bool:
    """Whether two runs left the same files with the same numbers, to the bit."""
    names = [sorted(file.name for file in folder.glob("history*.nc")) for folder in (one, other)]
    mine, theirs = series(one), series(other)
    return (
        names[0] == names[1]
        and mine.keys() == theirs.keys()
        and all(
            mine[name].dtype == theirs[name].dtype and mine[name].tobytes() == theirs[name].tobytes()
            if mine[name].dtype != object
            else (mine[name] == theirs[name]).all()
            for name in mine
        )
    )


if __name__ == "__main__":
    # A process of its own, for the tests that kill it: directory, days, places, then overrides.
    from freshet.driver.cli import _status

    folder, days, places, *rest = sys.argv[1:]
    sys.exit(_status(lambda: run(Path(folder), weather(int(days), int(places)), *rest)))
