"""Memory that is used again: fresh pages cost more than what is computed in them."""

from threading import Lock

import torch
from torch import Tensor

MOST = 4  # tensors that are kept


class Spare:
    """Tensors that were given back, for whoever needs one of the same shape and kind; the latest few are kept."""

    def __init__(self) -> None:
        self._kept: list[Tensor] = []
        self._lock = Lock()

    def take(self, shape: tuple[int, ...], kind: torch.dtype) -> Tensor:
        """A tensor on the CPU with anything in it."""
        with self._lock:
            for place, tensor in enumerate(self._kept):
                if tensor.shape == shape and tensor.dtype == kind:
                    return self._kept.pop(place)
        return torch.empty(shape, dtype=kind)

    def give_back(self, *tensors: Tensor) -> None:
        """Let others have them; nobody may look at them any more."""
        with self._lock:
            self._kept = [*self._kept, *tensors][-MOST:]

    def clear(self) -> None:
        """Give the memory back to the system."""
        with self._lock:
            self._kept = []
