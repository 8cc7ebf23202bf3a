"""Random numbers of a training: seeded together, kept in checkpoints, put back to the bit."""

import random
from typing import Any

import numpy as np
import torch


def seed_all(seed: int) -> None:
    """Seed Python, numpy and torch (all devices)."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def states() -> dict[str, Any]:
    """States of all generators as plain values and tensors, which a checkpoint can hold."""
    version, numbers, gauss = random.getstate()
    numpy_state: Any = np.random.get_state()
    _, keys, position, has_gauss, cached = numpy_state
    return {
        "python": [version, torch.tensor(numbers, dtype=torch.int64), gauss],
        "numpy": [torch.from_numpy(keys.astype(np.int64)), int(position), int(has_gauss), float(cached)],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def restore(kept: dict[str, Any]) -> None:
    """Put back what `states` returned. GPU states are left alone where there are fewer GPUs now."""
    version, numbers, gauss = kept["python"]
    random.setstate((version, tuple(numbers.tolist()), gauss))
    keys, position, has_gauss, cached = kept["numpy"]
    np.random.set_state(("MT19937", keys.numpy().astype(np.uint32), position, has_gauss, cached))
    torch.set_rng_state(kept["torch"])
    if kept["cuda"] and torch.cuda.is_available() and len(kept["cuda"]) <= torch.cuda.device_count():
        torch.cuda.set_rng_state_all(kept["cuda"])
