"""Potential evaporation of a tile in a sub-step (vic.md, 4.10)."""

from .jarvis import unstressed_resistance
from .penman import penman

RARC_SOIL = 100.0  # s m-1
DAY = 86400.0


def potential_evaporation(air_terms, air, green, albedo, net_longwave, surface, canopy, leaf_area, rmin, limit, rarc, seconds):
    """mm in a whole step of so many seconds, whatever the sub-step: VIC adds it once for each sub-step.

    surface, canopy: resistances of the surface as solved and of the air above vegetation, s m-1.
    """
    shortwave = (1.0 - albedo) * air.shortwave
    radiation = shortwave + net_longwave
    leaves = unstressed_resistance(rmin, leaf_area, air.temperature, air.deficit, shortwave, limit)
    return penman(
        air_terms, radiation, air.deficit, canopy if green > 0.0 else surface, leaves if green > 0.0 else 0.0,
        rarc if green > 0.0 else RARC_SOIL,
    ) * (seconds / DAY)  # fmt: skip
