"""Cutting the canonical order into one interval for each rank, and the links that are cut."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from . import check


class Links(NamedTuple):
    """The links between ranks, by ascending node: both nodes and the ranks that own them; int64 [link]."""

    node: np.ndarray
    downstream: np.ndarray
    source: np.ndarray
    target: np.ndarray


def cut(weight: npt.ArrayLike, ranks: int) -> np.ndarray:
    """Bounds of intervals of equal weight, int64 [ranks + 1]: rank r owns bounds[r] <= node < bounds[r + 1].

    Every bound lies where the sum of weight [node] is nearest to its share, and so a rank is off its share by at most
    one node's weight. Some ranks are empty where there are more of them than nodes.

    Raises:
        ValueError: fewer than one rank, or a weight that is negative or not finite.
    """
    weight = check.weights(weight)
    if ranks < 1:
        raise ValueError(f"cannot cut a network for {ranks} ranks, expected at least 1")
    if not weight.any():
        weight = np.ones_like(weight)
    before = np.concatenate([[0.0], np.cumsum(weight)])
    share = before[-1] * (np.arange(ranks + 1) / ranks)
    above = np.minimum(np.searchsorted(before, share), weight.size)
    below = np.maximum(above - 1, 0)
    bounds = np.where(share - before[below] < before[above] - share, below, above)
    bounds[0], bounds[-1] = 0, weight.size
    return bounds.astype(np.int64)


def rank_of(bounds: npt.ArrayLike, node: npt.ArrayLike) -> np.ndarray:
    """The rank that owns each node, int64, same shape as node."""
    return np.searchsorted(np.asarray(bounds, np.int64), node, side="right") - 1


def cut_links(downstream: npt.ArrayLike, bounds: npt.ArrayLike) -> Links:
    """The links of a network in canonical order that lead from one rank to another."""
    downstream = check.canonical(downstream)
    bounds = check.bounds(bounds, downstream.size)
    owner = np.repeat(np.arange(bounds.size - 1), np.diff(bounds))
    node = np.flatnonzero(owner[downstream] != owner)
    return Links(node, downstream[node], owner[node], owner[downstream[node]])
