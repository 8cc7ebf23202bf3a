"""The days that files of several basins have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..timeaxis import TimeAxis


def common_days(axes: Sequence[TimeAxis], ids: Sequence[str], files: Sequence[object]) -> tuple[TimeAxis, list[str]]:
    """The days that all axes hold, and a note where some hold more.

    InputError where calendars differ or no day is common, naming the files.
    """
    for axis, file in zip(axes, files, strict=True):
        if axis.calendar != axes[0].calendar:
            raise InputError(
                f"calendars are mixed: {file} has {axis.calendar}, {files[0]} has {axes[0].calendar}: choose basins of "
                "one calendar"
            )
    first = np.array([axis.first for axis in axes])
    stop = first + [axis.count for axis in axes]
    latest, earliest = int(np.argmax(first)), int(np.argmin(stop))
    if first[latest] >= stop[earliest]:
        raise InputError(
            f"no day is common to all basins: {files[latest]} begins on {axes[latest].text(0)}, {files[earliest]} ends "
            f"on {axes[earliest].text(axes[earliest].count - 1)}: choose basins of one period"
        )
    days = axes[latest].slice(0, int(stop[earliest] - first[latest]))
    differing = int(((first != first[latest]) | (stop != stop[earliest])).sum())
    if not differing:
        return days, []
    note = (
        f"{differing} of {len(ids)} basins have more days than {days}, which all have: {ids[latest]} begins last, "
        f"{ids[earliest]} ends first"
    )
    return days, [note]
