"""Optimisers and learning-rate schedules by name."""

import math
from collections.abc import Iterable
from typing import Any

import torch

OPTIMISERS = ("adam", "adamw", "adadelta", "sgd")
SCHEDULES = ("constant", "cosine", "halving")
FLOOR = 0.01  # of the first learning rate, where the cosine ends


def optimiser(
    name: str, weights: Iterable[torch.nn.Parameter], learning_rate: float, weight_decay: float = 0.0
) -> torch.optim.Optimizer:
    """The optimiser of that name; sgd has momentum 0.9. ValueError on an unknown name."""
    makers: dict[str, Any] = {
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "adadelta": torch.optim.Adadelta,
        "sgd": torch.optim.SGD,
    }
    if name not in makers:
        raise ValueError(f"unknown optimiser '{name}', expected one of: {', '.join(OPTIMISERS)}")
    more = {"momentum": 0.9} if name == "sgd" else {}
    return makers[name](list(weights), lr=learning_rate, weight_decay=weight_decay, **more)


def factor(schedule: str, progress: float) -> float:
    """Learning rate over its first value at a share 0 to 1 of all epochs. ValueError on an unknown schedule.

    It depends on nothing else, so that a resumed training goes on as if it had never stopped.
    """
    if schedule not in SCHEDULES:
        raise ValueError(f"unknown schedule '{schedule}', expected one of: {', '.join(SCHEDULES)}")
    if schedule == "cosine":
        return FLOOR + (1.0 - FLOOR) * 0.5 * (1.0 + math.cos(math.pi * progress))
    return 0.5 ** math.floor(4.0 * progress) if schedule == "halving" else 1.0
