"""Potential evaporation of a tile in a sub-step (vic.md, 4.10)."""

from collections import namedtuple

from .bundles import Air
from .jarvis import unstressed_resistance, unstressed_resistance_adjoint
from .penman import penman, penman_adjoint

RARC_SOIL = 100.0  # s m-1
DAY = 86400.0
# Gradients of the arguments
Potential = namedtuple("Potential", "evaporative air albedo net_longwave surface canopy leaf_area rmin limit rarc")


def potential_evaporation(
    air_terms, air, green, albedo, net_longwave, surface, canopy, leaf_area, rmin, limit, rarc, seconds
):  # fmt: skip
    """mm in a whole step of so many seconds, whatever the sub-step; record.py says what a step has of its sub-steps.

    surface, canopy: resistances of the surface as solved and of the air above vegetation, s m-1; limit: RGL, W m-2.
    """
    shortwave = (1.0 - albedo) * air.shortwave
    leaves = unstressed_resistance(rmin, leaf_area, air.temperature, air.deficit, shortwave, limit)
    return penman(
        air_terms, shortwave + net_longwave, air.deficit, canopy if green > 0.0 else surface,
        leaves if green > 0.0 else 0.0, rarc if green > 0.0 else RARC_SOIL,
    ) * (seconds / DAY)  # fmt: skip


def potential_evaporation_adjoint(
    air_terms, air, green, albedo, net_longwave, surface, canopy, leaf_area, rmin, limit, rarc, seconds, d_amount
):  # fmt: skip
    """Reverse of potential_evaporation: the Potential of gradients."""
    shortwave = (1.0 - albedo) * air.shortwave
    grows = green > 0.0
    leaves = unstressed_resistance(rmin, leaf_area, air.temperature, air.deficit, shortwave, limit)
    d_terms, d_radiation, d_deficit, d_ra, d_rc, d_rarc = penman_adjoint(
        air_terms, shortwave + net_longwave, air.deficit, canopy if grows else surface, leaves if grows else 0.0,
        rarc if grows else RARC_SOIL, d_amount * (seconds / DAY),
    )  # fmt: skip
    d_rmin, d_leaf_area, d_warmth, d_dry, d_light, d_limit = unstressed_resistance_adjoint(
        rmin, leaf_area, air.temperature, air.deficit, shortwave, limit, d_rc if grows else 0.0
    )
    d_shortwave = d_radiation + d_light
    zero = 0.0 * d_radiation
    return Potential(
        d_terms, Air(d_warmth, zero, zero, d_deficit + d_dry, zero, zero, d_shortwave * (1.0 - albedo), zero),
        -d_shortwave * air.shortwave, d_radiation, zero if grows else d_ra, d_ra if grows else zero, d_leaf_area,
        d_rmin, d_limit, d_rarc if grows else zero,
    )  # fmt: skip
