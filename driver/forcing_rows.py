"""Rows of a model's forcing that no weather data hold: made of the date, the latitude and monthly fields."""

from __future__ import annotations

from typing import Any

from ..kernels.model import Model
from .catchments.source import ROWS
from .cover_rows import ROWS as KNOWN
from .cover_rows import Maker
from .errors import ConfigurationError


def rows_read(source: Any) -> int:
    """How many of the model's forcings, from the first on, a source reads: as many as every source, or as it says."""
    return int(getattr(source, "rows_read", len(ROWS)))


def makers(model: Model, source: Any) -> list[Maker]:
    """What makes each forcing of the model beyond those that the source reads, in the order of the model.

    ConfigurationError where the source has not what one of them is made of.
    """
    found = []
    for variable in model.forcings[rows_read(source) :]:
        if variable.name not in KNOWN:
            raise ConfigurationError(f"{model.label} needs {variable.name}, which the data do not have")
        found.append(KNOWN[variable.name](source, variable))
    return found
