"""Parameters of a run: defaults, a file or a trained network, and what the namelist says by name."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.model import Model
from ..kernels.routing import unit_hydrograph
from ..kernels.variable import Variable
from .errors import InputError


@dataclass(frozen=True)
class Parameters:
    """What a model needs to simulate places: its own parameters and those of the unit hydrograph.

    values [row, component, place] in the order of model.parameters, routing [2, place] (route_a, route_b), float64;
    origin: where they come from, in words
    weights [component, place]: share of each component in its place; None = all alike
    bands: for each elevation band the shares [component, place] of its tiles in it
    """

    values: np.ndarray
    routing: np.ndarray
    origin: str = ""
    weights: np.ndarray | None = None
    bands: Sequence[np.ndarray] = ()

    @property
    def components(self) -> int:
        """Parallel components of each place."""
        return self.values.shape[1]

    def cells(self, precision: str) -> np.ndarray:
        """The model's parameters as the kernels take them, [row, cell]."""
        return np.ascontiguousarray(self.values.reshape(len(self.values), -1), precision)

    def areas(self) -> np.ndarray:
        """Share of each component in its place [component, place]."""
        shape = self.values.shape[1:]
        return np.full(shape, 1 / max(1, shape[0])) if self.weights is None else self.weights

    def slab(self, places: slice) -> "Parameters":
        """Those of some of the places."""
        own = None if self.weights is None else self.weights[:, places]
        bands = [band[:, places] for band in self.bands]
        return Parameters(self.values[:, :, places], self.routing[:, places], self.origin, own, bands)

    def checksum(self) -> str:
        """SHA-256 of all values."""
        own = b"" if self.weights is None else self.weights.tobytes()
        return hashlib.sha256(self.values.tobytes() + self.routing.tobytes() + own).hexdigest()


def declared(model: Model) -> tuple[Variable, ...]:
    """The model's parameters, then those of the unit hydrograph."""
    return (*model.parameters, *unit_hydrograph.PARAMETERS)


def default_parameters(model: Model, places: int, components: int = 1) -> Parameters:
    """The declared defaults for every place and component."""
    values = np.array([variable.default for variable in model.parameters])
    routing = np.array([variable.default for variable in unit_hydrograph.PARAMETERS])
    return Parameters(
        np.tile(values[:, None, None], (1, components, places)), np.tile(routing[:, None], (1, places)), "defaults"
    )


def parameters(settings: Any, source: Any, model: Model) -> Parameters:
    """The parameters that the namelist asks for, for the places of the source.

    InputError where a file lacks a basin or holds a value that is no number or out of its declared range.
    """
    asked = settings.parameters
    if getattr(source, "inputs", None) is not None:
        found = _of_source(settings, source, model)
    elif asked.source != "checkpoint" and hasattr(source, "fields") and not _by_basin(asked):
        from .grid.parameters import grid_parameters

        found = grid_parameters(settings, source, model)
    elif asked.source == "file":
        from .parameter_file import read_parameters

        found = read_parameters(Path(asked.path), source.ids, model, settings.run.components)
    elif asked.source == "checkpoint":
        found = _from_checkpoint(asked.path, source, model, settings)
    else:
        found = default_parameters(model, len(source.ids), settings.run.components)
    found = replace(found, asked.overrides, model)
    require_valid(found, source.ids, model)
    return found


def _of_source(settings: Any, source: Any, model: Model) -> Parameters:
    """Parameters that the source brings, for components with weights of their own; or from a file of a run of it."""
    asked, own = settings.parameters, source.inputs.parameters()
    if asked.source == "default":
        return own
    if asked.source == "checkpoint":
        raise InputError(f"checkpoint '{asked.path}': networks give no parameters to {model.name} so far")
    from .parameter_file import read_parameters

    read = read_parameters(Path(asked.path), source.ids, model, own.components, own)
    return dataclasses.replace(own, values=read.values, routing=read.routing, origin=read.origin)


def _by_basin(asked: Any) -> bool:
    """Whether a file has parameters of named places: of basins, as the parameters.nc of a run, or a parameter map."""
    from .grid.parameter_grid import on_a_grid
    from .parameter_maps import is_map

    return asked.source == "file" and (not on_a_grid(Path(asked.path)) or is_map(Path(asked.path)))


def replace(given: Parameters, overrides: Mapping[str, float], model: Model) -> Parameters:
    """The parameters with some of them, by name, set to one value everywhere."""
    if not overrides:
        return given
    values, routing = given.values.copy(), given.routing.copy()
    names = [variable.name for variable in declared(model)]
    for name, value in overrides.items():
        row = names.index(name)
        if row < len(values):
            values[row] = value
        else:
            routing[row - len(values)] = value
    text = ", ".join(f"{name} = {value:g}" for name, value in overrides.items())
    return dataclasses.replace(given, values=values, routing=routing, origin=f"{given.origin}; {text}")


def require_valid(given: Parameters, ids: Sequence[str], model: Model) -> None:
    """InputError that names the first parameter and basin that is no number or out of its declared range."""
    routing = given.routing[:, None, :]
    for variable, rows in zip(declared(model), (*given.values, *routing), strict=True):
        # A network's bounds are met only to rounding.
        slack = 1e-6 * (variable.high - variable.low)
        wrong = ~((rows >= variable.low - slack) & (rows <= variable.high + slack))
        if wrong.any():
            component, place = np.argwhere(wrong)[0]
            which = f", component {component + 1}" if given.components > 1 and len(rows) > 1 else ""
            raise InputError(
                f"parameter {variable.name} of basin {ids[place]}{which} is {rows[component, place]:g}, expected "
                f"{variable.low:g} to {variable.high:g} {variable.unit} (from {given.origin})"
            )


def _from_checkpoint(path: str, source: Any, model: Model, settings: Any) -> Parameters:
    from .training import parameters_from_checkpoint

    components = settings.run.components
    values, routing, found = parameters_from_checkpoint(path, source, model, settings.data)
    if components not in (1, found):
        raise InputError(
            f"checkpoint '{path}' was trained with {found} components, but &run components = {components}: "
            "leave components out"
        )
    shaped = np.asarray(values, np.float64).reshape(len(model.parameters), found, len(source.ids))
    return Parameters(shaped, np.asarray(routing, np.float64), f"checkpoint {Path(path).name}")
