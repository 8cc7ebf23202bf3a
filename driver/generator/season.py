"""Expected weather of each day of the year, from the seasons of a climate and the numbers of a basin."""

from dataclasses import dataclass

import numpy as np

from .basin import Basin
from .climates import Climate


@dataclass(frozen=True)
class Season:
    """Expected weather of each day of a year, [day, place]: what the daily numbers scatter about.

    wet chance of a wet day; amount mm on one; temperature, deviation degC and K.
    """

    wet: np.ndarray
    amount: np.ndarray
    temperature: np.ndarray
    deviation: np.ndarray


def season(basins: list[Basin], length: int) -> Season:
    """The season of basins in a year of `length` days.

    Cosines are taken once per climate and hemisphere; a basin only scales them, so its bits are its own.
    """
    shapes: dict[tuple[str, bool], tuple[np.ndarray, ...]] = {}
    rows = []
    for basin in basins:
        key = (basin.climate.name, basin.latitude < 0)
        if key not in shapes:
            shapes[key] = _shapes(basin.climate, basin.latitude < 0, length)
        rain, warm = shapes[key]
        winter, summer = basin.climate.deviation
        rows.append(
            (
                basin.wet[0] + (basin.wet[1] - basin.wet[0]) * rain,
                basin.amount[0] + (basin.amount[1] - basin.amount[0]) * rain,
                basin.temperature + basin.amplitude * warm,
                0.5 * (winter + summer) + 0.5 * (summer - winter) * warm,
            )
        )
    return Season(*(np.stack(column, axis=1) for column in zip(*rows, strict=True)))


def _shapes(climate: Climate, south: bool, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Wet season from 0 to 1 and warm season from -1 to 1, [day]."""
    year = (np.arange(length) + 0.5) / length - (0.5 if south else 0.0)
    rain = 0.5 + 0.5 * np.cos(2.0 * np.pi * (year - climate.wet_peak / 365.0))
    return rain**climate.sharpness, np.cos(2.0 * np.pi * (year - climate.warm_peak / 365.0))
