"""Map of a score: one point per basin on longitude and latitude, in classes, with a graticule."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any

import numpy as np

from .degrees import degrees
from .plot_style import FAINT, WIDTH, new_figure

CLASSES = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
BELOW = "#A50026"
COLOUR_MAP = "viridis"
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60)


def frame(values: np.ndarray, least: float) -> tuple[float, float]:
    """Range of the axis: the values with a margin, at least `least` degrees wide."""
    low, high = float(values.min()), float(values.max())
    margin = max(0.04 * (high - low), (least - (high - low)) / 2, 0.2)
    return low - margin, high + margin


def graticule(axes: Any, longitudes: tuple[float, float], latitudes: tuple[float, float]) -> None:
    """Lines and labels of latitude and longitude at round degrees."""
    for axis, (low, high), east, west in ((axes.xaxis, longitudes, "E", "W"), (axes.yaxis, latitudes, "N", "S")):
        step = next((step for step in STEPS if (high - low) / step <= 7), STEPS[-1])
        ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
        axis.set_ticks(ticks, [degrees(tick, east, west, int(step < 1)) for tick in ticks])
    axes.grid(color=FAINT, linewidth=0.4, alpha=0.7)
    axes.set_axisbelow(True)
    axes.set(xlim=longitudes, ylim=latitudes)


def skill_map(
    longitude: np.ndarray, latitude: np.ndarray, values: np.ndarray, label: str, title: str, classes: Sequence = CLASSES
) -> Any:
    """Figure of `values` [place] (a score whose best is 1), the worst drawn on top; hollow where there is no score.

    The bar of colours says how many basins each class holds. Returns a matplotlib Figure.
    """
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm, ListedColormap

    known = np.isfinite(longitude) & np.isfinite(latitude)
    scored = known & ~np.isnan(values)
    longitudes, latitudes = ((0.0, 1.0), (0.0, 1.0))
    if known.any():
        longitudes = frame(longitude[known], 2.0)
        # basins along one parallel: a strip would leave the rest of the page empty
        south, north = frame(latitude[known], max(1.5, 0.3 * (longitudes[1] - longitudes[0])))
        latitudes = max(south, -90.0), min(north, 90.0)
    shape = 1.0 / max(cos(radians(sum(latitudes) / 2)), 0.2)
    height = (latitudes[1] - latitudes[0]) / (longitudes[1] - longitudes[0]) * shape * 0.92 * WIDTH
    figure = new_figure(min(max(height, 2.2), 6.0) + 1.25)
    axes = figure.add_subplot()
    axes.set_aspect(shape)
    graticule(axes, longitudes, latitudes)

    colours = colormaps[COLOUR_MAP](np.linspace(0.08, 1.0, len(classes) - 1))
    palette = ListedColormap([BELOW, *colours])
    norm = BoundaryNorm([classes[0] - 1.0, *classes], palette.N)
    size = float(np.clip(4000 / max(scored.sum(), 1), 12, 60))
    missing = known & ~scored
    axes.scatter(longitude[missing], latitude[missing], size, facecolors="none", edgecolors="0.4", linewidths=0.6)
    order = np.flatnonzero(scored)[np.argsort(-values[scored], kind="stable")]
    shown = np.clip(values[order], classes[0] - 0.5, classes[-1] - 1e-9)
    points = axes.scatter(
        longitude[order], latitude[order], size, shown, cmap=palette, norm=norm, edgecolors="0.15", linewidths=0.3
    )
    middle = f"median {np.median(values[scored]):.2f}, " if scored.any() else ""
    hollow = f", {missing.sum()} without score (hollow)" if missing.any() else ""
    axes.set_title(f"{title}: {middle}{scored.sum()} basins{hollow}", loc="left")
    _class_bar(figure, axes, points, label, values[scored], classes)
    return figure


def _class_bar(figure: Any, axes: Any, points: Any, label: str, values: np.ndarray, classes: Sequence[float]) -> None:
    """Bar of the classes with their bounds below and the number of basins inside each."""
    bar = figure.colorbar(points, ax=axes, orientation="horizontal", spacing="uniform", aspect=45, pad=0.02)
    bar.set_ticks(list(classes), labels=[f"{bound:g}" for bound in classes])
    bar.set_label(label)
    edges = [-np.inf, *classes[:-1], np.inf]
    counts = np.histogram(values, edges)[0] if len(values) else np.zeros(len(classes), int)
    for index, count in enumerate(counts):
        dark = index <= len(counts) // 2
        bar.ax.text(
            (index + 0.5) / len(counts),
            0.5,
            f"{'< 0: ' if index == 0 else ''}{count}",
            transform=bar.ax.transAxes,
            ha="center",
            va="center",
            fontsize=7,
            color="white" if dark else "black",
        )
