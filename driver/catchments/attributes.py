"""Where a basin lies, how large and how high it is, whatever a data set calls it."""

from collections.abc import Mapping

import numpy as np

from .source import with_place_attributes

# Names in files, the preferred first. HydroATLAS: ele_mt_sav is the mean elevation of the sub-basins in m.
NAMES = {
    "latitude": ("latitude", "lat", "gauge_lat", "latitude_forcing"),
    "longitude": ("longitude", "lon", "gauge_lon"),
    "area": ("area", "area_forcing", "area_gages2", "area_km2", "area_geospa_fabric", "catchment_area"),
    "elevation": ("elevation", "elev_mean", "elevation_forcing", "ele_mt_sav", "hydroatlas_ele_mt_sav"),
}
FACTORS = {"area": {"m2": 1e-6, "m^2": 1e-6, "ha": 1e-2}, "elevation": {"ft": 0.3048, "km": 1e3}}


def complete(
    attributes: Mapping[str, np.ndarray], count: int, units: Mapping[str, str] | None = None
) -> dict[str, np.ndarray]:
    """The attributes, with latitude, longitude, area (km2) and elevation (m) under freshet's names, NaN where unknown.

    attributes, units: by the data set's own names; without units, areas are km2 and elevations m.
    """
    known: dict[str, np.ndarray] = {}
    for name, others in NAMES.items():
        values = np.full(count, np.nan)
        for other in others:
            column = attributes.get(other)
            if column is None or column.dtype.kind != "f":
                continue
            factor = FACTORS.get(name, {}).get((units or {}).get(other, ""), 1.0)
            values = np.where(np.isfinite(values), values, column * factor)
        known[name] = values
    return with_place_attributes({**attributes, **known}, count)
