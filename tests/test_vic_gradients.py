"""Gradients of whole columns of VIC over soil that freezes, which no published form has.

VIC's surface balance over freezing soil has several roots, and rounding decides about the one that is found: after a
season each change, however small, has led elsewhere. So single steps are judged, each from its state in a year's run.
"""

import numpy as np
import pytest
from freshet.kernels.registry import model

from problem import Problem
from slopes import Cells

STEPS = 365 * 8
COUNT = 400  # of each kind


def steps_of_a_year(form, rng: np.random.Generator) -> Problem:
    """Steps of a year's run as places of their own: those in which ice comes or goes, then any, COUNT of each."""
    year = Problem(form, days=STEPS, places=12, components=1, seed=4)
    arrays = year.arrays
    rows = [year.outputs.index(variable.name) for variable in form.states]
    states = np.concatenate([arrays["state"][None], year.run().outputs[:, rows]])
    frozen = states[:, [v.name for v in form.states].index("soil_ice_1")] > 0.0
    assert 0.1 < frozen.mean() < 0.9
    chosen = [rng.permutation(np.argwhere(kind))[:COUNT] for kind in (frozen[1:] != frozen[:-1], frozen[1:] >= 0)]
    step, cell = np.concatenate(chosen).T
    found = Problem(form, days=1, places=len(step), components=1)
    found.arrays |= {
        "forcing": arrays["forcing"][step, :, cell].T[None],
        "state": states[step, :, cell].T,
        "parameters": arrays["parameters"][:, cell],
        "geometry": arrays["geometry"][:, cell],
    }
    found.arrays = {name: np.ascontiguousarray(values) for name, values in found.arrays.items()}
    return found


@pytest.mark.parametrize("compat", [True, False], ids=["vic", "mended"])
def test_gradients_over_freezing_soil_are_those_of_central_differences_in_all_seasons(compat):
    form = model("vic", energy=True, frozen=True, compat=compat)
    cells = Cells(steps_of_a_year(form, np.random.default_rng(3)), seed=5)
    direction = {name: cells.problem.direction(name, cells.random) for name in ("parameters", "state", "forcing")}
    if compat:  # VIC rounds the nodes' depths, which follow from dp, to single precision: differences are stairs
        direction["parameters"][[v.name for v in form.parameters].index("dp")] = 0.0
    found = cells.compare(direction, least=1e-6)
    for part in (slice(0, COUNT), slice(COUNT, None)):
        assert found.agree[part].mean() >= 0.8, found.agree[part].mean()
        assert found.explained[part].mean() >= 0.98, found.explained[part].mean()
