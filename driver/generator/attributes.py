"""Attributes of generated basins under CAMELS' names, expected values of the weather's distributions, not of a sample.

Definitions: Addor et al. (2017). A basin's attributes hold for any period, and are the same on every axis.
"""

import math

import numpy as np

from ...kernels.potential_evaporation import extraterrestrial_radiation
from ...kernels.potential_evaporation.formulas import MILLIMETRES
from .basin import Basin
from .season import season
from .weather import LARGE, SMALL, SMALL_SHARE

DAYS = 365
TEXTS = ("name", "climate", "koeppen", "region")
_error_function = np.vectorize(math.erf, otypes=[float])


def attributes_of(basins: list[Basin]) -> dict[str, np.ndarray]:
    """Attributes by name, [place]: float64, and text for those of TEXTS."""
    rows = [_land(basin) | _climate(basin) for basin in basins]
    columns = {name: np.array([row[name] for row in rows], np.float64) for name in rows[0]}
    texts = {
        "name": [f"{basin.climate.name.replace('_', '-')} {basin.number + 1}, {basin.region.name}" for basin in basins],
        "climate": [basin.climate.name for basin in basins],
        "koeppen": [basin.climate.koeppen for basin in basins],
        "region": [basin.region.name for basin in basins],
    }
    return columns | {name: np.array(texts[name]) for name in TEXTS}


def _land(basin: Basin) -> dict[str, float]:
    """Place, relief, cover and soil; porosity and conductivity (cm h-1) from texture by Cosby et al. (1984)."""
    porosity = 0.489 - 0.00126 * basin.sand
    return {
        "latitude": basin.latitude,
        "longitude": basin.longitude,
        "area": basin.area,
        "elevation": basin.elevation,
        "slope_mean": basin.slope,
        "frac_forest": basin.forest,
        "lai_max": 1.0 + 4.5 * basin.forest,
        "sand_frac": basin.sand,
        "silt_frac": 100.0 - basin.sand - basin.clay,
        "clay_frac": basin.clay,
        "soil_depth": basin.soil_depth,
        "soil_porosity": porosity,
        "soil_conductivity": 2.54 * 10.0 ** (-0.6 + 0.0126 * basin.sand - 0.0064 * basin.clay),
        "max_water_content": porosity * basin.soil_depth,
        "geol_permeability": basin.permeability,
    }


def _climate(basin: Basin) -> dict[str, float]:
    """Means, snow, seasons and extremes of precipitation (mm d-1, shares, days per year, days)."""
    expected = season([basin], DAYS)
    amount, temperature = expected.amount[:, 0], expected.temperature[:, 0]
    wet = _wet_share(expected.wet[:, 0], basin.climate.persistence)
    rain = wet * amount
    mean = float(rain.mean())
    spread = np.hypot(expected.deviation[:, 0], basin.climate.warm_years)
    on_wet_days = temperature - basin.climate.cooling * (1.0 - wet)
    spread_of_all = np.sqrt(spread**2 + basin.climate.cooling**2 * wet * (1.0 - wet))
    evaporation = _evaporation(basin, temperature, spread_of_all)
    heavy, light = _exceeded(amount, 5.0 * mean), 1.0 - _exceeded(amount, 1.0)
    follows = _wet_after_wet(expected.wet[:, 0], basin.climate.persistence)
    high, high_spells = wet * heavy, wet * heavy * (1.0 - np.roll(follows * heavy, -1))
    low = 1.0 - wet * (1.0 - light)
    # A spell of low days ends where 1 mm or more follow a dry day, or a wet one of little rain.
    follows_dry = np.roll(expected.wet[:, 0] * (1.0 - basin.climate.persistence), -1)
    ends = ((1.0 - wet) * follows_dry + wet * light * np.roll(follows, -1)) * (1.0 - np.roll(light, -1))
    return {
        "p_mean": mean,
        "pet_mean": evaporation,
        "aridity": evaporation / mean,
        "t_mean": float(temperature.mean()),
        "frac_snow": float((rain * _below(0.0, on_wet_days, spread)).sum() / rain.sum()),
        "p_seasonality": _seasonality(rain, temperature),
        "high_prec_freq": float(high.mean()) * 365.25,
        "high_prec_dur": float(high.sum() / high_spells.sum()),
        "low_prec_freq": float(low.mean()) * 365.25,
        "low_prec_dur": float(low.sum() / ends.sum()),
    }


def _wet_after_wet(chance: np.ndarray, persistence: float) -> np.ndarray:
    return chance * (1.0 - persistence) + persistence


def _wet_share(chance: np.ndarray, persistence: float) -> np.ndarray:
    """Chance that the chain is wet on a day: it lags a little behind the season that drives it."""
    share, today = np.empty(len(chance)), float(chance[-1])
    for _ in range(2):
        for day, driven in enumerate(chance.tolist()):
            today = driven * (1.0 - persistence) + persistence * today
            share[day] = today
    return share


def _exceeded(amount: np.ndarray, limit: float) -> np.ndarray:
    """Chance that the amount of a wet day reaches a limit, mm."""
    return SMALL_SHARE * np.exp(-limit / (SMALL * amount)) + (1.0 - SMALL_SHARE) * np.exp(-limit / (LARGE * amount))


def _below(limit: float, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Chance that a normal variable is below a limit."""
    return 0.5 + 0.5 * _error_function((limit - mean) / (spread * math.sqrt(2.0)))


def _evaporation(basin: Basin, temperature: np.ndarray, spread: np.ndarray) -> float:
    """Mean of Oudin's evaporation, mm d-1, over the normal distribution of each day's temperature."""
    sun = extraterrestrial_radiation(basin.latitude, np.arange(1, DAYS + 1), DAYS)
    above = (temperature + 5.0) / spread
    warm = (temperature + 5.0) * (1.0 - _below(-5.0, temperature, spread))
    warm = warm + spread * np.exp(-0.5 * above**2) / math.sqrt(2.0 * math.pi)
    return float((sun * MILLIMETRES * warm / 100.0).mean())


def _seasonality(rain: np.ndarray, temperature: np.ndarray) -> float:
    """Strength of precipitation's season, positive with the warm season (Woods, 2009, eq. 14)."""
    turn = np.exp(-2j * np.pi * np.arange(DAYS) / DAYS)
    wet, warm = complex((rain * turn).sum()), complex((temperature * turn).sum())
    between = math.cos(math.atan2(wet.imag, wet.real) - math.atan2(warm.imag, warm.real))
    return 2.0 * abs(wet) / float(rain.sum()) * between
