"""Plain tables of words, and their three looks: text for a terminal, Markdown, JSON."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH = 116


@dataclass
class Table:
    """A heading, a line or two about it, and rows of texts under column names."""

    title: str
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = field(default_factory=list)
    about: str = ""


def render(tables: list[Table], style: str) -> str:
    """All tables in one text; style is 'text', 'markdown' or 'json'."""
    if style == "json":
        return json.dumps([_as_dict(table) for table in tables], indent=1)
    return "\n\n".join((_markdown if style == "markdown" else _text)(table) for table in tables)


def _as_dict(table: Table) -> dict[str, Any]:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {"title": table.title, "about": table.about, "rows": rows}


def _markdown(table: Table) -> str:
    lines = [f"## {table.title}", *(["", table.about] if table.about else [])]
    if table.rows:
        lines += ["", "| " + " | ".join(table.columns) + " |", "|" + " --- |" * len(table.columns)]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table.rows]
    return "\n".join(lines)


def _text(table: Table) -> str:
    lines = [table.title, *(textwrap.wrap(table.about, WIDTH) if table.about else [])]
    if not table.rows:
        return "\n".join(lines)
    widths = [max(len(row[place]) for row in (table.columns, *table.rows)) for place in range(len(table.columns))]
    # The last column is prose: it takes what the others leave, and goes on below itself.
    left = sum(widths[:-1]) + 2 * len(widths)
    widths[-1] = max(24, min(widths[-1], WIDTH - left))
    for row in (table.columns, tuple("-" * width for width in widths), *table.rows):
        lines += _text_row(row, widths, left)
    return "\n".join(lines)


def _text_row(row: tuple[str, ...], widths: list[int], left: int) -> list[str]:
    prose = textwrap.wrap(row[-1], widths[-1]) or [""]
    cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
    first = "  " + "  ".join([*cells, prose[0]])
    return [first.rstrip(), *(" " * left + line for line in prose[1:])]
