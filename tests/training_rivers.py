"""Trainings through the rivers of a small country, towards the discharge of known parameters; on any ranks."""

import sys
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from freshet.driver.grid.gauges import Site, put_on_network
from freshet.driver.grid.source import GridSource
from freshet.driver.parallel.messages import MessageWorld
from freshet.driver.parallel.world import World, current_world
from freshet.driver.settings import Settings, parse
from freshet.driver.simulation import run
from freshet.driver.training_grid.domain import prepare
from freshet.driver.training_grid.train import train_grid

import grid_case

NAMELIST = """
&run
  title = 'a small country'
  model = 'hydropy'
  precision = 'float64'
  start = '1999-12-10'
  warmup_days = 200
/
&data
  form = 'planet'
/
&routing
  router = 'cascade'
/
&network
  hidden = 8
  activation = 'tanh'
/
&training
  start = '2000-01-01'
  end = '2000-12-31'
  validation_start = '2001-01-01'
  validation_end = '2001-06-30'
  test_start = '2001-07-01'
  test_end = '2001-12-31'
  warmup_days = 1000           ! everything before
  epochs = 3
  learning_rate = 0.05
  loss = 'nse'
  patience = 0
/
"""
TRUTH = {"parameters.qsb_max": "6.0", "hydropy.fak_ovr": "0.4", "hydropy.fak_riv": "3.0"}
LEARNED = "training.variables=qsb_max,lag_land x 0.1 10,lag_river x 0.1 10"


def settings(directory: Path, *overrides: str, command: str = "train") -> Settings:
    """Settings of a training; overrides as of --set."""
    learned = [] if any(text.startswith("training.variables") for text in overrides) else [LEARNED]
    return parse(NAMELIST, "country.nml", [f"training.directory={directory}", *learned, *overrides], command)


@cache
def country() -> GridSource:
    """A wet country whose four largest rivers have gauges; made once for each process."""
    bare = grid_case.country(762)
    river, grid = bare.river, bare.grid
    area = river.fields["upstream_area"]
    ends = np.flatnonzero(river.downstream == np.arange(len(area)))
    largest = ends[np.argsort(-area[ends], kind="stable")][:4]
    cells = river.cell[largest]
    places = zip(grid.latitudes(cells), grid.longitudes(cells), area[largest], strict=True)
    sites = [Site(f"mouth_{k}", f"River {k}", north, east, size) for k, (north, east, size) in enumerate(places)]
    made, _ = put_on_network(sites, grid, river, 1.0)
    source = copy(bare)
    source.river = replace(river, gauges=made)
    return source


def discharge(folder: Path, *overrides: str) -> Path:
    """The folder of a run with these settings, with daily discharge at the gauges."""
    asked = [f"output.directory={folder}", "output.variables=discharge", "output.gauges=discharge", *overrides]
    run(settings(folder, *asked, command="run"), country(), World())
    return folder


def observe(folder: Path) -> Path:
    """Discharge of the parameters that trainings are to find."""
    return discharge(folder, *(f"{key}={value}" for key, value in TRUTH.items()))


def probe(folder: Path, observed: Path, world: World) -> None:
    """Gradient of a sum of discharge, and the sum beside it in one direction, as probe.npz."""
    asked = settings(folder, f"data.discharge={observed}", "network.kind=basin")
    lesson = prepare(asked, country(), world, lambda text: None)
    rng = np.random.default_rng(3)
    values = (lesson.start * torch.from_numpy(rng.uniform(0.9, 1.1, lesson.start.shape))).requires_grad_()
    weight = torch.from_numpy(rng.normal(size=(300, len(lesson.gauges))))

    def total(at: torch.Tensor) -> torch.Tensor:
        return (lesson.basins(at, (0, 300), 0) * weight).sum()

    total(values).backward()
    direction = torch.from_numpy(rng.normal(size=values.shape)) * values.detach()
    with torch.no_grad():
        sums = [float(total(values + size * direction)) for size in (0.0, 1e-4, -1e-4, 5e-5)]
    if world.root:
        np.savez(folder / "probe.npz", gradient=values.grad, direction=direction, sums=sums)


def train_and_probe(folder: Path, observed: Path, world: World) -> None:
    """A training and a probe into a folder."""
    train_grid(settings(folder, f"data.discharge={observed}"), country(), world)
    probe(folder, observed, world)


def on_groups(target: Path, observed: Path) -> None:
    """On 2, 3 and 4 of the ranks that a launcher has started."""
    from mpi4py import MPI

    current_world()
    for ranks in (2, 3, 4):
        group = MPI.COMM_WORLD.Split(0 if MPI.COMM_WORLD.rank < ranks else 1)
        if MPI.COMM_WORLD.rank < ranks:
            train_and_probe(target / f"ranks{ranks}", observed, MessageWorld(group))
        current_world().barrier()


if __name__ == "__main__":
    from freshet.driver.cli import _status

    folder, seen, *more = sys.argv[1:]
    if more:
        asked = settings(Path(folder), f"data.discharge={seen}", *more)
        sys.exit(_status(lambda: train_grid(asked, country()) and 0))
    on_groups(Path(folder), Path(seen))
