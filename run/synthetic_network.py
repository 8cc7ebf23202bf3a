"""A synthetic river network of any size: a fractal continent, drained without loops."""

import numpy as np
from freshet.kernels.network.compiled import compiled
from freshet.kernels.network.flow_direction import NO_CELL

HEIGHTS = 1 << 16


def synthetic_network(cells: int, seed: int = 1, land: float = 0.6) -> np.ndarray:
    """Downstream cell of every cell of a square map with about so many land cells, int64 [y, x] as decode gives it.

    The lowest part of a fractal surface is sea, as are the edges; every land cell flows to the neighbour from which a
    rising sea would first reach it (priority flood: Barnes et al., 2014), or ends where that is the sea itself.
    """
    side = round((cells / land) ** 0.5)
    rank = np.empty(side * side, np.int64)
    rank[np.argsort(fractal(side, seed), axis=None, kind="stable")] = np.arange(side * side)
    sea = (rank < side * side - cells).reshape(side, side)
    sea[[0, -1]] = sea[:, [0, -1]] = True
    height = np.where(sea.ravel(), 0, 1 + rank * (HEIGHTS - 1) // (side * side))
    return _drain(height, sea.ravel(), side, HEIGHTS).reshape(side, side)


def fractal(side: int, seed: int, roughness: float = 1.8) -> np.ndarray:
    """A surface with a power spectrum that falls with wavenumber, and falls off towards the edges; [side, side]."""
    random = np.random.default_rng(seed)
    ky, kx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    wave = np.hypot(ky, kx)
    wave[0, 0] = np.inf
    surface = np.fft.irfft2(np.fft.rfft2(random.standard_normal((side, side))) * wave**-roughness, s=(side, side))
    away = np.abs(np.linspace(-1, 1, side)) ** 4
    return surface / surface.std() - 2.0 * np.maximum(away[:, None], away[None, :])


@compiled
def _drain(height, sea, side, heights):
    """Flood from the sea, lowest first, with one queue for every height: first, last, and who follows whom."""
    downstream = np.full(side * side, NO_CELL, np.int64)
    following = np.full(side * side, -1, np.int64)
    first, last = np.full(heights, -1, np.int64), np.full(heights, -1, np.int64)
    reached = sea.copy()
    seeds = np.flatnonzero(sea)
    following[seeds[:-1]] = seeds[1:]
    first[0], last[0] = seeds[0], seeds[-1]
    level = 0
    while level < heights:
        i = first[level]
        if i < 0:
            level += 1
            continue
        first[level] = following[i]
        for y in range(max(i // side - 1, 0), min(i // side + 2, side)):
            for x in range(max(i % side - 1, 0), min(i % side + 2, side)):
                j = y * side + x
                if reached[j]:
                    continue
                reached[j] = True
                downstream[j] = j if sea[i] else i
                h = max(height[j], level)
                if first[h] < 0:
                    first[h] = j
                else:
                    following[last[h]] = j
                last[h] = j
    return downstream
