"""What is written when a training on a grid has ended: parameters by cell, scores at gauges before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ...nn.river_trainer import RiverTrainer
from ..evaluation_files import write_csv, write_json
from ..files import size
from ..grid.factors import factors_of, write_factors
from ..metrics import SCORES, score
from ..metrics import days as days_of
from ..parallel.world import World
from ..parameter_file import write_parameters
from ..parameters import Parameters
from ..river_file import write_river_parameters
from ..river_stepping import RiverInput
from ..training_folder import TrainingFolder
from ..training_results import seconds
from ..training_scores import write_gauge_scores
from . import terms
from .domain import Lesson
from .pet import write_evaporation
from .pictures import draw, draw_terms

PARAMETERS, RIVER_PARAMETERS, FACTORS = "parameters.nc", "parameters_river.nc", "weather_factors.nc"
PET, TERMS = "potential_evaporation.nc", "objectives.csv"
BEFORE, AFTER = "before", "after"
# Simulated and observed [step, target] of each term, by period.
Pairs = dict[str, list[tuple[np.ndarray, np.ndarray]]]
TOLD = ("nse", "kge_2009", "percent_bias")
# m3 s-1 of 1 mm d-1 over 1 m2.
FLOW = 1e-3 / 86400.0


def write_results(
    folder: TrainingFolder, trainer: RiverTrainer, lesson: Lesson, source: Any, settings: Any, world: World
) -> dict[str, Any]:
    """Simulate before and after, as freshet run does; write and tell on the root. The summary, on every rank.

    Every period is scored over one simulation without a cut.
    """
    found = _parameters(trainer, lesson, settings)
    flows, pairs = {}, {}
    for name in (BEFORE, AFTER):
        flows[name], pairs[name] = _simulated(trainer, lesson, name == AFTER)
    return world.on_root(lambda: _write(folder, trainer, lesson, source, settings, found, flows, pairs))


def _parameters(trainer: RiverTrainer, lesson: Lesson, settings: Any) -> tuple[Parameters, RiverInput, np.ndarray]:
    """The trained parameters of all places and nodes, rounding beyond declared bounds cut off; factors of weather."""
    best = trainer.progress.best_epoch + 1
    origin = f"freshet train, epoch {best} of {settings.run.title or settings.training.directory}"
    trainer.network.eval()
    with torch.no_grad():
        land, river, weather = trainer.basins.parameters_of(trainer.values(trainer.basins.domain.inputs))
    rows = [
        np.clip(rows.double().numpy(), _column(declared, "low"), _column(declared, "high"))
        for rows, declared in ((land, settings.model.parameters), (river, lesson.rivers.router.parameters))
    ]
    given = Parameters(rows[0][:, None, :], lesson.given.routing, origin)
    return given, replace(lesson.rivers, parameters=rows[1], origin=origin), weather.double().numpy()


def _column(declared: Any, end: str) -> np.ndarray:
    return np.array([[getattr(variable, end)] for variable in declared], np.float64)


def _simulated(trainer: RiverTrainer, lesson: Lesson, trained: bool) -> tuple[np.ndarray, Pairs]:
    """Discharge [time, gauge] m3 s-1 of all days behind the lead, in one simulation, and what terms compare."""
    lead, domain = len(lesson.days.lead), trainer.basins.domain
    trainer.network.eval()
    done = trainer.simulate((lead, len(domain.observed)), trained, lead)
    pairs = {
        name: [(one.double().numpy(), other.double().numpy()) for one, other in of_period]
        for name, period in lesson.periods.items()
        if (of_period := trainer.basins.compared(trainer.objective, done, period))
    }
    return done.discharge.double().numpy() * (domain.area.double().numpy() * FLOW), pairs


def _write(
    folder: TrainingFolder,
    trainer: RiverTrainer,
    lesson: Lesson,
    source: Any,
    settings: Any,
    found: tuple[Parameters, RiverInput, np.ndarray],
    flows: dict[str, np.ndarray],
    pairs: dict[str, Pairs],
) -> dict[str, Any]:
    use = _write_parameters(folder, found, source, settings)
    if trainer.correction is not None:
        with torch.no_grad():
            write_evaporation(folder.path / PET, trainer.correction, source, len(lesson.days.lead), lesson.days.begin)
        use += f"; &weather path = ..., '{folder.path / PET}', potential_evaporation = 'PET', pet = 'given'"
    lead, domain = len(lesson.days.lead), trainer.basins.domain
    observed = domain.observed[lead:].double().numpy() * (domain.area.double().numpy() * FLOW)
    axis = source.axis.slice(lesson.days.begin, lesson.days.stop)
    dates = [axis.text(day) for day in range(axis.count)]
    periods = {name: slice(start - lead, stop - lead) for name, (start, stop) in lesson.periods.items()}
    scores = {
        name: {when: score(flow[days], observed[days]) for when, flow in flows.items()}
        for name, days in periods.items()
    }
    ids = [gauge.id for gauge in lesson.gauges]
    _write_scores(folder, ids, scores)
    held = {name for term in settings.objectives if term.variable == "discharge" for name in term.held_out}
    counted = {name: of[AFTER] | {"days": days_of(flows[AFTER][periods[name]], observed[periods[name]])}
               for name, of in scores.items()}  # fmt: skip
    write_gauge_scores(folder.path, ids, held, counted)
    _write_series(folder, ids, dates, observed, flows)
    draw(folder.path, lesson.gauges, dates, observed, flows, periods, scores)
    draw_terms(folder.path, lesson.compared, pairs, dates, lead, lesson.periods)
    summary = _summary(folder, trainer, settings, source, ids, scores)
    summary["objectives"] = terms.scores(lesson.compared, pairs)
    terms.write(folder.path / TERMS, summary["objectives"])
    write_json(folder.path / "summary.json", summary)
    for line in told(summary):
        folder.say(line)
    folder.say(f"run with them: {use}")
    return summary


def _write_parameters(
    folder: TrainingFolder, found: tuple[Parameters, RiverInput, np.ndarray], source: Any, settings: Any
) -> str:
    """Write what was learned, by cell; how a run takes it, in words."""
    given, rivers, weather = found
    write_parameters(folder.path / PARAMETERS, given, source.ids, settings.model)
    write_river_parameters(folder.path / RIVER_PARAMETERS, rivers, source)
    use = f"&parameters source = 'file', path = '{folder.path / PARAMETERS}'; &routing path = "
    use += f"'{folder.path / RIVER_PARAMETERS}'"
    rows = {
        variable.name: values * factors_of(source, variable.name)
        for variable, values in zip(settings.model.forcings, weather, strict=True)
    }
    rows = {name: values for name, values in rows.items() if (values != 1.0).any()}
    if rows:
        write_factors(folder.path / FACTORS, rows, source.ids, given.origin)
        use += f"; &weather factors = '{folder.path / FACTORS}'"
    return use


def _summary(
    folder: TrainingFolder, trainer: RiverTrainer, settings: Any, source: Any, ids: list[str], scores: dict[str, Any]
) -> dict[str, Any]:
    """Everything in short, for programs."""
    records = folder.records()
    names = [entry.name for entry in SCORES]
    return {
        "title": settings.run.title,
        "model": settings.model.label,
        "router": trainer.basins.river.router.label,
        "cells": len(source.ids),
        "learned": [[v.name, v.low, v.high, v.unit] for v in trainer.variables],
        "epochs": len(records),
        "best_epoch": trainer.progress.best_epoch + 1,
        "gauges": {
            period: {
                when: {gauge: {name: float(columns[name][place]) for name in names} for place, gauge in enumerate(ids)}
                for when, columns in of_period.items()
            }
            for period, of_period in scores.items()
        },
        "seconds": seconds(records),
        "seconds_per_epoch": float(np.median([sum(entry["seconds"].values()) for entry in records])),
        "memory": max((entry["memory"] for entry in records), default=0),
    }


def told(summary: dict[str, Any]) -> list[str]:
    """The summary as lines for people: scores before and after at each gauge."""
    lines = []
    for period, of_period in summary["gauges"].items():
        for gauge, after in of_period[AFTER].items():
            before = of_period[BEFORE][gauge]
            parts = [f"{name} {before[name]:.3f} -> {after[name]:.3f}" for name in TOLD]
            lines.append(f"{period}, {gauge}: {', '.join(parts)}")
    lines += terms.told(summary["objectives"])
    lines.append(
        f"time: median {summary['seconds_per_epoch']:.2f} s per epoch; memory: at most {size(summary['memory'])}"
    )
    return lines


def _write_scores(folder: TrainingFolder, ids: list[str], scores: dict[str, Any]) -> None:
    names = [entry.name for entry in SCORES]
    rows = [
        [gauge, period, when, *(columns[name][place] for name in names)]
        for period, of_period in scores.items()
        for when, columns in of_period.items()
        for place, gauge in enumerate(ids)
    ]
    write_csv(folder.path / "gauges.csv", ["gauge", "period", "parameters", *names], rows)


def _write_series(
    folder: TrainingFolder, ids: list[str], dates: list[str], observed: np.ndarray, flows: dict[str, np.ndarray]
) -> None:
    columns = {"observed": observed, **flows}
    header = ["date", *(f"{gauge}_{name}" for gauge in ids for name in columns)]
    rows = (
        [date, *(values[day, place] for place in range(len(ids)) for values in columns.values())]
        for day, date in enumerate(dates)
    )
    write_csv(folder.path / "discharge.csv", header, rows)
