"""Arrays on a grid put into canonical order: the one way in which every door makes a GridSource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .grid import Grid
from .source import GridSource


def assemble(
    grid: Grid,
    fields: Mapping[str, np.ndarray],
    weather: Any,
    downstream: np.ndarray | None = None,
    gauges: Sequence[Any] = (),
    distance: str = "sphere",
    notes: Sequence[str] = (),
    files: Sequence[tuple[str, str]] = (),
) -> GridSource:
    """The source of the active cells of a grid, with its river where flow directions are given.

    fields      static fields by HydroPy's names, [y, x] or [12, y, x]; land area is area * (lsm - lsm * glacier), with
                lsm = 1 and glacier = 0 where they are not given
    weather     gives .axis and .on(latitude[place], longitude[place]) -> Reader (a Weather of driver/gridded)
    downstream  int64 [y, x], number of the cell into which each cell drains, its own number where the water ends, -1
                where there is no river; every active cell needs one. Cells that only receive are not active
    gauges      Site (gauges.py): they are put on the network by place and upstream area
    distance    'sphere', or 'hydropy' for the original's own distance between cells
    """
    raise NotImplementedError
