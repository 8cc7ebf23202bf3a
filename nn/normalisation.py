"""Basin attributes to network inputs: numbers as z-scores of the training basins, classes one by one as 0 or 1."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

SMALLEST_DEVIATION = 1e-3  # below it an attribute does not vary: divide by 1 (Feng et al., 2022)
SKEWED = 2.0  # skewness from which a positive attribute is better seen as its logarithm
STRANGE = 30.0  # training deviations between a typical basin and the training basins: not the same quantity


@dataclass(frozen=True)
class Attribute:
    """How one attribute becomes one or more network inputs; categories is empty for numbers."""

    name: str
    mean: float = 0.0
    deviation: float = 1.0
    logarithm: bool = False
    categories: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Network inputs that the attribute makes."""
        return len(self.categories) or 1

    def inputs(self, values: np.ndarray) -> np.ndarray:
        """Network inputs [place, size] of values [place]; missing values and unknown classes become 0."""
        if self.categories:
            return (_words(values)[:, None] == np.array(self.categories)[None, :]).astype(np.float64)
        number = _log(values) if self.logarithm else np.asarray(values, np.float64)
        return np.nan_to_num((number - self.mean) / self.deviation, nan=0.0, posinf=0.0, neginf=0.0)[:, None]


@dataclass(frozen=True)
class Normalisation:
    """What the network was told about each attribute: made by `fit`, kept in the checkpoint, applied for ever after."""

    attributes: tuple[Attribute, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the attributes in the order of the inputs."""
        return tuple(attribute.name for attribute in self.attributes)

    @property
    def size(self) -> int:
        """Network inputs in all."""
        return sum(attribute.size for attribute in self.attributes)

    def apply(self, values: Mapping[str, np.ndarray], places: int, alike: bool = False) -> np.ndarray:
        """Network inputs, float32 [place, input]. alike: the values are of the same data set, however far they lie.

        ValueError names the attributes that are missing, that are classes where numbers were learned (or the other
        way), and those whose typical value is so far from the training basins that the unit must be another.
        """
        missing = [name for name in self.names if name not in values]
        if missing:
            raise ValueError(f"the network was trained with attributes that the data lack: {', '.join(missing)}")
        for attribute in self.attributes if not alike else ():
            _require_like(attribute, values[attribute.name])
        columns = [attribute.inputs(values[attribute.name]) for attribute in self.attributes]
        return np.concatenate([np.empty((places, 0)), *columns], axis=1).astype(np.float32)

    def to_dict(self) -> list[dict[str, Any]]:
        """Plain values, for a checkpoint."""
        return [asdict(attribute) | {"categories": list(attribute.categories)} for attribute in self.attributes]


def from_dict(entries: Sequence[Mapping[str, Any]]) -> Normalisation:
    """The normalisation that to_dict wrote."""
    return Normalisation(tuple(Attribute(**{**e, "categories": tuple(e["categories"])}) for e in entries))


def fit(values: Mapping[str, np.ndarray], names: Sequence[str], logarithm: bool = False) -> Normalisation:
    """Normalisation from the training basins' attributes, each [place], numbers or text.

    logarithm takes positive attributes of a skewness above 2 by their logarithm. ValueError names the ones missing.
    """
    missing = [name for name in names if name not in values]
    if missing:
        raise ValueError(f"the data have no attribute named {', '.join(missing)}")
    return Normalisation(tuple(_fit_one(name, np.asarray(values[name]), logarithm) for name in names))


def _fit_one(name: str, values: np.ndarray, logarithm: bool) -> Attribute:
    if is_text(values):
        return Attribute(name, categories=tuple(sorted(set(_words(values).tolist()) - {""})) or ("",))
    number = np.asarray(values, np.float64)
    number = number[np.isfinite(number)]
    if number.size == 0:
        return Attribute(name)
    log = logarithm and number.min() > 0 and _skewness(number) > SKEWED
    number = np.log(number) if log else number
    deviation = float(number.std())
    return Attribute(name, float(number.mean()), deviation if deviation >= SMALLEST_DEVIATION else 1.0, bool(log))


def is_text(values: np.ndarray) -> bool:
    """Whether an attribute is a class and not a number."""
    return np.asarray(values).dtype.kind in "OUST"


def _words(values: np.ndarray) -> np.ndarray:
    return np.array([str(value).strip() for value in values])


def _log(values: np.ndarray) -> np.ndarray:
    number = np.asarray(values, np.float64)
    return np.log(np.where(number > 0, number, np.nan))


def _skewness(number: np.ndarray) -> float:
    departure = number - number.mean()
    deviation = departure.std()
    return float((departure**3).mean() / deviation**3) if deviation > 0 else 0.0


def _require_like(attribute: Attribute, values: np.ndarray) -> None:
    """ValueError where this can hardly be the attribute that the network knows."""
    if is_text(values) != bool(attribute.categories):
        found, expected = ("text", "numbers") if is_text(values) else ("numbers", "classes by name")
        raise ValueError(f"attribute '{attribute.name}' is {found} here, the network was trained with {expected}")
    if attribute.categories:
        return
    distance = abs(float(np.median(attribute.inputs(values)))) if len(values) else 0.0
    if distance > STRANGE:
        typical = float(np.nanmedian(np.asarray(values, np.float64)))
        mean = np.exp(attribute.mean) if attribute.logarithm else attribute.mean
        raise ValueError(
            f"attribute '{attribute.name}' has a median of {typical:g} here and had a mean of {mean:g} in training, "
            f"{distance:.0f} standard deviations apart: is it in another unit?"
        )
