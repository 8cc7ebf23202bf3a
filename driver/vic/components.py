"""Which tile and band each component of a place is: cells of the loops are tile-bands, component-major."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BARE = -2  # tile of bare soil
NONE = -1  # no tile-band
LEAST = 1e-9  # smaller shares are what is left when decimals are added up: nothing is computed for them


@dataclass(frozen=True)
class Components:
    """tile, band [component, place]: slot of the tile (BARE = bare soil, NONE = unused component) and of the band.

    weights [component, place]: share of the place, 0 where the component is not used.
    """

    tile: np.ndarray
    band: np.ndarray
    weights: np.ndarray

    @property
    def used(self) -> np.ndarray:
        """Whether a place has that component [component, place]."""
        return self.tile != NONE

    @property
    def bare(self) -> np.ndarray:
        """Whether it is bare soil [component, place]."""
        return self.tile == BARE

    def slots(self, bare_slot: int) -> np.ndarray:
        """Slot of the tile where bare soil has a slot of its own; 0 where a component is not used."""
        return np.where(self.bare, bare_slot, np.where(self.used, self.tile, 0))


def components(cover: np.ndarray, bare: np.ndarray, area: np.ndarray) -> Components:
    """The components of each place: its tiles in their order, bare soil last, each in every band.

    cover [tile, place], bare [place], area [band, place]: shares; what has none (1e-9 or less) is left out. The place
    with the most tile-bands gives their number.
    """
    tiles, places = cover.shape
    bands = area.shape[0]
    share = np.concatenate([cover, bare[None]])[:, None] * area[None]
    used = share.reshape(-1, places) > LEAST
    count = max(1, int(used.sum(axis=0).max(initial=0)))
    # Used slots first, each in its order.
    order = np.argsort(~used, axis=0, kind="stable")[:count]
    there = np.take_along_axis(used, order, axis=0)
    tile, band = order // bands, order % bands
    tile = np.where(tile == tiles, BARE, tile)
    weights = np.take_along_axis(share.reshape(-1, places), order, axis=0)
    return Components(np.where(there, tile, NONE), np.where(there, band, 0), np.where(there, weights, 0.0))
