"""The result of an evaluation as text: sections of aligned columns, drawn by rich on a terminal."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .degrees import position
from .evaluation_table import ALL, QUANTILES, Summary
from .metrics import SCORES

WIDTH = 100


@dataclass(frozen=True)
class Section:
    """A title, a table (header and rows of text) and lines below it."""

    title: str
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = field(default_factory=list)


def number(value: float) -> str:
    """A number as people read it: three decimals near 1, fewer for large ones, a dash for NaN."""
    if np.isnan(value):
        return "-"
    size = abs(value)
    if size >= 1e5:
        return f"{value:.2e}"
    return f"{value:.3f}" if size < 10 else f"{value:.1f}"


def medians(found: Mapping[str, Mapping[str, Mapping[str, Summary]]], group: str, basins: int) -> Section:
    """Medians of every score, one column per model, over one group of basins."""
    labels = list(found)
    rows = []
    for entry in SCORES:
        of_models = [found[label][group][entry.name] for label in labels]
        rows.append([entry.name, entry.unit, *(number(one.median) for one in of_models)])
        if entry.signed:
            rows.append([f"|{entry.name}|", entry.unit, *(number(one.median_of_size) for one in of_models)])
    title = f"Medians over {'all ' if group == ALL else ''}{basins} basins"
    return Section(title + ("" if group == ALL else f" ({group})"), ["score", "unit", *labels], rows)


def spread(label: str, of_scores: Mapping[str, Summary]) -> Section:
    """Mean, quantiles and counts of every score of one model over all basins."""
    header = ["score", "unit", "mean", *(f"p{percent:02d}" for percent in QUANTILES), "basins", "undefined"]
    rows = [
        [entry.name, entry.unit, number(one.mean), *map(number, one.quantiles.values())]
        + [str(one.count), str(one.undefined)]
        for entry, one in ((entry, of_scores[entry.name]) for entry in SCORES)
    ]
    return Section(f"Spread of {label} over all basins", header, rows)


def worst(label: str, metric: str, rows: Sequence[Mapping[str, Any]]) -> Section:
    """The worst basins and why."""
    lines = []
    for row in rows:
        scores = f"NSE {number(row['nse'])}, KGE {number(row['kge_2009'])}, bias {row['percent_bias']:+.0f} %"
        lines.append(f"{row['basin']}  ({position(row['latitude'], row['longitude'])}): {scores}")
        lines += [f"    - {reason}" for reason in row["reasons"]]
    return Section(f"The {len(rows)} worst basins of {label} by {metric}, and why", lines=lines)


def plain(sections: Sequence[Section]) -> str:
    """The sections as plain text with aligned columns."""
    blocks = []
    for section in sections:
        lines = [section.title]
        if section.rows:
            table = [list(section.header), *section.rows]
            widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
            for row in table:
                cells = [cell.ljust(width) if column < 2 else cell.rjust(width)
                         for column, (cell, width) in enumerate(zip(row, widths, strict=True))]  # fmt: skip
                lines.append("  " + "  ".join(cells).rstrip())
        blocks.append("\n".join([*lines, *(f"  {line}" for line in section.lines)]))
    return "\n\n".join(blocks) + "\n"


def show(sections: Sequence[Section]) -> None:
    """Print the sections: tables by rich on a terminal, plain text elsewhere."""
    if not sys.stdout.isatty():
        print(plain(sections), end="")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)  # a narrow terminal breaks lines; rich would cut numbers
    for section in sections:
        console.print(f"[bold]{escape(section.title)}[/bold]")
        if section.rows:
            table = Table(box=None, pad_edge=True)
            for column, name in enumerate(section.header):
                table.add_column(escape(name), justify="left" if column < 2 else "right")
            for row in section.rows:
                table.add_row(*map(escape, row))
            console.print(table)
        for line in section.lines:
            console.print(f"  {escape(line)}")
        console.print()
