"""The world of several processes: the verbs of World as messages (mpi4py)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import ConfigurationError
from .ending import listen
from .world import Result, World

# Bytes of one message: counts of larger ones do not fit into the 32 bits of older MPI libraries.
PIECE = 2**28
# A wait sleeps this share of the time that it has lasted: a rank in wait leaves its processor to others.
NAP, LONGEST = 0.05, 0.01
# For the first moments it does not sleep at all, s.
SPIN = 50e-6


class MessageWorld(World):
    """Verbs as in World. Large arrays go in pieces, so that more than 2 GB can be gathered."""

    def __init__(self, communicator: Any):
        self.communicator = communicator.Dup()
        self.rank, self.size = communicator.rank, communicator.size
        self.local_rank = self.rank

    def broadcast(self, value: Any = None) -> Any:
        """As World.broadcast."""
        return self.communicator.bcast(value)

    def gather_objects(self, value: Any) -> list[Any] | None:
        """As World.gather_objects."""
        return self.communicator.gather(value)

    def gather(self, slab: np.ndarray, bounds: np.ndarray, axis: int = -1) -> np.ndarray | None:
        """As World.gather."""
        self._require(slab, bounds, axis)
        if not self.root:
            self._send(np.ascontiguousarray(slab), 0)
            return None
        whole = np.empty(_with_length(slab.shape, axis, int(bounds[-1])), slab.dtype)
        _part(whole, bounds, axis, 0)[...] = slab
        for rank in range(1, self.size):
            part = _part(whole, bounds, axis, rank)
            part[...] = self._receive(part.shape, slab.dtype, rank)
        return whole

    def all_gather(self, slab: np.ndarray, bounds: np.ndarray, axis: int = -1) -> np.ndarray:
        """As World.all_gather."""
        whole = self.gather(slab, bounds, axis)
        if whole is None:
            whole = np.empty(_with_length(slab.shape, axis, int(bounds[-1])), slab.dtype)
        for piece in _pieces(whole):
            wait(self.communicator.Ibcast(piece))
        return whole

    def scatter(self, whole: np.ndarray | None, bounds: np.ndarray, axis: int = -1) -> np.ndarray:
        """As World.scatter."""
        shape, kind = self.broadcast(None if whole is None else (whole.shape, whole.dtype))
        if whole is None:
            length = int(bounds[self.rank + 1] - bounds[self.rank])
            return self._receive(_with_length(shape, axis, length), kind, 0)
        for rank in range(1, self.size):
            self._send(np.ascontiguousarray(_part(whole, bounds, axis, rank)), rank)
        return np.ascontiguousarray(_part(whole, bounds, axis, 0))

    def any(self, flag: bool) -> bool:
        """As World.any."""
        return bool(self.maximum(int(flag)))

    def maximum(self, number: int) -> int:
        """As World.maximum."""
        return self.begin_maximum(number)()

    def begin_maximum(self, number: int) -> Callable[[], int]:
        """As World.begin_maximum."""
        from mpi4py import MPI

        mine, largest = np.array([number], np.int64), np.empty(1, np.int64)
        request = self.communicator.Iallreduce(mine, largest, MPI.MAX)

        def result() -> int:
            wait(request)
            return int(largest[0])

        return result

    def barrier(self) -> None:
        """As World.barrier."""
        wait(self.communicator.Ibarrier())

    def on_root(self, work: Callable[[], Result]) -> Result:
        """As World.on_root."""
        result: Any = None
        problem: Exception | None = None
        if self.root:
            try:
                result = work()
            except Exception as error:
                problem = error
        self.barrier()  # the root may be at work for long: the others sleep meanwhile
        result, told = self.communicator.bcast((result, None if problem is None else _sendable(problem)))
        if told is not None:
            raise problem or told
        return result

    def on_root_alone(self, work: Callable[[], Result]) -> Result | None:
        """As World.on_root_alone."""
        found: list[Result] = []
        self.on_root(lambda: found.append(work()))
        return found[0] if found else None

    def root_first(self, work: Callable[[], Result]) -> Result:
        """As World.root_first."""
        found = work() if self.local_rank == 0 else None
        self.barrier()
        return work() if self.local_rank else found  # type: ignore[return-value]

    def _send(self, array: np.ndarray, rank: int) -> None:
        for piece in _pieces(array):
            wait(self.communicator.Isend(piece, rank))

    def _receive(self, shape: tuple[int, ...], kind: Any, rank: int) -> np.ndarray:
        array = np.empty(shape, kind)
        for piece in _pieces(array):
            wait(self.communicator.Irecv(piece, rank))
        return array


def wait(request: Any) -> None:
    """Wait for a request without keeping the processor busy."""
    begun = time.perf_counter()
    while not request.Test():
        waited = time.perf_counter() - begun
        if waited > SPIN:
            time.sleep(min(NAP * waited, LONGEST))


def _sendable(error: Exception) -> Exception:
    """The error itself where it can be sent, otherwise its text."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def message_world(ranks: int) -> World:
    """The world of so many processes. ConfigurationError where the MPI library does not know of the others."""
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        raise ConfigurationError(
            f"a launcher has started {ranks} processes, but mpi4py cannot be used ({' '.join(str(error).split())}): "
            "install it with pip install 'freshet[mpi]', or start one process"
        ) from error
    found = MPI.COMM_WORLD.size
    if found != ranks:
        library = MPI.Get_library_version().split("\n")[0].strip("\0 ,")
        raise ConfigurationError(
            f"a launcher has started {ranks} processes, but the MPI library of mpi4py ({library}) knows of {found}: "
            "launcher and library do not belong together; start with freshet run --ranks, or take the mpiexec of that "
            "library"
        )
    world = MessageWorld(MPI.COMM_WORLD)
    listen(MPI.COMM_WORLD, MPI.Query_thread() >= MPI.THREAD_MULTIPLE)
    world.local_rank = MPI.COMM_WORLD.Split_type(MPI.COMM_TYPE_SHARED).rank
    return world


def _with_length(shape: tuple[int, ...], axis: int, length: int) -> tuple[int, ...]:
    place = axis % len(shape)
    return (*shape[:place], length, *shape[place + 1 :])


def _part(whole: np.ndarray, bounds: np.ndarray, axis: int, rank: int) -> np.ndarray:
    return whole[(slice(None),) * (axis % whole.ndim) + (slice(int(bounds[rank]), int(bounds[rank + 1])),)]


def _pieces(array: np.ndarray) -> list[np.ndarray]:
    """The bytes of a contiguous array, cut to what one message may hold."""
    flat = array.reshape(-1).view(np.uint8)
    return [flat[low : low + PIECE] for low in range(0, len(flat), PIECE)]
