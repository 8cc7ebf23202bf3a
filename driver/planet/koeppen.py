"""Zones of climate after Koeppen and Geiger, as Peel et al. (2007) decide them, fifteen of them."""

from __future__ import annotations

import numpy as np

ZONES = {
    "Af": ("rain forest", "#0000FE"),
    "Am": ("monsoon", "#0077FF"),
    "Aw": ("savanna", "#46A9FA"),
    "BWh": ("hot desert", "#FE0000"),
    "BWk": ("cold desert", "#FE9695"),
    "BSh": ("hot steppe", "#F5A301"),
    "BSk": ("cold steppe", "#FFDB63"),
    "Cs": ("mild, dry summer", "#E6E600"),
    "Cw": ("mild, dry winter", "#96FF96"),
    "Cf": ("mild, humid", "#5FC85F"),
    "Ds": ("cold, dry summer", "#C800C8"),
    "Dw": ("cold, dry winter", "#AAB4FF"),
    "Df": ("cold, humid", "#00A0B4"),
    "ET": ("tundra", "#B2B2B2"),
    "EF": ("ice", "#6E6E6E"),
}


def zones(tas: np.ndarray, precipitation: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Index into ZONES, int64 [cell]: tas degC and precipitation mm d-1 are [12, cell], north [cell] bool."""
    rain = precipitation * 30.4
    year, driest = rain.sum(axis=0), rain.min(axis=0)
    warm = np.where(north, 1, 0) * np.ones((12, 1), int)
    warm[[0, 1, 2, 9, 10, 11]] = 1 - warm[[0, 1, 2, 9, 10, 11]]
    summer = np.where(warm == 1, rain, 0.0).sum(axis=0) / np.maximum(year, 1e-9)
    mean, coldest, hottest = tas.mean(axis=0), tas.min(axis=0), tas.max(axis=0)
    limit = 20.0 * mean + np.where(summer >= 0.7, 280.0, np.where(summer <= 0.3, 0.0, 140.0))
    dry_summer, dry_winter = _seasons(rain, warm)
    codes = list(ZONES)
    tropical = np.where(driest >= 60.0, codes.index("Af"), codes.index("Aw"))
    tropical = np.where((driest < 60.0) & (driest >= 100.0 - year / 25.0), codes.index("Am"), tropical)
    arid = np.where(year < 0.5 * limit, codes.index("BWh"), codes.index("BSh")) + (mean < 18.0)
    mild = np.where(dry_summer, codes.index("Cs"), np.where(dry_winter, codes.index("Cw"), codes.index("Cf")))
    cold = mild + codes.index("Ds") - codes.index("Cs")
    polar = np.where(hottest > 0.0, codes.index("ET"), codes.index("EF"))
    humid = np.where(coldest >= 18.0, tropical, np.where(coldest > 0.0, mild, cold))
    return np.where(hottest < 10.0, polar, np.where(year < limit, arid, humid))


def _seasons(rain: np.ndarray, warm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where summers and where winters are dry; rain mm of months and warm (0 or 1) are [12, cell]."""
    summers, winters = np.where(warm == 1, rain, np.nan), np.where(warm == 0, rain, np.nan)
    driest_summer, wettest_summer = np.nanmin(summers, axis=0), np.nanmax(summers, axis=0)
    driest_winter, wettest_winter = np.nanmin(winters, axis=0), np.nanmax(winters, axis=0)
    dry_summer = (driest_summer < 40.0) & (driest_summer < wettest_winter / 3.0)
    return dry_summer, ~dry_summer & (driest_winter < wettest_summer / 10.0)
