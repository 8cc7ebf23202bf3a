"""Scores of all members of an experiment in one place: by variant, part, seed and basin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .evaluation_files import read_csv
from .evaluation_table import Summary, summarise
from .experiment_members import Member
from .experiment_parts import Part
from .experiment_record import FINISHED
from .metrics import SCORES
from .training_scores import COLUMNS, NAME


@dataclass(frozen=True)
class Spread:
    """A score of one variant over one group of basins: its summary of each seed, then mean and spread of the medians.

    deviation and range are those over seeds, NaN for one seed.
    """

    seeds: list[Summary]

    @property
    def medians(self) -> np.ndarray:
        """The median over the basins, of each seed."""
        return np.array([one.median for one in self.seeds])

    @property
    def sizes(self) -> np.ndarray:
        """The median of the absolute value over the basins, of each seed."""
        return np.array([one.median_of_size for one in self.seeds])


def mean_and_deviation(values: np.ndarray) -> tuple[float, float]:
    """Mean, and standard deviation with n - 1 (NaN of one value); NaN is left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan
    return float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else np.nan


class Pool:
    """Scores [variant, part, seed, basin, column] of the members that are finished; NaN where there are none.

    A basin that several members of one variant and seed tell about, as those learned from in every fold but one, has
    the mean of them.
    """

    def __init__(self, members: Sequence[Member], parts: Sequence[Part], ids: Sequence[str]):
        self.ids, self.parts = list(ids), list(parts)
        self.variants = list(dict.fromkeys(member.variant for member in members))
        self.seeds = list(dict.fromkeys(member.seed for member in members))
        self.missing = [member.name for member in members if member.record.status != FINISHED]
        shape = (len(self.variants), len(self.parts), len(self.seeds), len(self.ids), len(COLUMNS))
        self._sum, self._count = np.zeros(shape), np.zeros(shape, int)
        place = {name: number for number, name in enumerate(ids)}
        for member in members:
            if member.record.status == FINISHED:
                self._add(member, place)
        self.values = np.where(self._count > 0, self._sum / np.maximum(self._count, 1), np.nan)

    def _add(self, member: Member, place: Mapping[str, int]) -> None:
        table = read_csv(member.folder / NAME)
        variant, seed = self.variants.index(member.variant), self.seeds.index(member.seed)
        wanted = set(member.settings.training.test_basins) or set(self.ids)
        inside = np.array([name in place for name in table["basin"]])
        for number, part in enumerate(self.parts):
            chosen = inside & (table["learned"] == part.learned) & (table["period"] == part.period)
            if not part.learned:
                chosen &= np.array([name in wanted for name in table["basin"]])
            where = [place[name] for name in table["basin"][chosen]]
            found = np.stack([table[name][chosen] for name in COLUMNS], -1)
            known = ~np.isnan(found)
            self._sum[variant, number, seed, where] += np.where(known, found, 0.0)
            self._count[variant, number, seed, where] += known

    def table(self, variant: str, part: Part) -> dict[str, np.ndarray]:
        """Every score of every basin and seed, [seed x basin], seed after seed."""
        found = self.values[self.variants.index(variant), self.parts.index(part)]
        return {name: found[:, :, column].ravel() for column, name in enumerate(COLUMNS)}

    def of(self, variant: str, part: Part, score: str) -> np.ndarray:
        """A score [seed, basin]."""
        return self.values[self.variants.index(variant), self.parts.index(part), :, :, COLUMNS.index(score)]

    def spreads(self, variant: str, part: Part, mask: np.ndarray) -> dict[str, Spread]:
        """Every score over a group of basins; seeds without any are left out."""
        found = {}
        for entry in SCORES:
            values = self.of(variant, part, entry.name)[:, mask]
            scored = [row[~np.isnan(self.of(variant, part, "days")[number, mask])] for number, row in enumerate(values)]
            found[entry.name] = Spread([summarise(row, entry.signed) for row in scored if len(row)])
        return found
