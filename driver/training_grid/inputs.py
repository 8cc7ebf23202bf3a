"""Static fields of the group &inputs: what networks on a grid may see beside the fields of &grid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigurationError
from ..grid.static_file import open_static
from ..nearest import suggestion


def fields_of(settings: Any, source: Any) -> dict[str, np.ndarray]:
    """Fields [place] by name; NaN, which the network sees as their mean, where a file has no value.

    ConfigurationError where a variable is in none of the files, InputError where a file lacks cells of the grid.
    """
    asked = settings.inputs
    files = [open_static(Path(path)) for path in asked.path]
    there = {name: file for file in files for name in file.variables}
    for name in asked.variables:
        if name not in there:
            told = suggestion(name, there) if there else " (name them in path)"
            raise ConfigurationError(f"{settings.path}: &inputs variables: no file has '{name}'{told}")
    names = asked.variables or [name for name, file in there.items() if len(file.variables[name][0]) == 2]
    found = {}
    for name in names:
        values = there[name].onto(source.grid, name)
        if values.ndim == 3:
            raise ConfigurationError(f"{settings.path}: &inputs variables: '{name}' has months: name fields without")
        found[name] = values.ravel()[source.cell]
    return found
