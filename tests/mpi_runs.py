"""Started by test_mpi_runs.py on seven ranks: small runs on groups of them, one group after the other."""

import sys
from pathlib import Path

from freshet.driver.parallel import messages
from freshet.driver.parallel.messages import MessageWorld
from freshet.driver.parallel.world import current_world
from freshet.driver.simulation import run
from mpi4py import MPI

import grid_case
import run_case

BASINS = ("output.variables=all", "run.components=3", "run.precision=float64", "output.restart_every=100")
RIVERS = (
    "output.variables=discharge,runoff,snowpack",
    "output.monthly=discharge,evaporation",
    "output.restart_every=90",
    "run.block=25",
)
DAYS = 230
CUT = "2000-03-04"


def on(ranks: int, work) -> None:
    """Do the work on the first ranks; the others wait."""
    everyone = MPI.COMM_WORLD
    group = everyone.Split(0 if everyone.rank < ranks else 1)
    if everyone.rank < ranks:
        work(MessageWorld(group))
    current_world().barrier()


def basins(folder: Path, *more: str):
    return lambda world: run(run_case.settings(folder, *BASINS, *more), run_case.weather(DAYS, 5), world)


def rivers(folder: Path, *more: str):
    return lambda world: run(grid_case.settings(folder, *RIVERS, *more), grid_case.country(DAYS), world)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    messages.PIECE = 1000  # every larger array goes in many pieces
    current_world()
    for ranks in (2, 3, 4, 7):
        on(ranks, basins(target / f"basins{ranks}"))
        on(ranks, rivers(target / f"rivers{ranks}"))
    on(3, rivers(target / "moved", f"run.end={CUT}"))
    on(4, rivers(target / "moved", "run.resume=true", "run.end=2000-05-01"))
    on(2, basins(target / "moved_basins", f"run.end={CUT}"))
    on(3, basins(target / "moved_basins", "run.resume=true"))
    on(2, rivers(target / "cascade64", "run.precision=float64", "routing.router=linear_reservoir", "run.threads=2"))
    on(7, lambda world: run(grid_case.settings(target / "tiny7"), grid_case.country(60, 3, 2), world))
