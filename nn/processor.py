"""Where a model runs: the loops of the CPU on tensors seen as numpy arrays, those of the GPU on the tensors themselves.

Nothing is copied either way. Both offer the same: simulate and adjoint of model and unit hydrograph, `take` for what
they read, `give` for what they return, and options of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from ..kernels import routed

Tensor = torch.Tensor


@dataclass(frozen=True)
class Processor:
    """The functions of one kind of processor."""

    simulate: Callable
    adjoint: Callable
    take: Callable[[Tensor | None], Any]
    give: Callable[[Any], Tensor]
    options: dict[str, Any]


def processor_of(tensor: Any, threads: int) -> Processor:
    """The processor in whose memory the tensor lies; also the GPU that Numba simulates, if NUMBA_ENABLE_CUDASIM=1."""
    if tensor.is_cuda or _simulated():
        return _gpu(tensor)
    return Processor(
        routed.simulate_routed,
        routed.simulate_routed_adjoint,
        lambda given: None if given is None else given.detach().numpy(),
        torch.from_numpy,
        {"threads": threads},
    )


def _gpu(tensor: Tensor) -> Processor:
    """Kernels on torch's stream, in torch's memory."""
    from numba import cuda

    from ..kernels import device_routed

    def empty(shape: tuple[int, ...], precision: str) -> Tensor:
        return torch.empty(shape, dtype=getattr(torch, precision), device=tensor.device)

    stream: Any = 0
    if tensor.is_cuda:
        current = torch.cuda.current_stream(tensor.device).cuda_stream
        stream = cuda.external_stream(current) if current else 0
    return Processor(
        device_routed.simulate_routed,
        device_routed.simulate_routed_adjoint,
        lambda given: None if given is None else given.detach(),
        lambda made: made,
        {"empty": empty, "stream": stream},
    )


def _simulated() -> bool:
    from numba import config

    return bool(getattr(config, "ENABLE_CUDASIM", False))
