"""Hydrograph of one basin: precipitation from above, observed and simulated flow, stores below."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .plot_style import COLOURS, FAINT, LINES, OBSERVED, PRECIPITATION, date_ticks, new_figure

LOWEST_FLOW = 1e-3  # mm d-1, the foot of the logarithmic axis


def typical_days(observed: np.ndarray, length: int = 365) -> slice:
    """Days of the year whose mean flow is the median of all well observed years; the first year where none is.

    observed [time]; years are counted from its first day.
    """
    starts = range(0, max(len(observed) - length + 1, 1), length)
    means = {}
    for start in starts:
        year = observed[start : start + length]
        known = year[np.isfinite(year)]
        if len(known) > 0.9 * length:
            means[start] = known.mean()
    if not means:
        return slice(0, min(length, len(observed)))
    ordered = sorted(means, key=lambda start: (means[start], start))
    start = ordered[(len(ordered) - 1) // 2]
    return slice(start, start + length)


def hydrograph(
    dates: Sequence[str],
    observed: np.ndarray | None,
    simulated: Mapping[str, np.ndarray],
    precipitation: np.ndarray | None,
    stores: Mapping[str, np.ndarray],
    title: str,
    logarithmic: bool = False,
) -> Any:
    """Figure of one basin over `dates` ('YYYY-MM-DD').

    observed (NaN = gap), simulated by model label and precipitation in mm d-1, stores by name in mm, each [time];
    None or an empty mapping leaves the panel or line out. Returns a matplotlib Figure.
    """
    parts = [("precipitation", 0.8)] * (precipitation is not None) + [("flow", 2.2)] + [("stores", 1.2)] * bool(stores)
    figure = new_figure(0.9 + 1.05 * sum(height for _, height in parts))
    panels = figure.subplots(len(parts), 1, sharex=True, height_ratios=[height for _, height in parts], squeeze=False)
    axes_of = {name: axes for (name, _), axes in zip(parts, panels[:, 0], strict=True)}
    if precipitation is not None:
        _precipitation(axes_of["precipitation"], precipitation)
    _flow(axes_of["flow"], observed, simulated, logarithmic)
    if stores:
        _stores(axes_of["stores"], stores)
    for axes in axes_of.values():
        axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
        axes.set_axisbelow(True)
        axes.margins(x=0)
    panels[0, 0].set_title(title, loc="left")
    panels[-1, 0].set_xticks(*date_ticks(dates))
    figure.align_ylabels()
    return figure


def _precipitation(axes: Any, precipitation: np.ndarray) -> None:
    """Bars that hang from the top."""
    days = np.arange(len(precipitation) + 1) - 0.5
    axes.stairs(precipitation, days, fill=True, color=PRECIPITATION)
    axes.set_ylim(max(float(np.nanmax(precipitation, initial=0.0)) * 1.05, 1.0), 0)
    axes.set_ylabel("precipitation\n(mm d$^{-1}$)")
    axes.spines["bottom"].set_visible(False)
    axes.spines["top"].set_visible(True)
    axes.tick_params(bottom=False)


def _flow(axes: Any, observed: np.ndarray | None, simulated: Mapping[str, np.ndarray], logarithmic: bool) -> None:
    """Observed and simulated flow, on a logarithmic axis on request."""
    foot = LOWEST_FLOW if logarithmic else -np.inf
    if observed is not None:
        axes.plot(np.maximum(observed, foot), color=OBSERVED, linewidth=1.3, label="observed")
    for index, (label, flow) in enumerate(simulated.items()):
        colour, line = COLOURS[index % len(COLOURS)], LINES[index % len(LINES)]
        axes.plot(np.maximum(flow, foot), color=colour, linestyle=line, label=label, alpha=0.9)
    axes.set_ylabel("streamflow\n(mm d$^{-1}$)")
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
    _legend(axes, 3, logarithmic)


def _stores(axes: Any, stores: Mapping[str, np.ndarray]) -> None:
    """Water of the stores; snow as a filled area."""
    lines = 0
    for name, store in stores.items():
        if name == "snowpack":
            axes.fill_between(np.arange(len(store)), store, color="0.8", label="snowpack")
            continue
        colour, line = COLOURS[(lines + 1) % len(COLOURS)], LINES[lines % len(LINES)]
        axes.plot(store, color=colour, linestyle=line, linewidth=1.0, label=name.replace("_", " "))
        lines += 1
    axes.set_ylabel("stores\n(mm)")
    _legend(axes, 5)


def _legend(axes: Any, columns: int, logarithmic: bool = False) -> None:
    """The legend in room made for it above the lines; a linear axis starts at 0."""
    low, high = axes.get_ylim()
    if logarithmic:
        axes.set_ylim(low, high * (high / low) ** 0.15)
    else:
        axes.set_ylim(0, max(1.2 * high, 1e-3))
    axes.legend(loc="upper right", ncols=columns, handlelength=2.4, borderaxespad=0.1)
