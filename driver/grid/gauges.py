"""Gauges put on the network by place and upstream area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.network.gauges import Snapped, snap
from ..degrees import position
from .coordinates import columns_of, rows_of
from .grid import EARTH_RADIUS, Grid
from .river import Gauge

if TYPE_CHECKING:
    from .river import River

WORST_RATIO = 2.0  # of the upstream areas: beyond it, it is another river


@dataclass(frozen=True)
class Site:
    """A gauge as a list of gauges names it: degrees, and m2 upstream (NaN = not said)."""

    id: str
    name: str
    latitude: float
    longitude: float
    area: float


def put_on_network(sites: Sequence[Site], grid: Grid, river: River, reach: float) -> tuple[list[Gauge], list[str]]:
    """The gauges on the network, and notes on those that were moved, fit badly or were left out.

    reach: how far a gauge may be moved, cell widths. A gauge is left out where no node within reach has an upstream
    area between half and twice its own.
    """
    if not sites:
        return [], []
    radius = max(reach, 0.75) * np.radians(grid.step[0]) * EARTH_RADIUS * 1e-3
    found = snap(
        grid.latitudes(river.cell),
        grid.longitudes(river.cell),
        river.fields["upstream_area"],
        [site.latitude for site in sites],
        [site.longitude for site in sites],
        [site.area for site in sites],
        radius=radius,
        worst_ratio=WORST_RATIO,
    )
    gauges = [_gauge(site, grid, river, found, k) for k, site in enumerate(sites) if found.node[k] >= 0]
    notes = [_missing(site, found, k, radius) for k, site in enumerate(sites) if found.node[k] < 0]
    return gauges, notes + [_moved(gauge, grid, river) for gauge in gauges if gauge.moved_cells]


def _gauge(site: Site, grid: Grid, river: River, found: Snapped, k: int) -> Gauge:
    node = int(found.node[k])
    columns = len(grid.longitude)
    row, column = (int(axis[0]) for axis in _home(site, grid))
    aside = abs(int(river.cell[node]) % columns - column)
    aside = min(aside, columns - aside) if grid.wraps else aside
    return Gauge(
        site.id,
        site.name,
        site.latitude,
        site.longitude,
        site.area,
        node,
        float(river.fields["upstream_area"][node]),
        float(found.distance[k]),
        max(abs(int(river.cell[node]) // columns - row), aside),
    )


def _home(site: Site, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of the cell in which a gauge lies, each [1]."""
    return rows_of(np.array([site.latitude]), grid.latitude), columns_of(np.array([site.longitude]), grid.longitude)


def _moved(gauge: Gauge, grid: Grid, river: River) -> str:
    return (
        f"gauge {gauge.id} at {position(gauge.latitude, gauge.longitude)} moved to the cell "
        f"{grid.name(int(river.cell[gauge.node]))}, {gauge.moved_km:.0f} km: upstream area "
        f"{gauge.upstream_area * 1e-6:.0f} km2, the gauge's {gauge.area * 1e-6:.0f}"
    )


def _missing(site: Site, found: Snapped, k: int, radius: float) -> str:
    where = f"gauge {site.id} at {position(site.latitude, site.longitude)} left out: "
    if found.nearest[k] < 0:
        return where + f"no river within {radius:.0f} km"
    return where + (
        f"no river within {radius:.0f} km has an upstream area near its {site.area * 1e-6:.0f} km2, the best has "
        f"{found.ratio[k] * site.area * 1e-6:.0f}"
    )
