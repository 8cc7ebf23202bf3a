"""The planet as a source of a run: its land in canonical order, its river, its gauges, its weather."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ConfigurationError
from ..generator.source import axis_of_years
from ..grid.assemble import assemble
from ..grid.gauges import Site
from ..grid.grid import Grid
from .names import river_names
from .weather import PlanetWeather
from .world import World, world

if TYPE_CHECKING:
    from ..grid.source import GridSource
    from ..timeaxis import TimeAxis


def open_planet(settings: Any) -> GridSource:
    """The planet that &planet asks for. ConfigurationError where its cells do not fit the globe."""
    asked, where = settings.planet, f"{settings.path}: &planet"
    rows = 180.0 / asked.resolution
    if abs(rows - round(rows)) > 1e-6 * rows:
        raise ConfigurationError(
            f"{where} resolution: 180 degrees are {rows:.4g} cells of {asked.resolution:g} degrees, expected a whole "
            f"number: the nearest is {180.0 / round(rows):.6g}"
        )
    axis = axis_of_years(asked.start, asked.years, asked.calendar, where)
    return planet(180.0 / round(rows), asked.seed, axis, asked.gauges)


def planet(resolution: float, seed: int, axis: TimeAxis, gauges: int = 12) -> GridSource:
    """The world of a seed at a resolution in degrees, with its weather on the days of an axis."""
    of = world(resolution, seed)
    step = 180.0 / len(of.ground.latitude)
    grid = Grid(of.ground.latitude, of.ground.longitude, of.area, of.land, True, (step, step))
    fields = {name: _on_grid(of, values) for name, values in of.fields.items()}
    fields["climate_zone"] = _on_grid(of, of.climate_zone())
    closed = int(of.drainage.closed.sum())
    notes = [
        f"the planet is invented (seed {seed}): {len(of.cell)} land cells of {step:g} degrees, "
        f"{of.area.ravel()[of.cell].sum() * 1e-12:.0f} million km2, {closed} closed basins; its weather too"
    ]
    return assemble(grid, fields, PlanetWeather(of, axis), of.drainage.downstream, mouths(of, gauges), notes=notes)


def mouths(of: World, count: int) -> list[Site]:
    """Gauges at the mouths of the rivers that should carry most water, largest first."""
    flow, area = of.expected_flow(), of.upstream_area()
    ends = np.flatnonzero(of.drainage.downstream.ravel() == np.arange(of.land.size))
    ends = ends[np.argsort(-flow.ravel()[ends], kind="stable")][:count]
    north = of.ground.latitude[ends // len(of.ground.longitude)]
    east = of.ground.longitude[ends % len(of.ground.longitude)]
    return [
        Site(name.lower(), name, float(y), float(x), float(a))
        for name, y, x, a in zip(river_names(of.seed, north, east), north, east, area.ravel()[ends], strict=True)
    ]


def _on_grid(of: World, values: np.ndarray) -> np.ndarray:
    """A field of land cells on the grid, [y, x] or [12, y, x] (float32: they are large); 0 at sea."""
    result = np.zeros((*values.shape[:-1], of.land.size), np.float64 if values.ndim == 1 else np.float32)
    result[..., of.cell] = values
    return result.reshape(*values.shape[:-1], *of.land.shape)
