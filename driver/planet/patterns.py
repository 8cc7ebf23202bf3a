"""Patterns that drift over the sphere: where today's storms, showers and spells are, as standard normal fields.

Each layer is a sequence of random fields, one every `life` days. On any day two of them are seen: one that fades and
one that grows, each moved along its parallels by the wind since its own middle day. So a day needs no history, winds
never wind the fields up, and nothing depends on which days or places are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import njit

from ...kernels.network.compiled import compiled
from ..generator.keyed_random import uniforms
from .ground import cell_centres, on_sphere

PATTERN = 13  # purpose of random numbers


@dataclass(frozen=True)
class Layer:
    """One kind of pattern: number of its random numbers, size (radians between independent numbers), life (days),
    wind (degrees of longitude in a day where the winds are strongest), step (degrees of the grid that holds it)."""

    number: int
    size: float
    life: float
    wind: float
    step: float


LAYERS = {
    "storms": Layer(0, 0.17, 2.0, 9.0, 2.5),
    "showers": Layer(1, 0.085, 1.0, 5.0, 1.5),
    "air": Layer(2, 0.22, 5.0, 6.0, 2.5),
    "spells": Layer(3, 0.22, 30.0, 0.0, 2.5),
    "years": Layer(4, 0.28, 400.0, 0.0, 2.5),
    "warmth": Layer(5, 0.55, 150.0, 0.0, 5.0),
}


@dataclass(frozen=True)
class Fields:
    """The fields of a layer that some days need: float32 [field, row, column], the first of them the `first`-th."""

    layer: Layer
    first: int
    values: np.ndarray


def fields(layer: Layer, seed: int, first_day: int, last_day: int) -> Fields:
    """The fields of a layer that the days from first_day to last_day see; days are counted from a fixed one."""
    low, high = int(np.floor(first_day / layer.life)), int(np.floor(last_day / layer.life)) + 1
    return Fields(layer, low, np.stack([field(layer, seed, number) for number in range(low, high + 1)]))


def field(layer: Layer, seed: int, number: int) -> np.ndarray:
    """One field of a layer, float32 [row, column]: mean 0, variance 1 at each of its points."""
    side, low, weight = _points(layer)
    draws = uniforms(seed, layer.number, PATTERN, number, 4 * side**3).reshape(4, -1)
    # The sum of four uniform numbers is as good as normal, and adding is exact on every machine.
    lattice = (draws[0] + draws[1] + draws[2] + draws[3] - 2.0) * np.sqrt(3.0)
    rows = round(180.0 / layer.step)
    return smoothed(lattice, side, low, weight).reshape(rows, 2 * rows)


@lru_cache(maxsize=len(LAYERS))
def _points(layer: Layer) -> tuple[int, np.ndarray, np.ndarray]:
    """Side of the layer's lattice, and for each point of its grid the first of its lattice points (its index, [point])
    and the weights of all 27, float32 [point, 27]: quadratic B-splines, scaled to a sum of squares of 1."""
    side = int(np.ceil(2.0 / layer.size)) + 4
    points = on_sphere(*cell_centres(layer.step)) / layer.size + side / 2.0
    nearest = np.floor(points + 0.5)
    off = points - nearest
    along = np.stack([0.5 * (0.5 - off) ** 2, 0.75 - off * off, 0.5 * (0.5 + off) ** 2], axis=-1)
    weight = np.einsum("pi,pj,pk->pijk", *along.transpose(1, 0, 2)).reshape(len(points), 27)
    weight /= np.sqrt((weight * weight).sum(axis=1, keepdims=True))
    low = nearest.astype(np.int64) - 1
    return side, (low[:, 0] * side + low[:, 1]) * side + low[:, 2], weight.astype(np.float32)


@compiled
def smoothed(lattice, side, low, weight):
    """Lattice [side * side * side] of independent normal numbers as a smooth field, float32 [point]."""
    result = np.empty(len(low), np.float32)
    for n in range(len(low)):
        total = 0.0
        for i in range(3):
            for j in range(3):
                first, part = low[n] + (i * side + j) * side, 9 * i + 3 * j
                total += weight[n, part] * lattice[first]
                total += weight[n, part + 1] * lattice[first + 1]
                total += weight[n, part + 2] * lattice[first + 2]
        result[n] = total
    return result


def seen(given: Fields, days: np.ndarray, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """The layer on days [time] at places (degrees, [place]): standard normal, float64 [time, place]."""
    layer, (rows, columns) = given.layer, given.values.shape[1:]
    y = np.clip((90.0 - latitude) / 180.0 * rows - 0.5, 0.0, rows - 1.000001)
    x = ((longitude + 180.0) / 360.0 * columns - 0.5) % columns
    drift = winds(latitude) * (layer.wind * layer.life / 360.0 * columns)
    return _seen(given.values, given.first, days, layer.life, y, x, drift)


def winds(latitude: np.ndarray) -> np.ndarray:
    """Strength of the wind to the east, -0.6 in the trades to 1 in the westerlies, without unit."""
    away = np.abs(latitude)
    rise = np.clip((away - 15.0) / 30.0, 0.0, 1.0)
    fall = np.clip((85.0 - away) / 25.0, 0.0, 1.0)
    return (1.6 * rise * rise * (3.0 - 2.0 * rise) - 0.6) * fall


@compiled
def _seen(values, first, days, life, y, x, drift):
    """As seen: y, x [place] on the rows and columns of the fields; drift [place] columns eastward in a life."""
    columns = values.shape[2]
    result = np.empty((len(days), len(y)))
    for t in range(len(days)):
        number = np.floor(days[t] / life)
        part = days[t] / life - number
        fading, growing = np.cos(0.5 * np.pi * part), np.sin(0.5 * np.pi * part)
        old, new = values[np.int64(number) - first], values[np.int64(number) - first + 1]
        for n in range(len(y)):
            before = _between(old, y[n], x[n] - drift[n] * part, columns)
            after = _between(new, y[n], x[n] - drift[n] * (part - 1.0), columns)
            result[t, n] = fading * before + growing * after
    return result


@njit(error_model="numpy")
def _between(field, y, x, columns):
    """A field between four of its points; x may lie once around the sphere."""
    x = x + columns if x < 0.0 else x
    x = x - columns if x >= columns else x
    j, i = np.int64(y), min(np.int64(x), columns - 1)
    v, u = y - j, x - i
    east = i + 1 if i + 1 < columns else 0
    upper = field[j, i] * (1.0 - u) + field[j, east] * u
    lower = field[j + 1, i] * (1.0 - u) + field[j + 1, east] * u
    return upper * (1.0 - v) + lower * v
