"""What a gridded run came to: the water of its land, and how to see it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import numpy as np

from .residuals import Residuals

if TYPE_CHECKING:
    from .leg import Leg


def grid_lines(leg: Leg, residuals: Residuals) -> list[str]:
    """Lines on the mean water of the land, and on the command that draws it; none where places are no cells.

    Sums over places are those of the root, in their own order: the same for any number of processes.
    """
    source, years = leg.recorder.source, leg.schedule.count / 365.25
    if getattr(source, "grid", None) is None:
        return []
    area = float(source.land_area.sum())
    rain = float(np.sum(residuals.inflow * source.land_area)) / area / years
    line = f"{area * 1e-12:.4g} million km2 of land: {rain:.0f} mm of precipitation in a year"
    if residuals.river:
        runoff = residuals.river["entered_m3"] * 1e3 / area / years
        line += f", {runoff:.0f} mm of runoff to the rivers ({100.0 * runoff / max(rain, 1e-30):.0f} %)"
    sets = [word for text in leg.settings.overrides if _for_plot(text) for word in ("--set", shlex.quote(text))]
    return [line, "to see it: " + " ".join(["freshet plot", shlex.quote(leg.settings.path), *sets])]


def _for_plot(override: str) -> bool:
    """Whether freshet plot needs an option of --set too, to find the output."""
    return override.partition("=")[0].strip().lower() in ("output.directory", "plot.directory", "plot.input")
