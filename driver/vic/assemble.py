"""Kernel arrays from VIC's parameters: rows of parameters, geometry and initial states of every tile-band."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...kernels.model import Model
from ...kernels.variable import Variable
from . import fields
from .bands import Bands, bands
from .components import Components, components
from .parameters import Arrays, VicParameters
from .start import initial_values

# Names in the kernels of what is called otherwise in the files.
MONTHLY = {"leaf_area_index": "LAI", "roughness": "veg_rough"}
# Bare soil: what is not here is 0 (vic.md, section 2); its roughness is that of the place.
BARE_TILE = {"rarc": 100.0, "wind_h": 10.0, "RGL": 100.0, "wind_atten": 0.5, "trunk_ratio": 0.2, "albedo": 0.2}
ROUGHNESS_TO_DISPLACEMENT = 0.667 / 0.123


@dataclass(frozen=True)
class Assembled:
    """What the loops take: parameters and state [row, cell], geometry [row, place], weights [component, place].

    cell = component * places + place; components says which tile and band each is, bands what the bands are.
    """

    parameters: np.ndarray
    geometry: np.ndarray
    state: np.ndarray
    weights: np.ndarray
    components: Components
    bands: Bands


def assemble(given: VicParameters, model: Model) -> Assembled:
    """Arrays of the model's form, float64. Whether nodes start at avg_T or at 0 degC is the form's option energy.

    ValueError where the model declares a row that the files have nothing for.
    """
    band = bands(given.bands["AreaFract"], given.bands["elevation"], given.bands["Pfactor"], given.soil["elev"])
    cover = np.where(given.used, given.tiles["Cv"], 0.0)
    parts = components(cover, given.bare, band.area)
    values = _parameters(given, parts, band)
    parameters = stacked(model.parameters, values, parts.tile.shape)
    geometry = np.stack([_geometry(given, band)[variable.name] for variable in model.geometry])
    nodes, energy = int(model.options["nodes"]), bool(model.options["energy"])
    start = initial_values(values, _initial_moisture(given, parts), nodes, energy)
    state = stacked(model.states, start, parts.tile.shape)
    return Assembled(parameters, geometry, state, parts.weights, parts, band)


def stacked(variables: Iterable[Variable], values: Arrays, shape: tuple[int, ...]) -> np.ndarray:
    """[row, cell] in the order of the declarations; a row `name_k` is entry k - 1 of what `name` has."""
    rows = []
    for variable in variables:
        base, _, number = variable.name.rpartition("_")
        if variable.name in values:
            found = values[variable.name]
        elif base in values and number.isdecimal():
            found = values[base][int(number) - 1]
        else:
            raise ValueError(f"VIC's files have nothing for {variable.name} ({variable.meaning})")
        rows.append(np.broadcast_to(found, shape).ravel())
    return np.stack(rows)


def _geometry(given: VicParameters, band: Bands) -> Arrays:
    return {"elevation": band.elevation, "latitude": given.latitude, "smallest_offset": band.lowest_offset}


def _parameters(given: VicParameters, parts: Components, band: Bands) -> Arrays:
    """Every parameter [..., component, place] by its name in the kernels."""
    places = np.arange(parts.tile.shape[1])
    shape = parts.tile.shape
    values = {name: np.broadcast_to(found, shape) for name, found in given.soil.items()}
    values |= {name: found[:, None] for name, found in given.layers.items()}
    values |= _vegetation(given, parts)
    values["temperature_offset"] = band.offset[parts.band, places]
    values["precipitation_factor"] = np.where(parts.used, band.factor[parts.band, places], 1.0)
    values["area"] = parts.weights
    values["vegetated"] = np.where(parts.tile >= 0, 1.0, 0.0)
    return values


def _vegetation(given: VicParameters, parts: Components) -> Arrays:
    """What the tile of a component says; bare soil's own where it is bare or not used."""
    places = np.arange(parts.tile.shape[1])
    planted = parts.tile >= 0
    slot = np.where(planted, parts.tile, 0)
    rough = np.broadcast_to(given.soil["rough"], slot.shape)
    bare = dict.fromkeys((*given.tiles, *given.monthly, *given.roots), np.zeros(slot.shape))
    bare |= {name: np.full(slot.shape, value) for name, value in BARE_TILE.items()}
    bare |= {"veg_rough": rough, "displacement": rough * ROUGHNESS_TO_DISPLACEMENT}
    if len(given.tiles["veg_class"]) == 0:
        months, zones = fields.MONTHS, max(1, given.roots["root_depth"].shape[0])
        sizes = dict.fromkeys(given.monthly, months) | dict.fromkeys(given.roots, zones)
        found = {
            name: np.broadcast_to(value, (sizes[name], *slot.shape)) if name in sizes else value
            for name, value in bare.items()
        }
    else:
        arrays = given.tiles | given.monthly | given.roots
        found = {name: np.where(planted, values[..., slot, places], bare[name]) for name, values in arrays.items()}
    # No roughness in a month: that of the soil, as VIC takes it (vic.md, section 2).
    found["veg_rough"] = np.where(found["veg_rough"] > 0.0, found["veg_rough"], rough)
    return found | {name: found[own] for name, own in MONTHLY.items()}


def _initial_moisture(given: VicParameters, parts: Components) -> np.ndarray:
    """Moisture at the start, not above what the layer holds, mm [layer, component, place]."""
    layers = given.layers
    most = 1000.0 * layers["depth"] * (1.0 - layers["bulk_density"] / layers["soil_density"])
    moisture = np.minimum(layers["init_moist"], most)
    return np.broadcast_to(moisture[:, None], (len(moisture), *parts.tile.shape))
