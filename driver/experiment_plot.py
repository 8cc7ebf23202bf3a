"""Pictures of an experiment: distributions of scores by variant, and boxes by group of basins."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .evaluation_table import ALL
from .experiment_report import PLAIN
from .plot_skill import LOWEST_SHOWN, distribution
from .plot_style import COLOURS, FAINT, new_figure, save, style

TITLES = {"nse": "Nash-Sutcliffe efficiency (1)", "kge_2009": "Kling-Gupta efficiency, 2009 (1)"}
MOST_GROUPS = 24


def draw(result: Any, folder: Path) -> list[Path]:
    """A distribution and boxes for each part, over the basins of all seeds; the paths."""
    paths = []
    seeds = len(result.pool.seeds)
    with style():
        for part in result.pool.parts:
            tables = {variant or PLAIN: result.pool.table(variant, part) for variant in result.pool.variants}
            figure = distribution(tables, list(TITLES), list(TITLES.values()))
            paths.append(save(figure, folder / f"distribution_{part.name}.png"))
            masks = dict(list(result.masks.items())[:MOST_GROUPS])
            figure = boxes({label: table["nse"] for label, table in tables.items()}, masks, TITLES["nse"], seeds)
            paths.append(save(figure, folder / f"groups_{part.name}.png"))
    return paths


def boxes(values: Mapping[str, np.ndarray], masks: Mapping[str, np.ndarray], title: str, seeds: int = 1) -> Any:
    """Figure of boxes (quartiles, whiskers of 5 and 95 %) by group, one beside another by variant.

    values [seed x basin] by variant, masks [basin] by group.
    """
    masks = {name: np.tile(mask, seeds) for name, mask in masks.items()}
    rows = [(name, mask) for name, mask in masks.items() if any(_known(v, mask).size for v in values.values())]
    figure = new_figure(1.1 + 0.16 * len(rows) * (1 + len(values)))
    axes = figure.subplots()
    step = 1.0 / (len(values) + 0.6)
    for index, (label, of_basins) in enumerate(values.items()):
        at = np.arange(len(rows)) + (index - (len(values) - 1) / 2) * step
        _boxes(
            axes, [_known(of_basins, mask) for _, mask in rows], at, 0.8 * step, COLOURS[index % len(COLOURS)], label
        )
    names = [f"{'all basins' if name == ALL else name} ({int(mask.sum()) // seeds})" for name, mask in rows]
    axes.set(yticks=range(len(rows)), yticklabels=names, xlim=(LOWEST_SHOWN, 1.0), xlabel=title)
    axes.invert_yaxis()
    axes.axvline(0.0, color=FAINT, linewidth=0.6, zorder=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.4, alpha=0.5)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=min(len(values), 4))
    return figure


def _known(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    found = values[mask]
    return found[~np.isnan(found)]


def _boxes(axes: Any, values: Sequence[np.ndarray], at: np.ndarray, width: float, colour: str, label: str) -> None:
    for place, found in zip(at, values, strict=True):
        if not found.size:
            continue
        low, lower, middle, upper, high = np.percentile(found, (5, 25, 50, 75, 95))
        axes.hlines(place, low, high, color=colour, linewidth=0.8)
        axes.barh(place, upper - lower, width, lower, color=colour, alpha=0.6, edgecolor=colour, label=label)
        axes.vlines(middle, place - width / 2, place + width / 2, color="black", linewidth=1.2)
        if middle < LOWEST_SHOWN:
            axes.text(LOWEST_SHOWN, place, f" median {middle:.1f}", va="center", fontsize=6, color=colour)
        label = "_nolegend_"
