"""What an LSTM reads day by day, made in pieces that lie in cache: given inputs, or weather through a first layer."""

import numpy as np
import torch
from torch import Tensor

from ..kernels.rectified import compiled

NAMES = {torch.float32: "float32", torch.float64: "float64", torch.bfloat16: "bfloat16"}


def array(tensor: Tensor) -> np.ndarray:
    """The numbers of a tensor; bfloat16 as bits."""
    seen = tensor.detach()
    return (seen.view(torch.int16) if seen.dtype == torch.bfloat16 else seen).numpy()


class Given:
    """Inputs [time, place, input] as they are."""

    def __init__(self, inputs: Tensor):
        self.inputs = inputs.detach()
        self.shape = (inputs.shape[0], inputs.shape[1])
        self.d_inputs: Tensor | None = None

    def chunk(self, first: int, stop: int) -> Tensor:
        """Inputs of some days, [time * place, input]."""
        return self.inputs[first:stop].flatten(0, 1)

    def reverse(self, first: int, stop: int, d_gates: Tensor, w_in: Tensor) -> None:
        """Gradient of the inputs of these days, of which the gates' is known."""
        if self.d_inputs is None:
            self.d_inputs = torch.empty_like(self.inputs)
        torch.mm(d_gates, w_in, out=self.d_inputs[first:stop].flatten(0, 1))

    def gradients(self) -> tuple[Tensor | None, ...]:
        """Of everything that it was made of."""
        return (self.d_inputs,)


class Rectified:
    """relu(weather weights^T + offset): weather [time, place, 3], weights [input, 3], offset [place, input].

    Computed anew in the reverse. The weather gets no gradient.
    """

    def __init__(self, weather: Tensor, weights: Tensor, offset: Tensor, kind: torch.dtype):
        self.weather, self.kind = array(weather.contiguous()), kind
        self.shape = (weather.shape[0], weather.shape[1])
        self.weights, self.offset = weights.detach().t().contiguous(), offset.detach().contiguous()
        self.d_weights, self.d_offset = torch.zeros_like(self.weights), torch.zeros_like(self.offset)
        self.rows: Tensor | None = None
        self.held = (0, 0)

    def chunk(self, first: int, stop: int) -> Tensor:
        """Inputs of some days, [time * place, input]; they stay until others are asked for."""
        if self.rows is None or len(self.rows) < stop - first:
            self.rows = torch.empty((stop - first, *self.offset.shape), dtype=self.kind)
        rows = self.rows[: stop - first]
        compiled(NAMES[self.kind])[0](self.weather, array(self.weights), array(self.offset), first, array(rows))
        self.held = (first, stop)
        return rows.flatten(0, 1)

    def reverse(self, first: int, stop: int, d_gates: Tensor, w_in: Tensor) -> None:
        """Adds what these days, the last asked for, give to the gradients."""
        if self.rows is None or self.held != (first, stop):
            raise RuntimeError(f"days {first} to {stop} are reversed, but {self.held} were asked for last")
        rows = self.rows[: stop - first]
        d_rows = (d_gates @ w_in).view(rows.shape)
        compiled(NAMES[self.kind])[1](
            self.weather, first, array(rows), array(d_rows), array(self.d_weights), array(self.d_offset)
        )

    def gradients(self) -> tuple[Tensor | None, ...]:
        """Of weather, weights and offset."""
        return None, self.d_weights.t(), self.d_offset
