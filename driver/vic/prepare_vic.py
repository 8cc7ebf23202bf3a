"""A set-up of VIC 5 (global parameter file) as a namelist of freshet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..setting_value import literal
from .global_file import read_global
from .translate import Translation, translate

ORDER = ("run", "data", "vic", "output")


def namelist_of_global(path: Path) -> tuple[str, Translation]:
    """The namelist that asks for what a global parameter file asks for, and what became of its options.

    InputError where the file cannot be read, ConfigurationError, naming the option, where it asks for what is not
    built.
    """
    found = translate(read_global(path))
    lines = [
        f"! Made by freshet prepare vic from {path.name} of VIC 5.",
        *(f"! Not taken over: {text}." for text in found.left),
    ]
    for group in ORDER:
        keys = {key: value for (own, key), value in found.values.items() if own == group}
        lines += ["", f"&{group}", *(f"  {key} = {_literal(value)}" for key, value in keys.items()), "/"]
    return "\n".join([*lines, ""]), found


def _literal(value: Any) -> str:
    return ", ".join(literal(item) for item in value) if isinstance(value, tuple) else literal(value)
