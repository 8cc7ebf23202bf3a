"""Which basins of a door are taken: by name, by an attribute that is 0 or 1, the first so many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from ..errors import ConfigurationError
from ..nearest import suggestion
from .record import Record
from .source import places_of


class Door(Protocol):
    """Data whose basins are known, but not yet read."""

    ids: list[str]

    def attributes(self, places: np.ndarray) -> dict[str, np.ndarray]:
        """Attributes of some basins by name, [place], with those of source.PLACE_ATTRIBUTES."""

    def record(self, places: np.ndarray) -> Record:
        """The series of some basins."""


def choose(door: Door, data: Any, where: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Places and attributes of the basins that &data (basins, subset, limit) asks for.

    ConfigurationError where a basin or the attribute is unknown, the attribute is not 0 or 1, or no basin is left.
    """
    places = places_of(data.basins, door.ids, where) if data.basins else np.arange(len(door.ids))
    if data.limit and not data.subset:
        places = places[: data.limit]
    attributes = door.attributes(places)
    if data.subset:
        taken = np.flatnonzero(flags(attributes, data.subset, where))
        if data.limit:
            taken = taken[: data.limit]
        places, attributes = places[taken], {name: values[taken] for name, values in attributes.items()}
    if not len(places):
        why = f"subset = '{data.subset}' leaves none of {len(door.ids)} basins" if data.subset else "there is no basin"
        raise ConfigurationError(f"{where}: {why}: change basins or subset in &data")
    return places, attributes


def flags(attributes: dict[str, np.ndarray], name: str, where: str) -> np.ndarray:
    """An attribute that is 0 or 1 as booleans. ConfigurationError where it is unknown or anything else."""
    if name not in attributes:
        raise ConfigurationError(f"{where}: no attribute '{name}' for subset{_hint(name, list(attributes))}")
    values = attributes[name]
    if values.dtype.kind != "f" or not np.isin(values, (0.0, 1.0)).all():
        found = ", ".join(str(value) for value in np.unique(values)[:3])
        raise ConfigurationError(f"{where}: attribute '{name}' of subset has values {found}, ..., expected 0 and 1")
    return values == 1.0


def _hint(name: str, known: Sequence[str]) -> str:
    text = suggestion(name, known)
    return text if "did you mean" in text else f" ({len(known)} attributes, such as {', '.join(list(known)[:3])})"
