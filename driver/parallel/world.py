"""The processes of a run, and what they tell each other; a run of one process needs no MPI library."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import numpy as np

from .environment import launched_ranks

Result = TypeVar("Result")


class World:
    """One process alone: every verb gives back what it is given. MessageWorld has the same verbs for many.

    Verbs are collective: every rank calls them, in the same order. bounds int64 [size + 1] say which part
    [bounds[r], bounds[r + 1]) of an axis belongs to rank r; a part may be empty. What is gathered is as if one process
    had made it: nothing is added up on the way, so that results do not depend on the number of ranks.
    """

    rank = 0
    size = 1
    local_rank = 0  # number of this process among those of its node

    @property
    def root(self) -> bool:
        """Whether this is the process that writes and speaks."""
        return self.rank == 0

    def broadcast(self, value: Any = None) -> Any:
        """The root's value, any Python object, on every rank."""
        return value

    def gather_objects(self, value: Any) -> list[Any] | None:
        """The values of all ranks, in their order, on the root; None elsewhere."""
        return [value]

    def gather(self, slab: np.ndarray, bounds: np.ndarray, axis: int = -1) -> np.ndarray | None:
        """The whole array on the root, put together from every rank's slab along an axis; None elsewhere.

        Alone, the slab itself. ValueError where a slab has not the length that bounds say.
        """
        self._require(slab, bounds, axis)
        return slab

    def all_gather(self, slab: np.ndarray, bounds: np.ndarray, axis: int = -1) -> np.ndarray:
        """As gather, on every rank."""
        self._require(slab, bounds, axis)
        return slab

    def scatter(self, whole: np.ndarray | None, bounds: np.ndarray, axis: int = -1) -> np.ndarray:
        """The reverse of gather: this rank's slab of the root's array (other ranks give None)."""
        if whole is None:
            raise ValueError("the root has nothing to scatter")
        return whole

    def any(self, flag: bool) -> bool:
        """Whether the flag is set on any rank."""
        return bool(flag)

    def maximum(self, number: int) -> int:
        """The largest of the ranks' whole numbers."""
        return number

    def begin_maximum(self, number: int) -> Callable[[], int]:
        """As maximum, begun now; a call of the function given back waits for the result."""
        return lambda: number

    def barrier(self) -> None:
        """Wait until every rank is here."""

    def on_root(self, work: Callable[[], Result]) -> Result:
        """The result of work, done by the root alone, on every rank; what it raises is raised on every rank."""
        return work()

    def on_root_alone(self, work: Callable[[], Result]) -> Result | None:
        """As on_root, but the result stays on the root: it may be large, or no object to be sent."""
        return work()

    def root_first(self, work: Callable[[], Result]) -> Result:
        """Every rank's own result of work, one process of each node before the others: they find its cache."""
        return work()

    def _require(self, slab: np.ndarray, bounds: np.ndarray, axis: int) -> None:
        expected = int(bounds[self.rank + 1] - bounds[self.rank])
        if len(bounds) != self.size + 1 or slab.shape[axis] != expected:
            raise ValueError(
                f"rank {self.rank} of {self.size} has {slab.shape[axis]} along axis {axis}, bounds say {expected}"
            )


def current_world() -> World:
    """The world that the launcher made: one process without a launcher, which needs no MPI library.

    ConfigurationError where the launcher and the MPI library do not belong together: every process would be alone.
    """
    ranks = launched_ranks()
    return World() if ranks <= 1 else _launched_world(ranks)


@cache
def _launched_world(ranks: int) -> World:
    from .messages import message_world

    return message_world(ranks)


def equal_bounds(count: int, ranks: int) -> np.ndarray:
    """Bounds [ranks + 1] of parts that differ by one at most."""
    return np.arange(ranks + 1, dtype=np.int64) * count // ranks
