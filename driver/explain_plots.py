"""Pictures of attributions: importance of attributes with the places behind it, and maps."""

from __future__ import annotations

from math import cos, radians
from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.variable import Variable
from .explain_report import attribute_values, shares
from .explain_result import Explanation, One
from .place_layout import layout
from .plot_map import frame, graticule
from .plot_style import COLOURS, FAINT, WIDTH, new_figure, save, style

SHOWN = 12  # attributes of a parameter in its picture
DIVERGING, VALUES = "RdBu_r", "viridis"
ORDERED = "cividis"
CLASS = "0.55"  # colour of places whose attribute is a class


def draw(directory: Path, result: Explanation, source: Any, asked: Any) -> list[Path]:
    """Write importance_all, importance_<parameter> and map_<parameter>; the paths. WriteError where that fails."""
    values = attribute_values(result, source)
    paths = []
    with style():
        paths.append(save(overview(result), directory / f"importance_all.{asked.format}"))
        for variable in result.variables:
            one, name = result.found[variable.name], variable.name.replace("+", "_and_")
            picture = importance(variable, one, result.attributes, values)
            paths.append(save(picture, directory / f"importance_{name}.{asked.format}"))
            drawn = maps(variable, one, result.attributes, source, asked.maps)
            if drawn is not None:
                paths.append(save(drawn, directory / f"map_{name}.{asked.format}"))
    return paths


def overview(result: Explanation) -> Any:
    """Figure of the shares of importance: parameters by attributes, the most important attributes first."""
    share = np.array([shares(result.found[variable.name]) for variable in result.variables])
    order = np.argsort(-share.mean(0), kind="stable")[: 2 * SHOWN]
    figure = new_figure(1.6 + 0.2 * len(share))
    axes = figure.add_subplot()
    image = axes.pcolormesh(100 * share[:, order], cmap=ORDERED, vmin=0)
    axes.set_xticks(np.arange(len(order)) + 0.5, [result.attributes[k] for k in order], rotation=60, ha="right")
    axes.set_yticks(np.arange(len(share)) + 0.5, [variable.name for variable in result.variables])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, label="share of the importance (%)", pad=0.01)
    return figure


def importance(variable: Variable, one: One, attributes: tuple[str, ...], values: np.ndarray) -> Any:
    """Figure of one parameter: bars of the mean |attribution|, and the attributions of all places beside them.

    values [attribute, place] colour the places, NaN grey.
    """
    size = one.importance.mean(0)
    order = np.argsort(-size, kind="stable")[:SHOWN]
    figure = new_figure(1.1 + 0.24 * len(order))
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.5), sharey=True)
    where = np.arange(len(order))
    spread = None if one.deviation is None else one.deviation.mean(0)[order]
    left.barh(where, size[order], 0.7, xerr=spread, color=COLOURS[0], error_kw={"linewidth": 0.8})
    left.set_yticks(where, [attributes[k] for k in order])
    left.invert_yaxis()
    left.set_xlabel(f"mean |attribution| ({variable.unit})")
    left.set_title(f"{variable.name}: {variable.meaning}", loc="left")
    phi = one.phi.mean(0)
    random = np.random.default_rng(0)
    points = None
    for row, k in enumerate(order):
        height = row + random.uniform(-0.3, 0.3, phi.shape[1])
        rank = _rank(values[k])
        right.scatter(phi[k][np.isnan(rank)], height[np.isnan(rank)], 3, color=CLASS, linewidths=0)
        known = ~np.isnan(rank)
        points = right.scatter(phi[k][known], height[known], 3, rank[known], cmap=ORDERED, vmin=0, vmax=1, linewidths=0)
    right.axvline(0, color=FAINT, linewidth=0.6, zorder=0)
    right.set_xlabel(f"attribution ({variable.unit})")
    bar = figure.colorbar(points, ax=right, ticks=[0, 1], pad=0.01)
    bar.ax.set_yticklabels(["low", "high"])
    bar.set_label("attribute, by rank", labelpad=-8)
    return figure


def _rank(values: np.ndarray) -> np.ndarray:
    """Ranks from 0 to 1 of values [place], NaN where unknown."""
    known = np.isfinite(values)
    found = np.full(len(values), np.nan)
    order = np.argsort(np.argsort(values[known], kind="stable"), kind="stable")
    found[known] = order / max(1, len(order) - 1)
    return found


def maps(variable: Variable, one: One, attributes: tuple[str, ...], source: Any, count: int) -> Any:
    """Figure of a parameter, and of the attributions of its `count` most important attributes; None without places.

    Basins are points, cells of a grid are filled.
    """
    nowhere = np.full(one.phi.shape[2], np.nan)
    known = source.attributes
    longitude, latitude = (np.asarray(known.get(name, nowhere), float) for name in ("longitude", "latitude"))
    places = (longitude, latitude)
    there = np.isfinite(longitude) & np.isfinite(latitude)
    if not count or there.sum() < 2:
        return None
    order = np.argsort(-one.importance.mean(0), kind="stable")[:count]
    value = one.value.mean(0)
    drawn = [(value, variable.name, {"cmap": VALUES, "vmin": value[there].min(), "vmax": value[there].max()})]
    for k in order:
        phi = one.phi.mean(0)[k]
        limit = float(np.quantile(np.abs(phi), 0.98)) or 1.0
        how = {"cmap": DIVERGING, "vmin": -limit, "vmax": limit}
        drawn.append((phi, f"what {attributes[k]} adds to {variable.name}", how))
    longitudes = frame(longitude[there], 2.0)
    south, north = frame(latitude[there], max(1.5, 0.3 * (longitudes[1] - longitudes[0])))
    latitudes = max(south, -90.0), min(north, 90.0)
    shape = 1.0 / max(cos(radians(sum(latitudes) / 2)), 0.2)
    height = (latitudes[1] - latitudes[0]) / (longitudes[1] - longitudes[0]) * shape * 0.85 * WIDTH
    figure = new_figure(len(drawn) * (min(max(height, 2.0), 6.0) + 0.3))
    panels = figure.subplots(len(drawn), 1, squeeze=False)[:, 0]
    for axes, (values, title, how) in zip(panels, drawn, strict=True):
        axes.set_aspect(shape)
        graticule(axes, longitudes, latitudes)
        shown = np.where(there, values, np.nan)
        colours = _cells(axes, source, shown, how) if hasattr(source, "grid") else _points(axes, places, shown, how)
        axes.set_title(title, loc="left")
        extend = "both" if how["cmap"] == DIVERGING else "neither"
        figure.colorbar(colours, ax=axes, label=variable.unit, pad=0.01, shrink=0.8, extend=extend)
    return figure


def _points(axes: Any, places: tuple[np.ndarray, np.ndarray], values: np.ndarray, how: dict[str, Any]) -> Any:
    """Basins as points at (longitude, latitude), the farthest from the middle of the colours on top."""
    middle = (how["vmin"] + how["vmax"]) / 2
    order = np.argsort(np.abs(values - middle), kind="stable")
    order = order[np.isfinite(values[order])]
    size = float(np.clip(4000 / max(1, len(order)), 4, 40))
    longitude, latitude = (part[order] for part in places)
    return axes.scatter(longitude, latitude, size, values[order], edgecolors="0.3", linewidths=0.2, **how)


def _cells(axes: Any, source: Any, values: np.ndarray, how: dict[str, Any]) -> Any:
    """Fill the cells of a grid with values [place]; from west to east, whatever the file's convention."""
    east = (source.grid.longitude + 180.0) % 360.0 - 180.0
    order = np.argsort(east, kind="stable")
    field = layout(source).spread(values)[:, order]
    return axes.pcolormesh(east[order], source.grid.latitude, field, shading="nearest", rasterized=True, **how)
