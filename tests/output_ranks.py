"""Started by test_output_ranks.py on three ranks: runs in every mode, on groups of the ranks, one after the other."""

import os
import sys
from pathlib import Path

from freshet.driver.output import columns
from freshet.driver.parallel.messages import MessageWorld
from freshet.driver.parallel.world import World, current_world
from freshet.driver.settings import parse
from freshet.driver.simulation import run
from mpi4py import MPI

import grid_case
import output_case

OPTIONS = ("output.restart_every=60", "output.window=16", "output.compression=1")
CUT = "2000-03-04"


def on(ranks: int, folder: Path, *more: str) -> None:
    """Run on the first ranks, in a directory of this name; the others wait."""
    everyone = MPI.COMM_WORLD
    group = everyone.Split(0 if everyone.rank < ranks else 1)
    if everyone.rank < ranks:
        folder.mkdir(exist_ok=True)
        os.chdir(folder)
        world = MessageWorld(group) if ranks > 1 else World()
        text = output_case.NAMELIST.format(directory="out")
        run(parse(text, "country.nml", (*output_case.STREAMS, *OPTIONS, *more)), output_case.country(), world)
    current_world().barrier()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    columns.WIDTH = 20  # chunks of many ranks, on a small grid
    current_world()
    assert grid_case
    for ranks in (1, 3):
        on(ranks, target / f"single{ranks}")
        on(ranks, target / f"rank{ranks}", "output.mode=rank")
        on(ranks, target / f"zarr{ranks}", "output.mode=zarr")
    on(3, target / "cells3", "output.mode=rank", "output.maps=cells")
    on(1, target / "cells1", "output.maps=cells")
    for mode in ("rank", "zarr"):
        on(3, target / f"{mode}_moved", f"output.mode={mode}", f"run.end={CUT}")
        on(2, target / f"{mode}_moved", f"output.mode={mode}", "run.resume=true")
