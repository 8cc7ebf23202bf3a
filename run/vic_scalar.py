"""VIC as a plain program: one tile-band after the other, one step after the other, roots by Brent's search, float64."""

from collections.abc import Callable

import numpy as np
from freshet.kernels.bind import bind, bind_block, bind_loop, bind_step
from freshet.kernels.model import Model
from freshet.kernels.registry import model
from freshet.kernels.variable import row_of

from vic_case import KINDS, Case

RUNOFF = 0


class Scalar:
    """The plain program on a case; forward() gives the runoff of each step and place, [step, place]."""

    def __init__(self, case: Case) -> None:
        self.model = model("vic", brent=True, **KINDS[case.kind])
        self.case, self.loop = case, compiled(self.model)
        names = ("forcing", "geometry", "parameters", "state")
        self.given = [np.ascontiguousarray(getattr(case, name), np.float64) for name in names]

    def forward(self) -> np.ndarray:
        form, weight = self.model, self.case.weights.astype(np.float64).ravel()
        runoff = np.zeros((self.case.steps, self.case.places))
        one_cell = (
            len(form.forcings), len(form.geometry), len(form.parameters) + len(form.derived), len(form.states),
            len(form.states), len(form.fluxes) + form.work,
        )  # fmt: skip
        self.loop(*self.given, weight, runoff, *(np.zeros((rows, 1)) for rows in one_cell))
        return runoff


def compiled(form: Model) -> Callable:
    """all_steps of a form."""

    def bound(function: Callable) -> Callable:
        return bind(function, form, "float64", True)

    step = bound(form.column)
    for column, _ in form.later:
        step = bind_step(both, form, "float64", True, head=step, tail=bound(column))
    own = {"one_step": step, "derive": bound(form.derive), "take": bind_block(take, "float64", True)}
    own["RUNOFF"] = row_of(form.fluxes, "runoff")
    return bind_loop(all_steps, form, "float64", True, **own)


def all_steps(
    forcing, geometry, parameter, state, weight, runoff, weather, shape, given, now, after, flux
):  # fmt: skip
    """Step each cell through all steps and add its share of the runoff. The last six arrays are of one cell."""
    places = forcing.shape[2]
    for cell in range(state.shape[1]):
        place = cell % places
        take(geometry, place, shape)
        take(parameter, cell, given)
        take(state, cell, now)
        for t in range(forcing.shape[0]):
            for row in range(forcing.shape[1]):
                weather[row, 0] = forcing[t, row, place]
            if t == 0 or forcing[t, 0, place] != forcing[t - 1, 0, place]:
                derive(given, weather, shape, 0, 0)
            one_step(now, weather, shape, given, after, flux, 0, 0)
            runoff[t, place] += weight[cell] * flux[RUNOFF, 0]
            take(after, 0, now)


def take(source, cell, target):
    """Copy one cell."""
    for row in range(source.shape[0]):
        target[row, 0] = source[row, cell]


def both(state, forcing, geometry, parameter, new_state, flux, i, j):
    """One pass, then those after it."""
    head(state, forcing, geometry, parameter, new_state, flux, i, j)
    tail(state, forcing, geometry, parameter, new_state, flux, i, j)


def one_step(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the passes of a step."""


def derive(parameter, forcing, geometry, i, j):
    """Stands for the model's derive."""


def head(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the first pass."""


def tail(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Stands for the passes after it."""
