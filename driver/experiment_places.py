"""What an experiment holds out: basins, or the gauges of a grid; and how a training is told."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from .experiment_split import Split
from .settings_routing_check import FORMS as RIVERS

DISCHARGE = "discharge"


def places(settings: Any, source: Any) -> Any:
    """Ids and attributes of what can be held out: the basins, or the gauges of a grid that have observations."""
    if settings.data.form not in RIVERS:
        return source
    from .gauged_source import gauged
    from .training_data import periods_of

    found = gauged(settings, source)
    days = periods_of(settings, source.axis).values()
    observed = found.discharge(min(start for start, _ in days), max(stop for _, stop in days))
    known = np.isfinite(observed).any(axis=0)
    ids = [name for name, there in zip(found.ids, known, strict=True) if there]
    return SimpleNamespace(ids=ids, attributes={name: values[known] for name, values in found.attributes.items()})


def held_out(settings: Any, split: Split) -> list[str]:
    """Overrides that hold out what a split does: basins of &training, or gauges of every term that is discharge."""
    if not split.held:
        return []
    held = ",".join(split.held)
    if settings.data.form not in RIVERS:
        return [f"training.basins={','.join(split.learned)}", f"training.test_basins={held}"]
    terms = [dict(asked) | {"group": asked.__dict__["_name"]} for asked in settings.objectives]
    if terms:
        return [f"{term['group']}.held_out={held}" for term in terms if term["variable"] == DISCHARGE]
    asked = settings.training
    own = {"variable": DISCHARGE, "measure": asked.loss, "offset": asked.loss_offset, "alpha": asked.loss_alpha}
    return [f"objective_1.{key}={value}" for key, value in own.items()] + [f"objective_1.held_out={held}"]
