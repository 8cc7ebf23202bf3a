"""freshet plot: pictures of an evaluation, of a run's output, or of a training."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .degrees import position
from .errors import ConfigurationError, InputError
from .evaluation_files import SUMMARY, read_csv
from .evaluation_series import NAME, slug
from .evaluation_simulation import Simulation, read_simulation
from .files import make_folder
from .metrics import SCORES
from .plot_grid import draw_grid, is_gridded
from .plot_hydrograph import hydrograph, typical_days
from .plot_map import skill_map
from .plot_skill import distribution, training_curve
from .plot_style import save, style

LOG = "log.jsonl"
KINDS = ("map", "distribution", "hydrograph", "training")
SHOWN_SCORES = {"nse": "Nash-Sutcliffe efficiency (1)", "kge_2009": "Kling-Gupta efficiency, 2009 (1)"}
QUALITIES = {"best": 1.0, "upper quartile": 0.75, "median": 0.5, "lower quartile": 0.25, "worst": 0.0}
FIRST_BASINS = 4


@dataclass(frozen=True)
class Choice:
    """What to draw, and how: see the settings of &plot."""

    kinds: Sequence[str] = KINDS
    basins: Sequence[str] = ()
    start: str = ""
    end: str = ""
    logarithmic: bool = False
    format: str = "png"


@dataclass(frozen=True)
class Scores:
    """The tables of an evaluation: labels of its models, columns [place] of each, the score that orders basins."""

    labels: list[str]
    tables: dict[str, dict[str, np.ndarray]]
    metric: str


def plot(settings: Any) -> list[Path]:
    """Draw what &plot asks for, from its input; prints and returns the paths of the pictures."""
    asked = settings.plot
    source = Path(asked.input or _own_results(settings))
    choice = Choice(asked.kinds, asked.basins, asked.start, asked.end, asked.logarithmic, asked.format)
    paths = draw(source, Path(asked.directory), choice)
    for path in paths:
        print(path)
    return paths


def _own_results(settings: Any) -> str:
    """What the other commands made of the same namelist: an evaluation, a training or a run; an error where nothing."""
    results = [
        (settings.evaluation.directory, SUMMARY),
        (settings.training.directory, LOG),
        (settings.output.directory, "*.nc"),
    ]
    for directory, pattern in results:
        if any(Path(directory).glob(pattern)):
            return directory
    looked = ", ".join(dict.fromkeys(directory for directory, _ in results))
    raise ConfigurationError(
        f"{settings.path}: &plot: nothing to draw in {looked}: start freshet run, train or evaluate first, or "
        "name their output in input"
    )


def draw(source: Path, directory: Path, choice: Choice | None = None) -> list[Path]:
    """Draw the pictures chosen, of those that the input has, and return their paths.

    source: folder of an evaluation (maps, distribution, hydrographs), of a training (its course), or output of a run
    (hydrographs). InputError where the input is none of these or cannot be read, ConfigurationError where a basin or
    date is not in it, WriteError where a picture cannot be written.
    """
    choice = choice or Choice()
    paths: list[Path] = []
    make_folder(directory, "plot")
    with style():
        if (source / SUMMARY).is_file():
            scores = _read_scores(source)
            paths += _draw_scores(scores, directory, choice)
            if "hydrograph" in choice.kinds:
                paths += _draw_hydrographs(read_simulation(source / NAME), scores, directory, choice)
        if (source / LOG).is_file() and "training" in choice.kinds:
            paths.append(_draw_training(source / LOG, directory, choice))
        if not paths and is_gridded(source):
            paths += draw_grid(source, directory, choice)
        elif not paths and "hydrograph" in choice.kinds and not (source / SUMMARY).is_file():
            paths += _draw_hydrographs(read_simulation(source), None, directory, choice)
    if not paths:
        raise InputError(f"'{source}' has nothing for {', '.join(choice.kinds)}: choose other kinds in &plot")
    return paths


def _read_scores(folder: Path) -> Scores:
    """The tables that freshet evaluate wrote."""
    try:
        content = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        models = [(model["label"], model["table"]) for model in content["models"]]
        metric = content["metric"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"'{folder / SUMMARY}' is not what freshet evaluate writes ({error}): evaluate again"
        ) from error
    return Scores([label for label, _ in models], {label: read_csv(folder / table) for label, table in models}, metric)


def _draw_scores(scores: Scores, directory: Path, choice: Choice) -> list[Path]:
    """Maps of the evaluated model, distributions of all models."""
    paths = []
    names = SHOWN_SCORES
    if scores.metric not in names:
        names = {
            **names,
            scores.metric: next(entry.meaning for entry in SCORES if entry.name == scores.metric) + " (1)",
        }
    if "map" in choice.kinds:
        label = scores.labels[0]
        table = scores.tables[label]
        for name, title in names.items():
            figure = skill_map(table["longitude"], table["latitude"], table[name], title, label)
            paths.append(save(figure, directory / f"map_{name}.{choice.format}"))
    if "distribution" in choice.kinds:
        shown = dict(list(names.items())[-2:])
        figure = distribution(scores.tables, list(shown), list(shown.values()))
        paths.append(save(figure, directory / f"distribution.{choice.format}"))
    return paths


def _chosen(found: Simulation, scores: Scores | None, basins: Sequence[str]) -> dict[str, str]:
    """Basins to draw with what to say about them: those named, else from best to worst, else the first ones."""
    if basins:
        unknown = [basin for basin in basins if basin not in found.ids]
        if unknown:
            raise ConfigurationError(
                f"&plot basins: '{unknown[0]}' is not in the input, which has {len(found.ids)} basins "
                f"({', '.join(found.ids[:3])}, ...)"
            )
        return dict.fromkeys(basins, "")
    if scores is None:
        return dict.fromkeys(found.ids[:FIRST_BASINS], "")
    table = scores.tables[scores.labels[0]]
    values = table[scores.metric]
    order = np.argsort(values, kind="stable")[: int((~np.isnan(values)).sum())]
    chosen: dict[str, str] = {}
    for word, share in QUALITIES.items():
        if len(order):
            chosen.setdefault(str(table["basin"][order[round(share * (len(order) - 1))]]), word)
    return chosen or dict.fromkeys(found.ids[:FIRST_BASINS], "")


def _draw_hydrographs(found: Simulation, scores: Scores | None, directory: Path, choice: Choice) -> list[Path]:
    """One picture for each basin chosen."""
    paths = []
    for basin, word in _chosen(found, scores, choice.basins).items():
        place = found.ids.index(basin)
        days = _days(found, place, choice)
        fields = {name: values[days, place] for name, values in found.fields.items()}
        if scores is None:
            simulated = {"simulated": fields["streamflow"]}
        else:
            names = ["streamflow", *(f"streamflow_{slug(label)}" for label in scores.labels[1:])]
            simulated = {label: fields[name] for label, name in zip(scores.labels, names, strict=True)}
        figure = hydrograph(
            [found.axis.text(day) for day in range(days.start, days.stop)],
            fields.get("streamflow_observed"),
            simulated,
            _precipitation(fields),
            {name: store for name, store in fields.items() if found.units[name] == "mm"},
            _title(found, scores, place, word),
            choice.logarithmic,
        )
        paths.append(save(figure, directory / f"hydrograph_{slug(basin)}.{choice.format}"))
    return paths


def _days(found: Simulation, place: int, choice: Choice) -> slice:
    """Days to draw: those asked for, or a year of typical flow; ConfigurationError where they are not in the input."""
    axis = found.axis
    if choice.start or choice.end:
        start = axis.index(choice.start, "&plot start") if choice.start else 0
        stop = axis.index(choice.end, "&plot end") + 1 if choice.end else axis.count
        if stop <= start:
            raise ConfigurationError(f"&plot: {axis.text(start)} to {axis.text(stop - 1)} has no day")
        return slice(start, stop)
    flow = found.fields.get("streamflow_observed", found.fields["streamflow"])
    return typical_days(flow[:, place])


def _precipitation(fields: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Precipitation of the input, or the sum of its rain and snow; None where it has neither."""
    if "rainfall" in fields and "snowfall" in fields:
        return fields["rainfall"] + fields["snowfall"]
    return fields.get("precipitation")


def _title(found: Simulation, scores: Scores | None, place: int, word: str) -> str:
    """Basin, position, and how good it is."""
    basin = found.ids[place]
    title = f"{basin} ({word})" if word else basin
    latitude, longitude = found.latitude[place], found.longitude[place]
    if np.isfinite(latitude) and np.isfinite(longitude):
        title += f", {position(latitude, longitude)}"
    if scores is None:
        return title
    table = scores.tables[scores.labels[0]]
    row = int(np.flatnonzero(table["basin"] == basin)[0])
    return f"{title}: NSE {table['nse'][row]:.2f}, KGE {table['kge_2009'][row]:.2f} over the whole period"


def _draw_training(log: Path, directory: Path, choice: Choice) -> Path:
    """The course of losses and scores by epoch."""
    try:
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"'{log}' is not a log of freshet train: {error}") from error
    epochs = {line["epoch"]: line for line in lines if isinstance(line, dict) and "epoch" in line}
    if not epochs:
        raise InputError(f"'{log}' has no finished epoch yet")
    rows = [epochs[epoch] for epoch in sorted(epochs)]
    series = {name: [_number(row.get(name)) for row in rows] for name in rows[-1]}
    losses = {name: values for name, values in series.items() if "loss" in name}
    skills = {name: values for name, values in series.items() if "nse" in name or "kge" in name}
    return save(training_curve(sorted(epochs), losses, skills), directory / f"training.{choice.format}")


def _number(value: Any) -> float:
    """A number of a log, NaN where it is none."""
    return float(value) if isinstance(value, (int, float)) else np.nan
