"""Output of grids holds windows, never a file: memory does not grow with its length."""

import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import netCDF4
import numpy as np
from freshet.driver.grid.coordinates import regular_grid
from freshet.driver.grid.source import GridSource
from freshet.driver.output.output import Output
from freshet.driver.output.streams import Streams
from freshet.driver.parallel.world import World
from freshet.driver.timeaxis import TimeAxis
from freshet.kernels.variable import Variable

CELLS = 60 * 120


def output_of(folder: Path, days: int) -> Output:
    """The output of a run on a grid that is all land: daily runoff, monthly evaporation."""
    axis = TimeAxis.parse("2001-01-01", days)
    grid = regular_grid(14.75 - 0.5 * np.arange(60), 0.25 + 0.5 * np.arange(120))
    source = GridSource(grid, np.random.default_rng(1).permutation(CELLS), np.ones(CELLS), {}, None, axis)
    lists = dict.fromkeys(("steps", "daily", "yearly"), ())
    lists |= {"variables": ("runoff",), "monthly": ("evaporation",), "gauges": ("all",)}
    more = {"maps": "grid", "mode": "auto", "window": 0, "compression": 1, "significant_digits": 0}
    output = SimpleNamespace(frequency="day", gauge_frequency="day", **lists, **more)
    settings = SimpleNamespace(path="x.nml", output=output, run=SimpleNamespace(precision="float32"))
    known = {name: Variable(name, "mm d-1", name) for name in ("runoff", "evaporation")}
    bounds = (np.array([0, CELLS]), np.array([0, 0]))
    (folder / "restarts").mkdir()
    folders = (folder, folder / "restarts")
    streams = Streams(settings, source, known, (), bounds).all()
    return Output(settings, source, streams, SimpleNamespace(axis=axis), World(), folders, ())


def test_years_of_days_need_the_memory_of_windows(tmp_path):
    days, chance = 800, np.random.default_rng(2)
    output = output_of(tmp_path, days)
    fields = [chance.random((20, CELLS), np.float32) for _ in range(3)]
    output.add({"runoff": fields[0], "evaporation": fields[1]}, 0)  # libraries are loaded
    tracemalloc.start()
    begin = 20
    while begin < days:
        end = min(begin + 20, *(year for year in (365, 730, days) if year > begin))
        output.add({"runoff": fields[begin % 3][: end - begin], "evaporation": fields[0][: end - begin]}, begin)
        if output.ends(end):
            output.close(end, {}, {})
        begin = end
    output.drain()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    output.stop()
    year = 365 * CELLS * 4
    assert peak < 0.75 * year
    held = sum(values.nbytes for values in output.carry().values())
    assert held < 45 * CELLS * 4 + 12 * CELLS * 4 + 3 * CELLS * 8
    with netCDF4.Dataset(tmp_path / "history_2001.nc") as data:
        assert data["runoff"].shape == (365, 60, 120)
