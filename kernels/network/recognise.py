"""Which coding a map of flow directions uses: the one whose rivers have no loops."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .codings import CODINGS, INDEX, INDEX_TITLE
from .faults import stray
from .flow_direction import decode, whole_numbers
from .loops import loop_nodes


class Fit(NamedTuple):
    """How well a map reads in one coding: cells on loops, links that lead to no cell or off the grid, all links."""

    coding: str
    on_loops: int
    stray: int
    links: int

    @property
    def sound(self) -> bool:
        """Hardly a loop: a true map has none, a misread one has them everywhere."""
        return self.on_loops <= 0.01 * self.links


def recognise(
    codes: npt.ArrayLike, *, north_first: bool = True, east_positive: bool = True, wraps: bool = False
) -> str:
    """The coding ('d8', 'ldd', 'hd', 'trip', 'index') of a map of flow directions [y, x].

    A coding is accepted where it alone fits: the numbers are all its own, and its rivers run without loops where
    those of every other have many. Orientation as for decode.

    Raises:
        ValueError: none or several fit; the message lists them, and says so where the map fits upside down.
    """
    numbers, given = whole_numbers(codes)
    positive = {value for value in np.unique(numbers[given]).tolist() if value >= 0}
    names = [name for name, coding in CODINGS.items() if positive <= {*coding.steps, *coding.ends, *coding.nothing}]
    if 0 not in positive and "hd" in names:
        names.remove("hd")  # reads as 'ldd' does where no cell is a mouth in the sea
    if not names or not given.any():
        return _index(numbers, given)
    fits = _one_keypad([_fit(codes, name, north_first, east_positive, wraps) for name in names])
    best, *others = sorted(fits, key=lambda fit: (fit.on_loops, fit.stray))
    if best.sound and all(_much_worse(other, best) for other in others):
        return best.coding
    raise ValueError(_unclear(codes, fits, north_first, east_positive, wraps))


def _one_keypad(fits: list[Fit]) -> list[Fit]:
    """Of the two keypads the one with fewer stray links: they differ in whether 0 or -1 is a cell that receives."""
    astray = {fit.coding: fit.stray for fit in fits}
    if "hd" not in astray or "ldd" not in astray:
        return fits
    left = "ldd" if astray["hd"] < astray["ldd"] else "hd"
    return [fit for fit in fits if fit.coding != left]


def _fit(codes: npt.ArrayLike, name: str, north_first: bool, east_positive: bool, wraps: bool) -> Fit:
    downstream = decode(codes, name, north_first=north_first, east_positive=east_positive, wraps=wraps)
    return Fit(name, loop_nodes(downstream)[0].size, *stray(downstream))


def _much_worse(other: Fit, best: Fit) -> bool:
    if best.on_loops == best.stray == 0 and best.links >= 8 and other.on_loops + other.stray >= 5:
        return True
    return other.on_loops >= max(4, 10 * best.on_loops) and not other.sound


def _index(numbers: np.ndarray, given: np.ndarray) -> str:
    """'index' where the numbers are flat indices of cells nearby."""
    cells = np.flatnonzero(given & (numbers >= 0))
    target = numbers.flat[cells]
    if cells.size and target.max() < numbers.size:
        nx = numbers.shape[1]
        aside = np.abs(target % nx - cells % nx)
        near = (np.abs(target // nx - cells // nx) <= 1) & (np.minimum(aside, nx - aside) <= 1)
        if near.mean() > 0.9:
            return INDEX
    known = "; ".join(f"'{name}': {coding.title}" for name, coding in CODINGS.items())
    raise ValueError(
        f"flow directions with values from {numbers[given].min()} to {numbers[given].max()} are in no known coding "
        f"({known}; '{INDEX}': {INDEX_TITLE}); ids of downstream cells need the ids of the cells too"
        if given.any()
        else "the map of flow directions has no values"
    )


def _unclear(codes: npt.ArrayLike, fits: list[Fit], north_first: bool, east_positive: bool, wraps: bool) -> str:
    """The message that lists what fits."""
    listed = ", ".join(f"'{f.coding}' ({f.on_loops} of {f.links} links on loops, {f.stray} astray)" for f in fits)
    sound = [fit.coding for fit in fits if fit.sound]
    if sound:
        return f"the coding of the flow directions is unclear, several fit: {listed}"
    mirrored = [
        f"{fit.coding}' with its rows turned over"
        for fit in (_fit(codes, name.coding, not north_first, east_positive, wraps) for name in fits)
        if fit.sound
    ]
    hint = f"; '{mirrored[0]} would fit, as where latitudes are wrong" if mirrored else ""
    return f"the flow directions fit no coding without loops: {listed}{hint}"
