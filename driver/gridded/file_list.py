"""The files that &weather path names: names, patterns, folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..errors import ConfigurationError, InputError
from ..nearest import nearest

# What {year} and {month} stand for in the name of a file; any other word in braces is any text.
DIGITS = {"year": "[0-9][0-9][0-9][0-9]", "month": "[0-9][0-9]", "day": "[0-9][0-9]"}
BRACES = re.compile(r"\{(\w+)\}")
SUFFIXES = (".nc", ".nc4", ".cdf")


def weather_files(patterns: Sequence[str]) -> list[Path]:
    """The files of all patterns, each once, those of one pattern by name.

    A pattern is the name of a file, of a folder (all netCDF files in it), or holds {year}, {month}, * and ?.
    InputError where nothing is found under one of them.
    """
    if not patterns:
        raise ConfigurationError(
            "&weather path is empty: name the files, such as path = 'pr_{year}.nc', 'tas_{year}.nc'"
        )
    found = [path for pattern in patterns for path in _expanded(pattern)]
    return list(dict.fromkeys(found))


def _expanded(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        if not files:
            raise InputError(f"&weather path: the folder {path} holds no netCDF file ({', '.join(SUFFIXES)})")
        return files
    if path.is_file():
        return [path]
    wild = BRACES.sub(lambda match: DIGITS.get(match[1], "*"), pattern)
    if not any(letter in wild for letter in "*?["):
        raise InputError(f"&weather path: {path} does not exist{_nearby(path)}")
    anchor = Path(wild).anchor
    files = sorted(Path(anchor or ".").glob(wild[len(anchor) :]))
    files = [file for file in files if file.is_file()]
    if not files:
        raise InputError(f"&weather path: no file fits '{pattern}'{_nearby(path)}")
    return files


def _nearby(path: Path) -> str:
    """What there is where the file was looked for."""
    folder = path.parent
    if BRACES.search(str(folder)) or any(letter in str(folder) for letter in "*?["):
        return ""
    if not folder.is_dir():
        there = next(parent for parent in folder.absolute().parents if parent.is_dir())
        return f": the folder {folder} does not exist, only {there}"
    name = nearest(path.name, [other.name for other in folder.iterdir()])
    return f"; did you mean '{folder / name}'?" if name else ""
