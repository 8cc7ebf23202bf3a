"""Small and random river networks for the tests of the network room."""

from pathlib import Path

import netCDF4
import numpy as np
from freshet.kernels.network.codings import CODINGS
from freshet.kernels.network.flow_direction import decode


def forest(nodes: int, seed: int, ends: float = 0.01, reach: int = 8) -> np.ndarray:
    """A random network in random order, of at most 8 tributaries to a node as on a grid; downstream [node]."""
    random = np.random.default_rng(seed)
    target = np.arange(nodes)
    tributaries = np.zeros(nodes, int)
    for i in range(nodes - 1):
        candidate = min(i + 1 + random.integers(reach), nodes - 1)
        if random.random() > ends and tributaries[candidate] < 8:
            target[i] = candidate
            tributaries[candidate] += 1
    shuffled = random.permutation(nodes)
    downstream = np.empty(nodes, np.int64)
    downstream[shuffled] = shuffled[target]
    return downstream


def world(shared: Path) -> dict[str, np.ndarray]:
    """The fields of the global half-degree network, masked [y, x], and its downstream cells as 'decoded'."""
    with netCDF4.Dataset(shared / "data/global_static_05deg/global_static_05deg.nc") as data:
        names = ("drainage_direction", "cell_id", "downstream_cell_id", "continental_area", "upstream_area", "basin_id")
        fields = {name: data[name][:] for name in names}
    return fields | {"decoded": decode(fields["drainage_direction"], "ldd", wraps=True)}


def pending(downstream: np.ndarray) -> int:
    """The most links that any cut of a network in canonical order goes through."""
    links = np.flatnonzero(downstream != np.arange(downstream.size))
    change = np.bincount(links, minlength=downstream.size) - np.bincount(downstream[links], minlength=downstream.size)
    return int(np.cumsum(change).max())


def translated(ldd: np.ndarray, coding: str) -> np.ndarray:
    """A keypad map (5 = mouth, -1 = inland sink, -99 = no cell) in another coding."""
    mouth, sink, nothing = {"d8": (0, 255, 247), "ldd": (5, -1, -99), "hd": (0, 5, -1), "trip": (9, 10, 0)}[coding]
    codes = np.full(ldd.shape, nothing)
    codes[ldd == 5], codes[ldd == -1] = mouth, sink
    code_of = {step: code for code, step in CODINGS[coding].steps.items()}
    for code, step in CODINGS["ldd"].steps.items():
        codes[ldd == code] = code_of[step]
    return codes
