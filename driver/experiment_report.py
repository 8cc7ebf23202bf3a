"""An experiment as text: medians with their spread over seeds, by variant, part and group, beside published ones."""

from typing import Any

import numpy as np

from .errors import ConfigurationError
from .evaluation_report import Section, number
from .evaluation_table import ALL
from .experiment_parts import Part
from .experiment_pool import Spread, mean_and_deviation
from .metrics import SCORES

# Scores shown for the groups of basins; all are shown over all basins and in summary.csv.
SHORT = ("nse", "kge_2009")
PLAIN = "training"  # what the only variant is called


def sections(result: Any, asked: Any, full: bool = False) -> list[Section]:
    """Head, medians over all basins for each part, then over the groups, then variants against each other.

    full: every score over every group too.
    """
    pool = result.pool
    head = f"Experiment of kind '{asked.kind}': {len(pool.seeds)} seed(s), {len(pool.variants)} variant(s)"
    spread = "numbers are medians over basins: mean over the seeds ± their standard deviation"
    others = published(asked.published)
    found = [Section(head, lines=[*result.notes, spread] if len(pool.seeds) > 1 else result.notes)]
    found += [_medians(result, part, ALL, others) for part in pool.parts]
    if len(result.masks) > 1:
        found += [_by_group(result, part, score) for part in pool.parts for score in SHORT]
    if len(pool.variants) > 1:
        title = f"NSE against {pool.variants[0] or PLAIN}"
        found += [Section(f"{title}: {part.meaning}", lines=_wins(pool, part)) for part in pool.parts]
    if full:
        found += [
            _medians(result, part, group, others) for group in result.masks if group != ALL for part in pool.parts
        ]
    return found


def published(texts: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Numbers of others by name and score; ConfigurationError where a text is not 'name: score=value ...'."""
    names = [entry.name for entry in SCORES] + [f"|{entry.name}|" for entry in SCORES if entry.signed]
    found: dict[str, dict[str, float]] = {}
    for text in texts:
        label, colon, values = text.rpartition(":")
        try:
            pairs = [word.split("=") for word in values.split()]
            found[label.strip()] = {score: float(value) for score, value in pairs}
            unknown = [score for score, _ in pairs if score not in names]
        except ValueError:
            colon, unknown = "", []
        if not colon or unknown:
            what = (
                f"unknown score {unknown[0]}; known: {', '.join(names)}" if unknown else "expected 'name: nse=0.7 ...'"
            )
            raise ConfigurationError(f"&experiment published: '{text}': {what}")
    return found


def cell(values: np.ndarray) -> str:
    """Mean over the seeds, and their deviation where there are several."""
    mean, deviation = mean_and_deviation(values)
    return number(mean) if np.isnan(deviation) else f"{number(mean)} ± {number(deviation)}"


def _medians(result: Any, part: Part, group: str, others: dict[str, dict[str, float]]) -> Section:
    variants = result.pool.variants
    rows = []
    for entry in SCORES:
        of_variants = [_spread(result, variant, part, group, entry.name) for variant in variants]
        known = [others[label].get(entry.name, np.nan) for label in others]
        rows.append([entry.name, entry.unit, *(cell(one.medians) for one in of_variants), *map(number, known)])
        if entry.signed:
            name = f"|{entry.name}|"
            known = [others[label].get(name, np.nan) for label in others]
            rows.append([name, entry.unit, *(cell(one.sizes) for one in of_variants), *map(number, known)])
    counts = (one.count for v in variants for one in _spread(result, v, part, group, "nse").seeds)
    where = "" if group == ALL else f", {group}"
    title = f"Medians over {max(counts, default=0)} basins: {part.meaning}{where}"
    return Section(title, ["score", "unit", *(variant or PLAIN for variant in variants), *others], rows)


def _by_group(result: Any, part: Part, score: str) -> Section:
    variants = result.pool.variants
    rows = []
    for group in result.masks:
        spreads = [_spread(result, variant, part, group, score) for variant in variants]
        basins = max((one.count for spread in spreads for one in spread.seeds), default=0)
        if basins:
            rows.append([group, str(basins), *(cell(spread.medians) for spread in spreads)])
    header = ["group", "basins", *(variant or PLAIN for variant in variants)]
    return Section(f"Medians of {score} by group: {part.meaning}", header, rows)


def _spread(result: Any, variant: str, part: Part, group: str, score: str) -> Spread:
    return result.spreads[variant, part, group][score]


def _wins(pool: Any, part: Part) -> list[str]:
    """Each other variant against the first, seed by seed over the basins that both have."""
    first, *others = pool.variants
    lines = []
    for other in others:
        ours, theirs = pool.of(other, part, "nse"), pool.of(first, part, "nse")
        both = np.isfinite(ours) & np.isfinite(theirs)
        if not both.any():
            continue
        seeds = [number for number, row in enumerate(both) if row.any()]
        gains = np.array([np.median(ours[s][both[s]]) - np.median(theirs[s][both[s]]) for s in seeds])
        better = np.mean([(ours[s] > theirs[s])[both[s]].mean() for s in seeds])
        mean, deviation = mean_and_deviation(gains)
        spread = "" if np.isnan(deviation) else f" ± {deviation:.3f}"
        lines.append(f"{other}: median {mean:+.3f}{spread}; better in {100 * better:.0f} % of the basins")
    return lines
