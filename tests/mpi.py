"""Programs of the tests under a real launcher."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def command(ranks: int, *program: str, bare: bool = False) -> list[str]:
    """The command that starts the program so many times; a skip where there is no MPI.

    As --ranks does it, so that the exit status is the one that the ranks have come to. bare: the launcher alone, whose
    exit status after an abort is nothing but not 0.
    """
    if find_spec("mpi4py") is None:
        pytest.skip("needs mpi4py (pip install 'freshet[mpi]')")
    from freshet.driver.parallel.launcher import launch_command

    if bare:
        return launch_command(ranks, [sys.executable, *program])[0]
    return [sys.executable, str(HERE / "mpi_parent.py"), str(ranks), *program]


def environment(**more: str) -> dict[str, str]:
    """This process' environment, with one thread for each rank."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **more}


def start(ranks: int, *program: str, bare: bool = False, **more: str) -> subprocess.Popen:
    """The program, started in a group of its own; its output can be read."""
    line, pipe = command(ranks, *program, bare=bare), subprocess.PIPE
    return subprocess.Popen(line, stdout=pipe, stderr=pipe, text=True, env=environment(**more), start_new_session=True)


def finished(ranks: int, *program: str, bare: bool = False, **more: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the program."""
    process = start(ranks, *program, bare=bare, **more)
    out, error = process.communicate(timeout=240)
    return process.returncode, out, error
