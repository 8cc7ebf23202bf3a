"""What the wind carries inland: along every parallel from the sea over the land, with some mixing between parallels."""

from __future__ import annotations

import numpy as np

KM_PER_DEGREE = 111.2
INLAND, SEAWARD = 1400.0, 350.0  # km over which air becomes continental, and maritime again
FILL, EMPTY = 400.0, 8000.0  # km over which air takes up water from the sea, and loses it in 3 mm d-1 of rain
LIFT = 1700.0  # m of ascent that wring a good half of its water out of the air
MIXING = 0.15  # share exchanged with each neighbour on a step
LIFTED = 14.0  # mm d-1 that fall where saturated air climbs LIFT within 100 km
SPREAD = 2  # columns to each side over which that rain falls


def inland(land: np.ndarray, latitude: np.ndarray, westerly: np.ndarray) -> np.ndarray:
    """How continental the air is, 0 to 1 [y, x]; westerly [y, 1] is the share of winds from the west."""
    step = _steps(latitude, land.shape[1])
    found = []
    for way in (1, -1):
        air, result = np.zeros(len(latitude)), np.empty(land.shape)
        for column in _round(land.shape[1], way):
            over = land[:, column]
            air = np.where(over, air + (1.0 - air) * step / (INLAND + step), air * SEAWARD / (SEAWARD + step))
            air = _mixed(air)
            result[:, column] = air
        found.append(result)
    # Air of the other side comes too: even the lee of a continent is less continental at its coast.
    blown = westerly * found[0] + (1.0 - westerly) * found[1]
    return 0.6 * blown + 0.4 * np.minimum(found[0], found[1])


def carried(
    rain: np.ndarray, land: np.ndarray, height: np.ndarray, latitude: np.ndarray, westerly: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Share of the possible rain for which the air has water, and what falls because it has to climb, mm d-1.

    rain [12, y, x] mm d-1, height [y, x] m. Both results are [12, y, x].
    """
    step = _steps(latitude, land.shape[1])
    moist, lifted = np.zeros(rain.shape), np.zeros(rain.shape)
    for way, share in ((1, westerly[:, 0]), (-1, 1.0 - westerly[:, 0])):
        water = np.full(rain.shape[:2], 0.8)
        for place, column in enumerate(_round(land.shape[1], way)):
            climb = np.maximum(height[:, column] - height[:, (column - way) % land.shape[1]], 0.0)
            wrung = water * (1.0 - np.exp(-climb / LIFT))
            water = water - wrung
            over = step / EMPTY * rain[:, :, column] / 3.0
            dry, wet = water / (1.0 + over), water + (1.0 - water) * step / (FILL + step)
            water = _mixed(np.where(land[:, column], dry, wet))
            if place >= land.shape[1]:
                moist[:, :, column] += share * water
                lifted[:, :, column] += share * wrung * LIFTED * 100.0 / np.maximum(step, 40.0)
    around = range(-SPREAD, SPREAD + 1)
    return moist, np.mean([np.roll(lifted, shift, axis=2) for shift in around], axis=0)


def _steps(latitude: np.ndarray, columns: int) -> np.ndarray:
    """Kilometres between columns, [y]."""
    return KM_PER_DEGREE * 360.0 / columns * np.maximum(np.cos(np.radians(latitude)), 0.02)


def _round(columns: int, way: int) -> list[int]:
    """Columns in the order of the wind, twice around: the first time only to find out what the air brings."""
    once = list(range(columns))[::way]
    return once + once


def _mixed(air: np.ndarray) -> np.ndarray:
    """Air [..., y] with a share of the neighbouring parallels'."""
    north = np.concatenate([air[..., :1], air[..., :-1]], axis=-1)
    south = np.concatenate([air[..., 1:], air[..., -1:]], axis=-1)
    return air + MIXING * (north + south - 2.0 * air)
