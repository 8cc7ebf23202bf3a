"""A network trained on a grid through its rivers, as what is explained: shifts of each cell's own values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn

from ..nn import checkpoint
from ..nn.attribution_network import ShiftsOf
from .errors import ConfigurationError
from .explain_subject import Subject
from .parallel.world import World
from .told_as import told_as
from .training_grid.domain import prepare
from .training_grid.train import build_trainer, made_on_grid


def grid_subject(settings: Any, source: Any, path: Path, content: dict[str, Any]) -> Subject:
    """The network of a checkpoint at the cells of the grid; the background is the cells themselves.

    The namelist is that of the training: means of its weather are among the attributes. ConfigurationError where it is
    another one.
    """
    if not settings.training.start:
        raise ConfigurationError(
            f"{settings.path}: &training: start is missing: explain '{path}' with the namelist of its training"
        )
    lesson = prepare(settings, source, World(), lambda _: None)
    _require_training(content["made"], made_on_grid(settings, source, lesson), f"{settings.path}: '{path}'")
    with told_as(ValueError, ConfigurationError, f"{settings.path}: &training: "):
        trainer = build_trainer(settings, lesson)
    trainer.network.load_state_dict(content["network"])
    # beside a network that corrects potential evaporation, the first is that of the parameters
    network: Any = trainer.network[0] if isinstance(trainer.network, nn.ModuleList) else trainer.network
    variables = lesson.lessons.variables
    inputs = lesson.basins.domain.inputs
    return Subject(
        path,
        content,
        variables,
        (0,) * len(variables),
        lesson.normalisation,
        inputs,
        inputs,
        lambda rows, _: ShiftsOf(network, rows),
    )


def _require_training(kept: Mapping[str, Any], made: Mapping[str, Any], where: str) -> None:
    """ConfigurationError where network, attributes or the cells' own values are not those of the training."""
    parts = ("model", "precision", "normalisation", "network", "training", "data")
    unlike = checkpoint.differences({key: kept[key] for key in parts}, {key: made[key] for key in parts})
    if unlike:
        raise ConfigurationError(
            f"{where} is of another training than this namelist's: {'; '.join(unlike[:8])}: explain it with the "
            "namelist of its training"
        )
