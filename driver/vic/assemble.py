"""Kernel arrays from VIC's parameters: rows of parameters, geometry and initial states of every tile-band."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...kernels.model import Model
from ...kernels.variable import Variable
from ..errors import InputError
from .bands import Bands, bands
from .components import Components, components
from .parameters import Arrays, VicParameters
from .start import initial_values
from .vegetation import vegetation


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

    InputError where soil may freeze in the form, but not at a place; ValueError where the model declares a row that the
    files have nothing for.
    """
    _require_frozen(given, model)
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


def _require_frozen(given: VicParameters, model: Model) -> None:
    if model.options["frozen"] and (unfrozen := np.flatnonzero(given.soil["fs_active"] == 0)).size:
        raise InputError(
            f"{given.source}: fs_active is 0 at {given.where(unfrozen[0])}: a place without frozen soil in a run with "
            "it is not built; set fs_active to 1, or FROZEN_SOIL to FALSE"
        )


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
    values |= vegetation(given, parts)
    values["temperature_offset"] = band.offset[parts.band, places]
    values["precipitation_factor"] = np.where(parts.used, band.factor[parts.band, places], 1.0)
    values["area"] = parts.weights
    values["vegetated"] = np.where(parts.tile >= 0, 1.0, 0.0)
    return values


def _initial_moisture(given: VicParameters, parts: Components) -> np.ndarray:
    """Moisture at the start, not above what the layer holds, mm [layer, component, place]."""
    layers = given.layers
    most = 1000.0 * layers["depth"] * (1.0 - layers["bulk_density"] / layers["soil_density"])
    moisture = np.minimum(layers["init_moist"], most)
    return np.broadcast_to(moisture[:, None], (len(moisture), *parts.tile.shape))
