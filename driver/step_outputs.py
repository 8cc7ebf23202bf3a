"""Which rows of the model a run needs, with which weights of the components, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..kernels.combined import Around, Combined
from ..kernels.model import Model
from .parameters import Parameters

# Behind the name of a row whose components have other weights than their areas: 1 for each, or those of a band.
COUNT = "@count"


def of_band(name: str, band: int) -> str:
    """The row of one elevation band (from 0)."""
    return f"{name}@band_{band + 1}"


class StepOutputs:
    """rows: names of what `simulate` gives for `names` and `weights`; combined: what is made of them, by name.

    wanted: names of fluxes, states and combined outputs; a name and COUNT is the sum over components, each with weight
    1. Other names are left to others. Combined outputs of bands are wanted with the band's number: OUT_SWE_BAND_2.
    """

    def __init__(self, model: Model, parameters: Parameters, precision: str, wanted: Iterable[str]):
        known = {each.variable.name: each for each in model.combined}
        own = {variable.name for variable in model.outputs}
        self.combined: dict[str, Combined] = {}
        self._band: dict[str, int] = {}
        rows = []
        for name in dict.fromkeys(wanted):
            stem, _, number = name.rpartition("_")
            if name in known and not known[name].by_band:
                self.combined[name], self._band[name] = known[name], -1
            elif stem in known and known[stem].by_band and number.isdecimal():
                self.combined[name], self._band[name] = known[stem], int(number) - 1
            elif name.removesuffix(COUNT) in own:
                rows.append(name)
        rows += [_row(source, self._band[name]) for name, each in self.combined.items() for source in each.sources]
        self.rows = list(dict.fromkeys(rows))
        self.names = [name.partition("@")[0] for name in self.rows]
        self.weights = _weights(self.rows, parameters, precision)
        self._parameters, self._areas = parameters.values, parameters.areas()

    def of(self, values: np.ndarray, forcing: np.ndarray) -> dict[str, np.ndarray]:
        """Combined outputs [step, place] by name from values [step, row, place] and the forcing of the steps."""
        around = Around(forcing, self._parameters, self._areas)
        found = {}
        for name, combined in self.combined.items():
            rows = [self.rows.index(_row(source, self._band[name])) for source in combined.sources]
            sources = {source: values[:, row] for source, row in zip(combined.sources, rows, strict=True)}
            found[name] = np.asarray(combined.of(sources, around), values.dtype)
        return found


def _row(name: str, band: int) -> str:
    return name if band < 0 else of_band(name, band)


def _weights(rows: list[str], parameters: Parameters, precision: str) -> np.ndarray | None:
    """[row, component, place]; None where all components count alike."""
    if parameters.weights is None and not any("@" in name for name in rows):
        return None
    areas = parameters.areas()
    kinds = {"": areas, COUNT: (areas > 0).astype(np.float64)}
    kinds |= {of_band("", band): each for band, each in enumerate(parameters.bands)}
    return np.ascontiguousarray([kinds[name[len(name.partition("@")[0]) :]] for name in rows], precision)
