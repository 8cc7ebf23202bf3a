"""Maps of a grid: values in classes of colours, and rivers as lines whose width is their discharge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .network_file import Network
from .plot_projection import Frame
from .plot_style import FAINT

SEA, LAND, COAST = "#E4ECF1", "#F3F1EA", "#8A9499"
DOTS = 1600  # of a map from left to right
# Colours of heights in metres, muted so that rivers stand out.
HEIGHTS = ((0, "#DDE5CF"), (200, "#EAE8CC"), (600, "#EADDB6"), (1500, "#D8BE93"), (3000, "#B8957A"), (5500, "#F7F3F0"))
ICE, LAKE = "#FFFFFF", "#B5D3E8"
MOST_LINKS = 5000  # of the river network drawn
RIVER = ("#7FB2D9", "#08306B")


@dataclass(frozen=True)
class Canvas:
    """A map in the making: its frame, and the cell in each dot of its picture."""

    axes: Any
    frame: Frame
    picture: np.ndarray
    shown: np.ndarray

    def image(self, values: np.ndarray, **how: Any) -> Any:
        """Draw values [cell], NaN = nothing; returns the artist, which a bar of colours wants."""
        dots = np.where(self.picture >= 0, values.ravel()[np.maximum(self.picture, 0)], np.nan)
        return self.axes.imshow(
            dots, extent=self.frame.limits(), aspect="equal", interpolation="nearest", zorder=1, **how
        )


def canvas(axes: Any, network: Network, frame: Frame, dots: int = DOTS) -> Canvas:
    """An empty map: sea, land, graticule and coast. Cells with land area or a height are land."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Polygon

    land = (network.land_area > 0) | (network.downstream >= 0)
    picture = frame.picture(network.latitude, network.longitude, dots)
    made = Canvas(axes, frame, picture, land)
    edge = np.column_stack(frame.outline())
    axes.add_patch(Polygon(edge, closed=True, facecolor=SEA, edgecolor="none", zorder=0))
    made.image(np.where(land, 1.0, np.nan), cmap=ListedColormap([LAND]))
    on_land = np.where(picture >= 0, land.ravel()[np.maximum(picture, 0)], False).astype(float)
    left, right, bottom, top = frame.limits()
    x, y = frame.dots(picture.shape[1], picture.shape[0])
    if 0 < on_land.sum() < on_land.size:
        axes.contour(x, y, on_land, levels=[0.5], colors=[COAST], linewidths=0.35, zorder=3)
    _graticule(axes, frame)
    axes.add_patch(Polygon(edge, closed=True, facecolor="none", edgecolor=FAINT, linewidth=0.6, zorder=5))
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.axis("off")
    return made


def _graticule(axes: Any, frame: Frame) -> None:
    step = 30.0 if frame.whole else _round_step(max(frame.east - frame.west, frame.north - frame.south) / 5)
    line = {"color": FAINT, "linewidth": 0.3, "alpha": 0.6, "zorder": 0.5}
    for east in np.arange(np.ceil(frame.west / step), np.floor(frame.east / step) + 1) * step:
        axes.plot(*frame.forward(np.full(91, east), np.linspace(frame.south, frame.north, 91)), **line)
    for north in np.arange(np.ceil(frame.south / step), np.floor(frame.north / step) + 1) * step:
        axes.plot(*frame.forward(np.linspace(frame.west, frame.east, 91), np.full(91, north)), **line)


def _round_step(size: float) -> float:
    return next((step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if step >= size), 30.0)


def classes(on: Canvas, values: np.ndarray, bounds: Sequence[float], colours: str, label: str) -> Any:
    """Draw values [y, x] in classes between bounds, with a bar below; what lies outside has the colour of the end."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm

    norm = BoundaryNorm(bounds, 256, extend="max")
    artist = on.image(np.where(on.shown, values, np.nan), cmap=colormaps[colours], norm=norm)
    bar = on.axes.figure.colorbar(
        artist, ax=on.axes, orientation="horizontal", aspect=38, pad=0.02, shrink=0.78, extend="max", spacing="uniform"
    )
    bar.set_ticks(list(bounds), labels=[f"{bound:g}" for bound in bounds])
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=7)
    bar.set_label(label, fontsize=7.5)
    return artist


def kinds(on: Canvas, values: np.ndarray, names: Sequence[tuple[str, str]]) -> None:
    """Draw kinds (numbers from 0, [y, x]) in their colours, with a legend of (name, colour) below."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    palette = ListedColormap([colour for _, colour in names])
    on.image(np.where(on.shown, values, np.nan), cmap=palette, vmin=-0.5, vmax=len(names) - 0.5)
    present = np.unique(values[np.isfinite(values)]).astype(int)
    handles = [Patch(facecolor=names[kind][1], label=names[kind][0]) for kind in present]
    on.axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=5, fontsize=7, handlelength=1)


def heights(on: Canvas, network: Network) -> None:
    """Tint the land by its height, ice white, large lakes blue."""
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap

    top = HEIGHTS[-1][0]
    tints = LinearSegmentedColormap.from_list("heights", [(height / top, colour) for height, colour in HEIGHTS])
    if "elevation" in network.fields:
        on.image(np.where(on.shown, network.fields["elevation"], np.nan), cmap=tints, vmin=0, vmax=top)
    for name, colour in (("glacier", ICE), ("lake", LAKE)):
        covered = network.fields.get(name, np.zeros(on.shown.shape)) > 0.5
        if covered.any():
            on.image(np.where(covered, 1.0, np.nan), cmap=ListedColormap([colour]))


def rivers(on: Canvas, network: Network, discharge: np.ndarray, bar: bool = True) -> None:
    """Draw the links of the river network with mean discharge [y, x], m3 s-1, as width and colour."""
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LinearSegmentedColormap, LogNorm

    flow, down = discharge.ravel(), network.downstream.ravel()
    inner = np.flatnonzero((down >= 0) & (down != np.arange(down.size)) & (flow > 0))
    if not len(inner):
        return
    most = flow[inner].max()
    least = max(most / 2000.0, np.sort(flow[inner])[-min(MOST_LINKS, len(inner))])
    inner = inner[flow[inner] >= least]
    inner = inner[np.argsort(flow[inner], kind="stable")]  # the great rivers on top
    lines, widths = _lines(on.frame, network, inner), 0.25 + 2.4 * np.sqrt(flow[inner] / most)
    drawn = LineCollection(
        lines, linewidths=widths, cmap=LinearSegmentedColormap.from_list("rivers", RIVER),
        norm=LogNorm(least, most), capstyle="round", zorder=4,
    )  # fmt: skip
    drawn.set_array(flow[inner])
    on.axes.add_collection(drawn)
    if bar:
        scale = on.axes.figure.colorbar(drawn, ax=on.axes, orientation="horizontal", aspect=50, pad=0.02, shrink=0.6)
        scale.set_label("mean discharge (m$^3$ s$^{-1}$), also the width of the lines", fontsize=8)
        scale.outline.set_visible(False)


def _lines(frame: Frame, network: Network, cells: np.ndarray) -> list[np.ndarray]:
    """Lines on the map from cells to where they drain, drawn a little smoother than the grid has them."""
    columns, down = len(network.longitude), network.downstream.ravel()
    north, east = network.latitude[np.arange(down.size) // columns], network.longitude[np.arange(down.size) % columns]
    # A cell with one tributary lies between it and the next cell.
    above, count = np.full(down.size, -1), np.zeros(down.size, int)
    np.add.at(count, down[cells], 1)
    above[down[cells]] = cells
    bent = cells[count[cells] == 1]
    before, after = above[bent], down[bent]
    smooth_north, smooth_east = north.copy(), east.copy()
    smooth_north[bent] = 0.5 * north[bent] + 0.25 * (north[before] + north[after])
    smooth_east[bent] = east[bent] + 0.25 * (_turn(east[before] - east[bent]) + _turn(east[after] - east[bent]))
    start, way = smooth_east[cells], _turn(smooth_east[down[cells]] - smooth_east[cells])
    first = frame.forward(start, smooth_north[cells])
    last = frame.forward(start + way, smooth_north[down[cells]])
    return list(np.stack([np.column_stack(first), np.column_stack(last)], axis=1))


def _turn(degrees: np.ndarray) -> np.ndarray:
    """Differences of longitude by the shorter way around."""
    return (degrees + 180.0) % 360.0 - 180.0


def labels(on: Canvas, names: Sequence[str], latitude: np.ndarray, longitude: np.ndarray) -> None:
    """Write names beside points, degrees [point]; dots where they are."""
    from matplotlib.patheffects import withStroke

    x, y = on.frame.forward(longitude, latitude)
    on.axes.plot(x, y, "o", color="#08306B", markersize=2.2, zorder=6)
    left, right, bottom, top = on.frame.limits()
    placed: list[tuple[float, float]] = []
    for name, a, b in zip(names, x, y, strict=True):
        close = [abs(a - c) < 0.12 * (right - left) and abs(b - d) < 0.04 * (top - bottom) for c, d in placed]
        placed.append((a, b))
        side = "right" if any(close) or a > right - 0.12 * (right - left) else "left"
        on.axes.annotate(
            name, (a, b), (-4 if side == "right" else 4, 3), textcoords="offset points", ha=side,
            fontsize=6.5, fontstyle="italic", color="#08306B", zorder=7,
            path_effects=[withStroke(linewidth=1.6, foreground="white")],
        )  # fmt: skip
