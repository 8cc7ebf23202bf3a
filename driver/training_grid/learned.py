"""What a training on a grid learns: parameters of the model and the router, multiples of them, factors of weather."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...kernels.model import Model
from ...kernels.rivers.router import Router
from ...kernels.variable import Variable
from ...nn.river_basins import LAND, RIVER, WEATHER, Learned
from ..errors import ConfigurationError
from ..nearest import suggestion

# Of the routers, where the namelist does not say what is to be learned (cascade: Wang et al., 2024, table 1).
ROUTERS = {
    "cascade": "lag_river 0.01 5",
    "linear_reservoir": "residence_time x 0.1 10",
    "muskingum_cunge": "manning_roughness x 0.3 3",
}
# Weather that may be multiplied: both are estimates with errors that hold for years.
SCALED = ("precipitation", "potential_evaporation")
FORM = re.compile(r"(?P<names>[\w+ ]*?\w)(?P<factor>\s+x)?(?:\s+(?P<low>[-+.\deE]+)\s+(?P<high>[-+.\deE]+))?")


@dataclass(frozen=True)
class Lessons:
    """variables: what each row of the network gives, with its bounds; learned: what the row means."""

    variables: tuple[Variable, ...]
    learned: tuple[Learned, ...]

    def start(self, land: np.ndarray, river: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Values [row, place] to begin with, from parameters [row, place] and [row, node]; place [node]."""
        drained = np.flatnonzero(place >= 0)
        rows = []
        for what in self.learned:
            if what.factor:
                rows.append(np.ones(land.shape[1]))
            elif what.of == RIVER:
                rows.append(np.empty(land.shape[1]))
                rows[-1][place[drained]] = river[what.rows[0], drained]
            else:
                rows.append(land[what.rows[0]])
        return np.array(rows)

    def cut_off(self, start: np.ndarray, places: int) -> list[str]:
        """Notes on values to begin with that lie outside of the bounds."""
        return [
            f"{variable.name} begins at a bound in {int(outside.sum())} of {places} cells: it is {row.min():.4g} to "
            f"{row.max():.4g} there, and learned within {variable.low:g} to {variable.high:g} {variable.unit}"
            for variable, row in zip(self.variables, start, strict=True)
            if (outside := (row < variable.low) | (row > variable.high)).any()
        ]


def lessons(asked: Sequence[str], model: Model, router: Router, fixed: Sequence[str], where: str) -> Lessons:
    """What &training variables asks for: 'name', 'name low high', 'name x low high', names joined by + together.

    Empty: the model's trainable parameters and the router's first. fixed: parameters that the namelist sets.
    ConfigurationError where a name is unknown, is there twice or fixed, or bounds do not fit.
    """
    texts = list(asked) or [*(variable.name for variable in model.trainable), *_default(router)]
    found = [_one(text.strip(), model, router, f"{where}: &training variables: '{text.strip()}'") for text in texts]
    names = [name for variable, _ in found for name in variable.name.split("+")]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(f"{where}: &training variables: '{name}' is there more than once")
        if name in fixed:
            raise ConfigurationError(f"{where}: {name} is set, and to be learned too: leave it out of one of them")
    return Lessons(tuple(variable for variable, _ in found), tuple(learned for _, learned in found))


def _default(router: Router) -> list[str]:
    return [ROUTERS[router.name]] if router.name in ROUTERS else []


def _one(text: str, model: Model, router: Router, where: str) -> tuple[Variable, Learned]:
    match = FORM.fullmatch(text)
    if match is None:
        raise ConfigurationError(f"{where}: expected 'name', 'name low high' or 'name x low high' (x: multiples)")
    names = [name.strip() for name in match["names"].split("+")]
    known = {v.name: (LAND, k, v) for k, v in enumerate(model.parameters)}
    known |= {v.name: (RIVER, k, v) for k, v in enumerate(router.parameters)}
    known |= {v.name: (WEATHER, k, v) for k, v in enumerate(model.forcings) if v.name in SCALED}
    for name in names:
        if name not in known:
            told = f"{model.label} and router '{router.name}' have no parameter '{name}'{suggestion(name, known)}"
            raise ConfigurationError(f"{where}: {told}")
    of = {known[name][0] for name in names}
    if len(of) > 1:
        raise ConfigurationError(f"{where}: parameters of the model, of the router and weather cannot share a value")
    factor = match["factor"] is not None
    if WEATHER in of and not factor:
        raise ConfigurationError(f"{where}: weather can only be multiplied: '{names[0]} x 0.8 1.25'")
    variable = _bounded(names, match, {name: known[name][2] for name in names}, model, factor, where)
    return variable, Learned(tuple(known[name][1] for name in names), factor, of.pop())


def _bounded(
    names: Sequence[str], match: re.Match, known: Mapping[str, Variable], model: Model, factor: bool, where: str
) -> Variable:
    """The variable with the bounds between which it is learned."""
    first = known[names[0]]
    if match["low"] is None:
        trainable = {variable.name: variable for variable in model.trainable}
        if factor or len(names) > 1 or names[0] not in trainable:
            raise ConfigurationError(f"{where}: give it bounds, '{match[0]} {'0.5 2' if factor else 'low high'}'")
        return trainable[names[0]]
    try:
        low, high = float(match["low"]), float(match["high"])
    except ValueError:
        raise ConfigurationError(f"{where}: the bounds are no numbers") from None
    if not low < high or (factor and low <= 0):
        raise ConfigurationError(
            f"{where}: expected bounds 0 < low < high" if factor else f"{where}: low is not < high"
        )
    for variable in known.values() if not factor else ():
        if low < variable.low or high > variable.high:
            told = f"{variable.name} is declared within {variable.low:g} to {variable.high:g} {variable.unit}"
            raise ConfigurationError(f"{where}: {told}")
    return replace(first, name="+".join(names), unit="1" if factor else first.unit, low=low, high=high)
