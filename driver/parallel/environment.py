"""What a launcher of parallel programs leaves in the environment; nothing heavy is imported here."""

import os
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager

# How many processes were started: MPICH and Intel MPI, Open MPI, MVAPICH, a step of Slurm, PBS Pro and HPE.
SIZES = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS", "PALS_NRANKS")
# Which of them this is.
NUMBERS = ("PMI_RANK", "OMPI_COMM_WORLD_RANK", "MV2_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID", "PALS_RANKID")
# How many of them on this node.
LOCAL_SIZES = ("MPI_LOCALNRANKS", "OMPI_COMM_WORLD_LOCAL_SIZE", "MV2_COMM_WORLD_LOCAL_SIZE", "PALS_LOCAL_SIZE")
# What freshet run --ranks tells the processes that it has started.
RANKS = "FRESHET_RANKS"
# Where it waits for the exit status that they come to.
VERDICT = "FRESHET_VERDICT"
# Set before numba and torch are imported, or they take all processors for every rank.
THREADS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


_alone: list[bool] = []


@contextmanager
def alone() -> Iterator[None]:
    """Work that each process does for itself, as if no launcher had started it."""
    _alone.append(True)
    try:
        yield
    finally:
        _alone.pop()


def launched_ranks() -> int:
    """Number of processes that a launcher has started and that work together; 1 without one."""
    return 1 if _alone else _first(SIZES) or 1


def launched_rank() -> int:
    """Number of this process among them; 0 without a launcher."""
    return _first(NUMBERS) if launched_ranks() > 1 else 0


def local_ranks() -> int:
    """Number of them on this node, as far as the launcher says."""
    found = _first(LOCAL_SIZES)
    if not found and "SLURM_STEP_NUM_TASKS" in os.environ:
        found = _first(("SLURM_NTASKS_PER_NODE",)) or -(-launched_ranks() // (_first(("SLURM_STEP_NUM_NODES",)) or 1))
    return found or launched_ranks()


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_processors(environment: MutableMapping[str, str] = os.environ) -> None:
    """Give each rank of a node its share of threads, where nobody has said otherwise; without a launcher, nothing."""
    if launched_ranks() <= 1:
        return
    # A launcher that binds has shared already: then the affinity is smaller than the node.
    bound = processors() < (os.cpu_count() or 1)
    threads = processors() if bound else max(1, processors() // local_ranks())
    for name in THREADS:
        environment.setdefault(name, str(threads))


def _first(names: Iterable[str]) -> int:
    """The first of the variables that holds a number; 0 where none does."""
    return next((int(os.environ[name]) for name in names if os.environ.get(name, "").isdigit()), 0)
