"""Started by test_mpi_faults.py: a run in which one rank meets trouble on a day. Folder, kind, rank, then overrides."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from freshet.driver.cli import _status
from freshet.driver.parallel.world import current_world

import grid_case

DAYS, BAD_DAY = 230, 130
OPTIONS = ("run.block=10", "output.restart_every=50")


class Trouble:
    """Weather that is bad on one day."""

    def __init__(self, reader, kind: str):
        self.reader, self.kind = reader, kind

    def subset(self, first: int, stop: int) -> "Trouble":
        return Trouble(self.reader.subset(first, stop), self.kind)

    def forcing(self, start: int, stop: int) -> np.ndarray:
        values = self.reader.forcing(start, stop)
        if self.kind == "slow":
            time.sleep(0.2)
        if not start <= BAD_DAY < stop or current_world().rank != int(sys.argv[3]):
            return values
        if self.kind == "nan":
            values[BAD_DAY - start, 1, 0] = np.nan
        elif self.kind == "crash":
            raise RuntimeError("the roof came down")
        else:
            os.kill(os.getpid(), getattr(signal, self.kind))
        return values


def work() -> None:
    source = grid_case.country(DAYS)
    source.reader = Trouble(source.reader, sys.argv[2])
    grid_case.run(Path(sys.argv[1]), source, *OPTIONS, *sys.argv[4:])


if __name__ == "__main__":
    sys.exit(_status(work))
