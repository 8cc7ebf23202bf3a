"""The hidden parameters behind the generated discharge: smooth functions of attributes, which a network can find."""

import math

import numpy as np

from ...kernels.routing import unit_hydrograph

# Attributes as the functions see them: (middle, scale), in logarithms where the name says so.
SCALES = {
    "log aridity": (0.0, 0.7),
    "frac_snow": (0.2, 0.25),
    "p_seasonality": (0.2, 0.5),
    "log slope_mean": (3.3, 1.0),
    "log area": (5.6, 1.5),
    "frac_forest": (0.45, 0.3),
    "sand_frac": (40.0, 15.0),
    "clay_frac": (21.0, 9.0),
    "log soil_depth": (0.0, 0.6),
    "geol_permeability": (-13.75, 1.3),
}
# Lowest and highest value, then what moves the parameter between them.
FUNCTIONS: dict[str, tuple[float, float, dict[str, float]]] = {
    "beta": (1.1, 5.0, {"clay_frac": -0.6, "log slope_mean": -0.4, "frac_forest": 0.5}),
    "fc": (80.0, 600.0, {"log soil_depth": 0.8, "frac_forest": 0.4, "sand_frac": -0.3, "log aridity": 0.3}),
    "k0": (0.15, 0.7, {"log slope_mean": 0.7, "log area": -0.4}),
    "k1": (0.03, 0.3, {"log slope_mean": 0.6, "sand_frac": -0.4, "log soil_depth": -0.3}),
    "k2": (0.003, 0.08, {"geol_permeability": -0.7, "log slope_mean": 0.4}),
    "lp": (0.4, 0.95, {"clay_frac": 0.5, "log aridity": -0.5}),
    "perc": (0.4, 4.5, {"geol_permeability": 0.8, "sand_frac": 0.4}),
    "uzl": (8.0, 60.0, {"log soil_depth": 0.6, "frac_forest": 0.5}),
    "tt": (-1.0, 1.2, {"p_seasonality": 0.4, "frac_snow": -0.4}),
    "cfmax": (2.0, 6.0, {"frac_forest": -0.9, "frac_snow": 0.3}),
    "cfr": (0.02, 0.08, {"frac_forest": 0.5}),
    "cwh": (0.04, 0.14, {"frac_snow": -0.6}),
    "route_a": (0.6, 2.6, {"log area": 0.5, "frac_forest": 0.2}),
    "route_b": (0.1, 2.8, {"log area": 0.9, "log slope_mean": -0.5}),
}
MODEL = {"name": "hbv", "version": "1.0"}


def true_parameters(attributes: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    """Parameters [name, place] of basins with these attributes."""
    places = len(attributes["area"])
    return np.array([[_value(attributes, name, place) for place in range(places)] for name in names])


def routing_names() -> tuple[str, ...]:
    """Names of the shape parameters of the unit hydrograph."""
    return tuple(variable.name for variable in unit_hydrograph.PARAMETERS)


def _value(attributes: dict[str, np.ndarray], name: str, place: int) -> float:
    low, high, slopes = FUNCTIONS[name]
    total = sum(slope * _scaled(attributes, attribute, place) for attribute, slope in slopes.items())
    return low + (high - low) / (1.0 + math.exp(-total))


def _scaled(attributes: dict[str, np.ndarray], attribute: str, place: int) -> float:
    middle, scale = SCALES[attribute]
    value = float(attributes[attribute.removeprefix("log ")][place])
    return ((math.log(value) if attribute.startswith("log ") else value) - middle) / scale
