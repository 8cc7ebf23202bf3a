"""Elevation bands of a place: its elevation, and what each band's air and precipitation are (vic.md, section 2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LAPSE = -0.0065  # K m-1
AGREE = 1.0  # m: mean elevations that differ by more are replaced by that of the bands


class Bands(NamedTuple):
    """area (share), offset of temperature (K), factor of precipitation [band, place]; elevation (m) [place].

    A band without area has a factor of 0. lowest_offset [place] is that of all slots, used or not.
    """

    area: np.ndarray
    offset: np.ndarray
    factor: np.ndarray
    elevation: np.ndarray
    lowest_offset: np.ndarray


def bands(area: np.ndarray, elevation: np.ndarray, precipitation: np.ndarray, mean: np.ndarray) -> Bands:
    """What follows from AreaFract, elevation (m) and Pfactor [band, place] and the mean elevation (m) [place]."""
    area = area / area.sum(axis=0)
    own = (area * elevation).sum(axis=0)
    mean = np.where(np.abs(own - mean) > AGREE, own, mean)
    offset = LAPSE * (elevation - mean)
    used = area > 0
    factor = precipitation / precipitation.sum(axis=0) / np.where(used, area, 1.0)
    lowest = offset.min(axis=0)
    return Bands(area, np.where(used, offset, 0.0), np.where(used, factor, 0.0), mean, lowest)
