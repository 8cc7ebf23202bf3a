"""Parameter and domain files of VIC 5's image driver (netCDF)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from . import fields
from .baseflow import arno_parameters
from .choices import DEFAULT, Choices
from .cover import shares
from .netcdf_fields import coordinate, numbers
from .parameters import UNUSED, Arrays, VicParameters, required

# Names in the domain file, as the lines DOMAIN_TYPE of the global file may change them.
DOMAIN_NAMES = {"LAT": "lat", "LON": "lon", "MASK": "mask", "AREA": "area", "FRAC": "frac"}
NEAR = 1e-4  # degrees


@dataclass(frozen=True)
class ImageGrid:
    """Where the places lie: row and column [place] of arrays [y, x] with these coordinates (1-D, degrees).

    area (m2) and fraction of the cell inside the domain [place]; NaN and 1 where no domain file was given.
    """

    latitude: np.ndarray
    longitude: np.ndarray
    row: np.ndarray
    column: np.ndarray
    area: np.ndarray
    fraction: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        return self.latitude.size, self.longitude.size


def read_image(
    path: Path, domain: Path | None = None, chosen: Choices | None = None, names: Mapping[str, str] | None = None
) -> tuple[VicParameters, ImageGrid]:
    """The parameters of all cells that run: those of run_cell that lie in the mask of the domain.

    chosen.layers, zones, bands: 0 = as many as the file has. names: DOMAIN_TYPE lines that differ from DOMAIN_NAMES.
    InputError with file, variable and cell where something is
    missing or cannot be.
    """
    chosen = chosen or Choices(layers=0, zones=0)
    with NETCDF, opened(path) as data:
        run, dimensions = numbers(data, path, "run_cell", (), None)
        latitude, longitude = (coordinate(data, path, name) for name in dimensions)
        inside, area, fraction = _domain(domain, DOMAIN_NAMES | dict(names or {}), latitude, longitude, path)
        row, column = np.nonzero((run > 0) & inside)
        if not row.size:
            raise InputError(f"{path} has no cell to run: run_cell is 1 nowhere in the mask{_of(domain)}")
        grid = ImageGrid(latitude, longitude, row, column, area[row, column], fraction[row, column])
        return required(_Reader(data, path, dimensions, grid, chosen).parameters()), grid


def image_sizes(path: Path) -> tuple[int, int]:
    """Numbers of soil layers and of root zones of a parameter file. InputError where it has none."""
    with NETCDF, opened(path) as data:
        for name in ("depth", "root_depth"):
            if name not in data.variables or data[name].ndim < 3:
                raise InputError(
                    f"{path} has no variable '{name}' of layers or root zones: is it VIC's parameter file?"
                )
        return int(data["depth"].shape[0]), int(data["root_depth"].shape[1])


def _of(domain: Path | None) -> str:
    return f" of {domain}" if domain else ""


def _domain(
    path: Path | None, names: Mapping[str, str], latitude: np.ndarray, longitude: np.ndarray, parameters: Path
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mask, area and fraction [y, x] of the domain file. InputError where its cells are not those of the parameters."""
    shape = (latitude.size, longitude.size)
    if path is None:
        return np.ones(shape, bool), np.full(shape, np.nan), np.ones(shape)
    with NETCDF, opened(path) as data:
        for own, other in ((latitude, names["LAT"]), (longitude, names["LON"])):
            found = coordinate(data, path, other)
            if found.shape != own.shape or np.abs(found - own).max() > NEAR:
                raise InputError(
                    f"{path} and {parameters} have different cells: {other} has {found.size} values from "
                    f"{found[0]:g} to {found[-1]:g}, there {own.size} from {own[0]:g} to {own[-1]:g}"
                )
        mask, dimensions = numbers(data, path, names["MASK"], (), None)
        more = {
            name: numbers(data, path, names[name], (), dimensions)[0] if names[name] in data.variables else np.nan
            for name in ("AREA", "FRAC")
        }
    fraction = np.where(np.isnan(more["FRAC"]), 1.0, more["FRAC"])
    return mask > 0, np.broadcast_to(more["AREA"], shape), np.broadcast_to(fraction, shape)


class _Reader:
    """Variables of an open parameter file at the places of a run."""

    def __init__(self, data: Any, path: Path, dimensions: tuple[str, ...], grid: ImageGrid, chosen: Choices):
        self.data, self.path, self.dimensions, self.grid, self.chosen = data, path, dimensions, grid, chosen

    def values(self, name: str, axes: tuple[str, ...] = (), size: int = 0) -> np.ndarray:
        """[..., place]; size: what the first axis has to have, 0 = any."""
        found, _ = numbers(self.data, self.path, name, axes, self.dimensions)
        if size and found.shape[0] != size:
            raise InputError(f"{self.path}: {name} has {found.shape[0]} {axes[0]}, the options say {size}")
        return found[..., self.grid.row, self.grid.column]

    def parameters(self) -> VicParameters:
        """All of them."""
        grid, chosen = self.grid, self.chosen
        soil = {v.name: self.values(v.name) for v in fields.PLACE if v.name in self.data.variables}
        layers = {v.name: self.values(v.name, ("layer",), chosen.layers) for v in fields.LAYERED}
        self._require_mineral()
        number = self.data.variables.keys() & {"gridcel", "gridcell"}
        cell = self.values(number.pop()) if number else np.arange(grid.row.size) + 1.0
        tiles, monthly, roots, bare = self._vegetation()
        classes = self.data["Cv"].shape[0]
        return VicParameters(
            source=str(self.path),
            cell=np.where(np.isnan(cell), -1, cell).astype(np.int64),
            latitude=grid.latitude[grid.row],
            longitude=grid.longitude[grid.column],
            soil=arno_parameters(soil, layers) if chosen.nijssen else soil,
            layers=layers,
            bands=self._bands(soil),
            tiles=tiles,
            monthly=monthly,
            roots=roots,
            bare=bare,
            classes=classes,
        )

    def _require_mineral(self) -> None:
        if self.chosen.organic and "organic" in self.data.variables:
            organic = np.nan_to_num(self.values("organic", ("layer",)))
            if (organic > 0).any():
                raise InputError(f"{self.path}: organic is above 0 somewhere: organic soil is not built")

    def _bands(self, soil: Arrays) -> Arrays:
        if self.chosen.bands == 1:
            one = np.ones((1, self.grid.row.size))
            return {"AreaFract": one, "elevation": soil["elev"][None], "Pfactor": one}
        bands = {v.name: self.values(v.name, ("band",), self.chosen.bands) for v in fields.BANDED}
        return {name: np.where(np.isnan(values), 0.0, values) for name, values in bands.items()}

    def _vegetation(self) -> tuple[Arrays, Arrays, Arrays, np.ndarray]:
        """Tiles are the classes that a place has, in their order: Nveg with vegetation, one more for bare soil."""
        cover = np.nan_to_num(self.values("Cv", ("class",)))
        classes = np.broadcast_to(np.arange(len(cover))[:, None] + 1, cover.shape)
        present, count = cover > 0, self.values("Nveg")
        extra = present.sum(axis=0) - count
        if (wrong := np.flatnonzero(~((extra == 0) | (extra == 1)))).size:
            y, x = self.grid.latitude[self.grid.row[wrong[0]]], self.grid.longitude[self.grid.column[wrong[0]]]
            raise InputError(
                f"{self.path}: Nveg is {count[wrong[0]]:g} at latitude {y:g}, longitude {x:g}, where "
                f"{present[:, wrong[0]].sum()} classes have Cv above 0; expected as many, or one more for bare soil"
            )
        rank = np.cumsum(present, axis=0)
        planted = present & (rank <= count)
        slots = max(1, int(count.max()))
        order = np.argsort(~planted, axis=0, kind="stable")[:slots]
        used = np.take_along_axis(planted, order, axis=0)
        share, bare = shares(np.where(planted, cover, 0.0), np.where(present & ~planted, cover, 0.0).sum(axis=0))
        tiles = {
            v.name: np.take_along_axis(self.values(v.name, ("class",)), order, axis=0)
            for v in fields.TILED
            if v.name not in ("veg_class", "Cv")
        }
        tiles["veg_class"] = np.where(used, np.take_along_axis(classes, order, axis=0), UNUSED)
        tiles["Cv"] = np.where(used, np.take_along_axis(share, order, axis=0), 0.0)
        wanted = (*fields.MONTHLY, *(() if self.chosen.fcan == DEFAULT else (fields.CANOPY,)))
        monthly = {v.name: self._by_class(v.name, "month", order) for v in wanted}
        roots = {v.name: self._by_class(v.name, "zone", order) for v in fields.ROOTS}
        return tiles, monthly, roots, bare

    def _by_class(self, name: str, axis: str, order: np.ndarray) -> np.ndarray:
        values = self.values(name, ("class", axis))
        if axis == "month" and values.shape[1] != fields.MONTHS:
            raise InputError(f"{self.path}: {name} has {values.shape[1]} months, expected 12")
        if axis == "zone" and self.chosen.zones and values.shape[1] != self.chosen.zones:
            found = values.shape[1]
            raise InputError(f"{self.path}: {name} has {found} root zones, the options say {self.chosen.zones}")
        return np.take_along_axis(np.moveaxis(values, 0, 1), order[None], axis=1)
