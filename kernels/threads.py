"""Threads for compiled loops, which release Python's lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from threading import Lock


def run_all(works: Sequence[Callable[[], None]], threads: int = 0) -> None:
    """Do all works on so many threads (0: one for each), this one among them; raises what one of them raised."""
    workers = min(threads or len(works), len(works))
    left, taking = iter(works), Lock()

    def take_turns() -> None:
        while True:
            with taking:
                work = next(left, None)
            if work is None:
                return
            work()

    others = [helpers(workers - 1).submit(take_turns) for _ in range(workers - 1)]
    try:
        take_turns()
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
