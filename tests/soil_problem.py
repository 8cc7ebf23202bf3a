"""Random soils of VIC with water, evaporation and ice, for the tests of its soil water."""

from dataclasses import dataclass

import numpy as np
from freshet.kernels.model import Model
from freshet.kernels.registry import model

DEPTH = np.array([0.1, 0.3, 1.5, 1.0, 2.0])[:, None]  # m, of each layer
BOUNDS = {"infilt": (0.02, 0.6), "Ds": (0.001, 0.3), "Dsmax": (1.0, 30.0), "Ws": (0.5, 0.95), "c": (1.0, 3.0)}


def soil_form(**options) -> Model:
    return model("vic", **({"energy": True} if options.get("frozen") else {}), **options)


@dataclass
class Soil:
    """Arrays as a pass takes them, and rows of the soil's water in them."""

    form: Model
    state: np.ndarray
    forcing: np.ndarray
    geometry: np.ndarray
    parameter: np.ndarray
    new_state: np.ndarray
    flux: np.ndarray

    @property
    def arrays(self) -> tuple:
        return self.state, self.forcing, self.geometry, self.parameter, self.new_state, self.flux

    def rows(self, table: str, *names: str) -> list[int]:
        """Rows of quantities in one of the form's tables; a layered one has a row for each layer."""
        known = [v.name for v in getattr(self.form, table)]
        layers = range(1, self.form.options["layers"] + 1)
        first = len(self.form.parameters) if table == "derived" else 0
        return [
            first + known.index(n)
            for name in names
            for n in ([name] if name in known else [f"{name}_{k}" for k in layers])
        ]

    @property
    def moisture(self) -> list[int]:
        return self.rows("states", "soil_moisture")

    @property
    def ice(self) -> list[int]:
        return self.rows("states", "soil_ice") if self.form.options["frozen"] else []

    @property
    def capacity(self) -> list[int]:
        return self.rows("derived", "capacity")

    @property
    def residual(self) -> list[int]:
        return self.rows("derived", "residual")

    @property
    def asked(self) -> list[int]:
        return self.rows("fluxes", "layer_evaporation")

    @property
    def taken(self) -> list[int]:
        return self.rows("fluxes", "layer_evaporation_taken")

    @property
    def inputs(self) -> dict[str, list[int]]:
        """Rows that the soil's water depends on, by array."""
        soil = [r for r in self.rows("parameters", *BOUNDS, "Ksat", "expt")]
        return {
            "state": self.moisture,
            "parameter": soil + self.capacity + self.residual,
            "new_state": self.ice,
            "flux": self.rows("fluxes", "inflow") + self.asked,
        }

    @property
    def results(self) -> dict[str, list[int]]:
        """Rows that the soil's water gives, by array."""
        single = self.rows("fluxes", "surface_runoff", "baseflow", "runoff", "saturated_fraction")
        return {"new_state": self.moisture, "flux": single + self.taken}


def random_soil(form: Model, cells: int, seed: int, limits: bool = False, precision: str = "float64") -> Soil:
    """Soils between dry and full; limits: also quite dry and quite full ones, without water, under metres of it."""
    rng = np.random.default_rng(seed)
    layers, frozen = form.options["layers"], form.options["frozen"]
    states, fluxes = len(form.states), len(form.fluxes) + form.work
    given = len(form.parameters) + len(form.derived)
    sizes = (states, len(form.forcings), len(form.geometry), given, states, fluxes)
    soil = Soil(form, *(np.zeros((size, cells)) for size in sizes))

    def draw(low, high, shape=(layers, cells)):
        values = rng.uniform(low, high, shape)
        return np.where(rng.random(shape) < 0.15, rng.choice((low, high), shape), values) if limits else values

    for name, bounds in BOUNDS.items():
        soil.parameter[soil.rows("parameters", name)] = draw(*bounds, (1, cells))
    soil.parameter[soil.rows("parameters", "Ksat")] = 10.0 ** draw(0.0, 4.5 if limits else 3.0)
    soil.parameter[soil.rows("parameters", "expt")] = draw(4.0, 30.0)
    capacity = 1000.0 * DEPTH[:layers] * draw(0.35, 0.55)
    residual = capacity * draw(0.0, 0.1)
    moisture = residual + (capacity - residual) * draw(0.0, 1.0)
    soil.parameter[soil.capacity], soil.parameter[soil.residual] = capacity, residual
    soil.state[soil.moisture] = moisture
    if frozen:
        soil.new_state[soil.ice] = moisture * draw(0.0, 1.0)
    soil.flux[soil.asked] = draw(-0.1, 1.0) * rng.choice((0.1, 1.0, 5.0), cells)
    inflow = draw(0.0, 1.0, (1, cells)) * 10.0 ** rng.uniform(-6.0, 3.0 if limits else 2.0, cells)
    soil.flux[soil.rows("fluxes", "inflow")] = inflow
    return Soil(form, *(array.astype(precision) for array in soil.arrays))
