"""Files of an evaluation: tables as csv, everything as JSON; each appears under its name only when whole."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputError
from .files import whole_file, write_text

SUMMARY = "evaluation.json"  # by which a folder is known as that of an evaluation


def _cell(value: Any) -> Any:
    """A value as csv: nine digits, nothing for NaN."""
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else f"{value:.9g}"
    return value


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table with commas; NaN becomes an empty cell."""
    with whole_file(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def read_csv(path: Path) -> dict[str, np.ndarray]:
    """Columns of a table of write_csv by name: float64 with NaN for empty cells, text where a cell is no number.

    The column `basin` is always text. InputError where the file is missing or is not such a table.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the table '{path}': {error}") from error
    if any(len(row) != len(header) for row in rows):
        raise InputError(f"'{path}' has rows of different length, expected {len(header)} cells in each")
    columns = {}
    for index, name in enumerate(header):
        cells = [row[index] for row in rows]
        try:
            columns[name] = np.array(cells if name == "basin" else [float(cell or "nan") for cell in cells])
        except ValueError:
            columns[name] = np.array(cells)
    return columns


def plain_values(value: Any) -> Any:
    """The value as JSON knows it: NaN and infinity become null, arrays lists, numpy numbers plain."""
    if isinstance(value, Mapping):
        return {str(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain_values(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that every reader takes (no NaN)."""
    write_text(path, json.dumps(plain_values(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
