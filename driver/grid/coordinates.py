"""Coordinates of a grid: regular or refused, in any order of latitudes and any convention of longitudes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..errors import InputError
from .grid import EARTH_RADIUS, Grid

# Cells of two files are the same where their centres differ by no more than this, degrees.
SAME = 1e-4


def regular_grid(
    latitude: np.ndarray,
    longitude: np.ndarray,
    land: np.ndarray | None = None,
    area: np.ndarray | None = None,
    where: str = "the grid",
    step: tuple[float, float] | None = None,
) -> Grid:
    """A Grid of cell centres [y] and [x] in degrees, all cells active where no land mask [y, x] is given.

    area  [y, x] m2; computed on the sphere where not given
    step  degrees of latitude and longitude, needed only where there is one row or one column

    Longitudes of a grid across the date line may jump by 360 there. Rounding in the file is taken out.
    InputError that names `where` and the first place where the spacing is not regular.
    """
    wanted = step or (0.0, 0.0)
    north = _regular(np.asarray(latitude, np.float64), wanted[0], f"{where}: latitude")
    east = _regular(np.unwrap(np.asarray(longitude, np.float64), period=360.0), wanted[1], f"{where}: longitude")
    found = (_spacing(north, wanted[0]), _spacing(east, wanted[1]))
    _require_on_earth(north, east, found, where)
    shape = (len(north), len(east))
    if area is None:
        area = np.repeat(sphere_area(north, found)[:, None], len(east), axis=1)
    return Grid(
        north,
        east,
        np.asarray(area, np.float64).reshape(shape),
        np.ones(shape, bool) if land is None else np.asarray(land, bool).reshape(shape),
        len(east) > 1 and abs(len(east) * found[1] - 360.0) < 0.5 * found[1],
        found,
    )


def sphere_area(latitude: np.ndarray, step: tuple[float, float]) -> np.ndarray:
    """Area of the cells of each row on the sphere, m2 [y]: R^2 dlon (sin north - sin south)."""
    half, width = np.radians(step[0]) / 2, np.radians(step[1])
    north = np.minimum(np.radians(latitude) + half, np.pi / 2)
    south = np.maximum(np.radians(latitude) - half, -np.pi / 2)
    return EARTH_RADIUS**2 * width * (np.sin(north) - np.sin(south))


def columns_of(wanted: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Index of the nearest longitude of `there`, whatever the convention, for each one wanted."""
    order = np.argsort(there % 360.0)
    place = np.searchsorted((there % 360.0)[order], wanted % 360.0)
    sides = order[place % len(order)], order[place - 1]
    gaps = [np.abs((there[side] - wanted + 180.0) % 360.0 - 180.0) for side in sides]
    return np.where(gaps[0] < gaps[1], *sides)


def rows_of(wanted: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Index of the nearest latitude of `there` for each one wanted."""
    order = np.argsort(there)
    place = np.searchsorted(there[order], wanted)
    sides = order[np.minimum(place, len(order) - 1)], order[np.maximum(place - 1, 0)]
    return np.where(np.abs(there[sides[0]] - wanted) < np.abs(there[sides[1]] - wanted), *sides)


def matched(grid: Grid, latitude: np.ndarray, longitude: np.ndarray, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Row [y] and column [x] of a file's grid for every row and column of `grid`; the file may be flipped or rolled.

    InputError where a centre is not in the file, with what the shift looks like.
    """
    rows, columns = rows_of(grid.latitude, latitude), columns_of(grid.longitude, longitude)
    apart = (
        np.abs(latitude[rows] - grid.latitude),
        np.abs((longitude[columns] - grid.longitude + 180.0) % 360.0 - 180.0),
    )
    for name, gap, centres, step in zip(
        ("latitude", "longitude"), apart, (grid.latitude, grid.longitude), grid.step, strict=True
    ):
        if gap.max() > SAME:
            worst = int(np.argmax(gap > SAME))
            half = "; half a cell aside: corners taken for centres?" if abs(gap[worst] - step / 2) < 0.05 * step else ""
            raise InputError(
                f"{where} has no cell at {name} {centres[worst]:.6g}: the nearest is {gap[worst]:.4g} degrees away, "
                f"expected at most {SAME:g}{half}: put it on the grid of the first file, or take a region it covers"
            )
    return rows, columns


def _regular(centres: np.ndarray, step: float, where: str) -> np.ndarray:
    """The centres with equal spacing, rounded to the nearest simple fraction of a degree where they are close to it."""
    if centres.ndim != 1 or not len(centres) or not np.isfinite(centres).all():
        raise InputError(f"{where} is no list of numbers without gaps: correct the file")
    if len(centres) == 1:
        if not step:
            raise InputError(f"{where} has one value only: its cell size is not known, give bounds in the file")
        return centres
    spacing = (centres[-1] - centres[0]) / (len(centres) - 1)
    ideal = centres[0] + spacing * np.arange(len(centres))
    slack = 1e-3 * abs(spacing) + 2e-5
    wrong = np.abs(centres - ideal) > slack
    if wrong.any() or not spacing:
        first = int(np.argmax(np.abs(np.diff(centres) - np.diff(centres)[0]) > slack))
        raise InputError(
            f"{where} is not regular: {centres[first]:.6g} and {centres[first + 1]:.6g} differ by "
            f"{centres[first + 1] - centres[first]:.6g}, the first two by {centres[1] - centres[0]:.6g} (a Gaussian or "
            "curved grid?): interpolate to a regular grid first (such as cdo remapcon,r720x360)"
        )
    return _rounded(centres, spacing)


def _rounded(centres: np.ndarray, spacing: float) -> np.ndarray:
    """The same centres without the rounding of a file in single precision; unchanged where no fraction is near."""
    slack = min(1e-3 * abs(spacing) + 2e-5, SAME / 2)
    for denominator in (4, 12, 120, 1200, 12000):
        exact = Fraction(spacing).limit_denominator(denominator)
        if not exact:
            continue
        first = round(2 * centres[0] / float(exact))
        better = (first + 2 * np.arange(len(centres))) * (exact.numerator / 2) / exact.denominator
        if np.abs(better - centres).max() <= slack:
            return better
    return centres


def _spacing(centres: np.ndarray, step: float) -> float:
    return float(abs(centres[-1] - centres[0]) / (len(centres) - 1)) if len(centres) > 1 else float(step)


def _require_on_earth(north: np.ndarray, east: np.ndarray, step: tuple[float, float], where: str) -> None:
    """InputError where latitudes lie beyond the poles or longitudes go around more than once."""
    if np.abs(north).max() > 90.0 + 1e-6:
        worst = north[int(np.argmax(np.abs(north)))]
        raise InputError(f"{where}: latitude {worst:.6g} is beyond the pole: are latitude and longitude swapped?")
    if len(east) * step[1] > 360.0 + 0.5 * step[1]:
        raise InputError(
            f"{where}: {len(east)} longitudes {step[1]:.6g} degrees apart go around more than once, expected 360 "
            "degrees or less: drop the columns that come twice"
        )
