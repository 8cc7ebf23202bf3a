"""freshet evaluate-independent: ET, storage and snow of a run against data that no training has seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import independent_months as months
from .errors import ConfigurationError, InputError
from .files import made_folder
from .independent_match import BY_ID, Match, match
from .independent_pairs import Pair, pairs
from .independent_reference import KOEPPEN, Reference, climates, read_mask, read_reference
from .independent_run import Run, read_run, total
from .independent_scores import anomalies, scores


@dataclass(frozen=True)
class Compared:
    """One pair over its months: series [month, basin] of run and data in `unit`, NaN where not both are there.

    scores [basin] by name; months_compared [basin]; among: scores of the other products of the same thing against
    these data, the median over products, {} without any
    """

    pair: Pair
    unit: str
    months: np.ndarray
    simulated: np.ndarray
    data: np.ndarray
    scores: dict[str, np.ndarray]
    months_compared: np.ndarray
    among: dict[str, np.ndarray]


@dataclass(frozen=True)
class Independent:
    """What was found: basins [basin] with their ids, climates and the share that the run covers; one entry a pair."""

    ids: list[str]
    climate: list[str]
    match: Match
    compared: list[Compared]
    notes: list[str]

    def groups(self) -> dict[str, np.ndarray]:
        """Masks [basin]: all, then those of each main climate of Koeppen."""
        found = {"all": np.ones(len(self.ids), bool)}
        for letter, name in KOEPPEN.items():
            inside = np.array([text[:1] == letter for text in self.climate], bool)
            if inside.any():
                found[f"{letter} {name}"] = inside
        return found


def evaluate_independent(settings: Any) -> Independent:
    """Compare the run of &independent with its data; write and print tables, draw pictures.

    Into the directory of &independent: independent_basins.csv, independent_summary.csv, independent_series.nc and
    pictures. ConfigurationError where settings do not fit together, InputError where run or data lack what is needed,
    WriteError where a file cannot be written.
    """
    from .independent_report import show, write

    asked = settings.independent
    result = compare(settings)
    directory = Path(asked.directory)
    with made_folder(directory, "independent"):
        write(directory, result, settings)
    show(result)
    if asked.plots:
        from .independent_plots import draw

        draw(directory, result)
    print(f"tables and pictures are in {directory}")
    return result


def compare(settings: Any) -> Independent:
    """Every pair, at every basin that the run covers enough of."""
    asked = settings.independent
    folder = Path(asked.simulation or settings.output.directory)
    if not folder.exists():
        raise ConfigurationError(
            f"{settings.path}: &independent: nothing to evaluate: give simulation, or start freshet run first (its "
            f"directory '{folder}' does not exist)"
        )
    if not asked.reference:
        raise ConfigurationError(f"{settings.path}: &independent: reference is missing: name the file of the data")
    run, reference = read_run(folder), read_reference(Path(asked.reference))
    mask = read_mask(Path(asked.mask)) if asked.mask else None
    matched, notes = _enough(match(asked.match, run.places, reference, mask), asked.minimum_coverage, reference)
    climate = climates(Path(asked.climate), reference, mask) if asked.climate else reference.climate
    chosen, more = pairs(asked.pairs, reference.units, run.variables, settings.model, settings.path)
    compared = [_compared(pair, chosen, run, reference, matched, asked) for pair in chosen]
    ids = [reference.ids[index] for index in matched.basin]
    return Independent(ids, [climate[index] for index in matched.basin], matched, compared, [*notes, *more])


def _enough(found: Match, least: float, reference: Reference) -> tuple[Match, list[str]]:
    """Without the basins of which the run covers too little. InputError where none is left."""
    kept = ~(found.coverage < least)  # what is not known is kept
    notes = []
    if found.how == BY_ID and np.isnan(found.coverage).any():
        notes.append("areas are not known: basins with the same id are taken to be the same")
    left = [
        f"{reference.ids[basin]} ({100 * share:.0f} %)"
        for basin, share, keep in zip(found.basin, found.coverage, kept, strict=True)
        if not keep
    ]
    if not kept.any():
        raise InputError(
            f"the run covers less than minimum_coverage = {least:g} of every basin of '{reference.path}' "
            f"({', '.join(left[:5])}): lower it in &independent to compare all the same"
        )
    if left:
        more = ", ..." if len(left) > 8 else ""
        notes.append(f"left out, because too little of them is covered: {', '.join(left[:8])}{more}")
    inside = kept[found.groups.group]
    group = (np.cumsum(kept) - 1)[found.groups.group[inside]]
    part = type(found.groups)(found.groups.place[inside], group, found.groups.weight[inside], int(kept.sum()))
    return Match(found.how, found.basin[kept], part, found.coverage[kept], found.places[kept]), notes


def _compared(pair: Pair, chosen: list[Pair], run: Run, reference: Reference, found: Match, asked: Any) -> Compared:
    """The series of a pair, and their scores."""
    unit = _unit(pair, run, reference)
    own_months, own = total(run, pair.run, found.groups)
    numbers = np.intersect1d(own_months, reference.months)
    if asked.start:
        numbers = numbers[numbers >= months.number_of(asked.start)]
    if asked.end:
        numbers = numbers[numbers <= months.number_of(asked.end)]
    if not len(numbers):
        raise InputError(
            f"'{run.path}' and '{reference.path}' have no month of {pair.data} in common within the period asked for"
        )
    simulated = own[np.searchsorted(own_months, numbers)]
    rows = np.searchsorted(reference.months, numbers)

    def of_data(name: str) -> np.ndarray:
        return reference.series(name)[rows][:, found.basin]

    data = of_data(pair.data)
    simulated, data = _prepared(simulated, data, pair, asked, numbers)
    valid = np.isfinite(simulated) & np.isfinite(data)
    if not valid.any():
        raise InputError(
            f"'{run.path}' and '{reference.path}' have no value of {pair.data} in the same month and basin"
        )
    among = []
    for other in chosen:
        if other.word == pair.word and other.data != pair.data and other.anomalies == pair.anomalies:
            two = _prepared(np.where(valid, of_data(other.data), np.nan), of_data(pair.data), pair, asked, numbers)
            among.append(_scored(*two, numbers, pair, asked.minimum_months))
    counted = valid.sum(0)
    return Compared(
        pair,
        unit,
        numbers,
        simulated,
        data,
        _scored(simulated, data, numbers, pair, asked.minimum_months),
        counted,
        {name: _median(np.array([one[name] for one in among])) for name in among[0]} if among else {},
    )


def _unit(pair: Pair, run: Run, reference: Reference) -> str:
    """Unit of both series; InputError where they are of different kinds."""
    kind = months.kind_of(reference.units[pair.data], f"'{reference.path}': {pair.data}")
    for name in pair.run:
        own = months.kind_of(run.variables[name][0], f"'{run.path}': {name}")
        if own != kind:
            raise InputError(
                f"'{run.path}': {name} has unit '{run.variables[name][0]}', {pair.data} of '{reference.path}' has "
                f"'{reference.units[pair.data]}': one is stored, the other flows"
            )
    return kind


def _prepared(
    simulated: np.ndarray, data: np.ndarray, pair: Pair, asked: Any, numbers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both series; as anomalies from their means over the months of the baseline that both have."""
    if not pair.anomalies:
        return simulated, data
    common = np.isfinite(simulated) & np.isfinite(data)
    if asked.baseline_start:
        common &= (numbers >= months.number_of(asked.baseline_start))[:, None]
    if asked.baseline_end:
        common &= (numbers <= months.number_of(asked.baseline_end))[:, None]
    return anomalies(simulated, common), anomalies(data, common)


def _scored(
    simulated: np.ndarray, data: np.ndarray, numbers: np.ndarray, pair: Pair, least: int
) -> dict[str, np.ndarray]:
    """Scores [basin], NaN where there are fewer months than `least`."""
    enough = (np.isfinite(simulated) & np.isfinite(data)).sum(0) >= least
    found = scores(simulated, data, numbers, not pair.anomalies)
    return {name: np.where(enough, values, np.nan) for name, values in found.items()}


def _median(values: np.ndarray) -> np.ndarray:
    """Median [basin] over products [product, basin] that have a value, NaN without any."""
    known = np.isfinite(values).any(0)
    found = np.full(values.shape[1], np.nan)
    found[known] = np.nanmedian(values[:, known], 0)
    return found
