"""Scores of the terms of an objective: each target of each term, before and after a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...nn.objective import Objective
from ..evaluation_files import write_csv
from ..metrics import score
from .objectives import Compared

LEARNED, HELD_OUT = "learned", "held_out"
KEPT = ("nse", "kge_2009", "rmse", "correlation", "variability_ratio", "percent_bias")
# Around a mean of zero, what is divided by the mean says nothing.
OF_MEANS = ("kge_2009", "percent_bias")


def scores(compared: Compared, pairs: Mapping[str, Mapping[str, Sequence[Any]]]) -> list[dict[str, Any]]:
    """One entry for each term, target, period and set of parameters; pairs[parameters][period][term].

    Empty where daily discharge is the only term: its scores are those of the gauges.
    """
    objective = compared.objective
    if _only_discharge(objective):
        return []
    found = []
    for when, by_period in pairs.items():
        for period, of_period in by_period.items():
            for number, (simulated, observed) in enumerate(of_period):
                term, columns = objective.terms[number], score(simulated, observed)
                kept = {name: columns[name] for name in KEPT if term.baseline is None or name not in OF_MEANS}
                for target, name in enumerate(compared.targets[number]):
                    held = term.learned is not None and not bool(term.learned[target])
                    entry = {"term": number + 1, "variable": term.name, "target": name, "period": period}
                    entry |= {"parameters": when, "use": HELD_OUT if held else LEARNED}
                    values = {name: float(kept[name][target]) if name in kept else float("nan") for name in KEPT}
                    found.append(entry | values)
    return found


def _only_discharge(objective: Objective) -> bool:
    first = objective.terms[0]
    return len(objective.terms) == 1 and first.at_gauges and first.learned is None


def write(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """All scores as a table."""
    if entries:
        write_csv(path, list(entries[0]), [list(entry.values()) for entry in entries])


def told(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Medians over the targets of each term, before and after, as lines for people."""
    lines = []
    keys = dict.fromkeys((e["period"], e["term"], e["variable"], e["use"]) for e in entries)
    for period, term, variable, use in keys:
        parts = []
        for name in ("nse", "kge_2009", "correlation"):
            middle = [_median(entries, (period, term, use), when, name) for when in ("before", "after")]
            parts += [f"median {name} {middle[0]:.3f} -> {middle[1]:.3f}"] if np.isfinite(middle).all() else []
        count = sum(
            (e["period"], e["term"], e["use"], e["parameters"]) == (period, term, use, "after") for e in entries
        )
        held = ", held out" if use == HELD_OUT else ""
        lines.append(f"{period}, {variable} ({count} places{held}): {', '.join(parts)}")
    return lines


def _median(entries: Sequence[Mapping[str, Any]], key: tuple[Any, ...], when: str, name: str) -> float:
    values = [e[name] for e in entries if (e["period"], e["term"], e["use"]) == key and e["parameters"] == when]
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")
