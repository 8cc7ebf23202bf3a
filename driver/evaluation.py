"""freshet evaluate: simulated against observed discharge, basin by basin and in summary, beside benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from .errors import ConfigurationError, InputError
from .evaluation_files import SUMMARY, write_csv, write_json
from .evaluation_flow import Flow
from .evaluation_hints import basin_facts, worst_basins
from .evaluation_models import Candidate, candidates, flow_of, require_runs, restrict
from .evaluation_report import Section, medians, plain, show, spread, worst
from .evaluation_series import NAME, slug, write_series
from .evaluation_simulation import read_simulation
from .evaluation_table import basin_rows, groups, require_subsets, score_basins, summaries, summary_rows
from .files import make_folder, write_text
from .metrics import SCORES
from .settings_routing_check import FORMS as RIVERS


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found.

    flows: the evaluated model, then the benchmarks; tables: columns [place] of each by label; masks [place] of the
    groups; found: summaries by label, group and score; worst: the worst basins of the evaluated model.
    """

    ids: list[str]
    period: tuple[str, str]
    days: int
    flows: list[Flow]
    tables: dict[str, dict[str, np.ndarray]]
    masks: dict[str, np.ndarray]
    found: dict[str, dict[str, dict[str, Any]]]
    worst: list[dict[str, Any]]
    notes: list[str]


def evaluate(settings: Any, source: Any = None) -> Evaluation:
    """Score the simulation or checkpoint of &evaluation, write and print tables, draw pictures.

    source None opens the settings' own.

    Into the directory of &evaluation: basins_<model>.csv, summary.csv, summary.txt, evaluation.json, worst_basins.csv,
    series.nc and the pictures of freshet plot. ConfigurationError where settings do not fit together, InputError where
    data or simulation lack what is needed, WriteError where a file cannot be written.
    """
    asked = settings.evaluation
    models = candidates(settings)
    if source is None:
        from .catchments import open_source

        source = open_source(settings, "evaluate")
    if settings.data.form in RIVERS:
        from .gauged_source import gauged

        require_runs(models, settings.path)
        source = gauged(settings, source)
    source = restrict(source, models)
    require_subsets(source.attributes, asked.subsets, settings.path)
    start, stop = period_of(settings, source.axis, models[0])
    observed = source.discharge(start, stop)
    if observed is None or not np.isfinite(observed).any():
        raise InputError(
            f"the data have no observed discharge between {source.axis.text(start)} and {source.axis.text(stop - 1)}: "
            "nothing to compare with"
        )
    flows = [flow_of(one, source, settings, start, stop, index == 0) for index, one in enumerate(models)]
    forcing = source.forcing(start, stop)
    result = compare(source, flows, observed, forcing, (start, stop), asked)
    directory = Path(asked.directory)
    make_folder(directory, "evaluation")
    axis = source.axis.slice(start, stop)
    write_series(directory / NAME, source.ids, axis, source.attributes, observed, forcing[:, 0], flows)
    _write(result, directory, source.attributes, settings)
    show(sections(result, asked.metric))
    if asked.plots:
        from .plotting import draw

        draw(directory, directory)
    print(f"tables and pictures are in {directory}")
    return result


def period_of(settings: Any, axis: Any, evaluated: Candidate) -> tuple[int, int]:
    """First day and day behind the last, on the axis of the data.

    Each end is the one in &evaluation, else that of the simulation; for checkpoints the test period of &training, else
    the period of &run, else that of the data.
    """
    if evaluated.kind == "simulation":
        held = read_simulation(evaluated.paths[0], ()).axis
        first, last = max(held.text(0), axis.text(0)), min(held.text(held.count - 1), axis.text(axis.count - 1))
        if last < first:
            raise InputError(
                f"'{evaluated.paths[0]}' holds {held.text(0)} to {held.text(held.count - 1)}, the data hold "
                f"{axis.text(0)} to {axis.text(axis.count - 1)}: no day in common"
            )
    else:
        first = settings.training.test_start or settings.run.start or axis.text(0)
        last = settings.training.test_end or settings.run.end or axis.text(axis.count - 1)
    asked, where = settings.evaluation, f"{settings.path}: &evaluation"
    start = axis.index(asked.start or first, f"{where} start" if asked.start else "")
    stop = axis.index(asked.end or last, f"{where} end" if asked.end else "") + 1
    if stop <= start:
        raise ConfigurationError(
            f"{settings.path}: &evaluation: the period {axis.text(start)} to {axis.text(stop - 1)} has no day"
        )
    return start, stop


def compare(
    source: Any, flows: Sequence[Flow], observed: np.ndarray, forcing: np.ndarray, period: tuple[int, int], asked: Any
) -> Evaluation:
    """Scores, summaries and worst basins of flows against observed [time, place] mm d-1.

    forcing [time, row, place] of the same days; period: their first index and the one behind the last on the source's
    axis; asked: minimum_days, subsets, metric and worst of &evaluation.
    """
    facts = basin_facts(forcing, observed)
    scores = {flow.label: score_basins(flow.streamflow, observed, asked.minimum_days) for flow in flows}
    masks = groups(source.attributes, len(source.ids), asked.subsets)
    tables = {label: {**columns, **facts} for label, columns in scores.items()}
    sides = {
        name: source.attributes[name] for name in ("latitude", "longitude", "qc_flag") if name in source.attributes
    }
    bad = worst_basins(source.ids, {**tables[flows[0].label], **sides}, asked.metric, asked.worst)
    ends = (source.axis.text(period[0]), source.axis.text(period[1] - 1))
    few = int((scores[flows[0].label]["days"] < max(asked.minimum_days, 1)).sum())
    notes = [f"{flow.label}: {note}" for flow in flows for note in flow.notes]
    if few:
        notes.append(
            f"{few} of {len(source.ids)} basins have fewer than {asked.minimum_days} observed days: not scored"
        )
    found = summaries(tables, masks)
    return Evaluation(list(source.ids), ends, len(observed), list(flows), tables, masks, found, bad, notes)


def sections(result: Evaluation, metric: str) -> list[Section]:
    """The result as sections to print: head, medians by group, spread, comparison with benchmarks, worst basins."""
    main, *others = result.flows
    head = f"{main.label}: {result.period[0]} to {result.period[1]}, {result.days} days, {len(result.ids)} basins"
    origins = [f"{flow.label}: {flow.origin}" for flow in result.flows]
    parts = [Section(head, lines=[*origins, *result.notes])]
    parts += [medians(result.found, group, int(mask.sum())) for group, mask in result.masks.items()]
    parts.append(spread(main.label, result.found[main.label]["all"]))
    wins = []
    for other in others:
        ours, theirs = (result.tables[flow.label][metric] for flow in (main, other))
        both = ~np.isnan(ours) & ~np.isnan(theirs)
        wins.append(f"better than {other.label} in {(ours > theirs)[both].sum()} of {both.sum()} basins")
    if wins:
        parts.append(Section(f"{main.label} against the benchmarks, by {metric}", lines=wins))
    if result.worst:
        parts.append(worst(main.label, metric, result.worst))
    return parts


def _write(result: Evaluation, directory: Path, attributes: dict[str, np.ndarray], settings: Any) -> None:
    """Write every table of the result."""
    for label, columns in result.tables.items():
        write_csv(directory / f"basins_{slug(label)}.csv", *basin_rows(result.ids, attributes, columns))
    write_csv(directory / "summary.csv", *summary_rows(result.found))
    names = ["basin", "latitude", "longitude", "days", *(entry.name for entry in SCORES)]
    rows = [[*(row[name] for name in names), "; ".join(row["reasons"])] for row in result.worst]
    write_csv(directory / "worst_basins.csv", [*names, "reasons"], rows)
    write_text(directory / "summary.txt", plain(sections(result, settings.evaluation.metric)))
    write_json(directory / SUMMARY, _content(result, settings))


def _content(result: Evaluation, settings: Any) -> dict[str, Any]:
    """Everything but the basin tables, for other programs and for freshet plot."""
    summary = {
        label: {
            group: {name: one.as_dict() for name, one in of_scores.items()} for group, of_scores in of_groups.items()
        }
        for label, of_groups in result.found.items()
    }
    return {
        "title": settings.run.title,
        "freshet": __version__,
        "start": result.period[0],
        "end": result.period[1],
        "days": result.days,
        "basins": len(result.ids),
        "metric": settings.evaluation.metric,
        "minimum_days": settings.evaluation.minimum_days,
        "models": [
            {"label": flow.label, "origin": flow.origin, "table": f"basins_{slug(flow.label)}.csv", "notes": flow.notes}
            for flow in result.flows
        ],
        "scores": [
            {"name": entry.name, "unit": entry.unit, "meaning": entry.meaning, "perfect": entry.perfect}
            for entry in SCORES
        ],
        "groups": {name: int(mask.sum()) for name, mask in result.masks.items()},
        "summary": summary,
        "worst": result.worst,
        "notes": result.notes,
        "namelist": settings.text(),
    }
