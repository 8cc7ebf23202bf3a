"""Parameters and geometry of a river, as its router declares them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.rivers.registry import router
from ..kernels.rivers.route import DAY
from ..kernels.rivers.router import Router
from ..kernels.variable import Variable
from .errors import InputError
from .river_file import read_river_parameters
from .river_stepping import RiverInput

# Rivers are longer than the way between cells; their speed, m s-1 (TRIP; Oki & Sud, 1998, Earth Interact. 2).
MEANDERS, VELOCITY = 1.4, 0.5


def river_input(settings: Any, source: Any) -> RiverInput | None:
    """What the router that &routing asks for needs, for all nodes of the source's river; None without a router.

    A parameter is what the namelist says, else what the file says, else what follows from the fields of the grid, else
    its declared default. InputError where the source has no river, or a value is out of its declared range.
    """
    asked = settings.routing
    if asked.router == "none":
        return None
    river = getattr(source, "river", None)
    if river is None:
        raise InputError(f"router '{asked.router}' needs a river network: name the flow directions in &grid")
    form = router(asked.router)
    known = river_fields(river, settings)
    origin = "the grid, else defaults"
    if asked.path:
        known |= read_river_parameters(Path(asked.path), form, source)
        origin = f"file {Path(asked.path).name}, else {origin}"
    parameters = _rows(form.parameters, {**known, **asked.overrides}, len(river.downstream))
    geometry = _rows(form.geometry, known, len(river.downstream))
    if asked.overrides:
        origin += "; " + ", ".join(f"{name} = {value:g}" for name, value in asked.overrides.items())
    found = RiverInput(form, parameters, geometry, asked.substeps, origin)
    _require_valid(found, source, form)
    return found


def river_fields(river: Any, settings: Any) -> dict[str, Any]:
    """What follows from the fields of the grid, by the names of routers' parameters and geometry, [node]."""
    from .grid.parameters import cascade_rows

    fields = river.fields
    cascade = cascade_rows(river, settings.hydropy) if settings.routing.router == "cascade" else {}
    # What the files say of the river itself goes before what follows from the cells.
    measured = {name: fields[f"channel_{name}"] for name in ("length", "slope") if f"channel_{name}" in fields}
    measured = {name: np.where(np.isfinite(values), values, fields[name]) for name, values in measured.items()}
    given = {"manning_roughness": fields["channel_roughness"]} if "channel_roughness" in fields else {}
    # fields hold the upstream area in m2, routers ask for km2
    return {
        **cascade,
        **given,
        "residence_time": fields["length"] * MEANDERS / VELOCITY / DAY,
        "channel_length": measured.get("length", fields["length"]),
        "channel_slope": measured.get("slope", fields["slope"]),
        "upstream_area": fields["upstream_area"] * 1e-6,
    }


def _rows(variables: tuple[Variable, ...], known: Mapping[str, Any], nodes: int) -> np.ndarray:
    """Values [row, node]: known ones, the declared default where there is none."""
    rows = np.empty((len(variables), nodes))
    for row, variable in enumerate(variables):
        given = np.asarray(known.get(variable.name, variable.default), np.float64)
        rows[row] = np.where(np.isfinite(given), given, variable.default)
    return rows


def _require_valid(found: RiverInput, source: Any, form: Router) -> None:
    declared = (*form.parameters, *form.geometry)
    for variable, row in zip(declared, (*found.parameters, *found.geometry), strict=True):
        wrong = ~((row >= variable.low) & (row <= variable.high))
        if wrong.any():
            node = int(np.argmax(wrong))
            where = source.grid.name(int(source.river.cell[node]))
            raise InputError(
                f"{variable.name} of router '{form.name}' at {where} is {row[node]:g}, expected {variable.low:g} to "
                f"{variable.high:g} {variable.unit} (from {found.origin})"
            )


def river_identity(given: RiverInput | None, source: Any) -> dict[str, str]:
    """What makes the rivers of a run the same rivers, in words: beside provenance.identity."""
    if given is None:
        return {}
    network = hashlib.sha256(source.river.downstream.tobytes() + source.river.cell.tobytes())
    values = hashlib.sha256(given.parameters.tobytes() + given.geometry.tobytes())
    return {
        "router": given.router.label,
        "sub-steps of the router": str(given.substeps or given.router.substeps),
        "river network": f"{len(source.river.downstream)} cells (sha256 {network.hexdigest()[:16]})",
        "parameters of the router": f"sha256 {values.hexdigest()[:16]}",
    }
