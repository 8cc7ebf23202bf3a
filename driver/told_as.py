"""Errors of rooms that know no namelists, as errors of the driver."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_as(found: type[Exception], told: type[Exception], where: str = "") -> Iterator[None]:
    """Raise `told` where the block raises `found`, with its message behind `where`."""
    try:
        yield
    except found as error:
        raise told(f"{where}{error}").with_traceback(sys.exc_info()[2]) from error
