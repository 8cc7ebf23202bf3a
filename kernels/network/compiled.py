"""Loops over nodes: compiled at their first call, so that importing this room costs nothing."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from ..caching import cached_njit


@cache
def _dispatcher(function: Callable) -> Any:
    return cached_njit(function, nogil=True)


def compiled(function: Callable) -> Callable:
    """The same function in machine code; its arguments are numbers and contiguous arrays."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        return _dispatcher(function)(*arguments)

    return call
