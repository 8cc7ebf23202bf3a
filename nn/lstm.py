"""A long short-term memory layer over days, with dropout of weights; on a CPU by our own loop over time.

Per day one matrix product in place, and the compiled gates of kernels/gates.py; the products with the inputs, and in
the reverse those for the weights, are done for many days at once, while these lie in cache. Nothing is kept but the
gates before activation, which the reverse overwrites, and their memory is used again for the next minibatch.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from ..kernels.gates import compiled
from .lstm_inputs import NAMES, Given, Rectified, array
from .spare import Spare

DAYS = 16  # of which the gates lie in cache together

State = tuple[Tensor, Tensor]
Inputs = Tensor | tuple[Tensor, Tensor, Tensor]


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

    def forward(self, inputs: Inputs, weights: list[Tensor], state: State | None = None) -> tuple[Tensor, State]:
        """Hidden values [time, place, unit], and the state behind the last day.

        inputs   [time, place, input]; or weather [time, place, 3], weights [input, 3] and offset [place, input] of a
                 linear layer with ReLU before this one
        weights  what `weights` gave, so that several calls can share one mask
        state    of the day before; None: zeros
        """
        first = inputs if isinstance(inputs, Tensor) else inputs[0]
        if state is None:
            nothing = first.new_zeros((first.shape[1], self.size))
            state = (nothing, nothing)
        if first.is_cuda:
            return _on_gpu(inputs, weights, state, self.lower)
        return over_days(inputs, weights, state, self.lower)


def over_days(inputs: Inputs, weights: list[Tensor], state: State, lower: bool = False) -> tuple[Tensor, State]:
    """As LSTM, by our own loop on the CPU; hidden values are bfloat16 where lower."""
    into_gates, into_hidden, *biases = weights
    parts = (inputs,) if isinstance(inputs, Tensor) else inputs
    kind = torch.bfloat16 if lower and parts[0].dtype == torch.float32 else parts[0].dtype
    if len(parts) == 1:
        parts = (parts[0].to(kind),)
    # asked here: inside a Function autograd always looks switched off, and needs_input_grad switched on
    keeping = torch.is_grad_enabled()
    hidden, last, cell = _Days.apply(
        keeping, len(parts), *parts, into_gates.to(kind), into_hidden.to(kind), (biases[0] + biases[1]).to(kind),
        state[0].to(kind), state[1],
    )  # fmt: skip
    return hidden, (last, cell)


class _Days(torch.autograd.Function):
    """Forward keeps gates before activation, cells and hidden values; backward overwrites the gates."""

    @staticmethod
    def forward(ctx: Any, keeping: bool, count: int, *given: Tensor):
        parts, (w_in, w_hidden, bias, hidden, cell) = given[:count], given[count:]
        source = _source(parts, w_in.dtype)
        (days, places), size = source.shape, hidden.shape[1]
        needed = keeping and any(ctx.needs_input_grad)
        kept = days if needed else min(days, DAYS)
        gates = SPARE.take((kept, places, 4 * size), w_in.dtype)
        cells = SPARE.take((kept + 1, places, size), cell.dtype)
        series = w_in.new_empty((days + 1, places, size))
        series[0], cells[0] = hidden, cell
        step = compiled(NAMES[w_in.dtype])[0]
        seen, shown = (_by_gate(gates), array(cells)), array(series)
        transposed = (w_in.t().contiguous(), w_hidden.t().contiguous())
        slices, before = gates.unbind(0), series.unbind(0)
        for first in range(0, days, DAYS):
            stop = min(first + DAYS, days)
            at = first if needed else 0
            if not needed and first:
                cells[0] = cells[DAYS]
            into = gates[at : at + stop - first].view(-1, 4 * size)
            torch.addmm(bias, source.chunk(first, stop), transposed[0], out=into)
            part = shown if needed else shown[first : stop + 1]
            for t in range(stop - first):
                slices[at + t].addmm_(before[first + t], transposed[1])
                step(*seen, part, at + t)
        last = cells[days if needed else (days - 1) % DAYS + 1 if days else 0].clone()
        if needed:
            ctx.count, ctx.gates, ctx.cells = count, gates, cells
            ctx.save_for_backward(*parts, w_in, w_hidden, series)
            ctx.set_materialize_grads(False)
        else:
            SPARE.give_back(gates, cells)
        return series[1:], series[days].clone(), last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_series: Tensor | None, d_last: Tensor | None, d_cell: Tensor | None):
        *parts, w_in, w_hidden, series = ctx.saved_tensors
        gates, cells = ctx.gates, ctx.cells
        if gates is None:
            raise RuntimeError("the layer was reversed already: its gates are overwritten")
        ctx.gates = ctx.cells = None
        source = _source(parts, w_in.dtype)
        (days, places), size = source.shape, series.shape[2]
        d_hidden = w_in.new_zeros((places, size)) if d_last is None else d_last.to(w_in.dtype).clone()
        d_cell = cells.new_zeros((places, size)) if d_cell is None else d_cell.clone()
        total = [torch.zeros_like(w, dtype=cells.dtype) for w in (w_in, w_hidden)]
        d_bias = cells.new_zeros(4 * size)
        step = compiled(NAMES[w_in.dtype])[1]
        d_out = _outputs(d_series, d_hidden)
        seen = (_by_gate(gates), array(cells), d_out, array(d_hidden), array(d_cell))
        slices = gates.unbind(0)
        for stop in range(days, 0, -DAYS):
            first = max(0, stop - DAYS)
            for t in range(stop - 1, first - 1, -1):
                step(*seen, t)
                torch.mm(slices[t], w_hidden, out=d_hidden)
            flat = gates[first:stop].view(-1, 4 * size)
            total[0] += flat.t() @ source.chunk(first, stop)
            total[1] += flat.t() @ series[first:stop].flatten(0, 1)
            d_bias += flat.sum(0, dtype=cells.dtype)
            source.reverse(first, stop, flat, w_in)
        SPARE.give_back(gates, cells)
        of_weights = [part.to(w_in.dtype) for part in (*total, d_bias)]
        return None, None, *source.gradients(), *of_weights, d_hidden, d_cell


SPARE = Spare()


def _source(parts: Any, kind: torch.dtype) -> Given | Rectified:
    if len(parts) == 1:
        return Given(parts[0])
    weather, weights, offset = parts
    return Rectified(weather, weights, offset, kind)


def _by_gate(gates: Tensor) -> np.ndarray:
    days, places, wide = gates.shape
    return array(gates).reshape(days, places, 4, wide // 4)


def _outputs(d_series: Tensor | None, like: Tensor) -> np.ndarray:
    """Gradients of the hidden values [time, place, unit]; where there are none, one day of zeros for all of them."""
    if d_series is None:
        zeros = array(torch.zeros_like(like))
        return zeros[None]
    return array(d_series.contiguous())


def _on_gpu(inputs: Inputs, weights: list[Tensor], state: State, lower: bool) -> tuple[Tensor, State]:
    if not isinstance(inputs, Tensor):
        weather, matrix, offset = inputs
        inputs = torch.relu(nn.functional.linear(weather, matrix) + offset)
    kind = torch.bfloat16 if lower and inputs.dtype == torch.float32 else inputs.dtype
    states = tuple(part[None].to(kind) for part in state)
    hidden, last, cell = torch._VF.lstm(
        inputs.to(kind), states, [w.to(kind) for w in weights], True, 1, 0.0, torch.is_grad_enabled(), False, False
    )
    return hidden, (last[0], cell[0].to(inputs.dtype))


def _uniform(shape: tuple[int, ...], bound: float, generator: torch.Generator) -> nn.Parameter:
    return nn.Parameter(torch.empty(shape).uniform_(-bound, bound, generator=generator))
