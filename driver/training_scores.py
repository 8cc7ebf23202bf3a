"""Tables of scores that a training leaves: of every basin and period, learned from or held out."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from .evaluation_files import write_csv
from .metrics import SCORES

NAME = "scores.csv"
COLUMNS = ["days", *(entry.name for entry in SCORES)]

# Whether the basins were learned from (1) or not (0), their source, and their scores by period.
Scored = tuple[int, Any, Mapping[str, Mapping[str, np.ndarray]]]


def write_scores(folder: Path, tables: Sequence[Scored], test_basins: Collection[str]) -> None:
    """Write scores.csv of everything, and basins_test.csv of the test of test_basins; empty: of those learned from."""
    rows, tested = [], []
    wanted = set(test_basins)
    for learned, source, periods in tables:
        for period, columns in periods.items():
            for place, name in enumerate(source.ids):
                values = [columns[key][place] for key in COLUMNS]
                rows.append([name, learned, period, *values])
                if period == "test" and (name in wanted if wanted else learned):
                    tested.append([name, *values[1:]])
    write_csv(folder / NAME, ["basin", "learned", "period", *COLUMNS], rows)
    if tested:
        write_csv(folder / "basins_test.csv", ["basin", *COLUMNS[1:]], tested)


def write_gauge_scores(
    folder: Path, ids: Sequence[str], held: Collection[str], periods: Mapping[str, Mapping[str, np.ndarray]]
) -> None:
    """Write scores.csv of gauges of a grid, some of them held out; periods: days and every score [gauge] by period."""
    tables: list[Scored] = []
    for learned in (1, 0):
        chosen = [place for place, name in enumerate(ids) if (name not in held) == bool(learned)]
        some = SimpleNamespace(ids=[ids[place] for place in chosen])
        columns = {name: {key: of[key][chosen] for key in COLUMNS} for name, of in periods.items()}
        tables.append((learned, some, columns))
    write_scores(folder, [table for table in tables if table[1].ids], ())
