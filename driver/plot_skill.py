"""Distribution of scores over basins, and the course of a training."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .plot_style import COLOURS, FAINT, LINES, new_figure

LOWEST_SHOWN = -0.5


def _cumulative(axes: Any, values: np.ndarray, colour: str, line: Any, label: str) -> None:
    """Share of basins below each value; basins without a score are left out, those off the axis counted."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        axes.plot([], [], color=colour, linestyle=line, label=f"{label}: no score")
        return
    share = np.arange(1, len(known) + 1) / len(known)
    middle = np.median(known)
    outside = int((known < LOWEST_SHOWN).sum())
    note = f", {outside} below {LOWEST_SHOWN:g}" if outside else ""
    axes.step(known, share, where="post", color=colour, linestyle=line, label=f"{label}: median {middle:.2f}{note}")
    if middle >= LOWEST_SHOWN:
        axes.plot([middle], [0.5], "o", color=colour, markersize=4, markeredgecolor="white", markeredgewidth=0.6)


def distribution(tables: Mapping[str, Mapping[str, np.ndarray]], metrics: Sequence[str], titles: Sequence[str]) -> Any:
    """Figure of cumulative distributions over basins: one panel per metric, one line per model.

    tables: columns [place] of each model by its label, as in the basin tables. Returns a matplotlib Figure.
    """
    figure = new_figure(3.0 + 0.17 * len(tables))
    panels = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
    for axes, metric, title in zip(panels, metrics, titles, strict=True):
        for index, (label, table) in enumerate(tables.items()):
            _cumulative(axes, table[metric], COLOURS[index % len(COLOURS)], LINES[index % len(LINES)], label)
        axes.axhline(0.5, color=FAINT, linewidth=0.6, zorder=0)
        axes.axvline(0.0, color=FAINT, linewidth=0.6, zorder=0)
        axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
        axes.set(xlim=(LOWEST_SHOWN, 1.0), ylim=(0, 1), xlabel=title)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), handlelength=2.6, borderaxespad=0.2)
    panels[0].set_ylabel("share of basins with a lower value")
    return figure


def training_curve(
    epochs: Sequence[float], losses: Mapping[str, Sequence[float]], skills: Mapping[str, Sequence]
) -> Any:
    """Figure of losses (left) and validation scores (right) by epoch; the best epoch of each is marked.

    losses, skills: series by name, NaN where an epoch has none. Returns a matplotlib Figure.
    """
    kinds = [(kind, best) for kind, best in ((losses, np.nanargmin), (skills, np.nanargmax)) if kind]
    figure = new_figure(2.9, width=3.6 * max(len(kinds), 1))
    panels = figure.subplots(1, max(len(kinds), 1), squeeze=False)[0]
    for axes, (series, best) in zip(panels, kinds, strict=False):
        for index, (name, values) in enumerate(series.items()):
            drawn = np.asarray(values, float)
            known = ~np.isnan(drawn)
            if not known.any():
                continue
            colour = COLOURS[index % len(COLOURS)]
            top = int(best(drawn))
            label = f"{name.replace('_', ' ')} (best {drawn[top]:.3f}, epoch {epochs[top]:g})"
            x = np.asarray(epochs, float)
            axes.plot(x[known], drawn[known], color=colour, linestyle=LINES[index % len(LINES)], label=label)
            axes.plot(x[top], drawn[top], "o", color=colour, markersize=4)
        axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set(xlabel="epoch", ylabel="loss" if series is losses else "score (1)")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure
