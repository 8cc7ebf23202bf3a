"""Figures of a gridded run: its rivers, its water, its climates, hydrographs of its largest rivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import ConfigurationError
from .network_file import NETWORK, Network, read_network
from .plot_grid_data import Field, Series, read_fields, read_series
from .plot_grid_hydrograph import hydrographs
from .plot_grid_map import canvas, classes, heights, kinds, labels, rivers
from .plot_projection import Frame, frame_of
from .plot_style import WIDTH, new_figure, save

if TYPE_CHECKING:
    from .plotting import Choice

DAYS = 365.25
NAMED = 10  # rivers with their names on the map
DRAWN = 12  # hydrographs where none are asked for


@dataclass(frozen=True)
class Panel:
    """A map: quantities whose sum is drawn (the first names that are all there), title, factor, classes, colours."""

    names: tuple[tuple[str, ...], ...]
    title: str
    factor: float
    bounds: tuple[float, ...]
    colours: str
    highest: bool = False


PANELS = (
    Panel(
        (("rainfall", "snowfall"), ("precipitation",)),
        "precipitation (mm a$^{-1}$)",
        DAYS,
        (0, 100, 250, 500, 750, 1000, 1500, 2000, 3000),
        "YlGnBu",
    ),
    Panel(
        (("evaporation",),), "evaporation (mm a$^{-1}$)", DAYS, (0, 100, 200, 300, 400, 600, 800, 1000, 1200), "YlGn"
    ),
    Panel((("runoff",),), "runoff (mm a$^{-1}$)", DAYS, (0, 10, 50, 100, 200, 400, 700, 1000, 1500), "PuBuGn"),
    Panel(
        (("snow_water_equivalent",), ("snowpack",)),
        "snow, highest (mm)",
        1.0,
        (1, 10, 25, 50, 100, 200, 400, 800, 1600),
        "BuPu",
        True,
    ),
)


def is_gridded(folder: Path) -> bool:
    """Whether a folder holds the output of a gridded run."""
    return (folder / NETWORK).is_file()


def draw_grid(folder: Path, directory: Path, choice: Choice) -> list[Path]:
    """Draw the figures of a gridded run that its output allows, and return their paths.

    InputError where the output cannot be read, ConfigurationError where a gauge or date is not in it.
    """
    network, series, paths = read_network(folder / NETWORK), read_series(folder), []
    frame = frame_of(network.latitude, network.longitude, (network.land_area > 0) | (network.downstream >= 0))
    if "map" in choice.kinds:
        fields = read_fields(folder)
        figures = {
            "map_rivers": _rivers(network, frame, fields, series),
            "map_water": _water(network, frame, fields),
            "map_climates": _climates(network, frame),
        }
        paths += [
            save(figure, directory / f"{name}.{choice.format}")
            for name, figure in figures.items()
            if figure is not None
        ]
    if "hydrograph" in choice.kinds and series is not None:
        figure = hydrographs(series, _gauges(series, choice), _days(series, choice))
        paths.append(save(figure, directory / f"hydrographs.{choice.format}"))
    return paths


def _sized(frame: Frame, width: float, below: float) -> float:
    """Height in inches of a map of a width, with room below for its legend."""
    left, right, bottom, top = frame.limits()
    return min(max(width * (top - bottom) / (right - left), 0.3 * width), 1.2 * width) + below


def _rivers(network: Network, frame: Frame, fields: Mapping[str, Field], series: Series | None) -> Any:
    """The land by its height with its rivers; None where the run has no discharge on the grid."""
    if "discharge" not in fields:
        return None
    figure = new_figure(_sized(frame, WIDTH, 0.58))
    on = canvas(figure.add_subplot(), network, frame)
    heights(on, network)
    rivers(on, network, fields["discharge"].mean)
    if series is not None and len(series.ids):
        top = np.argsort(-np.nanmean(series.values, axis=0), kind="stable")[:NAMED]
        labels(on, [series.names[k] or series.ids[k] for k in top], series.latitude[top], series.longitude[top])
    return figure


def _water(network: Network, frame: Frame, fields: Mapping[str, Field]) -> Any:
    """Up to four maps of where water falls, evaporates, runs off and lies as snow; None where none can be drawn."""
    found = [(panel, values) for panel in PANELS if (values := _values(panel, fields)) is not None]
    if not found:
        return None
    columns = min(2, len(found))
    rows = -(-len(found) // columns)
    figure = new_figure(rows * _sized(frame, WIDTH / columns, 0.48))
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in panels[len(found) :]:
        axes.set_visible(False)
    for axes, (panel, values) in zip(panels, found, strict=False):
        mean = _mean(values, network.land_area)
        title = panel.title if panel.highest else f"{panel.title}, mean of the land {mean:.0f}"
        classes(canvas(axes, network, frame, 1000), values, panel.bounds, panel.colours, title)
    return figure


def _values(panel: Panel, fields: Mapping[str, Field]) -> np.ndarray | None:
    for names in panel.names:
        if all(name in fields for name in names):
            found = [fields[name].highest if panel.highest else fields[name].mean for name in names]
            return np.asarray(panel.factor * np.sum(found, axis=0))
    return None


def _mean(values: np.ndarray, area: np.ndarray) -> float:
    known = np.isfinite(values) & (area > 0)
    return float((values[known] * area[known]).sum() / area[known].sum()) if known.any() else np.nan


def _climates(network: Network, frame: Frame) -> Any:
    """Zones of climate; None where the run does not know them."""
    if "climate_zone" not in network.fields:
        return None
    from .planet.koeppen import ZONES

    figure = new_figure(_sized(frame, WIDTH, 0.66))
    names = [(f"{code} {meaning}", colour) for code, (meaning, colour) in ZONES.items()]
    kinds(canvas(figure.add_subplot(), network, frame), network.fields["climate_zone"], names)
    return figure


def _gauges(series: Series, choice: Choice) -> list[int]:
    """Indices of the gauges to draw: those named, else those with most water; ConfigurationError for an unknown one."""
    if not choice.basins:
        return np.argsort(-np.nanmean(series.values, axis=0), kind="stable")[:DRAWN].tolist()
    for name in choice.basins:
        if name not in series.ids:
            known = ", ".join(series.ids[:5])
            raise ConfigurationError(f"&plot basins: no gauge '{name}' in the input, which has {known}, ...")
    return [series.ids.index(name) for name in choice.basins]


def _days(series: Series, choice: Choice) -> slice:
    """Records to draw; ConfigurationError where none lies between the dates asked for."""
    start = next((k for k, date in enumerate(series.dates) if date >= choice.start), len(series.dates))
    stop = next((k for k, date in enumerate(series.dates) if choice.end and date > choice.end), len(series.dates))
    if stop <= start:
        raise ConfigurationError(
            f"&plot: nothing lies between '{choice.start}' and '{choice.end}', the series at gauges has "
            f"{series.dates[0]} to {series.dates[-1]}"
        )
    return slice(start, stop)
