"""What is written when a training has ended: parameters by basin, scores of its periods, where the time went."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch import nn

from ..kernels.model import Model
from ..nn.network import Parameters as FoundParameters
from ..nn.prediction import parameters, predict
from .evaluation_files import write_json
from .evaluation_table import score_basins
from .files import size
from .parameter_file import write_parameters
from .parameters import Parameters
from .training_checkpoint import within_bounds
from .training_correction import correction_line, write_corrections
from .training_data import Lesson
from .training_folder import TrainingFolder
from .training_scores import write_scores
from .training_series import write_test_series

STAGES = ("kernel", "network", "loading", "loss", "validation")
TOLD = ("nse", "kge_2009", "kge_2012", "percent_bias")


def write_results(
    folder: TrainingFolder,
    network: nn.Module,
    physics: nn.Module,
    lesson: Lesson,
    source: Any,
    settings: Any,
    best_epoch: int,
    held: tuple[Lesson, Any] | None = None,
) -> dict[str, Any]:
    """Write parameters.nc, scores.csv, basins_test.csv and summary.json, tell the essence, and return the summary.

    Every period is scored over one simulation without a cut that begins with the first day read. held: lesson and
    source of the basins held out.
    """
    device = next(network.parameters()).device
    lesson = replace(lesson, series=lesson.series.to(device))
    held = held and (replace(held[0], series=held[0].series.to(device)), held[1])
    model = settings.model
    found = parameters(network, lesson.series)
    bare = settings.network.kind == "streamflow"
    if not bare:
        title = settings.run.title or settings.training.directory
        _write_parameters(folder, found, source.ids, model, f"freshet train, epoch {best_epoch} of {title}")
    corrected = None
    if found.correction is not None:
        corrected = write_corrections(folder, found.correction, lesson.series, lesson.periods["training"], source.ids)
    scores, flow = _scores(network, physics, lesson)
    of_held, flow_of_held = _scores(network, physics, held[0]) if held else ({}, None)
    if settings.training.series and "test" in lesson.periods:
        of_test = [(source, lesson, flow), *([(held[1], held[0], flow_of_held)] if held else [])]
        write_test_series(folder.path, of_test, settings.training.test_basins)
    tables = [(1, source, scores), *([(0, held[1], of_held)] if held else [])]
    write_scores(folder.path, tables, settings.training.test_basins)
    records = folder.records()
    summary = {
        "title": settings.run.title,
        "model": "streamflow by the network itself" if bare else model.label,
        "components": 0 if bare else found.static.shape[1],
        "basins": len(source.ids),
        "epochs": len(records),
        "best_epoch": best_epoch,
        "medians": {name: _medians(columns, source.attributes) for name, columns in scores.items()}
        | {f"{name}, held out": _medians(columns, held[1].attributes) for name, columns in of_held.items() if held},
        **({} if corrected is None else {"precipitation_added_percent": corrected}),
        "seconds": seconds(records),
        "seconds_per_epoch": float(np.median([sum(entry["seconds"].values()) for entry in records])),
        "processor_seconds_per_epoch": _median([entry.get("processor_seconds") for entry in records]),
        "memory": max((entry["memory"] for entry in records), default=0),
    }
    write_json(folder.path / "summary.json", summary)
    for line in told(summary):
        folder.say(line)
    return summary


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def _write_parameters(
    folder: TrainingFolder, found: FoundParameters, ids: Sequence[str], model: Model, origin: str
) -> None:
    values, routing, count = within_bounds(found.static.cpu().numpy(), found.routing.cpu().numpy(), model)
    shaped = values.reshape(len(model.parameters), count, len(ids))
    write_parameters(folder.path / "parameters.nc", Parameters(shaped, routing, origin), ids, model)


def seconds(records: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Seconds by stage over all epochs."""
    return {stage: sum(entry["seconds"].get(stage, 0.0) for entry in records) for stage in STAGES}


def told(summary: Mapping[str, Any]) -> list[str]:
    """The summary as lines for people."""
    lines = []
    for name, groups in summary["medians"].items():
        for group, medians in groups.items():
            scores = ", ".join(f"{key} {value:.3f}" for key, value in medians.items() if key in TOLD)
            where = f"{medians['basins']} basins" + ("" if group == "all" else f" of {group}")
            lines.append(f"{name}: medians over {where}: {scores}")
    if "precipitation_added_percent" in summary:
        lines.append(correction_line(summary["precipitation_added_percent"]))
    total = sum(summary["seconds"].values()) or 1.0
    shares = ", ".join(
        f"{stage} {value:.1f} s ({100 * value / total:.0f} %)" for stage, value in summary["seconds"].items()
    )
    spent = summary["processor_seconds_per_epoch"]
    busy = "" if spent is None else f"; {spent:.2f} s of processors in each"
    lines.append(f"time: {total:.1f} s, median {summary['seconds_per_epoch']:.2f} s per epoch: {shares}{busy}")
    lines.append(f"memory: at most {size(summary['memory'])}")
    return lines


def epoch_line(found: Mapping[str, Any], epochs: int) -> str:
    """What one epoch found, as a line for people."""
    value = found["validation_nse"]
    skill = "" if value is None else f", validation NSE {value:.4f}{' (best)' if found['best'] else ''}"
    spent = ", ".join(f"{stage} {found['seconds'].get(stage, 0.0):.2f}" for stage in STAGES)
    total = sum(found["seconds"].values())
    return (
        f"epoch {found['epoch']}/{epochs}: loss {found['loss']:.4f}{skill}; {total:.2f} s: {spent}; "
        f"{size(found['memory'])}"
    )


def _scores(
    network: nn.Module, physics: nn.Module, lesson: Lesson
) -> tuple[dict[str, dict[str, np.ndarray]], np.ndarray | None]:
    """Days compared and every score by period, [place]; and the flow of the test [time, place], mm d-1."""
    found, flow = {}, None
    for name, (start, stop) in lesson.periods.items():
        simulated = predict(network, physics, lesson.series, start, stop).cpu().numpy()
        found[name] = score_basins(simulated, lesson.series.observed[start:stop].cpu().numpy())
        flow = simulated if name == "test" else flow
    return found, flow


def _medians(columns: Mapping[str, np.ndarray], attributes: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    """Medians of every score over all basins and over those of `test_subset`."""
    everywhere = np.ones(len(columns["nse"]), bool)
    groups = {"all": everywhere}
    if "test_subset" in attributes:
        groups["test_subset"] = attributes["test_subset"] == 1
    found = {}
    for name, inside in groups.items():
        scored = inside & np.isfinite(columns["nse"])
        if scored.any():
            medians = {key: float(np.nanmedian(columns[key][scored])) for key in columns if key != "days"}
            found[name] = {"basins": int(scored.sum())} | medians
    return found
