"""Any model as a differentiable layer: one autograd Function around the kernels and their adjoints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable

from ..kernels.model import Model
from ..kernels.routed import unrouted
from ..kernels.routing.declarations import ROUTED
from ..kernels.simulate import initial_state
from ..kernels.variable import row_of
from .processor import processor_of

Tensor = torch.Tensor

PRECISIONS = {torch.float32: np.float32, torch.float64: np.float64}


@dataclass(frozen=True)
class _Call:
    """What does not change between calls and has no gradient."""

    model: Model
    outputs: tuple[str, ...]
    weighted: tuple[str, ...] | None
    dynamic_names: tuple[str, ...]
    threads: int
    recording: bool


class _Steps(torch.autograd.Function):
    """Forward keeps the states at segment starts; backward replays the segments and reverses them."""

    @staticmethod
    def forward(ctx: Any, call: _Call, *tensors: Tensor | None) -> tuple[Tensor, Tensor]:
        on = processor_of(tensors[0], call.threads)
        forcing, parameters, routing, dynamic, state, geometry, weights = map(on.take, tensors)
        needed = call.recording and any(ctx.needs_input_grad)
        done = on.simulate(
            call.model,
            forcing,
            parameters,
            routing,
            state,
            outputs=call.outputs,
            weighted=call.weighted,
            checkpoints=needed,
            **on.options,
            **_options(call, dynamic, geometry, weights),
        )
        if needed:
            ctx.call, ctx.done = call, done
            ctx.save_for_backward(*tensors)
        return on.give(done.outputs), on.give(done.state)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_outputs: Tensor, d_state: Tensor) -> tuple[Tensor | None, ...]:
        call = ctx.call
        on = processor_of(ctx.saved_tensors[0], call.threads)
        forcing, parameters, routing, dynamic, _, geometry, weights = map(on.take, ctx.saved_tensors)
        wanted = ctx.needs_input_grad[1:]
        gradient = on.adjoint(
            call.model,
            ctx.done,
            forcing,
            parameters,
            routing,
            on.take(d_outputs.contiguous()),
            on.take(d_state.contiguous()),
            outputs=call.outputs,
            weighted=call.weighted,
            want_forcing=wanted[0],
            want_weights=wanted[6],
            **on.options,
            **_options(call, dynamic, geometry, weights),
        )
        of_model = gradient.model
        found = (
            of_model.forcing, of_model.parameters, gradient.routing, of_model.dynamic, of_model.state, None,
            of_model.weights,
        )  # fmt: skip
        return None, *(
            on.give(array) if want and array is not None else None for want, array in zip(wanted, found, strict=True)
        )


class Physics(torch.nn.Module):
    """A registered model with the unit hydrograph, as a layer without weights of its own.

    outputs     names of fluxes, states, or routed flows (`streamflow`)
    weighted    outputs that use the given component weights (default: all); the others are plain means
    """

    def __init__(
        self,
        model: Model,
        components: int = 1,
        outputs: tuple[str, ...] = ("streamflow",),
        weighted: tuple[str, ...] | None = None,
        threads: int = 1,
    ) -> None:
        super().__init__()
        if components < 1:
            raise ValueError(f"components is {components}, expected at least 1")
        for name in unrouted(outputs):
            row_of(model.outputs, name)
        self.model, self.components, self.outputs = model, components, tuple(outputs)
        self.weighted, self.threads = weighted, threads

    def forward(
        self,
        forcing: Tensor,
        parameters: Tensor,
        routing: Tensor | None = None,
        *,
        dynamic: Mapping[str, Tensor] | None = None,
        state: Tensor | None = None,
        geometry: Tensor | None = None,
        weights: Tensor | None = None,
        warmup: int = 0,
    ) -> tuple[Tensor, Tensor]:
        """Outputs [time - warmup, output, place] and the final state [state, component, place].

        forcing [time, row, place], parameters [parameter, component, place], routing [2, place] (route_a, route_b; only
        where an output is routed),
        dynamic: daily values [time, component, place] by parameter name, of all days or of those from the last of the
        warm-up on, state [state, component, place] before the
        first day, geometry [row, place], weights [component, place]. The first `warmup` days run without gradient, with
        every dynamic parameter as on the last of them, and flow of those days is not routed into the rest.
        Raises ValueError where shapes, precisions or names do not fit.
        """
        if routing is None:
            routing = self._unrouted(forcing)
        self._check(forcing, parameters, routing, dynamic or {}, state, warmup)
        cells = parameters.shape[1] * parameters.shape[2]
        flat = parameters.reshape(parameters.shape[0], cells)
        if state is None:
            start = torch.from_numpy(initial_state(self.model, cells, PRECISIONS[forcing.dtype])).to(forcing.device)
        else:
            start = state.reshape(state.shape[0], cells)
        names = tuple(dynamic or ())
        daily = None
        if dynamic:
            daily = torch.stack([dynamic[name] for name in names], 1).reshape(-1, len(names), cells)
        if warmup:
            scored = forcing.shape[0] - warmup
            today = None if daily is None else daily[-scored - 1]
            start = self._warm_up(forcing[:warmup], flat, routing, names, today, start, geometry)
            forcing, daily = forcing[warmup:], None if daily is None else daily[-scored:] if scored else daily[:0]
        call = _Call(self.model, self.outputs, self.weighted, names, self.threads, torch.is_grad_enabled())
        tensors = (forcing, flat, routing, daily, start, geometry, weights)
        outputs, final = _Steps.apply(call, *(t if t is None else t.contiguous() for t in tensors))
        return outputs, final.reshape(-1, *parameters.shape[1:])

    def _check(self, forcing, parameters, routing, dynamic, state, warmup):
        """ValueError where axes do not fit: flattened to cells, they could no longer be told apart."""
        if forcing.ndim != 3 or forcing.dtype not in PRECISIONS:
            raise ValueError(f"forcing is {_told(forcing)}, expected float32 or float64 [time, row, place]")
        if parameters.ndim == 3 and parameters.shape[1] != self.components:
            raise ValueError(f"parameters have {parameters.shape[1]} components, expected {self.components}")
        days, _, places = forcing.shape
        if not 0 <= warmup <= days:
            raise ValueError(f"a warm-up of {warmup} days does not fit into the {days} days of forcing")
        cells = (self.components, places)
        expected = {"parameters": (parameters, (len(self.model.parameters), *cells)), "routing": (routing, (2, places))}
        late = days - warmup + 1
        for name, daily in dynamic.items():
            given = late if warmup and daily.ndim == 3 and daily.shape[0] == late else days
            expected[f"dynamic '{name}'"] = (daily, (given, *cells))
        if state is not None:
            expected["state"] = (state, (len(self.model.states), *cells))
        for name, (tensor, shape) in expected.items():
            if tensor.shape != shape or tensor.dtype != forcing.dtype or tensor.device != forcing.device:
                wanted = f"{forcing.dtype}{list(shape)} on {forcing.device}"
                raise ValueError(f"{name} is {_told(tensor)}, expected {wanted}".replace("torch.", ""))

    def _unrouted(self, forcing: Tensor) -> Tensor:
        """What the kernels take for routing where nothing is routed."""
        routed = [name for name in self.outputs if name in ROUTED]
        if routed:
            raise ValueError(f"routing is missing: {', '.join(routed)} needs route_a and route_b")
        return forcing.new_ones((2, forcing.shape[-1]))

    @torch.no_grad()
    def _warm_up(self, forcing, flat, routing, names, today, start, geometry):
        """State after the warm-up, with the dynamic parameters of its last day, `today`."""
        flat = flat.clone()
        for k, name in enumerate(names):
            flat[row_of(self.model.parameters, name)] = today[k]
        call = _Call(self.model, ("runoff",), None, (), self.threads, False)
        tensors = (forcing, flat, routing, None, start, geometry, None)
        return _Steps.apply(call, *(t if t is None else t.contiguous() for t in tensors))[1]


def _options(call: _Call, dynamic, geometry, weights) -> dict[str, Any]:
    return {"dynamic": dynamic, "dynamic_names": call.dynamic_names, "geometry": geometry, "weights": weights}


def _told(tensor: Tensor) -> str:
    return f"{tensor.dtype}{list(tensor.shape)} on {tensor.device}".replace("torch.", "")
