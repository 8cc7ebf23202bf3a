"""What is made small: weighted terms, each a measure of one simulated quantity against its observations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from .losses import Loss
from .observation import Period, Regions, Steps, anomalies

DISCHARGE, RIVER_WATER = "discharge", "river_water_storage"


@dataclass(frozen=True)
class Term:
    """One quantity, its observations and its measure.

    parts      outputs of the model that are added up, or (DISCHARGE,); RIVER_WATER adds the water in the rivers, which
               is known as a change since the first day: only its anomalies can be compared
    steps      times over which is averaged
    regions    of places over which is averaged; of discharge None: targets are the gauges
    observed   [step, target] in the unit of the simulation, NaN = not known
    loss       of simulated, observed [step, target] and deviation [target]
    learned    [target] bool: False is held out, and only scored
    baseline   first day and day behind the last of the mean from which anomalies are; None: values as they are
    deviation  [target] of what is observed in the training, for measures that are divided by it
    unit       of both sides, for people
    """

    name: str
    parts: tuple[str, ...]
    steps: Steps
    regions: Regions | None
    observed: Tensor
    loss: Loss
    weight: float = 1.0
    learned: Tensor | None = None
    baseline: Period | None = None
    deviation: Tensor | None = None
    unit: str = ""

    @property
    def at_gauges(self) -> bool:
        """Whether discharge at gauges is compared, not a field."""
        return self.parts == (DISCHARGE,)

    def span(self, period: Period) -> Period:
        """The days that have to be simulated for a comparison in a period."""
        if self.baseline is None:
            return period
        return min(period[0], self.baseline[0]), max(period[1], self.baseline[1])

    def pair(self, simulated: Tensor, covered: slice, period: Period) -> tuple[Tensor, Tensor]:
        """Simulated and observed [step, target] of a period, as anomalies where asked.

        simulated [step, target] holds the steps `covered`.
        """
        observed = self.observed[covered]
        if self.baseline is not None:
            mean = _shifted(self.steps.within(self.baseline), covered)
            known = torch.isfinite(observed)
            simulated, observed = anomalies(simulated, known, mean), anomalies(observed, known, mean)
            # Without a single known step in the baseline there is nothing to be above of.
            observed = torch.where(known[mean].any(0), observed, torch.nan)
        here = _shifted(self.steps.within(period), covered)
        return simulated[here], observed[here]

    def value(self, simulated: Tensor, observed: Tensor) -> Tensor:
        """The measure of a pair, what is held out left aside."""
        if self.learned is not None:
            observed = torch.where(self.learned, observed, torch.nan)
        return self.loss(simulated, observed, self.deviation)


@dataclass(frozen=True)
class Objective:
    """Terms and their weighted sum."""

    terms: tuple[Term, ...]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs of the model that the terms need, each once."""
        names = [part for term in self.terms for part in term.parts if part not in (DISCHARGE, RIVER_WATER)]
        return tuple(dict.fromkeys(names))

    @property
    def worth(self) -> float:
        """What remains of a perfect fit: the sum of the weights."""
        return float(sum(term.weight for term in self.terms))

    def span(self, period: Period) -> Period:
        """The days that have to be simulated for a comparison in a period."""
        spans = [term.span(period) for term in self.terms]
        return min(first for first, _ in spans), max(stop for _, stop in spans)

    def values(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> list[Tensor]:
        """The measure of each term, before its weight."""
        return [term.value(*pair) for term, pair in zip(self.terms, pairs, strict=True)]

    def __call__(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
        """The weighted sum."""
        total = sum(term.weight * value for term, value in zip(self.terms, self.values(pairs), strict=True))
        return torch.as_tensor(total)


def daily(count: int) -> Steps:
    """Each of so many days for itself."""
    first = torch.arange(count)
    return Steps(first, first + 1)


def of_discharge(observed: Tensor, loss: Loss, learned: Tensor | None = None) -> Objective:
    """Daily discharge at gauges alone; observed [time, gauge] mm d-1."""
    term = Term(DISCHARGE, (DISCHARGE,), daily(len(observed)), None, observed, loss, learned=learned)
    return Objective((term,))


def with_deviation(term: Term, period: Period) -> Term:
    """The term with the standard deviation of its observations in the training period."""
    observed = term.observed[term.steps.within(period)]
    return replace(term, deviation=deviation(observed))


def deviation(observed: Tensor) -> Tensor:
    """Standard deviation [target] of what was observed [step, target]."""
    known = torch.isfinite(observed)
    count = known.sum(0).clamp(min=1)
    mean = torch.where(known, observed, 0.0).sum(0) / count
    return torch.sqrt(torch.where(known, (observed - mean) ** 2, 0.0).sum(0) / count)


def _shifted(steps: slice, covered: slice) -> slice:
    """The steps counted from the first that is covered."""
    low, high = max(steps.start, covered.start), min(steps.stop, covered.stop)
    return slice(low - covered.start, max(low, high) - covered.start)
