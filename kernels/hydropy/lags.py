"""Residence times of surface water, groundwater and rivers from the shape of the land (Hagemann & Dümenil, 1998).

Numbers are those of the original's calibration (hydropy.md, 1.0): a reference residence time at a reference distance
and velocity, scaled by the cell's own, and slower in lakes and wetlands. All distances in m, lags in days.
"""

from dataclasses import dataclass

import numpy as np

from .derive import orography

EARTH_RADIUS = 6371000.0  # m
DAY = 86400.0  # s
LAKE_VELOCITY, WETLAND_VELOCITY = 0.01, 0.06  # m s-1
HALF = 0.5  # share of lakes or wetlands at which half of their effect is reached
RIVER_RESERVOIRS, LAND_RESERVOIRS = 5.47872, 1.1107
OVERLAND = 0.1  # velocity of overland flow through lakes and wetlands, over that of rivers


@dataclass(frozen=True)
class Lags:
    """Lags in days: of surface water, of groundwater, of one river reservoir; and how many of those a cell has."""

    lag_land: np.ndarray
    lag_base: np.ndarray
    lag_river: np.ndarray
    river_reservoirs: np.ndarray


def lags(
    length: np.ndarray,
    river_slope: np.ndarray,
    area: np.ndarray,
    slope_avg: np.ndarray,
    topo_std: np.ndarray,
    flake: np.ndarray,
    fwetl: np.ndarray,
    factors: tuple[float, float, float] = (1.0, 1.0, 1.0),
    velocities: tuple[float, float] = (LAKE_VELOCITY, WETLAND_VELOCITY),
    half: float = HALF,
) -> Lags:
    """Lags of each cell.

    length        to the downstream cell, m (river_length, or original_length); river_slope along it, m m-1
    area          of the cell, m2; slope_avg its mean slope, m m-1; topo_std m; flake, fwetl shares of water
    factors       of the lags of river, surface water and groundwater (fak_riv, fak_ovr, fak_gw)
    velocities    of rivers in cells full of lakes and of wetlands, m s-1 (v_lake, v_wetl)
    half          share of water at which half of that is reached (cf_wela)
    """
    diameter = 2.0 * np.sqrt(area / np.pi)
    river = 0.4112 * (length / 228000.0) * (1.0039 / velocity(river_slope)) * factors[0]
    sloped = slope_avg > 0.0
    path = np.where(sloped, diameter, length)
    land = 50.5566 * (path / 171000.0) * (1.0885 / velocity(np.where(sloped, slope_avg, river_slope))) * factors[1]
    base = 300.0 / (1.01 - np.maximum(0.01, orography(topo_std))) * diameter / 50000.0 * factors[2]
    shares, overland = (flake, fwetl), (OVERLAND * velocities[0], OVERLAND * velocities[1])
    river, reservoirs = _slowed(river, RIVER_RESERVOIRS, length, shares, velocities, half)
    land, stores = _slowed(land, LAND_RESERVOIRS, diameter, shares, overland, half)
    whole = np.floor(reservoirs)
    return Lags(land * stores / np.floor(stores), base, river * reservoirs / whole, whole.astype(np.int64))


def velocity(slope: np.ndarray) -> np.ndarray:
    """Velocity of water on a slope (m m-1), m s-1: 2 slope^0.1, at least 0.1 (Sausen et al., 1994)."""
    return np.maximum(0.1, 2.0 * np.maximum(slope, 0.0) ** 0.1)


def _slowed(
    lag: np.ndarray,
    reservoirs: float,
    length: np.ndarray,
    shares: tuple[np.ndarray, np.ndarray],
    limits: tuple[float, float],
    half: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Lag of one reservoir and number of reservoirs, in lakes and then in wetlands."""
    number = np.full_like(lag, reservoirs)
    for share, limit in zip(shares, limits, strict=True):
        still = (np.tanh(4.0 * np.pi * (share - half)) + 1.0) / 2.0
        speed = length / (lag * number * DAY)
        slow = (speed > limit) & (share > 1e-3)
        reduced = speed * (1.0 - (1.0 - limit / np.maximum(speed, limit)) * still)
        number = np.where(slow, (number - 1.0) * (1.0 - still) + 1.0, number)
        lag = np.where(slow, length / (number * np.where(slow, reduced, 1.0) * DAY), lag)
    return lag, number


def river_length(
    row: np.ndarray,
    column: np.ndarray,
    width: np.ndarray,
    height: np.ndarray,
    downstream: np.ndarray,
    area: np.ndarray,
    columns: int = 0,
) -> np.ndarray:
    """Length of the way to the downstream cell, m, from the sizes of the cells (m) and their places in the grid.

    columns  number of columns of a grid that closes upon itself, over which the shorter way counts; 0 = none does.
    Where the water ends (downstream is the own index) it is the diameter of the circle of the cell's area (m2).
    """
    across = np.abs(column[downstream] - column)
    if columns:
        across = np.minimum(across, columns - across)
    along = np.abs(row[downstream] - row)
    length = np.hypot((width + width[downstream]) / 2.0 * across, (height + height[downstream]) / 2.0 * along)
    ends = downstream == np.arange(downstream.size)
    return np.where(ends, 2.0 * np.sqrt(area / np.pi), length)


def original_length(
    row: np.ndarray, column: np.ndarray, rows: int, downstream: np.ndarray, area: np.ndarray
) -> np.ndarray:
    """Length as the original has it, m: a global grid of so many rows, and no way over the date line."""
    height = np.full_like(area, np.pi * EARTH_RADIUS / rows)
    return river_length(row, column, area / height, height, downstream, area)


def slope(elevation: np.ndarray, length: np.ndarray, downstream: np.ndarray) -> np.ndarray:
    """Slope to the downstream cell, m m-1: a drop of at least 0.1 m, land below the sea counts as 0; 0 at the end."""
    drop = np.maximum(0.1, np.maximum(0.0, elevation) - np.maximum(0.0, elevation[downstream]))
    return np.where(downstream == np.arange(downstream.size), 0.0, drop / length)
