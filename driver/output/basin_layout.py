"""Basins in a file, one behind the other."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..netcdf_places import write_basins, write_coordinates
from .layout import PLACE, Layout


def basin_layout(ids: Sequence[str], attributes: Mapping[str, np.ndarray]) -> Layout:
    """The layout of basins with their ids and the attributes that place them."""
    coordinates = " ".join(name for name in ("latitude", "longitude") if name in attributes)
    positions = {PLACE: np.arange(len(ids))}
    return Layout(("basin",), (len(ids),), positions, partial(_write, ids, attributes), {"coordinates": coordinates})


def _write(ids: Sequence[str], attributes: Mapping[str, np.ndarray], data: Any) -> None:
    write_basins(data, ids)
    write_coordinates(data, attributes)
