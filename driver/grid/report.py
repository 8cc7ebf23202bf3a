"""What a grid and its rivers come to, as tables for `freshet check`."""

from __future__ import annotations

import numpy as np

from ...kernels.network.report import partition_report
from ...kernels.network.upstream import levels
from ..tables import Table
from .river import River
from .source import GridSource

RANKS = (2, 4, 16, 64, 256, 1024)


def grid_tables(source: GridSource, days: int = 3650) -> list[Table]:
    """Cells and rivers, gauges, and how the work would be shared between processes in a run of so many days."""
    tables = [Table("Grid", ("what", "value"), _cells(source) + _rivers(source))]
    river = source.river
    if river is None:
        return tables
    if river.gauges:
        tables.append(_gauges(source, river))
    return [*tables, _shares(river, days)]


def _cells(source: GridSource) -> list[tuple[str, str]]:
    grid, rows = source.grid, source.grid.shape
    north, east = np.sort(grid.latitude), grid.longitude
    ends = f"{north[0]:g} to {north[-1]:g} degrees north, {east[0]:g} to {east[-1]:g} degrees east"
    return [
        ("grid", f"{rows[0]} x {rows[1]} cells of {grid.step[0]:g} x {grid.step[1]:g} degrees, {ends}"),
        ("around the Earth", "yes" if grid.wraps else "no"),
        ("cells with land", f"{len(source.cell)}"),
        ("land", f"{source.land_area.sum() * 1e-6:.6g} km2"),
    ]


def _rivers(source: GridSource) -> list[tuple[str, str]]:
    river = source.river
    if river is None:
        return [("river", "none")]
    nodes = np.arange(len(river.cell))
    ends = np.flatnonzero(river.downstream == nodes)
    area = river.fields["upstream_area"]
    largest = ends[int(np.argmax(area[ends]))]
    reach, source_node = longest(river)
    far = int(np.argmax(reach))
    name = source.grid.name
    return [
        ("cells of the river", f"{len(nodes)}, {int((river.place < 0).sum())} of them without land of their own"),
        ("basins", f"{len(ends)}, as many outlets and inland sinks"),
        ("largest basin", f"{area[largest] * 1e-6:.6g} km2, outlet {name(int(river.cell[largest]))}"),
        (
            "longest river",
            f"{reach[far] * 1e-3:.0f} km, from {name(int(river.cell[source_node[far]]))} to "
            f"{name(int(river.cell[far]))}",
        ),
        ("most links in a row", f"{int(levels(river.downstream).max())}"),
        ("loops, lost links", "none"),
    ]


def longest(river: River) -> tuple[np.ndarray, np.ndarray]:
    """Length (m) [node] of the longest way down to each node, and the node where it begins."""
    reach, begin = np.zeros(len(river.cell)), np.arange(len(river.cell))
    level = levels(river.downstream)
    order = np.argsort(level, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(level[order])) + 1):
        nodes = same[river.downstream[same] != same]
        arrive = reach[nodes] + river.fields["length"][nodes]
        last = np.argsort(arrive, kind="stable")  # of several into one node, the longest is written last
        target = river.downstream[nodes[last]]
        longer = arrive[last] > reach[target]
        reach[target[longer]], begin[target[longer]] = arrive[last][longer], begin[nodes[last]][longer]
    return reach, begin


def _gauges(source: GridSource, river: River) -> Table:
    rows = [
        (
            gauge.id,
            gauge.name,
            source.grid.name(int(river.cell[gauge.node])),
            f"{gauge.moved_km:.0f}",
            f"{gauge.moved_cells}",
            f"{gauge.upstream_area * 1e-6:.0f}",
            f"{gauge.area * 1e-6:.0f}",
            f"{gauge.upstream_area / gauge.area:.3f}",
        )
        for gauge in river.gauges
    ]
    heads = ("gauge", "name", "cell", "km to it", "cells moved", "km2 upstream", "km2 of the gauge", "ratio")
    return Table("Gauges on the network", heads, rows)


def _shares(river: River, days: int) -> Table:
    """Estimated, not measured: what the cut of the network would give."""
    rows = []
    weight = (river.place >= 0).astype(np.float64)
    for ranks in (count for count in RANKS if count * 8 <= max(len(weight), 16)):
        found = partition_report(river.downstream, weight, ranks, steps=days, peers=False)
        rows.append(
            (
                f"{ranks}",
                f"{found.imbalance:.3f}",
                f"{found.links}",
                f"{max(found.links_in, found.links_out)}",
                f"{max(found.neighbours_in, found.neighbours_out)}",
                f"{found.bytes_per_step}",
                f"{found.efficiency * ranks:.1f}",
            )
        )
    heads = (
        "processes",
        "busiest / mean",
        "cut links",
        "most of one",
        "neighbours",
        "bytes a day",
        "speed-up (estimate)",
    )
    return Table("Shared between processes", heads, rows)
