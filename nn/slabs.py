"""Training on several ranks: each computes its own slab, and all of them know every parameter and every gradient.

Networks are small and run on every rank; physics is cut. Gradients are put together by place, in the order of the
places, before the network's backward, so that they have the same bits for any number of ranks: a sum over ranks would
not.
"""

from typing import Any

import torch

Tensor = torch.Tensor


class _Share(torch.autograd.Function):
    """All places -> the own slab; backward: the slabs' gradients -> all places."""

    @staticmethod
    def forward(ctx: Any, slabs: "Slabs", whole: Tensor) -> Tensor:
        ctx.slabs = slabs
        return whole[..., slabs.low : slabs.high].contiguous()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        return None, ctx.slabs.together(gradient)


class _Collect(torch.autograd.Function):
    """The own slab -> all places; backward: every rank knows the whole gradient, and takes its own part."""

    @staticmethod
    def forward(ctx: Any, slabs: "Slabs", own: Tensor) -> Tensor:
        ctx.slabs = slabs
        return slabs.together(own)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        return None, gradient[..., ctx.slabs.low : ctx.slabs.high].contiguous()


class Slabs:
    """The cut of the last axis of arrays between ranks: rank r has bounds[r] to bounds[r + 1].

    gather(array, bounds) puts the slabs of all ranks together along the last axis, on every rank; None: there is one
    rank. Every rank must call share and collect in the same order.
    """

    def __init__(self, bounds: Any, rank: int = 0, gather: Any = None) -> None:
        self.bounds, self._gather = [int(bound) for bound in bounds], gather
        self.low, self.high = self.bounds[rank], self.bounds[rank + 1]

    def share(self, whole: Tensor) -> Tensor:
        """The own slab of what every rank has, [..., place]."""
        return _Share.apply(self, whole)

    def collect(self, own: Tensor) -> Tensor:
        """What all ranks have, [..., place], from the own slabs; every rank must then compute the same of it."""
        return _Collect.apply(self, own)

    def together(self, own: Tensor) -> Tensor:
        """The slabs of all ranks, without gradient."""
        if self._gather is None:
            return own.clone()
        return torch.from_numpy(self._gather(own.detach().contiguous().numpy(), self.bounds))
