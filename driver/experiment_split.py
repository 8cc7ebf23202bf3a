"""How an experiment divides the basins: nothing held out, folds dealt by a seed, or regions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .catchments.source import places_of
from .errors import ConfigurationError
from .nearest import suggestion

# The seven regions of prediction in ungauged regions: water resource regions of CAMELS (Feng et al., 2021).
HUC = "huc_02"
HUC_REGIONS = ("1+2", "3+6", "4+5+7", "9+10", "8+11+12+13", "14+15+16+18", "17")
MOST_CLASSES = 30  # an attribute with more values is a quantity, which is cut into parts of equal size


@dataclass(frozen=True)
class Split:
    """One division: its name in folders, what is held out in words, basins to learn from and basins held out."""

    name: str = ""
    meaning: str = ""
    learned: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def splits(settings: Any, source: Any) -> list[Split]:
    """The divisions that &experiment asks for; learned and held are empty where nothing is held out.

    ConfigurationError where there are fewer basins than folds, or attribute and regions do not fit the data.
    """
    asked = settings.experiment
    if asked.kind in ("temporal", "seeds"):
        return [Split()]
    if asked.kind == "ungauged_regions":
        return _regions(asked, source, f"{settings.path}: &experiment")
    if len(source.ids) < asked.folds:
        raise ConfigurationError(
            f"{settings.path}: &experiment folds: {asked.folds} folds of {len(source.ids)} basins: ask for fewer"
        )
    parts = folds(source.ids, asked.folds, asked.fold_seed)
    width = len(str(asked.folds))
    return [
        _held_out(f"fold_{number:0{width}d}", f"fold {number} of {asked.folds}", part, source.ids)
        for number, part in enumerate(parts, 1)
    ]


def folds(ids: Sequence[str], count: int, seed: int) -> list[list[str]]:
    """The basins dealt out at random into parts whose sizes differ by one at most, whatever their order was."""
    order = np.random.default_rng(seed).permutation(sorted(ids))
    return [part.tolist() for part in np.array_split(order, count)]


def _held_out(name: str, meaning: str, part: Sequence[str], ids: Sequence[str]) -> Split:
    """The split that holds out a part, its basins in the order of the data."""
    held = set(part)
    return Split(name, meaning, tuple(n for n in ids if n not in held), tuple(n for n in ids if n in held))


def _regions(asked: Any, source: Any, where: str) -> list[Split]:
    if asked.attribute not in source.attributes:
        raise ConfigurationError(
            f"{where} attribute: the data have no attribute '{asked.attribute}'"
            f"{suggestion(asked.attribute, source.attributes)}: name one that tells the region of a basin"
        )
    values = source.attributes[asked.attribute]
    if asked.regions or asked.attribute == HUC or len(set(words(values))) <= MOST_CLASSES:
        return _classes(asked, words(values), source.ids, where)
    return _quantiles(asked, np.asarray(values, float), source.ids, where)


def words(values: np.ndarray) -> list[str]:
    """Values of an attribute as regions name them: whole numbers without zeros before or behind, text as it is."""
    found = []
    for value in values:
        try:
            number = float(value)
            found.append(str(int(number)) if number.is_integer() else str(value))
        except (ValueError, OverflowError):
            found.append(str(value).strip())
    return found


def _classes(asked: Any, found: Sequence[str], ids: Sequence[str], where: str) -> list[Split]:
    """One split for each region that has basins; basins of no region are always learned from."""
    given = asked.regions or (HUC_REGIONS if asked.attribute == HUC else sorted(set(found)))
    regions = [words(np.array(region.split("+"))) for region in given]
    named = [value for region in regions for value in region]
    twice = sorted({value for value in named if named.count(value) > 1})
    if twice:
        raise ConfigurationError(f"{where} regions: {', '.join(twice)} is in more than one region")
    if asked.regions and (unknown := [value for value in named if value not in found]):
        known = ", ".join(sorted(set(found))[:20])
        raise ConfigurationError(f"{where} regions: no basin has {asked.attribute} = {unknown[0]}; there are {known}")
    parts = [
        (number, region, [name for name, value in zip(ids, found, strict=True) if value in region])
        for number, region in enumerate(regions, 1)
    ]
    return _require_two(
        [
            _held_out(f"region_{number}", f"{asked.attribute} {', '.join(region)}", part, ids)
            for number, region, part in parts
            if part
        ],
        asked,
        where,
    )


def _quantiles(asked: Any, values: np.ndarray, ids: Sequence[str], where: str) -> list[Split]:
    """Parts of equal size by a quantity: what is held out lies outside of what was learned, or in a gap of it."""
    places = places_of(ids, ids)[np.isfinite(values)]
    order = places[np.argsort(values[places], kind="stable")]
    found = []
    for number, part in enumerate(np.array_split(order, asked.folds), 1):
        if len(part):
            meaning = f"{asked.attribute} {values[part[0]]:g} to {values[part[-1]]:g}"
            found.append(_held_out(f"region_{number}", meaning, [ids[place] for place in part], ids))
    return _require_two(found, asked, where)


def _require_two(found: list[Split], asked: Any, where: str) -> list[Split]:
    empty = [split for split in found if not split.learned]
    if not found or empty:
        raise ConfigurationError(
            f"{where} attribute: all basins with '{asked.attribute}' are in one region: nothing is left to learn from"
        )
    return found
