"""The series behind the scores as CF netCDF: what freshet plot draws hydrographs from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .evaluation_flow import Flow
from .files import NETCDF, whole_file
from .netcdf_places import write_basins, write_coordinates
from .timeaxis import TimeAxis

EPOCH = "1970-01-01"
NAME = "series.nc"


def slug(label: str) -> str:
    """A label as part of a file or variable name."""
    return "".join(letter if letter.isalnum() else "_" for letter in label)


def write_series(
    path: Path,
    ids: Sequence[str],
    axis: TimeAxis,
    attributes: Mapping[str, np.ndarray],
    observed: np.ndarray,
    precipitation: np.ndarray,
    flows: Sequence[Flow],
) -> None:
    """Write observed and simulated flow, precipitation (all mm d-1) and the first model's stores (mm), [time, place].

    The first flow is `streamflow`, as in a run's output; the others are streamflow_<label>.
    """
    import netCDF4

    series = [
        ("streamflow_observed", "mm d-1", "observed", observed),
        ("precipitation", "mm d-1", "precipitation", precipitation),
    ]
    for index, flow in enumerate(flows):
        name = "streamflow" if index == 0 else f"streamflow_{slug(flow.label)}"
        series.append((name, "mm d-1", flow.label, flow.streamflow))
    series += [(name, "mm", name.replace("_", " "), store) for name, store in flows[0].stores.items()]
    size = 4 * observed.size * len(series)
    with NETCDF, whole_file(path, size) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.Conventions, data.featureType, data.title = "CF-1.11", "timeSeries", "observed and simulated flow"
        _coordinates(data, ids, axis, attributes)
        for entry in series:
            _series(data, *entry)


def _series(data: Any, name: str, unit: str, meaning: str, values: np.ndarray) -> None:
    """Write one variable [time, place]."""
    # ten years of some basins at a time: the hydrograph of one basin is a quick read
    shape = (min(len(values), 3653), min(values.shape[1], 64))
    variable = data.createVariable(
        name, "f4", ("time", "basin"), zlib=True, complevel=1, fill_value=np.float32(np.nan), chunksizes=shape
    )
    variable.units, variable.long_name, variable.coordinates = unit, meaning, "latitude longitude"
    variable[:] = np.asarray(values, np.float32)


def _coordinates(data: Any, ids: Sequence[str], axis: TimeAxis, attributes: Mapping[str, np.ndarray]) -> None:
    """Dimensions, time, basin ids and positions."""
    data.createDimension("time", axis.count)
    time = data.createVariable("time", "f8", ("time",))
    time.standard_name, time.units, time.calendar, time.axis = "time", f"days since {EPOCH}", axis.calendar, "T"
    time[:] = np.asarray(axis.days_since(EPOCH), float)
    write_basins(data, ids)
    write_coordinates(data, attributes, ("latitude", "longitude"))
