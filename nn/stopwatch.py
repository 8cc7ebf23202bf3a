"""Where the time of a training goes: seconds by stage."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch


class Stopwatch:
    """Seconds spent in named stages. On a GPU each stage ends when the device has done its work."""

    def __init__(self, device: torch.device | str = "cpu"):
        self.device = torch.device(device)
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        begin = time.perf_counter()
        yield
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin

    def reset(self) -> dict[str, float]:
        """Seconds by stage since the last reset."""
        spent, self.seconds = self.seconds, {}
        return spent
