"""A long short-term memory layer over days, with dropout of weights; on a CPU by our own loop over time.

Per day one matrix product in place, and the compiled gates of kernels/gates.py; the products with the inputs, and in
the reverse those for the weights, are done for many days at once, while these lie in cache. Nothing is kept but the
gates before activation, which the reverse overwrites.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from ..kernels.gates import compiled

DAYS = 32  # of which the gates lie in cache together
NAMES = {torch.float32: "float32", torch.float64: "float64", torch.bfloat16: "bfloat16"}

State = tuple[Tensor, Tensor]


class LSTM(nn.Module):
    """One layer, with the weights and names of torch.nn.LSTM.

    dropout: share of the elements of both weight matrices that is zero in a batch while training, one mask for all
    places and days; the others are scaled by 1/(1 - dropout) (Gal & Ghahramani, 2016; Feng et al., 2022).
    lower: products of matrices in bfloat16, with sums in float32 (float64 input is never lowered)
    """

    weight_ih_l0: nn.Parameter
    weight_hh_l0: nn.Parameter
    bias_ih_l0: nn.Parameter
    bias_hh_l0: nn.Parameter

    def __init__(self, inputs: int, size: int, generator: torch.Generator, dropout: float = 0.0, lower: bool = False):
        super().__init__()
        self.dropout, self.lower, self.size = dropout, lower, size
        bound = size**-0.5
        for name, shape in (("ih", (4 * size, inputs)), ("hh", (4 * size, size))):
            self.register_parameter(f"weight_{name}_l0", _uniform(shape, bound, generator))
        for name in ("ih", "hh"):
            self.register_parameter(f"bias_{name}_l0", _uniform((4 * size,), bound, generator))

    def weights(self) -> list[Tensor]:
        """Both matrices, of which some elements are dropped while training, and both biases."""
        drop = self.dropout if self.training else 0.0
        matrices: list[Tensor] = [self.weight_ih_l0, self.weight_hh_l0]
        if drop:
            matrices = [nn.functional.dropout(matrix, drop) for matrix in matrices]
        return [*matrices, self.bias_ih_l0, self.bias_hh_l0]

    def forward(self, inputs: Tensor, weights: list[Tensor], state: State | None = None) -> tuple[Tensor, State]:
        """Hidden values [time, place, unit] of inputs [time, place, input], and the state behind the last day.

        weights: what `weights` gave, so that several calls can share one mask. state: of the day before; None: zeros.
        """
        if state is None:
            nothing = inputs.new_zeros((inputs.shape[1], self.size))
            state = (nothing, nothing)
        if inputs.is_cuda:
            return _on_gpu(inputs, weights, state, self.lower)
        return over_days(inputs, weights, state, self.lower)


def over_days(inputs: Tensor, weights: list[Tensor], state: State, lower: bool = False) -> tuple[Tensor, State]:
    """As LSTM, by our own loop on the CPU; hidden values are bfloat16 where lower."""
    into_gates, into_hidden, *biases = weights
    kind = torch.bfloat16 if lower and inputs.dtype == torch.float32 else inputs.dtype
    bias = biases[0] + biases[1]
    hidden, last, cell = _Days.apply(
        inputs.to(kind), into_gates.to(kind), into_hidden.to(kind), bias.to(kind), state[0].to(kind), state[1]
    )
    return hidden, (last, cell)


class _Days(torch.autograd.Function):
    """Forward keeps gates before activation, cells and hidden values; backward overwrites the gates."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, w_in: Tensor, w_hidden: Tensor, bias: Tensor, hidden: Tensor, cell: Tensor):
        days, places, _ = inputs.shape
        size = hidden.shape[1]
        needed = any(ctx.needs_input_grad)
        kept = days if needed else min(days, DAYS)
        gates = inputs.new_empty((kept, places, 4 * size))
        cells = cell.new_empty((kept + 1, places, size))
        series = inputs.new_empty((days + 1, places, size))
        series[0], cells[0] = hidden, cell
        step = compiled(NAMES[inputs.dtype])[0]
        seen = (_array(gates).reshape(kept, places, 4, size), _array(cells))
        transposed = (w_in.t().contiguous(), w_hidden.t().contiguous())
        slices, before = gates.unbind(0), series.unbind(0)
        for first in range(0, days, DAYS):
            count = min(DAYS, days - first)
            at = first if needed else 0
            if not needed and first:
                cells[0] = cells[DAYS]
            torch.addmm(
                bias, inputs[first : first + count].flatten(0, 1), transposed[0],
                out=gates[at : at + count].view(-1, 4 * size),
            )  # fmt: skip
            shown = _array(series[first : first + count + 1]) if not needed else _array(series)
            for t in range(count):
                slices[at + t].addmm_(before[first + t], transposed[1])
                step(*seen, shown, at + t)
        last = cells[(days if needed else (days - 1) % DAYS + 1)].clone() if days else cell.clone()
        if needed:
            ctx.save_for_backward(inputs, w_in, w_hidden, series, cells)
            ctx.gates = gates
        return series[1:], series[days].clone(), last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_series: Tensor, d_last: Tensor, d_cell: Tensor):
        inputs, w_in, w_hidden, series, cells = ctx.saved_tensors
        gates, ctx.gates = ctx.gates, None
        if gates is None:
            raise RuntimeError("the layer was reversed already: its gates are overwritten")
        days, places, _ = inputs.shape
        size = series.shape[2]
        d_cell, d_hidden = d_cell.clone(), d_last.to(inputs.dtype).clone()
        d_inputs = torch.empty_like(inputs) if ctx.needs_input_grad[0] else None
        total = [torch.zeros_like(w, dtype=cells.dtype) for w in (w_in, w_hidden)]
        d_bias = cells.new_zeros(4 * size)
        step = compiled(NAMES[inputs.dtype])[1]
        seen = (_array(gates).reshape(days, places, 4, size), _array(cells), _array(d_series.contiguous()))
        carried = (_array(d_hidden), _array(d_cell))
        slices = gates.unbind(0)
        for stop in range(days, 0, -DAYS):
            first = max(0, stop - DAYS)
            for t in range(stop - 1, first - 1, -1):
                step(*seen, *carried, t)
                torch.mm(slices[t], w_hidden, out=d_hidden)
            flat = gates[first:stop].view(-1, 4 * size)
            total[0] += flat.t() @ inputs[first:stop].flatten(0, 1)
            total[1] += flat.t() @ series[first:stop].flatten(0, 1)
            d_bias += flat.sum(0, dtype=cells.dtype)
            if d_inputs is not None:
                torch.mm(flat, w_in, out=d_inputs[first:stop].flatten(0, 1))
        return d_inputs, total[0].to(w_in.dtype), total[1].to(w_in.dtype), d_bias.to(w_in.dtype), d_hidden, d_cell


def _array(tensor: Tensor) -> np.ndarray:
    """The numbers of a tensor; bfloat16 as bits."""
    seen = tensor.detach()
    return (seen.view(torch.int16) if seen.dtype == torch.bfloat16 else seen).numpy()


def _on_gpu(inputs: Tensor, weights: list[Tensor], state: State, lower: bool) -> tuple[Tensor, State]:
    kind = torch.bfloat16 if lower and inputs.dtype == torch.float32 else inputs.dtype
    states = tuple(part[None].to(kind) for part in state)
    hidden, last, cell = torch._VF.lstm(
        inputs.to(kind), states, [w.to(kind) for w in weights], True, 1, 0.0, torch.is_grad_enabled(), False, False
    )
    return hidden, (last[0], cell[0].to(inputs.dtype))


def _uniform(shape: tuple[int, ...], bound: float, generator: torch.Generator) -> nn.Parameter:
    return nn.Parameter(torch.empty(shape).uniform_(-bound, bound, generator=generator))
