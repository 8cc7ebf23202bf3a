"""Shares of vegetation tiles and of bare soil (vic.md, section 2, "Tiles")."""

from __future__ import annotations

import numpy as np

NEARLY_ALL = 0.99


def shares(cover: np.ndarray, bare: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Shares [tile, place] of the tiles, and [place] of bare soil.

    cover [tile, place], 0 where a slot is not used; bare [place] where the files say it: otherwise it is what the tiles
    leave. Shares that add up to more than 1, or nearly to 1 (above 0.99), are divided by their sum.
    """
    stated = np.zeros(cover.shape[1]) if bare is None else bare
    total = cover.sum(axis=0) + stated
    scale = np.where((total > NEARLY_ALL) & (total != 1.0), total, 1.0)
    cover, stated = cover / scale, stated / scale
    rest = np.where(total > NEARLY_ALL, 0.0, 1.0 - total)
    return cover, stated + rest
