"""What a training learns from: series, attributes and periods, from the source and the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..kernels.model import Model
from ..nn.batches import Series
from ..nn.build_network import SEEING
from ..nn.normalisation import Normalisation, fit
from .catchments.source import ROWS
from .errors import ConfigurationError, InputError
from .geometry import geometry
from .training_attributes import choose

BLOCK = 1825  # days read at once

Period = tuple[int, int]


@dataclass(frozen=True)
class Lesson:
    """Everything to learn from. Periods are first day and day behind the last, on the days of `series`.

    first      day of the source's axis with which the series begins
    deviation  standard deviation of the observed flow in the training period [place], mm d-1, 0 where unknown
    periods    by name: training, and where asked for validation and test
    """

    series: Series
    normalisation: Normalisation
    deviation: torch.Tensor
    first: int
    periods: dict[str, Period]


def prepare(
    settings: Any, source: Any, say: Callable[[str], None], normalisation: Normalisation | None = None
) -> Lesson:
    """Read and normalise what the settings ask for; notes on the data go to `say`.

    normalisation: that of the basins learned from, for other basins; None makes it from these.

    ConfigurationError where a period lies outside of the data or attributes cannot be used, InputError where weather
    is broken or discharge is missing.
    """
    model = settings.model
    days = periods_of(settings, source.axis)
    warmup = settings.training.warmup_days
    first = max(0, min(start for start, _ in days.values()) - warmup)
    stop = max(stop for _, stop in days.values())
    if days["training"][0] < warmup:
        say(
            f"the data begin {days['training'][0]} days before the training period, fewer than warmup_days = {warmup}: "
            "windows begin later"
        )
    forcing, observed = _read(source, first, stop, settings.run.precision)
    normalisation, inputs = _attributes(settings, source, say, normalisation)
    periods = {name: (start - first, stop - first) for name, (start, stop) in days.items()}
    rows = _geometry(settings, source, model, say)
    phase = torch.from_numpy(phase_of_year(source.axis.slice(first, stop))).to(forcing.dtype)
    series = Series(forcing, observed, inputs.to(forcing.dtype), rows, periods["training"][1], phase)
    _say_gaps(observed[slice(*periods["training"])].numpy(), source.ids, say)
    deviation = _deviation(observed[slice(*periods["training"])])
    return Lesson(series, normalisation, deviation, first, periods)


def periods_of(settings: Any, axis: Any) -> dict[str, Period]:
    """Periods of the settings on the source's axis."""
    asked, found = settings.training, {}
    for name, prefix in (("training", ""), ("validation", "validation_"), ("test", "test_")):
        start, end = (getattr(asked, prefix + key) for key in ("start", "end"))
        if start:
            try:
                found[name] = (axis.index(start), axis.index(end) + 1)
            except ConfigurationError as error:
                raise ConfigurationError(f"{settings.path}: &training: the {name} period: {error}") from error
    return found


def phase_of_year(axis: Any) -> np.ndarray:
    """Where in the year each day lies, radians from its beginning."""
    return 2.0 * np.pi * (axis.day_of_year() - 0.5) / axis.year_length()


def _read(source: Any, first: int, stop: int, precision: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Forcing [time, row, place] and observed flow [time, place], read block by block into their final place."""
    forcing = np.empty((stop - first, len(ROWS), len(source.ids)), precision)
    observed = np.empty((stop - first, len(source.ids)), precision)
    for begin in range(first, stop, BLOCK):
        end = min(begin + BLOCK, stop)
        forcing[begin - first : end - first] = source.forcing(begin, end)
        flow = source.discharge(begin, end)
        if flow is None:
            raise InputError("the data have no observed discharge: there is nothing to train on")
        observed[begin - first : end - first] = flow
    return torch.from_numpy(forcing), torch.from_numpy(observed)


def _attributes(
    settings: Any, source: Any, say: Callable[[str], None], known: Normalisation | None
) -> tuple[Normalisation, torch.Tensor]:
    """The normalisation, and the network's inputs [place, input]; without inputs where the network needs none."""
    if settings.network.kind not in SEEING:
        return Normalisation(()), torch.empty(len(source.ids), 0)
    if known is not None:
        return known, torch.from_numpy(known.apply(source.attributes, len(source.ids), alike=True))
    names, warnings = choose(settings.data.attributes, source.attributes, settings.path)
    for warning in warnings:
        say(f"warning: {warning}")
    normalisation = fit(source.attributes, names, settings.network.logarithm)
    say(f"{len(names)} attributes, {normalisation.size} inputs: {', '.join(names)}")
    return normalisation, torch.from_numpy(normalisation.apply(source.attributes, len(source.ids)))


def _geometry(settings: Any, source: Any, model: Model, say: Callable[[str], None]) -> torch.Tensor:
    rows, notes = geometry(model, source, settings.run.precision)
    for note in notes:
        say(f"note: {note}")
    return torch.from_numpy(np.empty((0, len(source.ids)), settings.run.precision) if rows is None else rows)


def _deviation(observed: torch.Tensor) -> torch.Tensor:
    known = torch.isfinite(observed)
    count = known.sum(0).clamp(min=1)
    mean = torch.where(known, observed, 0.0).sum(0) / count
    return torch.sqrt((torch.where(known, observed - mean, 0.0) ** 2).sum(0) / count)


def _say_gaps(observed: np.ndarray, ids: list[str], say: Callable[[str], None]) -> None:
    missing = ~np.isfinite(observed)
    say(f"training period: {len(observed)} days, {100 * (1 - missing.mean()):.1f} % of them observed")
    empty = [name for name, gone in zip(ids, missing.all(0), strict=True) if gone]
    if empty:
        more = ", ..." if len(empty) > 5 else ""
        say(f"warning: {len(empty)} basins without observations are not learned from: {', '.join(empty[:5])}{more}")
