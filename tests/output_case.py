"""Runs on a small grid with rivers and gauges, for the tests of what is written: in this process, or on ranks."""

import sys
from pathlib import Path

import numpy as np
from freshet.driver import simulation
from freshet.driver.grid.assemble import assemble
from freshet.driver.grid.gauges import Site
from freshet.driver.grid.source import GridSource
from freshet.driver.settings import parse

import grid_case

NAMELIST = grid_case.NAMELIST.replace("warmup_days = 0", "warmup_days = 0\n  block = 40")
STREAMS = (
    "output.variables=discharge,runoff",
    "output.monthly=evaporation,discharge",
    "output.yearly=snowpack",
)
DAYS = 430


def country(days: int = DAYS, calendar: str = "standard") -> GridSource:
    """grid_case's country with gauges at three of its nodes, out of order."""
    plain = grid_case.country(days, calendar=calendar)
    grid, river = plain.grid, plain.river
    nodes = [len(river.cell) - 1, 3, len(river.cell) // 2]
    north, east = grid.latitudes(river.cell), grid.longitudes(river.cell)
    area = river.fields["upstream_area"]
    sites = [Site(f"g{at}", f"Town {at}", float(north[at]), float(east[at]), float(area[at])) for at in nodes]
    downstream = np.full(grid.area.size, -1)
    downstream[river.cell] = river.cell[river.downstream]
    fields = {"srftopo": _height(grid.shape), "lsm": np.where(grid.land, 0.9, 0.0)}
    weather = grid_case.Weather(plain.axis)
    return assemble(grid, fields, weather, downstream.reshape(grid.shape), sites)


def _height(shape: tuple[int, int]) -> np.ndarray:
    north, east = np.mgrid[0 : shape[0], 0 : shape[1]]
    return 50.0 * (4 + np.sin(0.9 * north) + np.cos(0.7 * east) + 0.5 * np.sin(2.3 * north * east))


def run(folder: Path, *overrides: str, streams: tuple[str, ...] = STREAMS) -> GridSource:
    """Run in this process, or on this rank; the source."""
    source = country()
    simulation.run(parse(NAMELIST.format(directory=folder), "country.nml", (*streams, *overrides)), source)
    return source


if __name__ == "__main__":
    from freshet.driver.cli import _status

    target, *rest = sys.argv[1:]
    sys.exit(_status(lambda: run(Path(target), *rest) and None))
