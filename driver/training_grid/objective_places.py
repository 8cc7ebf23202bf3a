"""Where observations of an objective lie on the domain: regions of a mask, blocks of a coarser grid, cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...nn.observation import Regions, cells, labelled
from ..errors import InputError
from ..grid.static_file import open_static
from .observed_fields import Series

SPARE = 10.0  # degrees around the domain that are read, so that blocks at its edge are whole


def in_regions(asked: Any, source: Any, series: Series, values: np.ndarray) -> tuple[Regions, np.ndarray, list[str]]:
    """Regions of a mask that lie in the domain, and their observations."""
    file = open_static(Path(asked.regions))
    name = asked.mask or next(iter(file.variables), "")
    mask = file.read(name)
    here = np.nan_to_num(file.onto(source.grid, name), nan=-1.0).ravel()[source.cell].astype(np.int64)
    weight = np.cos(np.radians(file.grid.latitude))[:, None] * np.ones(len(file.grid.longitude))
    own = np.cos(np.radians(source.grid.latitudes(source.cell)))
    assert series.numbers is not None
    kept = [
        k
        for k, number in enumerate(series.numbers)
        if own[here == number].sum() > max(asked.minimum_share * weight[mask == number].sum(), 0.0)
    ]
    if not kept:
        raise InputError(
            f"{asked.regions}: no region of {series.path} has a share of {asked.minimum_share:g} in the domain"
        )
    label = np.full(len(here), -1)
    for target, k in enumerate(kept):
        label[here == series.numbers[k]] = target
    return (
        labelled(torch.from_numpy(label), torch.from_numpy(source.land_area)),
        values[:, kept],
        [series.names[k] for k in kept],
    )


def in_blocks(asked: Any, source: Any, series: Series, values: np.ndarray) -> tuple[Regions, np.ndarray, list[str]]:
    """Blocks, or cells, with observations; those of a grid as fine as the model's count where the model has a cell."""
    assert series.latitude is not None
    assert series.longitude is not None
    latitude, longitude = source.grid.latitudes(source.cell), source.grid.longitudes(source.cell)
    size = max(source.grid.step) if asked.space == "cell" else asked.block
    place, seen = _block(latitude, longitude, size), _block(series.latitude, series.longitude, size)
    weight = np.cos(np.radians(series.latitude))
    if abs(series.step - max(source.grid.step)) < 1e-3:
        cell = _block(series.latitude, series.longitude, series.step)
        weight = weight * np.isin(cell, _block(latitude, longitude, series.step))
    numbers = list(dict.fromkeys(place.tolist()))  # in the order of places
    whole = np.cos(np.radians(latitude)) * source.grid.step[0] * source.grid.step[1]
    label, observed = np.full(len(place), -1), []
    names: list[str] = []
    for number in numbers:
        cells_here = place == number
        south, west = _corner(number, size)
        full = size * size * np.cos(np.radians(south + size / 2))
        if asked.space == "block" and whole[cells_here].sum() < asked.minimum_share * full:
            continue
        mine = np.flatnonzero((seen == number) & (weight > 0))
        if not len(mine):
            continue
        known = np.isfinite(values[:, mine])
        shares = known * weight[mine]
        total = shares.sum(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(known, values[:, mine], 0.0) * shares
            mean = np.where(2 * total >= weight[mine].sum(), mean.sum(1) / total, np.nan)
        label[cells_here] = len(names)
        observed.append(mean)
        names.append(f"{south + size / 2:g}N {west + size / 2:g}E")
    if not names:
        raise InputError(f"{series.path}: no block of {size:g} degrees has observations and enough of the domain")
    if asked.space == "cell" and len(names) == len(place) and (label == np.arange(len(place))).all():
        return cells(len(place)), np.stack(observed, 1), names
    return labelled(torch.from_numpy(label), torch.from_numpy(source.land_area)), np.stack(observed, 1), names


def _block(latitude: np.ndarray, longitude: np.ndarray, size: float) -> np.ndarray:
    """Number of the block of a global grid, from the south pole and the date line, in which a point lies."""
    row = np.floor((latitude + 90.0) / size + 1e-6).astype(np.int64)
    column = np.floor(((longitude + 180.0) % 360.0) / size + 1e-6).astype(np.int64)
    return row * 1_000_000 + column


def _corner(number: int, size: float) -> tuple[float, float]:
    return number // 1_000_000 * size - 90.0, number % 1_000_000 * size - 180.0


def box(source: Any) -> tuple[float, float, float, float]:
    """Around all cells, some degrees to spare: south, north, west, east; west + 360 and more where it goes around."""
    grid = source.grid
    north, east = grid.latitude, grid.longitude
    south, west = max(-90.0, float(north.min()) - SPARE), float(east.min()) - SPARE
    width = min(float(east.max()) + SPARE - west, 359.999)
    return south, min(90.0, float(north.max()) + SPARE), west, west + width
