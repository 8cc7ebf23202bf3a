"""State files of VIC 5's image driver: what is in them, and reading them as initial states."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.model import Model
from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from .assemble import Assembled, stacked
from .image import NEAR, ImageGrid
from .netcdf_fields import coordinate, values
from .parameters import UNUSED, Arrays, VicParameters

NEW_SNOW_ALBEDO = 0.85
CLASS, BAND, LAYER, NODE, FROST = "veg_class", "snow_band", "nlayer", "soil_node", "frost_area"


@dataclass(frozen=True)
class Entry:
    """A variable of the file: the state it is, its unit, and its dimension between bands and cells ('' = none).

    own: an addition of freshet, which VIC does not read and its files do not have; some forms have no such state
    """

    name: str
    state: str
    unit: str
    axis: str = ""
    own: bool = False


ENTRIES = (
    Entry("STATE_SOIL_MOISTURE", "soil_moisture", "mm", LAYER),
    Entry("STATE_SOIL_ICE", "soil_ice", "mm", LAYER),
    Entry("STATE_CANOPY_WATER", "canopy_water", "mm"),
    Entry("STATE_SNOW_AGE", "snow_age", "model_time_step"),
    Entry("STATE_SNOW_MELT_STATE", "snow_melting", "1"),
    Entry("STATE_SNOW_COVERAGE", "snow_coverage", "1"),
    Entry("STATE_SNOW_WATER_EQUIVALENT", "snow_water_equivalent", "m"),
    Entry("STATE_SNOW_SURF_TEMP", "snow_surface_temperature", "C"),
    Entry("STATE_SNOW_SURF_WATER", "snow_surface_liquid", "m"),
    Entry("STATE_SNOW_PACK_TEMP", "snow_pack_temperature", "C"),
    Entry("STATE_SNOW_PACK_WATER", "snow_pack_liquid", "m"),
    Entry("STATE_SNOW_DENSITY", "snow_density", "kg m-3"),
    Entry("STATE_SNOW_COLD_CONTENT", "snow_cold_content", "J m-2"),
    Entry("STATE_SNOW_CANOPY", "canopy_snow", "m"),
    Entry("STATE_SOIL_NODE_TEMP", "soil_temperature", "C", NODE),
    Entry("STATE_FOLIAGE_TEMPERATURE", "foliage_temperature", "C"),
    Entry("STATE_ENERGY_LONGUNDEROUT", "upward_longwave", "W m-2"),
    Entry("STATE_ENERGY_SNOW_FLUX", "snow_flux", "W m-2"),
    Entry("FRESHET_SNOW_DEPTH", "snow_depth", "m", own=True),
    Entry("FRESHET_SNOW_ALBEDO", "snow_albedo", "1", own=True),
    Entry("FRESHET_CANOPY_MELT", "canopy_melt", "m", own=True),
    Entry("FRESHET_CANOPY_ADVECTION", "canopy_advected_heat", "W m-2", own=True),
    Entry("FRESHET_CANOPY_REFREEZE", "canopy_refreeze_heat", "W m-2", own=True),
)
# Not read: coverage is 1 where there is snow, and the flux through the snow is used by nothing.
UNREAD = ("snow_coverage", "snow_flux")


def class_slots(given: VicParameters, assembled: Assembled) -> np.ndarray:
    """Entry of veg_class [component, place] of each component; bare soil is the last class."""
    parts = assembled.components
    places = np.arange(parts.tile.shape[1])
    number = given.tiles["veg_class"][np.maximum(parts.tile, 0), places]
    return np.where(parts.bare, given.classes - 1, np.where(number == UNUSED, 0, number - 1)).astype(int)


def read_state(path: Path, model: Model, given: VicParameters, assembled: Assembled, grid: ImageGrid) -> np.ndarray:
    """Initial states [row, cell]. Unused components keep those of `assembled`.

    InputError where the file has other cells, classes, layers or nodes, or no value for a tile that is there.
    """
    slots = class_slots(given, assembled)
    with NETCDF, opened(path) as data:
        _require_cells(data, path, grid)
        reader = _Reader(data, path, model, given, assembled, grid, slots)
        found: Arrays = {
            entry.state: reader.values(entry)
            for entry in ENTRIES
            if entry.state not in UNREAD and (not entry.own or entry.name in data.variables)
        }
    swe, density = found["snow_water_equivalent"], found["snow_density"]
    defaults = {
        "snow_depth": np.where(density > 0, 1000.0 * swe / np.where(density > 0, density, 1.0), 0.0),
        "snow_albedo": np.where(swe > 0, NEW_SNOW_ALBEDO, 0.0),
        "canopy_melt": np.zeros(swe.shape),
        "canopy_advected_heat": np.zeros(swe.shape),
        "canopy_refreeze_heat": np.zeros(swe.shape),
    }
    state = stacked(model.states, defaults | found, slots.shape)
    return np.where(assembled.components.used.ravel(), state, assembled.state)


def _require_cells(data: Any, path: Path, grid: ImageGrid) -> None:
    for name, own in (("lat", grid.latitude), ("lon", grid.longitude)):
        found = coordinate(data, path, name)
        if found.shape != own.shape or np.abs(found - own).max() > NEAR:
            raise InputError(
                f"{path} has other cells than the parameters: {name} has {found.size} values from {found[0]:g} to "
                f"{found[-1]:g}, expected {own.size} from {own[0]:g} to {own[-1]:g}"
            )


class _Reader:
    """Variables of an open state file at the components of a run."""

    def __init__(
        self, data: Any, path: Path, model: Model, given: VicParameters, assembled: Assembled, grid: ImageGrid,
        slots: np.ndarray,
    ):  # fmt: skip
        self.data, self.path, self.given, self.parts, self.grid = data, path, given, assembled.components, grid
        self.slots = slots
        self.sizes = {LAYER: int(model.options["layers"]), NODE: int(model.options["nodes"])}

    def values(self, entry: Entry) -> np.ndarray:
        """[component, place], or with layers or nodes before them; 0 where a component is not used."""
        if entry.name not in self.data.variables:
            raise InputError(f"{self.path} has no variable '{entry.name}': is it a state file of VIC 5's image driver?")
        variable = self.data[entry.name]
        wanted = (CLASS, BAND, *((entry.axis,) if entry.axis else ()), "lat", "lon")
        found = self._turned(values(variable, self.path), variable.dimensions, wanted, entry.name)
        found = found[..., self.grid.row, self.grid.column]
        if found.shape[0] != self.given.classes or found.shape[1] < self.parts.band.max() + 1:
            raise InputError(
                f"{self.path}: {entry.name} has {found.shape[0]} classes and {found.shape[1]} bands, expected "
                f"{self.given.classes} and {self.parts.band.max() + 1}"
            )
        if entry.axis:
            if found.shape[2] != self.sizes[entry.axis]:
                raise InputError(
                    f"{self.path}: {entry.name} has {found.shape[2]} {entry.axis}, expected {self.sizes[entry.axis]}"
                )
            found = np.moveaxis(found, 2, 0)
        own = found[..., self.slots, self.parts.band, np.arange(self.slots.shape[1])]
        missing = np.argwhere(np.isnan(own) & self.parts.used)
        if len(missing):
            *_, component, place = missing[0]
            raise InputError(
                f"{self.path}: {entry.name} has no value at {self.given.where(place)}, class "
                f"{self.slots[component, place] + 1}, band {self.parts.band[component, place] + 1}"
            )
        return np.where(self.parts.used, own, 0.0)

    def _turned(self, found: np.ndarray, dimensions: tuple[str, ...], wanted: tuple[str, ...], name: str) -> np.ndarray:
        """With the wanted dimensions in their order; others, such as frost areas, may have one entry."""
        others = [k for k, dimension in enumerate(dimensions) if dimension not in wanted]
        if any(found.shape[k] != 1 for k in others) or not set(wanted) <= set(dimensions):
            raise InputError(f"{self.path}: {name} has dimensions ({', '.join(dimensions)}), expected "
                             f"({', '.join(wanted)})")  # fmt: skip
        kept = [dimension for dimension in dimensions if dimension in wanted]
        return found.squeeze(tuple(others)).transpose([kept.index(dimension) for dimension in wanted])
