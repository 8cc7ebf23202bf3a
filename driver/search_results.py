"""What a search has found: a table of its trials, the namelist of the best, and a picture."""

from pathlib import Path
from typing import Any

import numpy as np

from .evaluation_files import write_csv
from .evaluation_report import Section, number, plain, show
from .experiment_members import NAMELIST
from .files import write_text
from .plot_style import COLOURS, FAINT, new_figure, save, style
from .search_run import best_of, require_success
from .training_folder import TrainingFolder

BEST = "best.nml"
SHOWN = 10


def write_search(settings: Any, study: Any) -> None:
    """Write trials.csv, best.nml, summary.txt and trials.png, and tell the best; FreshetError where all failed."""
    folder = Path(settings.search.directory)
    names = list(dict.fromkeys(name for trial in study.get_trials(deepcopy=False) for name in trial.params))
    rows = [_row(trial, folder, names) for trial in study.get_trials(deepcopy=False)]
    write_csv(folder / "trials.csv", ["trial", "state", "validation_nse", "epochs", "seconds", *names], rows)
    with style():
        save(_figure(rows, names), folder / "trials.png")
    require_success(study)
    best = study.best_trial
    write_text(folder / BEST, (folder / f"trial_{best.number:04d}" / NAMELIST).read_text(encoding="utf-8"))
    text = [_table(rows, names, f"the best is trial {best.number}: {folder / BEST}")]
    write_text(folder / "summary.txt", plain(text))
    show(text)


def _row(trial: Any, folder: Path, names: list[str]) -> list[Any]:
    records = TrainingFolder(folder / f"trial_{trial.number:04d}").records()
    spent = sum(sum(entry["seconds"].values()) for entry in records)
    value = best_of(folder / f"trial_{trial.number:04d}")
    return [trial.number, trial.state.name.lower(), value, len(records), spent, *(trial.params.get(n) for n in names)]


def _table(rows: list[list[Any]], names: list[str], line: str) -> Section:
    """The best trials that were not cut short."""
    done = sorted((row for row in rows if row[1] == "complete"), key=lambda row: -row[2])[:SHOWN]
    counts = [f"{sum(row[1] == state for row in rows)} {word}" for state, word in _WORDS.items()]
    cells = [[str(row[0]), number(row[2]), str(row[3]), f"{row[4]:.0f}", *map(_short, row[5:])] for row in done]
    title = f"Search: {len(rows)} trials, {', '.join(counts)}"
    return Section(title, ["trial", "validation NSE", "epochs", "seconds", *names], cells, [line])


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


_WORDS = {"complete": "trained to the end", "pruned": "cut short", "fail": "failed", "running": "not finished"}


def _figure(rows: list[list[Any]], names: list[str]) -> Any:
    """The score against the number of the trial, then against each hyperparameter."""
    figure = new_figure(2.2 * -(-(len(names) + 1) // 3))
    panels = figure.subplots(-(-(len(names) + 1) // 3), min(len(names) + 1, 3), squeeze=False).ravel()
    for axes in panels[len(names) + 1 :]:
        axes.set_visible(False)
    for column, (axes, name) in enumerate(zip(panels, ["trial", *names], strict=False)):
        for colour, state in zip(COLOURS, ("complete", "pruned"), strict=False):
            of_state = [row for row in rows if row[1] == state and np.isfinite(row[2])]
            values = [row[0] if column == 0 else row[4 + column] for row in of_state]
            axes.plot(values, [row[2] for row in of_state], "o", color=colour, markersize=3, label=_WORDS[state])
        numbers = [row[4 + column] for row in rows if column and isinstance(row[4 + column], float)]
        if numbers and min(numbers) > 0 and max(numbers) > 30 * min(numbers):
            axes.set_xscale("log")
        axes.set(xlabel=name, ylabel="validation NSE (1)" if column % 3 == 0 else "")
        axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
    panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure
