"""Gauges out of a list, put on the network by place and upstream area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .grid import Grid
    from .river import Gauge, River


@dataclass(frozen=True)
class Site:
    """A gauge as a list of gauges names it: degrees, and m2 upstream (NaN = not said)."""

    id: str
    name: str
    latitude: float
    longitude: float
    area: float


def put_on_network(sites: Sequence[Site], grid: Grid, river: River, reach: float) -> tuple[list[Gauge], list[str]]:
    """The gauges on the network, and notes on those that were moved or left out."""
    return [], []
