"""Hydrographs at gauges before and after a training: a typical year of the test, and the regime of all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...nn.observation import Period
from ..plot_hydrograph import typical_days
from ..plot_style import COLOURS, FAINT, LINES, OBSERVED, date_ticks, new_figure, save, style
from .objectives import Compared

MOST = 24  # gauges
PANELS = 5  # targets of a term


def draw(
    folder: Path,
    gauges: Sequence[Any],
    dates: Sequence[str],
    observed: np.ndarray,
    flows: Mapping[str, np.ndarray],
    periods: Mapping[str, slice],
    scores: Mapping[str, Mapping[str, Mapping[str, np.ndarray]]],
) -> None:
    """A picture of each gauge, hydrograph_<gauge>.png; observed and flows by name [time, gauge], m3 s-1."""
    name = next(name for name in ("test", "validation", "training") if name in periods)
    days = periods[name]
    with style():
        for place, gauge in enumerate(gauges[:MOST]):
            parts = [
                f"{when}: NSE {columns['nse'][place]:.2f}, KGE {columns['kge_2009'][place]:.2f}"
                for when, columns in scores[name].items()
            ]
            title = f"{gauge.name or gauge.id} ({gauge.id}), {name} period; {'; '.join(parts)}"
            series = {when: flow[days, place] for when, flow in flows.items()}
            figure = _figure(list(dates[days]), observed[days, place], series, title)
            safe = "".join(letter if letter.isalnum() else "_" for letter in gauge.id)
            save(figure, folder / f"hydrograph_{safe}.png")


def _figure(dates: list[str], observed: np.ndarray, flows: Mapping[str, np.ndarray], title: str) -> Any:
    """The whole period above, a typical year of it below."""
    figure = new_figure(5.0)
    above, below = figure.subplots(2, 1)
    _lines(above, dates, observed, flows)
    year = typical_days(observed)
    _lines(below, dates[year], observed[year], {name: flow[year] for name, flow in flows.items()})
    above.set_title(title, loc="left")
    above.legend(loc="upper right", ncols=3)
    return figure


def _lines(axes: Any, dates: list[str], observed: np.ndarray, flows: Mapping[str, np.ndarray]) -> None:
    axes.plot(observed, color=OBSERVED, linewidth=1.2, label="observed")
    for index, (name, flow) in enumerate(flows.items()):
        # What was learned is drawn last, in the stronger colour.
        colour = COLOURS[(index + 1) % 2] if len(flows) > 1 else COLOURS[0]
        axes.plot(flow, color=colour, linestyle=LINES[0] if index else LINES[1], linewidth=0.9, label=name, alpha=0.9)
    axes.set_ylabel("discharge (m$^3$ s$^{-1}$)")
    axes.set_ylim(0, 1.15 * max(float(np.nanmax([observed, *flows.values()])), 1e-6))
    axes.set_xticks(*date_ticks(dates))
    axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
    axes.margins(x=0)


def draw_terms(
    folder: Path, compared: Compared, pairs: Mapping[str, Mapping[str, Sequence[Any]]], dates: Sequence[str], lead: int,
    periods: Mapping[str, Period],
) -> None:  # fmt: skip
    """A picture of each term that is a field, objective_<number>.png: some of its targets over all periods.

    pairs by parameters and period as RiverTrainer compares them; dates of the days behind the lead; periods on the days
    of the arrays.
    """
    with style():
        for number, term in enumerate(compared.objective.terms):
            if not term.at_gauges:
                order = sorted(periods, key=lambda name: periods[name][0])
                first = [int(k) - lead for name in order for k in term.steps.first[term.steps.within(periods[name])]]
                series = {
                    when: np.concatenate([by_period[name][number][0] for name in order])
                    for when, by_period in pairs.items()
                }
                seen = np.concatenate([next(iter(pairs.values()))[name][number][1] for name in order])
                figure = _panels(
                    (term.name, term.unit), compared.targets[number], [dates[k] for k in first], seen, series
                )
                save(figure, folder / f"objective_{number + 1}.png")


def _panels(
    name: tuple[str, str],
    targets: Sequence[str],
    dates: Sequence[str],
    observed: np.ndarray,
    series: Mapping[str, np.ndarray],
) -> Any:
    """The targets with most observations, one above the other."""
    chosen = np.argsort(-np.isfinite(observed).sum(0), kind="stable")[:PANELS]
    figure = new_figure(0.6 + 1.4 * len(chosen))
    for place, axes in zip(chosen, np.atleast_1d(figure.subplots(len(chosen), 1, sharex=True)), strict=True):
        axes.plot(observed[:, place], color=OBSERVED, linewidth=1.2, label="observed")
        for index, (when, values) in enumerate(series.items()):
            axes.plot(values[:, place], color=COLOURS[(index + 1) % 2], linestyle=LINES[1 - index], label=when)
        axes.set_title(f"{name[0].replace('_', ' ')}, {targets[place]}", loc="left")
        axes.set_ylabel(name[1])
        axes.set_xticks(*date_ticks(list(dates)))
        axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
        axes.margins(x=0)
    figure.axes[0].legend(loc="upper right", ncols=3)
    return figure
