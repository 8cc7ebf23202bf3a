"""Hydrographs of the largest rivers of a gridded run, one small panel each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .plot_grid_data import Series
from .plot_style import COLOURS, FAINT, date_ticks, new_figure

COLUMNS = 3


def hydrographs(series: Series, chosen: Sequence[int], days: slice) -> Any:
    """Figure of the discharge at the gauges chosen (indices), over some days. Returns a matplotlib Figure."""
    rows = -(-len(chosen) // COLUMNS)
    figure = new_figure(0.5 + 1.45 * rows)
    panels = figure.subplots(rows, COLUMNS, sharex=True, squeeze=False)
    for axes in panels.ravel()[len(chosen) :]:
        axes.set_visible(False)
    for axes, gauge in zip(panels.ravel(), chosen, strict=False):
        _panel(axes, series, gauge, days)
    ticks, labels = date_ticks(series.dates[days], 4)
    for number, axes in enumerate(panels.ravel()[: len(chosen)]):
        axes.set_xticks(ticks, labels)
        axes.tick_params(labelbottom=number + COLUMNS >= len(chosen), labelsize=7)
    figure.supylabel("discharge (1000 m$^3$ s$^{-1}$)", fontsize=8.5)
    return figure


def _panel(axes: Any, series: Series, gauge: int, days: slice) -> None:
    flow = series.values[days, gauge] / 1000.0
    axes.fill_between(np.arange(len(flow)), flow, color=COLOURS[5], alpha=0.35, linewidth=0)
    axes.plot(flow, color=COLOURS[0], linewidth=0.8)
    mean = float(np.nanmean(series.values[days, gauge])) if np.isfinite(flow).any() else np.nan
    area = series.upstream_area[gauge] * 1e-12
    size = f"{area:.2f} million km$^2$" if area >= 0.095 else f"{area * 1e6:,.0f} km$^2$"
    axes.set_title(f"{series.names[gauge] or series.ids[gauge]}", loc="left", fontsize=8.5, fontweight="bold")
    axes.set_ylim(0, 1.25 * max(float(np.nanmax(flow, initial=0.0)), 1e-6))
    said = f"mean {mean:,.0f} m$^3$ s$^{{-1}}$, {size}"
    axes.text(0.98, 0.95, said, transform=axes.transAxes, ha="right", va="top", fontsize=6.5)
    axes.margins(x=0)
    axes.grid(color=FAINT, linewidth=0.3, alpha=0.5)
    axes.set_axisbelow(True)
