"""Expected gradients: what each input of a network adds to its values (Erion et al., 2021; Wang et al., 2024).

phi_i(x) = E [(x_i - x'_i) df/dx_i (x' + a (x - x'))],   x' from a background, a uniform in (0, 1)

They add up to f(x) - E f(x'): what makes this place differ from a typical one.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

# Values [sample, output] from inputs [sample, input] and the place [sample] that each sample is of; no sample sees
# another. A function may say of itself: `alike`: places do not matter, and the mean over the background is the same for
# all; `once`: it can be reversed only once; `chunk`: samples that it takes at once.
Function = Callable[[Tensor, Tensor], Tensor]
Report = Callable[[float], None] | None
CHUNK = 8192  # samples through the function at once: bounds the memory


class Draws(NamedTuple):
    """Rows of the background [draw] and shares of the way from them to the place [draw], in (0, 1)."""

    row: Tensor
    share: Tensor


class Attribution(NamedTuple):
    """phi [output, place, input]; f(x) and E f(x') [output, place]; all float64, on the CPU.

    E f(x') is over the whole background, or over the rows drawn of it where the function differs between places.
    gap [output, place] is sum phi - (f(x) - E f(x')): what a finite number of draws leaves.
    """

    phi: Tensor
    value: Tensor
    expected: Tensor

    @property
    def gap(self) -> Tensor:
        """How far the attributions are from adding up."""
        return self.phi.sum(-1) - (self.value - self.expected)


def draws(background: int, count: int, seed: int) -> Draws:
    """At least `count` draws from a background of so many rows; the seed alone decides them.

    Beyond one round of the background, whole rounds of it: every row comes equally often, each time in another part of
    the way, and all draws together cover the way evenly (a Latin hypercube, in strata by row). Far fewer are needed
    than of independent draws. ValueError where there is nothing to draw.
    """
    if background < 1 or count < 1:
        raise ValueError(f"expected gradients need a background and draws, got {background} rows and {count} draws")
    generator = torch.Generator().manual_seed(seed)
    rounds = -(-count // background)
    drawn = min(count, background)  # in a round
    rows = torch.randperm(background, generator=generator)[:drawn]
    first = torch.randint(rounds, (drawn,), generator=generator)
    fine = torch.stack([torch.randperm(drawn, generator=generator) for _ in range(rounds)])
    shares = []
    for turn in range(rounds):
        part = (first + turn) % rounds
        within = fine[part, torch.arange(drawn)] + torch.rand(drawn, generator=generator, dtype=torch.float64)
        shares.append((part + within / drawn) / rounds)
    return Draws(rows.repeat(rounds), torch.cat(shares))


def expected_gradients(
    function: Function, inputs: Tensor, background: Tensor, samples: Draws, *, chunk: int = CHUNK, report: Report = None
) -> Attribution:
    """Expected gradients of every value of a function, at every place.

    inputs      [place, input]
    background  [row, input] of typical places
    samples     `draws` of the background; the same for all places, so that a place does not depend on the others
    chunk       samples at once, at most those of function.chunk where it has one; results differ by rounding only
    report      is told the share that is done, after every chunk
    """
    chunk = min(chunk, getattr(function, "chunk", chunk))
    places = torch.arange(len(inputs))
    value = _values(function, inputs, places, chunk).T
    expected = _expected(function, background, samples, places, chunk)
    phi = torch.zeros(value.shape[0], *inputs.shape, dtype=torch.float64)
    ahead, done = max(1, chunk // len(samples.row)), 0
    for part in places.split(ahead):
        for row, share in zip(samples.row.split(chunk), samples.share.split(chunk), strict=True):
            phi[:, part] += _weighted_gradients(function, inputs[part], part, background[row], share)
            done += len(part) * len(row)
            if report is not None:
                report(done / (len(places) * len(samples.row)))
    return Attribution(phi / len(samples.row), value, expected.expand_as(value))


def _weighted_gradients(function: Function, inputs: Tensor, places: Tensor, behind: Tensor, share: Tensor) -> Tensor:
    """Sum over the draws of (x - x') df/dx on the way [output, place, input]."""
    way = inputs[:, None] - behind
    points = (behind + share[:, None].to(inputs.dtype) * way).flatten(0, 1).requires_grad_()
    of, once = places.repeat_interleave(len(behind)), getattr(function, "once", False)
    values = function(points, of)
    found = []
    for output in range(values.shape[1]):
        values = function(points, of) if once and output else values
        last = once or output + 1 == values.shape[1]
        (slope,) = torch.autograd.grad(values[:, output].sum(), points, retain_graph=not last)
        found.append((slope.view_as(way) * way).sum(1, dtype=torch.float64))
    return torch.stack(found)


@torch.no_grad()
def _values(function: Function, inputs: Tensor, places: Tensor, chunk: int) -> Tensor:
    parts = zip(inputs.split(chunk), places.split(chunk), strict=True)
    return torch.cat([function(*part).double() for part in parts])


def _expected(function: Function, background: Tensor, samples: Draws, places: Tensor, chunk: int) -> Tensor:
    """Mean value [output, place] over the background, or over the rows drawn where every place has another mean."""
    if getattr(function, "alike", False):
        return _values(function, background, places[:1].expand(len(background)), chunk).mean(0)[:, None]
    behind, found = background[samples.row], []
    for part in places.split(max(1, chunk // len(behind))):
        values = _values(function, behind.repeat(len(part), 1), part.repeat_interleave(len(behind)), chunk)
        found.append(values.view(len(part), len(behind), -1).mean(1).T)
    return torch.cat(found, 1)
