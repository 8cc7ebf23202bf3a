"""Which scores of its members an experiment is judged by, and the groups of basins that are told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .errors import ConfigurationError
from .evaluation_table import ALL
from .experiment_split import MOST_CLASSES, words
from .nearest import suggestion

# Groups where &experiment names none, of those attributes that the data have; so do evaluations of CAMELS and Caravan.
DEFAULT_GROUPS = ("test_subset", "qc_flag", "aridity 1", "frac_snow 0.3")


@dataclass(frozen=True)
class Part:
    """Scores that belong together: name in files, meaning for people, of basins learned from or held out, period."""

    name: str
    meaning: str
    learned: bool
    period: str


IN_TIME = Part("test", "basins learned from, test period", True, "test")
IN_SPACE_AND_TIME = Part("held_out_test", "basins held out, test period", False, "test")
IN_SPACE = Part("held_out_training", "basins held out, training period", False, "training")
FITTED = Part("training", "basins learned from, training period", True, "training")


def parts(kind: str, held_out: bool) -> list[Part]:
    """What an experiment of this kind is judged by, the most telling first; held_out: by the namelist itself."""
    if kind == "spatiotemporal":
        return [IN_SPACE_AND_TIME, IN_SPACE, IN_TIME, FITTED]
    if kind == "spatial":
        return [IN_SPACE]
    if kind in ("temporal", "seeds"):
        return [IN_SPACE_AND_TIME, IN_TIME] if held_out else [IN_TIME]
    return [IN_SPACE_AND_TIME]


def groups(attributes: Mapping[str, np.ndarray], asked: Sequence[str], count: int, where: str) -> dict[str, np.ndarray]:
    """Masks [place] by name: all, and the groups of each attribute asked for, in the order of their values.

    asked: 'name' has a group for each of its values, 'name x y' those below x, from x to y, and from y on.
    ConfigurationError where an attribute is not there, or is a quantity without limits.
    """
    masks = {ALL: np.ones(count, bool)}
    for text in asked or DEFAULT_GROUPS:
        name, *limits = text.split()
        known = _known(attributes, name)
        if known:
            found = _cut(attributes[known], name, limits, where) if limits else _classes(attributes[known], name, where)
            masks |= {key: mask for key, mask in found.items() if mask.any() and not mask.all()}
        elif asked:
            raise ConfigurationError(
                f"{where} groups: the data have no attribute '{name}'{suggestion(name, attributes)}"
            )
    return masks


def _known(attributes: Mapping[str, np.ndarray], name: str) -> str:
    """The attribute under its own name or Caravan's, '' where there is none."""
    return next((known for known in (name, f"caravan_{name}") if known in attributes), "")


def _classes(values: np.ndarray, name: str, where: str) -> dict[str, np.ndarray]:
    found = np.array(words(values))
    names = sorted(set(found.tolist()), key=lambda word: (not word.isdigit(), int(word) if word.isdigit() else 0, word))
    if len(names) > MOST_CLASSES:
        raise ConfigurationError(
            f"{where} groups: '{name}' has {len(names)} values: name the limits that cut it, such as '{name} 0.5 1'"
        )
    return {f"{name} = {word}": found == word for word in names}


def _cut(values: np.ndarray, name: str, limits: Sequence[str], where: str) -> dict[str, np.ndarray]:
    try:
        numbers, edges = np.asarray(values, float), [float(limit) for limit in limits]
    except ValueError as error:
        raise ConfigurationError(f"{where} groups: '{name} {' '.join(limits)}': {error}") from error
    if edges != sorted(set(edges)):
        raise ConfigurationError(f"{where} groups: '{name} {' '.join(limits)}': limits rise from one to the next")
    masks = {f"{name} < {limits[0]}": numbers < edges[0]}
    for low, high, begin, end in zip(limits, limits[1:], edges, edges[1:], strict=False):
        masks[f"{low} <= {name} < {high}"] = (numbers >= begin) & (numbers < end)
    return masks | {f"{name} >= {limits[-1]}": numbers >= edges[-1]}
