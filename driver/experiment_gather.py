"""freshet gather: the scores of all members of an experiment as tables, netCDF, text and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import experiment_ensemble, experiment_terms
from .errors import InputError
from .evaluation_files import write_csv
from .evaluation_report import Section, plain, show
from .experiment_members import Member, members
from .experiment_netcdf import write_scores
from .experiment_parts import Part, groups, parts
from .experiment_places import places
from .experiment_pool import Pool, Spread, mean_and_deviation
from .experiment_report import sections
from .experiment_sources import Sources
from .experiment_split import Split
from .files import write_text
from .metrics import SCORES
from .training_scores import COLUMNS

SUMMARY = ["variant", "part", "group", "score", "unit", "basins", "undefined", "seeds", "median", "deviation"]
SUMMARY += ["lowest", "highest", "median_of_size", "deviation_of_size", "mean"]


@dataclass(frozen=True)
class Gathered:
    """What an experiment found: the pool of scores, masks [basin] of groups, spreads by variant, part and group."""

    pool: Pool
    masks: dict[str, np.ndarray]
    spreads: dict[tuple[str, Part, str], dict[str, Spread]]
    notes: list[str]


def gather(settings: Any, source: Any = None) -> Gathered:
    """Pool the scores of all finished members, write and print tables, draw pictures; source None opens the data.

    Into the directory of &experiment: scores.csv (every basin), summary.csv (medians with their spread over seeds),
    summary.txt, scores.nc and pictures. InputError where no member is finished.
    """
    source = Sources(settings, source).of(settings)
    found = members(settings, source)
    here = places(settings, source)
    asked, where = settings.experiment, f"{settings.path}: &experiment"
    held_out = any(member.settings.training.test_basins or member.split.held for member in found)
    pool = Pool(found, parts(asked.kind, held_out), here.ids)
    if len(pool.missing) == len(found):
        raise InputError(
            f"no member in '{asked.directory}' is finished: start freshet experiment {settings.path} first"
        )
    masks = groups(here.attributes, asked.groups, len(here.ids), where)
    if asked.kind == "ungauged_regions":
        masks |= _of_splits([member.split for member in found], here.ids)
    result = collect(pool, masks)
    others = _others(found, result, asked, Path(asked.directory))
    _write(result, others, Path(asked.directory), here.attributes, settings)
    return result


def _others(found: list[Member], result: Gathered, asked: Any, folder: Path) -> list[Section]:
    """What is told besides the scores: other terms of the objective on a grid, and ensembles; both have their files."""
    told = []
    if terms := experiment_terms.term_rows(found):
        write_csv(folder / "terms.csv", experiment_terms.COLUMNS, terms)
        told.append(experiment_terms.section(terms))
    if asked.ensemble and len(asked.seeds) > 1:
        means = experiment_ensemble.ensembles(found, result.pool.ids)
        write_csv(folder / "ensemble.csv", *experiment_ensemble.rows(means, result.pool.ids))
        told.append(experiment_ensemble.section(means, result.masks, len(asked.seeds)))
    return told


def _of_splits(splits: list[Split], ids: list[str]) -> dict[str, np.ndarray]:
    return {split.meaning: np.isin(np.array(ids), split.held) for split in splits}


def collect(pool: Pool, masks: Mapping[str, np.ndarray]) -> Gathered:
    """Summaries of every variant, part and group; parts of which there are no scores go."""
    pool.parts = [part for part in pool.parts if any(_scored(pool, variant, part) for variant in pool.variants)]
    spreads = {
        (variant, part, group): pool.spreads(variant, part, mask)
        for variant in pool.variants
        for part in pool.parts
        for group, mask in masks.items()
    }
    missing = ", ".join(pool.missing[:5]) + (", ..." if len(pool.missing) > 5 else "")
    notes = [f"{len(pool.missing)} members are not finished and left out: {missing}"] if pool.missing else []
    return Gathered(pool, dict(masks), spreads, notes)


def _scored(pool: Pool, variant: str, part: Part) -> bool:
    return bool(np.isfinite(pool.of(variant, part, "days")).any())


def _write(
    result: Gathered, others: list[Section], folder: Path, attributes: Mapping[str, np.ndarray], settings: Any
) -> None:
    text = [*sections(result, settings.experiment), *others]
    write_csv(folder / "scores.csv", *score_rows(result.pool))
    write_csv(folder / "summary.csv", SUMMARY, summary_rows(result))
    write_text(folder / "summary.txt", plain([*sections(result, settings.experiment, full=True), *others]))
    write_scores(folder / "scores.nc", result.pool, attributes, settings.run.title)
    if settings.experiment.plots:
        from .experiment_plot import draw

        draw(result, folder)
    show(text)
    print(f"tables and pictures are in {folder}")


def score_rows(pool: Pool) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of every score of every basin, part, variant and seed."""
    rows = []
    for v, variant in enumerate(pool.variants):
        for p, part in enumerate(pool.parts):
            for s, seed in enumerate(pool.seeds):
                values = pool.values[v, p, s]
                known = ~np.isnan(values[:, 0])
                rows += [
                    [variant, part.name, seed, name, *values[place]]
                    for place, name in enumerate(pool.ids)
                    if known[place]
                ]
    return ["variant", "part", "seed", "basin", *COLUMNS], rows


def summary_rows(result: Gathered) -> list[list[Any]]:
    """Rows of SUMMARY: one for each variant, part, group and score."""
    rows = []
    for (variant, part, group), of_scores in result.spreads.items():
        for entry in SCORES:
            spread = of_scores[entry.name]
            if not spread.seeds:
                continue
            median, deviation = mean_and_deviation(spread.medians)
            size, size_deviation = mean_and_deviation(spread.sizes)
            counts = [max(one.count for one in spread.seeds), max(one.undefined for one in spread.seeds)]
            ends = [float(np.min(spread.medians)), float(np.max(spread.medians))]
            mean = float(np.mean([one.mean for one in spread.seeds]))
            rows.append(
                [variant, part.name, group, entry.name, entry.unit, *counts, len(spread.seeds), median, deviation]
                + [*ends, size, size_deviation, mean]
            )
    return rows
