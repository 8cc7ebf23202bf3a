"""A small wet country on a grid, with rivers to the sea and into itself, for runs with routing on any ranks."""

import sys
from pathlib import Path

import numpy as np
from freshet.driver import simulation
from freshet.driver.grid.assemble import assemble
from freshet.driver.grid.coordinates import regular_grid
from freshet.driver.grid.source import GridSource
from freshet.driver.settings import Settings, parse
from freshet.driver.timeaxis import TimeAxis

NAMELIST = """
&run
  warmup_days = 0
/
&data
  form = 'planet'
/
&routing
  router = 'cascade'
/
&output
  directory = '{directory}'
/
"""


class Weather:
    """Rain and seasons that depend on the day and the coordinates alone."""

    def __init__(self, axis: TimeAxis):
        self.axis, self.notes, self.files = axis, [], []

    def on(self, latitude, longitude, elevation=None):
        return Reader(self.axis, np.asarray(latitude), np.asarray(longitude))


class Reader:
    def __init__(self, axis, latitude, longitude):
        self.axis, self.latitude, self.longitude = axis, latitude, longitude

    def forcing(self, start, stop):
        day = np.arange(start, stop)[:, None]
        noise = np.modf(np.sin(day * 12.9898 + self.latitude * 78.233 + self.longitude * 37.719) * 43758.5453)[0]
        season = np.cos(2 * np.pi * (day - 200) / 365.25)
        rain = np.where(noise > 0.3, 30.0 * (noise - 0.3), 0.0)
        warmth = 8.0 + 12.0 * season + 3.0 * noise - 0.5 * (self.latitude - 45.0)
        evaporation = np.broadcast_to(np.maximum(0.2, 2.5 + 2.0 * season), rain.shape)
        return np.stack([rain, warmth, evaporation], axis=1).astype(np.float32)

    def subset(self, first, stop):
        return Reader(self.axis, self.latitude[first:stop], self.longitude[first:stop])


def country(days: int = 400, rows: int = 8, columns: int = 10, calendar: str = "standard") -> GridSource:
    """Every cell drains to its lowest neighbour; the lowest ones are sea, which only receives, or sinks."""
    axis = TimeAxis.parse("1999-12-01", days, calendar)
    north, east = np.mgrid[0:rows, 0:columns]
    height = 50.0 * (4 + np.sin(0.9 * north) + np.cos(0.7 * east) + 0.5 * np.sin(2.3 * north * east))
    land = height > 165.0
    downstream = np.full((rows, columns), -1, np.int64)
    for y, x in np.argwhere(land):
        near = [(y + a, x + b) for a in (-1, 0, 1) for b in (-1, 0, 1)]
        near = [(a, b) for a, b in near if 0 <= a < rows and 0 <= b < columns]
        a, b = min(near, key=lambda cell: height[cell])
        downstream[y, x] = a * columns + b
        if not land[a, b]:
            downstream[a, b] = a * columns + b
    grid = regular_grid(50.25 - 0.5 * np.arange(rows), 5.25 + 0.5 * np.arange(columns), land)
    fields = {"srftopo": height, "lsm": np.where(land, 0.9, 0.0)}
    return assemble(grid, fields, Weather(axis), downstream)


def settings(directory: Path, *overrides: str) -> Settings:
    """Settings of a run with the cascade that writes daily discharge; overrides as of --set."""
    return parse(NAMELIST.format(directory=directory), "country.nml", overrides)


def run(directory: Path, source: GridSource, *overrides: str) -> None:
    """Run in this process, or on this rank."""
    simulation.run(settings(directory, *overrides), source)


if __name__ == "__main__":
    from freshet.driver.cli import _status

    folder, days, *rest = sys.argv[1:]
    sys.exit(_status(lambda: run(Path(folder), country(int(days)), *rest)))
