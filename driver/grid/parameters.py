"""Parameters of cells from the static fields of a grid: HydroPy's rows, and what its cascade of rivers needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.hydropy.derive import soil_parameters
from ...kernels.hydropy.lags import Lags, lags
from ...kernels.model import Model
from ..parameters import Parameters, declared
from .parameter_grid import on_a_grid, read_on_grid
from .raw_fields import raw_fields
from .river import River
from .source import GridSource

# m s-1; no river is as fast: lakes and wetlands of this velocity slow nothing.
UNSLOWED = 1e9


def grid_parameters(settings: Any, source: GridSource, model: Model) -> Parameters:
    """Parameters of every cell: those of a file on a grid, else what follows from the fields, else the defaults.

    InputError, with file and place, where a file has unknown names, other cells or no values.
    """
    asked, names = settings.parameters, declared(model)
    fields, origin = dict(source.fields), []
    own: dict[str, np.ndarray] = {}
    if asked.source == "file" and on_a_grid(Path(asked.path)):
        raw, own, notes = read_on_grid(Path(asked.path), source, names)
        fields |= raw
        origin += [f"file {Path(asked.path).name}", *notes]
    if model.name == "hydropy":
        rows, put_in = hydropy_rows(fields, source, settings.hydropy)
        own = rows | own
        origin.append("fields of the grid by HydroPy's rules" + (f", without {', '.join(put_in)}" if put_in else ""))
    left = [variable.name for variable in names if variable.name not in own]
    origin.append(f"defaults for {', '.join(left)}" if own else "defaults")
    places = len(source.cell)
    values = np.array([np.broadcast_to(own.get(v.name, v.default), places) for v in names], np.float64)
    count = len(model.parameters)
    components = np.repeat(values[:count, None], settings.run.components, axis=1)
    return Parameters(components, values[count:].copy(), "; ".join(origin))


def hydropy_rows(
    fields: Mapping[str, np.ndarray], source: GridSource, options: Any
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Rows of HydroPy's parameters that differ between cells, [place], and what was put in for missing fields.

    options: the group &hydropy (permafrost, wcap_perma, v_lake, v_wetl, cf_wela, fak_*).
    """
    raw, put_in = raw_fields(fields, len(source.cell))
    rows = soil_parameters(raw, options.permafrost, options.wcap_perma)
    rows["ddfac"] = raw["ddfac"]
    area = source.grid.area.ravel()[source.cell]
    found = _lags(raw, area, *_links(source, area), options)
    rows["lag_land"], rows["lag_base"] = found.lag_land, found.lag_base
    return rows, put_in


def cascade_rows(river: River, options: Any) -> dict[str, np.ndarray]:
    """lag_river (d) and river_reservoirs [node] of HydroPy's cascade; options as in hydropy_rows."""
    raw, _ = raw_fields(river.fields, len(river.cell))
    found = _lags(raw, river.fields["area"], river.fields["length"], river.fields["slope"], options)
    return {"lag_river": found.lag_river, "river_reservoirs": found.river_reservoirs.astype(np.float64)}


def _lags(raw: Mapping[str, np.ndarray], area: np.ndarray, length: np.ndarray, slope: np.ndarray, options: Any) -> Lags:
    return lags(
        length,
        slope,
        area,
        raw["slope_avg"],
        raw["topo_std"],
        raw["flake"],
        raw["fwetl"],
        (options.fak_riv, options.fak_ovr, options.fak_gw),
        (options.v_lake or UNSLOWED, options.v_wetl or UNSLOWED),
        options.cf_wela,
    )


def _links(source: GridSource, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Length (m) and slope of the way to the downstream cell, [place]; without a river the cell's diameter, flat."""
    river = source.river
    if river is None:
        return 2.0 * np.sqrt(area / np.pi), np.zeros(len(area))
    nodes = np.flatnonzero(river.place >= 0)[source.first : source.first + len(source.cell)]
    return river.fields["length"][nodes], river.fields["slope"][nodes]
