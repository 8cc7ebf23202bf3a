"""What VIC's files give a run beside weather: parameters of tile-bands with their shares, states, state files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.model import Model
from ...kernels.routing import unit_hydrograph
from ..errors import ConfigurationError
from ..parameters import Parameters
from .assemble import Assembled, assemble
from .image import ImageGrid
from .parameters import VicParameters
from .state_file import read_state
from .write_state import crowded, write_state


class VicInputs:
    """given, grid: parameters of all places of the run and where they lie, in the order of the places."""

    def __init__(self, given: VicParameters, grid: ImageGrid, vic: Mapping[str, Any], model: Model):
        """ConfigurationError where the files have other numbers of layers or root zones than the model."""
        self.given, self.grid, self.vic, self.model = given, grid, vic, model
        found = {"layers": len(given.layers["depth"]), "zones": len(given.roots["root_depth"])}
        for key, count in found.items():
            if count != model.options[key]:
                raise ConfigurationError(
                    f"{given.source} has {count} {'soil layers' if key == 'layers' else 'root zones'}, &vic {key} is "
                    f"{model.options[key]}: write {key} = {count}"
                )

    @cached_property
    def assembled(self) -> Assembled:
        """The arrays of the loops. InputError where soil cannot freeze in a run with frozen soil."""
        return assemble(self.given, self.model)

    @property
    def attributes(self) -> dict[str, np.ndarray]:
        """Geometry of the model by name [place]."""
        rows = zip(self.model.geometry, self.assembled.geometry, strict=True)
        return {variable.name: row for variable, row in rows}

    @cached_property
    def bands(self) -> list[np.ndarray]:
        """For each elevation band the shares [component, place] of its tiles in it."""
        parts, area = self.assembled.components, self.assembled.bands.area
        own = np.take_along_axis(area, parts.band, axis=0)
        cover = np.where(parts.used & (own > 0), parts.weights / np.where(own > 0, own, 1.0), 0.0)
        return [np.where(parts.band == band, cover, 0.0) for band in range(len(area))]

    def parameters(self) -> Parameters:
        """Of every place, with the shares of its components; the unit hydrograph has its defaults."""
        made = self.assembled
        components, places = made.weights.shape
        routing = np.array([variable.default for variable in unit_hydrograph.PARAMETERS])
        return Parameters(
            made.parameters.reshape(-1, components, places),
            np.tile(routing[:, None], (1, places)),
            f"VIC's files, {Path(self.given.source).name}",
            made.weights,
            self.bands,
        )

    def state(self) -> np.ndarray:
        """States [row, cell] to begin with: those of the file that is named, or VIC's own."""
        if not self.vic["initial_state"]:
            return self.assembled.state
        return self._read_state

    @cached_property
    def _read_state(self) -> np.ndarray:
        return read_state(Path(self.vic["initial_state"]), self.model, self.given, self.assembled, self.grid)

    def crowded(self) -> str:
        """The first place with two tiles of one class, whose states VIC's file has no room for; '' = none."""
        return crowded(self.given)

    def write_state(self, path: Path, state: np.ndarray, time: np.datetime64) -> None:
        """Write states [row, cell] as a file of VIC's image driver. WriteError where that fails."""
        write_state(path, self.model, state.astype(np.float64), self.given, self.assembled, self.grid, time)
