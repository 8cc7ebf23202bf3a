"""The state in which VIC starts where no state file is given (vic.md, section 2, "Initial state")."""

from __future__ import annotations

import numpy as np

from .parameters import Arrays

EMISSION = 0.97 * 5.67e-8  # W m-2 K-4
FREEZING = 273.15
NOTHING = (
    "snow_water_equivalent",
    "snow_surface_liquid",
    "snow_pack_liquid",
    "snow_surface_temperature",
    "snow_pack_temperature",
    "snow_cold_content",
    "snow_depth",
    "snow_density",
    "snow_albedo",
    "snow_age",
    "snow_melting",
    "canopy_snow",
    "canopy_melt",
    "canopy_water",
    "canopy_advected_heat",
    "canopy_refreeze_heat",
)


def emitted(temperature: np.ndarray) -> np.ndarray:
    """Longwave radiation (W m-2) of a surface of a temperature (degC), emissivity 0.97, multiplied as VIC does it."""
    kelvin = temperature + FREEZING
    return EMISSION * kelvin * kelvin * kelvin * kelvin


def initial_values(parameters: Arrays, moisture: np.ndarray, nodes: int, energy: bool) -> Arrays:
    """States [..., component, place] by name: no snow, no ice, empty canopies.

    All nodes are at avg_T where the surface solves the energy balance, at 0 degC otherwise; the foliage is at the
    ground's temperature and the offset of its band.
    """
    empty = np.zeros(moisture.shape[1:])
    ground = empty + parameters["avg_T"] if energy else empty
    return dict.fromkeys(NOTHING, empty) | {
        "foliage_temperature": ground + parameters["temperature_offset"],
        "upward_longwave": emitted(ground),
        "soil_moisture": moisture,
        "soil_ice": np.zeros(moisture.shape),
        "soil_temperature": np.repeat(ground[None], nodes, axis=0),
    }
