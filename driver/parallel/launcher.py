"""Starting a command as several processes: the launcher that belongs to the installation."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ..errors import ConfigurationError
from .environment import RANKS, launched_ranks, processors
from .supervisor import supervise

ALLOW_ROOT = ("OMPI_ALLOW_RUN_AS_ROOT", "PRTE_ALLOW_RUN_AS_ROOT")


def launch(ranks: int, arguments: Sequence[str]) -> int | None:
    """Exit status of `freshet ARGUMENTS` in `ranks` processes; None where they are there already: go on as one of them.

    ConfigurationError where there is no launcher or no mpi4py, or a launcher has started another number; where the
    processes end without a word, as `supervise`.
    """
    there = launched_ranks()
    if there > 1:
        if there != ranks:
            raise ConfigurationError(f"--ranks {ranks}: a launcher has started {there} processes; leave --ranks out")
        return None
    if ranks == 1:
        return None
    if find_spec("mpi4py") is None:
        raise ConfigurationError(f"--ranks {ranks} needs mpi4py and a launcher: pip install 'freshet[mpi]'")
    command, environment = launch_command(ranks, [sys.executable, "-m", "freshet", *arguments])
    sys.stdout.flush()
    try:
        return supervise(command, environment)
    except OSError as error:
        raise ConfigurationError(f"cannot start {shlex.join(command)}: {error.strerror or error}") from error


def launch_command(ranks: int, program: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The command that starts the program `ranks` times, and its environment."""
    launcher = find_launcher()
    environment = {**os.environ, RANKS: str(ranks)}
    if launcher.name.startswith("srun"):
        return [str(launcher), f"--ntasks={ranks}", *program], environment
    options = ["-n", str(ranks)]
    if _is_open_mpi(launcher):
        # Ranks that are bound to one processor each cannot share out threads.
        options += ["--bind-to", "none"]
        if ranks > processors():
            options += ["--oversubscribe"]
        if os.geteuid() == 0:
            options += ["--allow-run-as-root"]
            environment |= {name + end: "1" for name in ALLOW_ROOT for end in ("", "_CONFIRM")}
    return [str(launcher), *options, *program], environment


def find_launcher() -> Path:
    """mpiexec beside this Python, whose library mpi4py finds first; else srun in a job of Slurm; else that of PATH."""
    beside = Path(sys.prefix) / "bin" / "mpiexec"
    if beside.is_file():
        return beside
    names = ("srun", "mpiexec", "mpirun") if "SLURM_JOB_ID" in os.environ else ("mpiexec", "mpirun")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise ConfigurationError(
            f"no launcher of parallel programs is there (looked for {beside}, then {', '.join(names)} in PATH): "
            "pip install 'freshet[mpi]', or load the module of an MPI library"
        )
    return Path(found)


def _is_open_mpi(launcher: Path) -> bool:
    try:
        said = subprocess.run([launcher, "--version"], capture_output=True, text=True, check=False, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "Open MPI" in said or "OpenRTE" in said or "PRRTE" in said
