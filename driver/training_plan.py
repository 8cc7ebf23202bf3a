"""How to train, as &training says, for the trainers of basins and of grids."""

from typing import Any

from ..nn.trainer import Plan


def plan(settings: Any, steps: int) -> Plan:
    """The plan of a training with so many steps in an epoch; 0: one look at every day."""
    asked = settings.training
    return Plan(
        asked.epochs,
        steps,
        asked.learning_rate,
        asked.optimiser,
        asked.schedule,
        asked.weight_decay,
        asked.clip,
        asked.patience,
    )
