"""The embedded weather generator: plausible catchments of several climates, from a seed and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..timeaxis import TimeAxis
    from .source import GeneratedSource


def generate(
    count: int = 12,
    seed: int = 1,
    start: str = "1990-01-01",
    years: int = 10,
    calendar: str = "standard",
    axis: TimeAxis | None = None,
) -> GeneratedSource:
    """`count` catchments with daily weather and discharge, a Source as the doors give it.

    start 'YYYY-MM-DD' and years, or an axis that replaces start, years and calendar. A basin's weather on a date
    depends on the seed, the basin's number, the calendar and the date alone: not on the axis, the other basins or the
    blocks read. Its discharge also depends on the first year of the axis, by what is left of four years of spin-up.
    ConfigurationError where the days leave the years 1 to 9999 or the calendar has no such start.
    """
    from ..errors import ConfigurationError
    from .basin import draw_basins
    from .source import GeneratedSource, axis_of_years

    if count < 1 or seed < 0:
        raise ConfigurationError(
            f"generator: {count} basins with seed {seed}, expected at least 1 and a seed from 0 on"
        )
    days = axis if axis is not None else axis_of_years(start, years, calendar)
    return GeneratedSource(draw_basins(count, seed), seed, days)


__all__ = ["generate"]
