"""A reference run of VIC repeated: every output of its file by VIC's name, in the file's shape, and the state."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from freshet.driver.vic.assemble import Assembled
from freshet.kernels.combined import Around, Combined
from freshet.kernels.model import Model
from freshet.kernels.registry import model
from freshet.kernels.simulate import simulate

from vic_reference import Case

# Outputs that are not compared, and why.
LEFT_OUT = {
    "OUT_ZWT": "the water table is not described in the text",
    "OUT_ZWT_LUMPED": "the water table is not described in the text",
    "OUT_WATER_ERROR": "the original's own rounding, 1e-8 mm at most",
}


@dataclass
class Repeated:
    """A reference run and the same of a form: `expected` and `found` have the shapes of the file's variables."""

    case: Case
    model: Model
    assembled: Assembled
    values: dict[tuple[str, int], np.ndarray]
    at_date: np.ndarray

    @cached_property
    def names(self) -> list[str]:
        """Outputs of the file that are compared."""
        return [name for name in self.case.data if name.startswith("OUT_") and name not in LEFT_OUT]

    @cached_property
    def around(self) -> Around:
        """What combined outputs may know."""
        return Around(self.case.forcing, _by_component(self.assembled.parameters, self.case.places),
                      self.assembled.weights)  # fmt: skip

    def found(self, name: str) -> np.ndarray:
        """An output by VIC's name; KeyError where the model has none of that name."""
        last = self.case.data[name].dims[-1]
        if last == "cell":
            return self._made(name, -1)
        number = range(self.case.data.sizes[last])
        if last == "band":
            return np.stack([self._made(name, band) for band in number], -1)
        return np.stack([self._made(f"{name}_{k + 1}", -1) for k in number], -1)

    def _made(self, name: str, band: int) -> np.ndarray:
        combined = _combined(self.model)[name]
        sources = {source: self.values[source, band] for source in combined.sources}
        return combined.of(sources, self.around)

    def found_state(self) -> dict[str, np.ndarray]:
        """The state when VIC wrote its own, as Case.expected_state gives that."""
        rows = _by_component(self.at_date, self.case.places)
        place = {variable.name: row for row, variable in enumerate(self.model.states)}
        found = {}
        for name, expected in self.case.expected_state(self.assembled).items():
            if name in place:
                found[name] = rows[place[name]]
            elif f"{name}_1" in place:
                first = place[f"{name}_1"]
                found[name] = rows[first : first + len(expected)]
        return found


def repeat(case: Case, **form) -> Repeated:
    """All cells and steps of the case in float64; form: options of the model besides those of the case."""
    own = model("vic", **{**case.options, **form})
    assembled = case.assembled(own)
    bands = case.data.sizes.get("band", 0)
    wanted = {(source, -1) for each in _combined(own).values() if not each.by_band for source in each.sources}
    wanted |= {
        (source, band)
        for each in _combined(own).values()
        if each.by_band
        for source in each.sources
        for band in range(bands)
    }
    rows = sorted(wanted)
    weights = np.stack([_weights(assembled, band) for _, band in rows])
    parameters, geometry, weights, state = (
        np.ascontiguousarray(values, np.float64)
        for values in (assembled.parameters, assembled.geometry, weights, assembled.state)
    )
    given = {"geometry": geometry, "weights": weights, "outputs": [source for source, _ in rows]}
    half = case.state_step
    first = simulate(own, case.forcing[:half], parameters, state, **given)
    second = simulate(own, case.forcing[half:], parameters, first.state, **given)
    values = np.concatenate([first.outputs, second.outputs])
    return Repeated(case, own, assembled, {row: values[:, k] for k, row in enumerate(rows)}, first.state)


def _combined(own: Model) -> dict[str, Combined]:
    return {each.variable.name: each for each in own.combined}


def _by_component(values: np.ndarray, places: int) -> np.ndarray:
    return values.reshape(len(values), -1, places)


def _weights(assembled: Assembled, band: int) -> np.ndarray:
    """Shares of the components in the place, or the tiles' shares in one band."""
    if band < 0:
        return assembled.weights
    parts = assembled.components
    area = np.take_along_axis(assembled.bands.area, parts.band, axis=0)
    here = parts.used & (parts.band == band)
    return np.where(here, assembled.weights / np.where(area > 0, area, 1.0), 0.0)
