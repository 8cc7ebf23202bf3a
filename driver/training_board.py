"""The course of a training as TensorBoard reads it: tensorboard --logdir FOLDER."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import ConfigurationError


class Board:
    """Scalars of each epoch, in the training's own folder: a folder of many trainings is shown as many runs."""

    def __init__(self, folder: Path):
        try:
            import_module("tensorboard")
        except ImportError as error:
            raise ConfigurationError(
                "&training tensorboard: the package tensorboard is not installed: pip install 'freshet[tensorboard]', "
                "or leave it out (log.jsonl has the same numbers)"
            ) from error
        self._folder = folder
        self._writer: Any = None

    def record(self, found: Mapping[str, Any]) -> None:
        """Write every number of an epoch; those of later epochs, which a killed training left, are taken back."""
        epoch = found["epoch"]
        if self._writer is None:
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(str(self._folder), purge_step=epoch)
        for name, value in _scalars(found):
            self._writer.add_scalar(name, value, epoch)
        self._writer.flush()


def _scalars(found: Mapping[str, Any], prefix: str = "") -> list[tuple[str, float]]:
    """Numbers by name, those of groups below their name."""
    numbers: list[tuple[str, float]] = []
    for name, value in found.items():
        if isinstance(value, Mapping):
            numbers += _scalars(value, f"{prefix}{name}/")
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and name != "epoch":
            numbers.append((f"{prefix}{name}", float(value)))
    return numbers
