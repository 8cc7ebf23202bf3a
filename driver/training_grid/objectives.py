"""The objective that the groups &objective_1, ... ask for: its terms with their observations, put on the domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...kernels.model import Model
from ...kernels.variable import Variable
from ...nn import losses
from ...nn.objective import DISCHARGE, RIVER_WATER, Objective, Term, daily, of_discharge
from ...nn.observation import Period, Steps
from ..errors import ConfigurationError, InputError
from ..nearest import suggestion
from ..timeaxis import TimeAxis
from .forcing import Days
from .objective_places import box, in_blocks, in_regions
from .observed_fields import by_step, factor, of_regions, on_grid

Say = Callable[[str], None]
GREGORIAN = {"standard", "proleptic_gregorian", "gregorian"}
ALL_WATER, LAND_WATER = "terrestrial_water_storage", "land_water_storage"


@dataclass(frozen=True)
class Compared:
    """An objective, and the names of the targets of its terms."""

    objective: Objective
    targets: tuple[list[str], ...]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs of the model that are needed, runoff first."""
        return ("runoff", *(name for name in self.objective.outputs if name != "runoff"))


def baselines(settings: Any, axis: TimeAxis) -> dict[str, Period]:
    """Baselines of the terms on the source's axis, by name. ConfigurationError where one is outside of the data."""
    found = {}
    for asked in settings.objectives:
        if asked.anomaly and asked.baseline_start:
            where = f"{settings.path}: {_name(asked)}"
            found[_name(asked)] = (
                axis.index(asked.baseline_start, f"{where} baseline_start"),
                axis.index(asked.baseline_end, f"{where} baseline_end") + 1,
            )
    return found


def compared(
    settings: Any,
    source: Any,
    days: Days,
    periods: dict[str, Period],
    observed: torch.Tensor,
    gauges: list[Any],
    say: Say,
) -> Compared:
    """What is made small. periods on the days of the arrays; observed [time, gauge] discharge, mm d-1.

    ConfigurationError where a term cannot be computed, InputError where its observations are not what they should be.
    """
    ids = [gauge.id for gauge in gauges]
    if not settings.objectives:
        asked = settings.training
        loss = losses.named(asked.loss, asked.loss_alpha, asked.loss_offset)
        return Compared(of_discharge(observed, loss), (ids,))
    given = {name: (a + days.offset, b + days.offset) for name, (a, b) in baselines(settings, source.axis).items()}
    terms, targets = [], []
    for asked in settings.objectives:
        where = f"{settings.path}: {_name(asked)}"
        baseline = given.get(_name(asked), periods["training"]) if asked.anomaly else None
        if asked.variable == DISCHARGE:
            term, names = _of_gauges(asked, source, days, observed, ids)
        else:
            term, names = _of_field(asked, source, days, settings, where)
        term = replace(term, baseline=baseline, learned=_learned(asked, names, where))
        _require_observed(term, periods["training"], where)
        terms.append(term)
        targets.append(names)
        say(_told(term, names, periods["training"]))
    return Compared(Objective(tuple(terms)), tuple(targets))


def _name(asked: Any) -> str:
    return f"&{asked.__dict__['_name']}"


def _of_gauges(asked: Any, source: Any, days: Days, observed: torch.Tensor, ids: list[str]) -> tuple[Term, list[str]]:
    """Discharge at gauges, over days or longer."""
    if asked.names:
        known = torch.tensor([name in asked.names for name in ids])
        observed = torch.where(known, observed, torch.nan)
    steps = daily(len(observed)) if asked.time == "day" else steps_of(source.axis, days, asked.time)[0]
    if asked.time != "day":
        known = torch.isfinite(observed)
        share = steps.means(known.to(observed.dtype), 0, slice(0, len(steps.first)))
        sums = steps.means(torch.where(known, observed, 0.0), 0, slice(0, len(steps.first)))
        observed = torch.where(share >= 0.5, sums / share, torch.nan)
    return Term(asked.variable, (DISCHARGE,), steps, None, observed, _loss(asked), asked.weight), ids


def _of_field(asked: Any, source: Any, days: Days, settings: Any, where: str) -> tuple[Term, list[str]]:
    parts, variable = parts_of(asked, settings.model, where)
    steps, first, stop = steps_of(source.axis, days, asked.time)
    if not len(first):
        raise ConfigurationError(f"{where} time: the periods hold no whole {asked.time}")
    if asked.space == "region":
        series = of_regions(Path(asked.path), asked.observed, asked.number, asked.names)
        regions, values, names = in_regions(asked, source, series, by_step(series, first, stop))
    else:
        series = on_grid(Path(asked.path), asked.observed, box(source))
        regions, values, names = in_blocks(asked, source, series, by_step(series, first, stop))
    if series.calendar != source.axis.calendar and {series.calendar, source.axis.calendar} - GREGORIAN:
        raise InputError(f"{series.path} has calendar {series.calendar}, the weather has {source.axis.calendar}")
    values = values * (asked.scale * factor(series, asked.observed, variable, stop - first))[:, None]
    kind = getattr(torch, settings.run.precision)
    observed = torch.from_numpy(values).to(kind)
    made = Term(asked.variable, parts, steps, regions, observed, _loss(asked), asked.weight, unit=variable.unit)
    return made, names


def parts_of(asked: Any, model: Model, where: str) -> tuple[tuple[str, ...], Variable]:
    """Outputs that are added up, and one of them for its unit. ConfigurationError where there are no such."""
    known = {variable.name: variable for variable in model.outputs}
    names = [name.strip() for name in asked.variable.split("+")]
    if names == [ALL_WATER] and LAND_WATER in known:
        names = [LAND_WATER, RIVER_WATER]
    for name in names:
        if name not in known and name != RIVER_WATER:
            more = [*known, RIVER_WATER, *([ALL_WATER] if LAND_WATER in known else []), DISCHARGE]
            raise ConfigurationError(f"{where} variable: {model.label} has no '{name}'{suggestion(name, more)}")
    if RIVER_WATER in names and not asked.anomaly:
        raise ConfigurationError(
            f"{where} variable: water in rivers is known as a change since the first day: add anomaly = .true."
        )
    units = {known[name].unit if name in known else "mm" for name in names}
    if len(units) > 1:
        raise ConfigurationError(f"{where} variable: {asked.variable} adds up {' and '.join(sorted(units))}")
    return tuple(names), known.get(names[0]) or Variable(RIVER_WATER, "mm", "water in rivers")


def steps_of(axis: TimeAxis, days: Days, length: str) -> tuple[Steps, np.ndarray, np.ndarray]:
    """Whole days, months or years behind the lead: on the days of the arrays, and since 0001-01-01."""
    part = axis.slice(days.begin, days.stop)
    if length == "day":
        edges = np.arange(part.count + 1)
    else:
        longer = axis.slice(days.begin, days.stop)
        months = np.append(longer.months(), _month_after(longer))
        number = months if length == "month" else months // 12
        edges = np.flatnonzero(np.diff(np.concatenate(([_before(longer, length)], number))) != 0)
    first, stop = edges[:-1], edges[1:]
    lead = len(days.lead)
    return Steps(torch.from_numpy(first + lead), torch.from_numpy(stop + lead)), part.first + first, part.first + stop


def _before(axis: TimeAxis, length: str) -> int:
    """Number of the month or year of the day before the first one."""
    date = axis.date(-1)
    return date.year * 12 + date.month - 1 if length == "month" else date.year


def _month_after(axis: TimeAxis) -> int:
    date = axis.date(axis.count)
    return date.year * 12 + date.month - 1


def _learned(asked: Any, names: list[str], where: str) -> torch.Tensor | None:
    """What is not held out. ConfigurationError where there is no such target, or none is left."""
    for name in asked.held_out:
        if name not in names:
            raise ConfigurationError(f"{where} held_out: there is no '{name}'{suggestion(name, names)}")
    if not asked.held_out:
        return None
    if set(names) <= set(asked.held_out):
        raise ConfigurationError(f"{where} held_out: nothing is left to learn from")
    return torch.tensor([name not in asked.held_out for name in names])


def _require_observed(term: Term, period: Period, where: str) -> None:
    found = torch.isfinite(term.observed[term.steps.within(period)])
    if term.learned is not None:
        found = found & term.learned
    if not found.any():
        raise InputError(f"{where}: nothing of {term.name} was observed in the training period")


def _told(term: Term, names: list[str], period: Period) -> str:
    found = torch.isfinite(term.observed[term.steps.within(period)])
    held = 0 if term.learned is None else int((~term.learned).sum())
    text = f"objective: {term.weight:g} x {term.name} of {len(names)} places, {int(found.sum())} values in training"
    return text + (f", {held} held out" if held else "") + (" (anomalies)" if term.baseline is not None else "")


def _loss(asked: Any) -> losses.Loss:
    return losses.named(asked.measure, asked.alpha, asked.offset)
