"""Threads for compiled loops, which release Python's lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache


def run_all(works: Sequence[Callable[[], None]]) -> None:
    """Do all works, the first in this thread, every other in one of its own; raises what the first to fail raised."""
    if not works:
        return
    others = [helpers(len(works) - 1).submit(work) for work in works[1:]] if len(works) > 1 else []
    try:
        works[0]()
    finally:
        wait(others)
    for other in others:
        other.result()


@cache
def helpers(count: int) -> ThreadPoolExecutor:
    """Threads that wait for the next call: starting them anew costs as much as a small run."""
    return ThreadPoolExecutor(count, thread_name_prefix="freshet")


if hasattr(os, "register_at_fork"):  # a forked process has none of its parent's threads
    os.register_at_fork(after_in_child=helpers.cache_clear)
