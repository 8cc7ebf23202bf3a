"""The parameters of VIC at a list of places, whichever files they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...kernels.variable import Variable
from ..errors import InputError
from . import fields

Arrays = dict[str, np.ndarray]
ROOTS_AGREE = 0.02
UNUSED = -1  # class of a tile slot that is not used


@dataclass(frozen=True)
class VicParameters:
    """VIC's parameters by the names and in the units of fields.py; the last axis of each array is the place.

    source    the files, for messages
    cell      [place] number of the cell in the files
    latitude, longitude  [place], degrees
    soil      by name [place];  layers by name [layer, place];  bands by name [band, place]
    tiles     by name [tile, place], veg_class -1 where a slot is not used;  monthly by name [month, tile, place]
    roots     by name [zone, tile, place]
    bare      [place] share of bare soil: what the tiles leave, by the files' own rules
    classes   number of vegetation classes that the files have, the last one of bare soil
    """

    source: str
    cell: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    soil: Arrays
    layers: Arrays
    bands: Arrays
    tiles: Arrays
    monthly: Arrays
    roots: Arrays
    bare: np.ndarray
    classes: int

    @property
    def used(self) -> np.ndarray:
        """Whether a tile slot is used [tile, place]."""
        return self.tiles["veg_class"] != UNUSED

    def at(self, places: np.ndarray) -> VicParameters:
        """The parameters of some places, by number or by a mask."""

        def chosen(arrays: Arrays) -> Arrays:
            return {name: values[..., places] for name, values in arrays.items()}

        return replace(
            self,
            cell=self.cell[places],
            latitude=self.latitude[places],
            longitude=self.longitude[places],
            soil=chosen(self.soil),
            layers=chosen(self.layers),
            bands=chosen(self.bands),
            tiles=chosen(self.tiles),
            monthly=chosen(self.monthly),
            roots=chosen(self.roots),
            bare=self.bare[places],
        )

    def where(self, place: int) -> str:
        """A place in words, for messages."""
        north, east = float(self.latitude[place]), float(self.longitude[place])
        return f"cell {int(self.cell[place])} (latitude {north:g}, longitude {east:g})"


def required(given: VicParameters) -> VicParameters:
    """The parameters, after all checks. InputError with file, name and place where one is missing or cannot be."""
    used = given.used
    _within(given, fields.PLACE, given.soil, ())
    _within(given, fields.LAYERED, given.layers, ("layer",))
    _within(given, fields.BANDED, given.bands, ("band",), given.bands["AreaFract"] > 0)
    _within(given, fields.TILED, given.tiles, ("tile",), used)
    canopy = (fields.CANOPY,) if fields.CANOPY.name in given.monthly else ()
    _within(given, (*fields.MONTHLY, *canopy), given.monthly, ("month", "tile"), used)
    if canopy:
        leaves = used & (given.monthly["LAI"] > 0) & (given.monthly[fields.CANOPY.name] != 1)
        _refuse(given, leaves.any(axis=0), "fcanopy is not 1, which is not built (set FCAN_SRC FROM_DEFAULT),")
    _within(given, fields.ROOTS, given.roots, ("zone", "tile"), used)
    _consistent_soil(given)
    _consistent_tiles(given)
    return given


def _within(
    given: VicParameters,
    variables: Iterable[Variable],
    arrays: Mapping[str, np.ndarray],
    axes: tuple[str, ...],
    used: np.ndarray | None = None,
) -> None:
    """Every value there, and within the limits of what can be."""
    for variable in variables:
        if variable.name not in arrays:
            raise InputError(f"{given.source} has no {variable.name} ({variable.meaning}, {variable.unit})")
        values = arrays[variable.name]
        wrong = ~((values >= variable.low) & (values <= variable.high))
        found = np.argwhere(wrong if used is None else wrong & used)
        if len(found):
            *numbers, place = found[0]
            at = "".join(f", {axis} {number + 1}" for axis, number in zip(axes, numbers, strict=True))
            value = values[tuple(found[0])]
            what = "missing" if np.isnan(value) else f"{value:g}"
            raise InputError(
                f"{given.source}: {variable.name} is {what} at {given.where(place)}{at}; expected {variable.low:g} to "
                f"{variable.high:g} {variable.unit}"
            )


def _consistent_soil(given: VicParameters) -> None:
    """What one value may be depends on others."""
    layers = given.layers
    porosity = 1.0 - layers["bulk_density"] / layers["soil_density"]
    _refuse(given, porosity <= 0, "bulk_density is not below soil_density")
    _refuse(given, layers["Wpwp_FRACT"] > layers["Wcr_FRACT"], "Wpwp_FRACT is above Wcr_FRACT")
    _refuse(given, layers["resid_moist"] >= porosity, "resid_moist is not below the porosity")
    areas = given.bands["AreaFract"]
    _refuse(given, ~((areas.sum(axis=0) > 0.99) & (areas.sum(axis=0) < 1.01)), "AreaFract does not add up to 1")
    _refuse(given, ~(given.bands["Pfactor"].sum(axis=0) > 0), "Pfactor adds up to 0")


def _consistent_tiles(given: VicParameters) -> None:
    used, depth, share = given.used, given.roots["root_depth"], given.roots["root_fract"]
    roots = np.where(used, share.sum(axis=0), 1.0)
    _refuse(given, used & (depth.sum(axis=0) <= 0), "root_depth adds up to 0")
    _refuse(given, np.abs(roots - 1.0) > ROOTS_AGREE, "root_fract does not add up to 1")
    _refuse(given, used & ((share > 0) & (depth <= 0)).any(axis=0), "a root zone with roots has no depth")
    # A tall canopy is described by a profile of the wind from the trunks to above the trees.
    tall, displacement = used & (given.tiles["overstory"] > 0), given.monthly["displacement"]
    for name in ("wind_atten", "trunk_ratio"):
        _refuse(given, tall & (given.tiles[name] <= 0), f"{name} of a class with overstory is not above 0")
    _refuse(given, tall & (displacement <= 0).any(axis=0), "displacement of a class with overstory is not above 0")
    high = given.tiles["wind_h"] <= displacement.max(axis=0)
    _refuse(given, tall & high, "wind_h of a class with overstory is not above its displacement")


def _refuse(given: VicParameters, wrong: np.ndarray, what: str) -> None:
    found = np.argwhere(wrong)
    if len(found):
        *number, place = found[0]
        at = f", layer or tile {number[0] + 1}" if number else ""
        raise InputError(f"{given.source}: {what} at {given.where(place)}{at}")
