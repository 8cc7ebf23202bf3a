"""Geometry that a model asks for, from the attributes of the basins."""

from typing import Any

import numpy as np

from ..kernels.model import Model

# Attributes that stand for a row of the geometry where it is not there by its own name.
INSTEAD = {"upstream_area": "area"}


def kind_of_place(source: Any) -> str:
    """What a place of the source is called: 'cell' on a grid, else 'basin'."""
    return "cell" if hasattr(source, "grid") else "basin"


def geometry(model: Model, source: Any, precision: str) -> tuple[np.ndarray | None, list[str]]:
    """Rows [row, place] of model.geometry, None where the model has none, and notes on what was not known.

    A basin whose attribute is missing takes the declared default.
    """
    if not model.geometry:
        return None, []
    rows, notes = [], []
    places = len(source.ids)
    for variable in model.geometry:
        name = variable.name if variable.name in source.attributes else INSTEAD.get(variable.name, variable.name)
        known = np.asarray(source.attributes.get(name, np.full(places, np.nan)), np.float64)
        missing = ~np.isfinite(known)
        if missing.any():
            notes.append(
                f"{variable.name} is not known for {missing.sum()} of {places} {kind_of_place(source)}s (first: "
                f"{source.ids[int(np.argmax(missing))]}): {variable.default:g} {variable.unit} taken"
            )
        rows.append(np.where(missing, variable.default, known))
    return np.ascontiguousarray(rows, precision), notes
