"""A quantity, declared once: every name, unit and bound elsewhere is derived from here."""

from collections import namedtuple
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, nan
from typing import Any


@dataclass(frozen=True)
class Variable:
    """A declared quantity of a model.

    name            the field's term in words; the literature's symbol for parameters
    unit            UDUNITS text
    low, high       bounds of trainable parameters, plausible limits of everything else
    default         the value used where nothing else is given
    standard_name   CF standard name, where one exists
    symbol          name in the publication or the original program
    balance         sign in the water balance: +1 enters the cell, -1 leaves it, 0 moves inside it; of states, 1 where
                    they hold water that no other state counts
    over_time       what an interval of several steps has of it: 'sum', 'mean' or 'last'; '' = 'sum' of amounts (mm),
                    otherwise 'mean'
    discrete        whether it is a switch, a count or a clock: it has no gradient
    """

    name: str
    unit: str
    meaning: str
    low: float = -inf
    high: float = inf
    default: float = nan
    standard_name: str = ""
    symbol: str = ""
    balance: int = 0
    over_time: str = ""
    discrete: bool = False

    @property
    def aggregated(self) -> str:
        """What an interval of several steps has of it, where it is no state: 'sum', 'mean' or 'last'."""
        return self.over_time or ("sum" if self.unit == "mm" else "mean")


def layout(variables: Iterable[Variable]) -> Any:
    """Row of each variable by its name; a constant inside kernels."""
    names = [variable.name for variable in variables]
    return namedtuple("Rows", names)(*range(len(names)))


def row_of(variables: Iterable[Variable], name: str) -> int:
    """Row of one variable; ValueError that lists the known names where there is none of that name."""
    names = [variable.name for variable in variables]
    if name not in names:
        raise ValueError(f"unknown variable '{name}', expected one of: {', '.join(names)}")
    return names.index(name)
