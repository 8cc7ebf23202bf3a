"""The basins of a netCDF file that freshet writes: their ids, and where they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

# Attributes of the coordinates by name, in the order in which they are written.
COORDINATES = {
    "latitude": {"units": "degrees_north", "standard_name": "latitude", "long_name": "latitude of the basin"},
    "longitude": {"units": "degrees_east", "standard_name": "longitude", "long_name": "longitude of the basin"},
    "area": {"units": "km2", "long_name": "area of the basin"},
    "elevation": {"units": "m", "standard_name": "surface_altitude", "long_name": "mean height of the basin"},
}


def write_basins(data: Any, ids: Sequence[str]) -> None:
    """Write the dimension `basin` and its ids to a netCDF4.Dataset."""
    data.createDimension("basin", len(ids))
    names = data.createVariable("basin", str, ("basin",))
    names.setncatts({"long_name": "basin id", "cf_role": "timeseries_id"})
    names[:] = np.array(list(ids), object)


def write_coordinates(data: Any, places: Mapping[str, np.ndarray], names: Iterable[str] = tuple(COORDINATES)) -> None:
    """Write those of the coordinates `names` that `places` [basin] has; degrees, km2, m, NaN where not known."""
    for name in names:
        if name in places:
            written = data.createVariable(name, "f8", ("basin",), fill_value=np.nan)
            written.setncatts(COORDINATES[name])
            written[:] = np.asarray(places[name], np.float64)
