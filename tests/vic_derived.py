"""Blocks of VIC's parameters with the rows that follow from them, for tests."""

from functools import cache

import numpy as np
from freshet.kernels.bind import bind, bind_sweep
from freshet.kernels.loops import passes
from freshet.kernels.loops.cpu import WIDTH
from freshet.kernels.vic.derive import derive, derive_adjoint
from freshet.kernels.vic.derived import derived
from freshet.kernels.vic.parameters import parameters

from problem import plain


class Form:
    """The options of a form, as bind and rebuild read them."""

    def __init__(self, layers: int = 3, zones: int = 3, nodes: int = 10, frozen: bool = True):
        self.label = f"derived{layers}{zones}{nodes}{int(frozen)}"
        self.options = {"layers": layers, "zones": zones, "nodes": nodes, "frozen": frozen, "compat": True}
        self.parameters = parameters(layers, zones)
        self.derived = derived(layers, nodes if frozen else 0)
        self.names = [v.name for v in self.parameters + self.derived]

    def __hash__(self):
        return hash(self.label)

    def __eq__(self, other):
        return self.label == other.label

    def row(self, name: str) -> int:
        """Row of a parameter or of a derived one."""
        return self.names.index(name)

    def plain(self, function):
        """The function with the options of the form, in plain Python."""
        return plain(function, self)

    def defaults(self, cells: int = WIDTH) -> np.ndarray:
        """Every parameter at its default, derived rows zero."""
        values = np.array([v.default for v in self.parameters] + [0.0] * len(self.derived))
        return np.repeat(values[:, None], cells, 1)

    def random(self, rng: np.random.Generator, cells: int = WIDTH) -> np.ndarray:
        """Parameters anywhere between their bounds, one in ten at a bound, switches 0 or 1; derived rows zero."""
        low = np.array([v.low for v in self.parameters] + [0.0] * len(self.derived))[:, None]
        high = np.array([v.high for v in self.parameters] + [0.0] * len(self.derived))[:, None]
        share = rng.random((len(low), cells)) ** rng.choice([1.0, 3.0], (len(low), cells))
        share = np.where(rng.random(share.shape) < 0.1, np.round(share), share)
        for name in ("vegetated", "overstory"):
            share[self.row(name)] = np.round(share[self.row(name)])
        return low + share * (high - low)


def forcing(month: float, cells: int = WIDTH) -> np.ndarray:
    """The clock's rows: month and day of the year."""
    return np.repeat(np.array([[month], [30.0 * month]]), cells, 1)


@cache
def compiled(form: Form, precision: str):
    """derive and derive_adjoint over a block of cells, compiled; a sweep itself has no wrapper for Python."""
    from numba import njit

    forward = bind_sweep(passes.sweep_derive, form, precision, derive=bind(derive, form, precision))
    backward = bind_sweep(
        passes.sweep_derive_adjoint, form, precision, derive_adjoint=bind(derive_adjoint, form, precision)
    )

    @njit
    def run(block, clock, geometry):
        forward(block, clock, geometry, WIDTH)

    @njit
    def reverse(block, clock, geometry, d_block):
        backward(block, clock, geometry, d_block, WIDTH)

    return run, reverse


def derive_block(form: Form, block: np.ndarray, month: float, precision: str = "float64") -> np.ndarray:
    """The block with its derived rows."""
    block = np.ascontiguousarray(block, precision)
    compiled(form, precision)[0](block, forcing(month).astype(precision), np.zeros((3, WIDTH), precision))
    return block


def reverse_block(form: Form, block: np.ndarray, month: float, d_block: np.ndarray) -> np.ndarray:
    """The gradients of all rows from those of the derived ones; block as derive_block returns it."""
    precision = block.dtype
    d_block = np.ascontiguousarray(d_block, precision)
    compiled(form, precision.name)[1](block, forcing(month).astype(precision), np.zeros((3, WIDTH), precision), d_block)
    return d_block
