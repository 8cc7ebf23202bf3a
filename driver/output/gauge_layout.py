"""Gauges in a file, one behind the other (CF: discrete sampling geometry, timeSeries)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from .layout import NODE, PLACE, Layout


def gauge_columns(river: Any) -> dict[str, np.ndarray]:
    """By location: numbers of the gauges that have it, in the order of their nodes, as ranks give them."""
    nodes = np.array([gauge.node for gauge in river.gauges], np.int64)
    order = np.argsort(nodes, kind="stable")
    return {NODE: order, PLACE: order[river.place[nodes[order]] >= 0]}


def gauge_layout(source: Any) -> Layout:
    """The gauges of a GridSource's river; what the model has in places is missing where no place drains to the node."""
    attributes = {"coordinates": "latitude longitude gauge_name"}
    write = partial(_write, source)
    return Layout(("gauge",), (len(source.river.gauges),), gauge_columns(source.river), write, attributes)


def _write(source: Any, data: Any) -> None:
    gauges, grid, river = source.river.gauges, source.grid, source.river
    data.featureType = "timeSeries"  # CF 9.4: what a cf_role goes with
    data.createDimension("gauge", len(gauges))
    cells = river.cell[np.array([gauge.node for gauge in gauges], np.int64)]
    _texts(data, "gauge", [gauge.id for gauge in gauges], {"long_name": "gauge id", "cf_role": "timeseries_id"})
    _texts(data, "gauge_name", [gauge.name for gauge in gauges], {"long_name": "name of the gauge"})
    numbers: list[tuple[str, Sequence[float], dict[str, str]]] = [
        ("latitude", [each.latitude for each in gauges], {"standard_name": "latitude", "units": "degrees_north"}),
        ("longitude", [each.longitude for each in gauges], {"standard_name": "longitude", "units": "degrees_east"}),
        ("cell_latitude", grid.latitudes(cells), {"long_name": "centre of the cell taken", "units": "degrees_north"}),
        ("cell_longitude", grid.longitudes(cells), {"long_name": "centre of the cell taken", "units": "degrees_east"}),
        ("upstream_area", [each.upstream_area for each in gauges], {"long_name": "of the cell taken", "units": "m2"}),
        ("gauge_area", [each.area for each in gauges], {"long_name": "upstream area as the list says", "units": "m2"}),
        ("moved", [each.moved_km for each in gauges], {"long_name": "from the gauge to the cell taken", "units": "km"}),
        (
            "moved_cells",
            [each.moved_cells for each in gauges],
            {"long_name": "from the cell of the gauge to the cell taken", "units": "1"},
        ),
    ]
    for name, values, attributes in numbers:
        variable = data.createVariable(name, "f8", ("gauge",), fill_value=np.nan)
        variable.setncatts(attributes)
        variable[:] = np.asarray(values, np.float64)


def _texts(data: Any, name: str, texts: Sequence[str], attributes: dict[str, str]) -> None:
    variable = data.createVariable(name, str, ("gauge",))
    variable.setncatts(attributes)
    variable[:] = np.array(list(texts), object)
