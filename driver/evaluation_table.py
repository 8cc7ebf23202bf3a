"""Tables of scores: one row per basin, and summaries over groups of basins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .errors import ConfigurationError
from .metrics import SCORES, days, score
from .nearest import nearest
from .settings_draft import TABLE

QUANTILES = (5, 25, 50, 75, 95)
ALL = "all"


@dataclass(frozen=True)
class Summary:
    """One score of one model over one group of basins.

    count basins with a defined score, undefined those without; quantiles in per cent -> value, NaN where count is 0;
    median_of_size: median of the absolute value, for scores with a sign (NaN for the others).
    """

    count: int
    undefined: int
    mean: float
    quantiles: dict[int, float]
    median_of_size: float

    @property
    def median(self) -> float:
        """The middle value over the basins of the group."""
        return self.quantiles[50]

    def as_dict(self) -> dict[str, float]:
        """Every number by its name in summary.csv."""
        plain = {"count": self.count, "undefined": self.undefined, "mean": self.mean, "median": self.median}
        percentiles = {f"p{percent:02d}": value for percent, value in self.quantiles.items() if percent != 50}
        return {**plain, "median_of_size": self.median_of_size, **percentiles}


def score_basins(simulated: np.ndarray, observed: np.ndarray, minimum_days: int = 1) -> dict[str, np.ndarray]:
    """Days compared and every score of each basin, from flows [time, place] in mm d-1.

    Basins with fewer than minimum_days complete pairs keep their count but get no score (NaN).
    """
    count = days(simulated, observed)
    scored = count >= max(minimum_days, 1)
    columns = {name: np.where(scored, values, np.nan) for name, values in score(simulated, observed).items()}
    return {"days": count, **columns}


def summarise(values: np.ndarray, signed: bool = False) -> Summary:
    """Summary of one score [place]; NaN is left out and counted."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return Summary(0, len(values), np.nan, dict.fromkeys(QUANTILES, np.nan), np.nan)
    quantiles = dict(zip(QUANTILES, np.percentile(defined, QUANTILES).tolist(), strict=True))
    size = float(np.median(np.abs(defined))) if signed else np.nan
    return Summary(len(defined), len(values) - len(defined), float(defined.mean()), quantiles, size)


def require_subsets(attributes: Mapping[str, np.ndarray], subsets: Sequence[str], where: str) -> None:
    """ConfigurationError where a subset is no attribute of numbers; the table's own default need not be there."""
    for name in subsets:
        if name not in attributes and name not in TABLE["evaluation", "subsets"].default:
            hint = nearest(name, attributes)
            more = f"; did you mean '{hint}'?" if hint else ": name a 0/1 attribute of the basins"
            raise ConfigurationError(f"{where}: &evaluation subsets: the data have no attribute '{name}'{more}")
        if name in attributes and np.asarray(attributes[name]).dtype.kind not in "biuf":
            raise ConfigurationError(
                f"{where}: &evaluation subsets: attribute '{name}' is text such as '{attributes[name][0]}', expected 0 "
                "or 1 of each basin"
            )


def groups(attributes: Mapping[str, np.ndarray], count: int, subsets: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Masks [place] of the groups that get a summary: all, each 0/1 attribute in `subsets`, those without quality flag.

    An attribute that is not there, or is nowhere 1, makes no group; nor does a group that holds every basin.
    """
    masks = {name: np.asarray(attributes[name], float) == 1 for name in subsets if name in attributes}
    if "qc_flag" in attributes:
        masks["qc_flag = 0"] = np.asarray(attributes["qc_flag"], float) == 0
    return {ALL: np.ones(count, bool), **{name: mask for name, mask in masks.items() if mask.any() and not mask.all()}}


def summaries(
    tables: Mapping[str, Mapping[str, np.ndarray]], masks: Mapping[str, np.ndarray]
) -> dict[str, dict[str, dict[str, Summary]]]:
    """Summaries by model label, group and score, from the basin tables of each model."""
    return {
        label: {
            group: {entry.name: summarise(table[entry.name][mask], entry.signed) for entry in SCORES}
            for group, mask in masks.items()
        }
        for label, table in tables.items()
    }


def summary_rows(found: Mapping[str, Mapping[str, Mapping[str, Summary]]]) -> tuple[list[str], list[list]]:
    """Header and rows of the summary as a flat table, one row per model, group and score."""
    units = {entry.name: entry.unit for entry in SCORES}
    lines = [
        {"model": label, "group": group, "score": name, "unit": units[name], **one.as_dict()}
        for label, of_groups in found.items()
        for group, of_scores in of_groups.items()
        for name, one in of_scores.items()
    ]
    return list(lines[0]), [list(line.values()) for line in lines]


def basin_rows(
    ids: Sequence[str], attributes: Mapping[str, np.ndarray], columns: Mapping[str, np.ndarray]
) -> tuple[list[str], list[list]]:
    """Header and rows of the table with one row per basin: id, place on Earth, then the given columns."""
    places = ("latitude", "longitude")
    header = ["basin", *places, *columns]
    sides = [attributes[name] for name in places] + list(columns.values())
    return header, [[basin, *(side[place] for side in sides)] for place, basin in enumerate(ids)]
