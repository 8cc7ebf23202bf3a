"""What covers the land of a world, by HydroPy's names: plants, soil, lakes, wetlands, ice; from climate and relief.

Ranges and distributions are those of global data sets of soils, leaf area and lakes at half a degree.
"""

from __future__ import annotations

import numpy as np

from .conditions import Conditions


def plants(found: Conditions) -> dict[str, np.ndarray]:
    """Share of vegetation fveg and leaf area index lai, both [12, cell]: months grow where warm and wet enough."""
    warm = np.clip((found.tas - 1.0) / 12.0, 0.0, 1.0)
    rain, evaporation = found.precipitation, np.maximum(found.potential_evaporation, 0.2)
    # Roots remember the rain of the months before.
    stored = sum(share * np.roll(rain, lag, axis=0) for lag, share in enumerate((0.4, 0.3, 0.2, 0.1)))
    wet = np.clip(stored / (0.9 * evaporation), 0.0, 1.0)
    grows = warm * wet
    year = grows.mean(axis=0) ** 0.75
    forest = np.clip(1.6 * year - 0.15, 0.0, 1.0)
    green = 0.15 + 0.55 * forest * np.clip(found.humidity, 0.0, 1.0)  # what stays green in the bad season
    season = green + (1.0 - green) * grows / np.maximum(grows.max(axis=0), 0.05)
    vegetation = np.clip(1.5 * year, 0.0, 0.98) * (0.65 + 0.35 * season)
    return {"fveg": np.clip(vegetation, 0.0, 0.98), "lai": np.clip(7.0 * year * season, 0.0, 6.5)}


def soil(vegetation: np.ndarray, deviation: np.ndarray, sandy: np.ndarray) -> dict[str, np.ndarray]:
    """Root zone wcap, wava, wmin, wmax (mm) and the shape beta, [cell].

    vegetation: share, mean of the year; deviation m of relief; sandy -1 to 1. wmax is chosen so that a saturated cell
    holds wcap: wcap = wmin + (wmax - wmin) / (1 + beta).
    """
    steep = np.clip(deviation / 700.0, 0.0, 1.0)
    capacity = (110.0 + 330.0 * vegetation**1.2) * (1.0 - 0.45 * steep) * (1.0 - 0.25 * sandy)
    beta = 0.12 + 0.18 * (1.0 - sandy) * 0.5 + 0.15 * vegetation
    least = capacity * (0.05 + 0.05 * (1.0 + sandy) * 0.5)
    return {
        "wcap": capacity,
        "wava": capacity * (0.62 + 0.12 * sandy),
        "wmin": least,
        "wmax": least + (capacity - least) * (1.0 + beta),
        "beta": beta,
    }


def ice(found: Conditions) -> dict[str, np.ndarray]:
    """Share of glaciers, permafrost (perm) and the degree-day factor ddfac (mm K-1 d-1), [cell].

    Ice covers what a year's sun could not melt of a year's snow, some of it before all of it.
    """
    left = found.snow.mean(axis=0) / np.maximum(found.melt.mean(axis=0), 1e-3)
    glacier = np.clip((left - 0.25) / 0.30, 0.0, 1.0)  # some of what melts on a warm day freezes again
    frozen = 1.0 / (1.0 + np.exp((found.temperature + 4.5) / 1.4))
    return {"glacier": np.where(left >= 0.5, 1.0, glacier), "perm": np.where(frozen > 0.01, frozen, 0.0)}


def waters(
    found: Conditions, deviation: np.ndarray, pooled: np.ndarray, closed: np.ndarray, patches: np.ndarray
) -> dict[str, np.ndarray]:
    """Shares of lakes flake and wetlands fwetl, [cell].

    deviation m of relief; pooled m of water in filled depressions; closed: bottoms of closed basins; patches -1 to 1.
    Lands that were under ice, and humid lowlands, have most of them.
    """
    flat = np.exp(-deviation / 90.0)
    humid = np.clip(found.humidity - 0.3, 0.0, 1.0)
    scoured = np.exp(-(((found.temperature + 1.0) / 6.0) ** 2))
    lakes = np.clip(patches - 0.25, 0.0, 1.0) * (0.15 + 1.0 * scoured) * humid
    lakes = lakes + 0.35 * np.clip(pooled / 60.0, 0.0, 1.0) * humid
    lakes = np.where(closed, np.maximum(lakes, 0.45), lakes)
    thawed = np.clip(found.tas.max(axis=0) / 8.0, 0.0, 1.0)
    wetlands = flat * humid * thawed * (0.12 + np.clip(0.6 * (0.1 - patches), 0.0, 0.5))
    return {"flake": np.clip(lakes, 0.0, 0.9), "fwetl": np.clip(wetlands, 0.0, 0.6)}
