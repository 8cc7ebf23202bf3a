"""From simulated fields [time, place] to what was observed: sparse sums over time and space with exact adjoints.

Every operator here is linear, y = A x; the backward applies A transposed, entry by entry. Sums run in the order of the
entries, so that they have the same bits however places are cut between ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.autograd.function import once_differentiable

Tensor = torch.Tensor
Period = tuple[int, int]


class _SparseSum(torch.autograd.Function):
    """y[group] += weight x[index] along one axis; backward: x[index] += weight y[group]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, index: Tensor, group: Tensor, weight: Tensor, size: int, axis: int) -> Tensor:
        ctx.entries, ctx.axis, ctx.size = (index, group, weight), axis, x.shape[axis]
        return _scattered(x, index, group, weight, size, axis)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        index, group, weight = ctx.entries
        return _scattered(gradient, group, index, weight, ctx.size, ctx.axis), None, None, None, None, None


def _scattered(x: Tensor, source: Tensor, target: Tensor, weight: Tensor, size: int, axis: int) -> Tensor:
    shape = [1] * x.ndim
    shape[axis] = -1
    whole = x.new_zeros([*x.shape[:axis], size, *x.shape[axis + 1 :]])
    return whole.index_add_(axis, target, x.index_select(axis, source) * weight.to(x.dtype).reshape(shape))


def sparse_sum(x: Tensor, index: Tensor, group: Tensor, weight: Tensor, size: int, axis: int) -> Tensor:
    """Weighted sums along an axis: y[k] = sum of weight[j] x[index[j]] over the entries j with group[j] = k.

    size is the length of the axis afterwards; places that no entry names stay 0.
    """
    return _SparseSum.apply(x, index, group, weight, size, axis)


@dataclass(frozen=True)
class Steps:
    """Times over which is averaged: step k holds the days first[k] up to stop[k], in order and without overlap."""

    first: Tensor
    stop: Tensor

    def within(self, period: Period) -> slice:
        """The steps that lie wholly in a period, first day and day behind the last."""
        low = int((self.first < period[0]).sum())
        high = int((self.stop <= period[1]).sum())
        return slice(low, max(low, high))

    def means(self, field: Tensor, begin: int, steps: slice) -> Tensor:
        """Means [step, place] of a field [day, place] whose first day is `begin`."""
        first, stop = self.first[steps] - begin, self.stop[steps] - begin
        if not len(first):
            return field.new_zeros((0, field.shape[1]))
        days = stop - first
        if bool((days == 1).all()) and int(stop[-1] - first[0]) == len(first):
            return field[int(first[0]) : int(stop[-1])]
        group = torch.repeat_interleave(torch.arange(len(first)), days)
        before = torch.cumsum(days, 0) - days
        index = torch.arange(len(group)) - before[group] + first[group]
        weight = (1.0 / days.double())[group]
        return sparse_sum(field, index, group, weight, len(first), 0)


@dataclass(frozen=True)
class Regions:
    """Targets made of places: target[j] has a share of place[j], such as its area; means are over the shares.

    size is the number of targets; one without any place has the mean 0 and must not be observed.
    """

    place: Tensor
    target: Tensor
    share: Tensor
    size: int

    def means(self, field: Tensor) -> Tensor:
        """Means [step, target] of a field [step, place]."""
        whole = self.share.new_zeros(self.size).index_add_(0, self.target, self.share)
        weight = self.share / torch.where(whole > 0, whole, 1.0)[self.target]
        return sparse_sum(field, self.place, self.target, weight, self.size, 1)


def cells(count: int) -> Regions:
    """Every place for itself."""
    number = torch.arange(count)
    return Regions(number, number, torch.ones(count, dtype=torch.float64), count)


def labelled(label: Sequence[int] | Tensor, share: Sequence[float] | Tensor) -> Regions:
    """Regions from a number of its target for each place, -1 = in none, and shares [place], such as areas in m2."""
    number = torch.as_tensor(label, dtype=torch.int64)
    place = torch.nonzero(number >= 0)[:, 0]
    size = int(number.max()) + 1 if len(place) else 0
    return Regions(place, number[place], torch.as_tensor(share, dtype=torch.float64)[place], size)


def anomalies(values: Tensor, known: Tensor, baseline: slice) -> Tensor:
    """Values [step, target] less their own mean over those steps of the baseline that are known, [step, target].

    A target without any such step keeps its values.
    """
    counted = known[baseline].to(values.dtype)
    mean = (torch.where(known[baseline], values[baseline], 0.0)).sum(0) / counted.sum(0).clamp(min=1)
    return values - mean


def storage_change(lateral: Tensor, outflow: Tensor) -> tuple[Tensor, Tensor]:
    """Water that entered each node at its side and left it since the first day, and what left it, m3 [time, node].

    lateral and outflow are daily means, m3 s-1 [time, node]. Sums in float64: a large river carries thousands of times
    its own content. Averaged over time, `river_water` makes the change of storage of them.
    """
    left = torch.cumsum(outflow.double(), 0) * 86400.0
    return torch.cumsum(lateral.double(), 0) * 86400.0 - left, left


def river_water(kept: Tensor, left: Tensor, downstream: Tensor) -> Tensor:
    """Change of the water in each node, m3 [step, node], from both results of storage_change for all nodes.

    downstream [node]: own index where the water ends. Water in transit counts where it goes to.
    """
    source = torch.nonzero(downstream != torch.arange(len(downstream)))[:, 0]
    ones = torch.ones(len(source), dtype=torch.float64)
    return kept + sparse_sum(left, source, downstream[source], ones, len(downstream), 1)
