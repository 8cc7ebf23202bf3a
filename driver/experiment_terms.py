"""What the members of an experiment on a grid reached in terms other than discharge: storage, fluxes, soil moisture."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .evaluation_files import read_csv
from .evaluation_report import Section, number
from .experiment_members import Member
from .experiment_places import DISCHARGE
from .experiment_pool import mean_and_deviation
from .experiment_report import PLAIN

FILE = "objectives.csv"
SCORES = ("nse", "correlation")
COLUMNS = ["variant", "variable", "use", "period", "score", "targets", "seeds", "median", "deviation"]


def term_rows(members: Sequence[Member]) -> list[list[Any]]:
    """Rows of COLUMNS: medians over targets and splits, their mean and deviation over seeds."""
    found: dict[tuple[str, ...], dict[int, list[float]]] = {}
    for member in members:
        if member.finished and (member.folder / FILE).is_file():
            table = read_csv(member.folder / FILE)
            for row in np.flatnonzero((table["parameters"] == "after") & (table["variable"] != DISCHARGE)):
                names = [str(table[name][row]) for name in ("variable", "use", "period")]
                for score in SCORES:
                    values = found.setdefault((member.variant, *names, score), {}).setdefault(member.seed, [])
                    values.append(float(table[score][row]))
    return [[*key, *_medians(by_seed)] for key, by_seed in found.items()]


def _medians(by_seed: dict[int, list[float]]) -> list[Any]:
    values = [np.array(found)[np.isfinite(found)] for found in by_seed.values()]
    medians = np.array([np.median(found) if len(found) else np.nan for found in values])
    return [max(map(len, values)), len(values), *mean_and_deviation(medians)]


def section(rows: Sequence[Sequence[Any]]) -> Section:
    """The rows as a table for people, one line for each variant, variable, use and period."""
    lines = []
    for row in rows:
        if row[4] == SCORES[0]:
            others = [other for other in rows if list(other[:4]) == list(row[:4])]
            cells = [number(one[7]) + ("" if np.isnan(one[8]) else f" ± {number(one[8])}") for one in others]
            lines.append([row[0] or PLAIN, row[1], row[2], row[3], str(row[5]), *cells])
    return Section("Other terms of the objective", ["variant", "variable", "use", "period", "targets", *SCORES], lines)
