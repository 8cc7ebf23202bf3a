"""States at the start of a run from a file on the grid, such as a restart file of HydroPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.variable import Variable
from ..catchments.netcdf_file import opened
from ..errors import ConfigurationError, InputError
from ..files import NETCDF
from .source import GridSource
from .static_file import StaticFile, numbers_on_grid, open_static

# HydroPy's river: content of the reservoirs [res, y, x] in m3, and what arrives, as m3 d-1.
RESERVOIRS, ARRIVING = "riverstor", "infl_subtime"


def begin_with(stepper: Any, settings: Any, source: Any, division: Any) -> None:
    """Set the states of a Stepper to those that the source brings, or, and of its river, to those of the file that
    &grid start_states names, if any.

    States are found by the model's names or symbols (swe, rootmoist, ...); those that the file does not have stay at
    their start. InputError, with file and place, where a cell is missing or no state is there.
    """
    path = settings.grid.start_states
    if getattr(source, "inputs", None) is not None:
        whole = source.inputs.state().reshape(len(stepper.state), -1, len(source.ids))[..., division.place_slab]
        stepper.state = np.ascontiguousarray(whole.reshape(len(stepper.state), -1), stepper.state.dtype)
    if not path:
        return
    if not isinstance(source, GridSource):
        raise ConfigurationError("&grid start_states is for runs on grids: leave it out")
    file = open_static(Path(path))
    places = division.place_slab
    cell = source.cell[places]
    found = [_set(stepper.state, row, state, file, source, cell) for row, state in enumerate(stepper.model.states)]
    if not any(found):
        names = ", ".join(state.symbol or state.name for state in stepper.model.states)
        raise InputError(f"{path} has no state of {stepper.model.label}, expected: {names}")
    _limit_moisture(stepper)
    if stepper.river is not None and source.river is not None:
        _set_river(stepper.river, file, source, source.river.cell[division.node_slab])
        stepper.river.clear()


def _set(state: np.ndarray, row: int, variable: Variable, file: StaticFile, source: GridSource, cell: Any) -> bool:
    name = next((name for name in (variable.symbol, variable.name) if name and name in file.variables), "")
    if not name:
        return False
    values = file.onto(source.grid, name).ravel()[cell]
    wrong = ~(values >= variable.low)
    if wrong.any():
        where = source.grid.name(int(cell[int(np.argmax(wrong))]))
        raise InputError(f"{file.path}: {name} is {values[wrong][0]:g} at {where}, expected {variable.low:g} or more")
    state[row] = np.tile(values, state.shape[1] // max(len(cell), 1))
    return True


def _limit_moisture(stepper: Any) -> None:
    """HydroPy's soil starts with no more than it can hold."""
    names = [variable.name for variable in stepper.model.parameters]
    states = [variable.name for variable in stepper.model.states]
    if "wcap" in names and "root_zone_moisture" in states:
        row = states.index("root_zone_moisture")
        np.minimum(stepper.state[row], stepper.values[names.index("wcap")], out=stepper.state[row])


def _set_river(river: Any, file: StaticFile, source: GridSource, cell: np.ndarray) -> None:
    """Reservoirs of a cascade and the water on its links; rivers of other routers start as they do."""
    states = [variable.name for variable in river.router.states]
    if ARRIVING in file.variables and "in_transit" in states:
        arriving = np.nan_to_num(file.onto(source.grid, ARRIVING).ravel()[cell])
        river.state[states.index("in_transit")] = arriving / (river.substeps or river.router.substeps)
    if RESERVOIRS not in file.variables or "reservoir_1" not in states:
        return
    with NETCDF, opened(file.path) as data:
        stored = numbers_on_grid(data[RESERVOIRS], file)
    rows, columns = file.places(source.grid)
    for number, values in enumerate(stored):
        if f"reservoir_{number + 1}" in states:
            level = np.nan_to_num(values[rows[:, None], columns].ravel()[cell])
            river.state[states.index(f"reservoir_{number + 1}")] = level
