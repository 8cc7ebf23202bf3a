"""A network trained on a grid through its rivers, as what is explained: shifts of each cell's own values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..nn.attribution_network import ShiftsOf
from .errors import ConfigurationError
from .explain_subject import Subject
from .parallel.world import World
from .told_as import told_as
from .training_checkpoint import require_same_training
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
    require_same_training(content["made"], made_on_grid(settings, source, lesson), path)
    with told_as(ValueError, ConfigurationError, f"{settings.path}: &training: "):
        trainer: Any = build_trainer(settings, lesson)
    network = trainer.network
    network.load_state_dict(content["network"])
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
