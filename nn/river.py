"""Rivers as a differentiable layer: one autograd Function around the river loops and their adjoint."""

from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable

from ..kernels.rivers.plan import Plan
from ..kernels.rivers.route import DAY, initial_river, route, route_adjoint
from ..kernels.rivers.router import Router

Tensor = torch.Tensor


class _Route(torch.autograd.Function):
    """Forward keeps the river's states at segment starts; backward replays the segments and reverses them."""

    @staticmethod
    def forward(ctx: Any, river: "River", lateral: Tensor, parameters: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        arrays = [tensor.detach().numpy() for tensor in (lateral, parameters, state)]
        needed = any(ctx.needs_input_grad)
        done = route(river.router, river.plan, *arrays, checkpoints=needed, **river.options(lateral.dtype))
        if needed:
            ctx.river, ctx.done = river, done
            ctx.save_for_backward(lateral, parameters)
        return torch.from_numpy(done.discharge), torch.from_numpy(done.state)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_discharge: Tensor, d_state: Tensor) -> tuple[Tensor | None, ...]:
        river = ctx.river
        lateral, parameters = (tensor.detach().numpy() for tensor in ctx.saved_tensors)
        gradient = route_adjoint(
            river.router,
            river.plan,
            ctx.done,
            lateral,
            parameters,
            d_discharge.contiguous().numpy(),
            d_state.contiguous().numpy(),
            **river.options(d_discharge.dtype),
        )
        return None, *map(torch.from_numpy, (gradient.lateral, gradient.parameters, gradient.state))


class River(torch.nn.Module):
    """A router on a network, as a layer without weights of its own; on the CPU.

    router, plan   what routes, and the own part of the network (kernels.rivers.plan)
    area           [place] land area, m2, to which runoff in mm refers
    place          [node] the place of each own node, -1 where it has none
    geometry       [row, node] as the router declares it
    exchange       carries water and gradients on cut links to and from other ranks
    """

    nodes: Tensor
    places: Tensor
    factor: Tensor

    def __init__(
        self,
        router: Router,
        plan: Plan,
        area: np.ndarray,
        place: np.ndarray,
        geometry: np.ndarray | None = None,
        *,
        step_seconds: float = DAY,
        substeps: int = 0,
        exchange: Any = None,
    ) -> None:
        super().__init__()
        if place.shape != (plan.count,) or (len(place) and place.max() >= len(area)):
            raise ValueError(f"place {list(place.shape)} must give each of {plan.count} nodes a place or -1")
        self.router, self.plan = router, plan
        nodes = np.flatnonzero(place >= 0)
        self.register_buffer("nodes", torch.from_numpy(nodes), persistent=False)
        self.register_buffer("places", torch.from_numpy(place[nodes].astype(np.int64)), persistent=False)
        # mm per step over the area of the place -> m3 s-1
        factor = np.asarray(area, np.float64)[place[nodes]] * 1e-3 / step_seconds
        self.register_buffer("factor", torch.from_numpy(factor), persistent=False)
        self._geometry, self._step, self._substeps, self._exchange = geometry, step_seconds, substeps, exchange

    def options(self, dtype: torch.dtype) -> dict[str, Any]:
        """What kernels.rivers.route takes besides water, parameters and state."""
        precision = np.float32 if dtype == torch.float32 else np.float64
        geometry = None if self._geometry is None else np.ascontiguousarray(self._geometry, precision)
        return {
            "geometry": geometry,
            "step_seconds": self._step,
            "substeps": self._substeps,
            "exchange": self._exchange,
        }

    def lateral(self, runoff: Tensor) -> Tensor:
        """Runoff [time, place], mm per step, as inflow [time, node], m3 s-1."""
        flow = runoff.new_zeros((runoff.shape[0], self.plan.count))
        return flow.index_copy(1, self.nodes, runoff[:, self.places] * self.factor.to(runoff.dtype))

    def forward(self, runoff: Tensor, parameters: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Discharge [time, node], m3 s-1, and the final state [row, node].

        runoff [time, place] mm per step; parameters [row, node] and state [row, node] as the router declares them.
        Raises ValueError where shapes or precisions do not fit.
        """
        if state is None:
            precision = np.float32 if runoff.dtype == torch.float32 else np.float64
            state = torch.from_numpy(initial_river(self.router, self.plan.count, precision))
        return _Route.apply(self, self.lateral(runoff), parameters.contiguous(), state.contiguous())
