"""Pictures of a run beside independent data: monthly series and mean years of the basins best covered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .evaluation_report import number
from .independent import Compared, Independent
from .plot_style import COLOURS, FAINT, OBSERVED, new_figure, save, style

SHOWN = 6
LETTERS = "JFMAMJJASOND"


def draw(directory: Path, result: Independent) -> list[Path]:
    """Write independent_<data>.png of every pair; the paths. WriteError where that fails."""
    with style():
        return [save(_picture(one, result), directory / f"independent_{one.pair.data}.png") for one in result.compared]


def _picture(one: Compared, result: Independent) -> Any:
    """Series (left) and mean year (right) of each basin shown: data black, run in colour."""
    order = np.argsort(-np.nan_to_num(result.match.coverage), kind="stable")
    shown = [k for k in order if np.isfinite(one.scores["rmse"][k])][:SHOWN] or list(order[:1])
    figure = new_figure(0.6 + 1.25 * len(shown))
    panels = figure.subplots(len(shown), 2, squeeze=False, width_ratios=(3, 1), sharey="row", sharex="col")
    years = one.months / 12.0
    for (left, right), k in zip(panels, shown, strict=True):
        both = np.isfinite(one.simulated[:, k]) & np.isfinite(one.data[:, k])
        for values, colour, label in (
            (one.data[:, k], OBSERVED, one.pair.data),
            (one.simulated[:, k], COLOURS[0], "+".join(one.pair.run) + " of the run"),
        ):
            left.plot(years, np.where(both, values, np.nan), color=colour, linewidth=0.8, label=label)
            right.plot(np.arange(12), _mean_year(values, both, one.months), color=colour)
        share = result.match.coverage[k]
        covered = "" if np.isnan(share) else f", {100 * share:.0f} % covered"
        title = f"{result.ids[k]} ({result.climate[k] or 'climate not known'}{covered}): "
        title += f"r {number(one.scores['correlation'][k])}, RMSE {number(one.scores['rmse'][k])} {one.unit}"
        left.set_title(title, loc="left")
        left.set_ylabel(one.unit)
        for axes in (left, right):
            axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
        right.set_xticks(np.arange(12), list(LETTERS))
    panels[-1, 0].set_xlabel("year")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2)
    return figure


def _mean_year(values: np.ndarray, both: np.ndarray, months: np.ndarray) -> np.ndarray:
    return np.array(
        [values[rows].mean() if (rows := both & (months % 12 == calendar)).any() else np.nan for calendar in range(12)]
    )
