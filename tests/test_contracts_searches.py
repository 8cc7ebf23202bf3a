"""Models whose steps search for roots: gradients against central differences of the compiled model, cell by cell.

Dual numbers would follow the iterations, whose slopes are only near those of the root. A cell at a kink has another
slope on each side: then its gradient has to be one of them. Where the original model itself jumps (VIC: whether the
last 1e-19 m of a canopy's snow are snow, decided by rounding), a difference says nothing.
"""

import numpy as np
import pytest

from problem import ALL_FORMS, Problem, is_searching, name_of
from slopes import Cells

every_searching_model = pytest.mark.parametrize("model", [f for f in ALL_FORMS if is_searching(f)], ids=name_of)


@every_searching_model
def test_the_gradient_of_every_row_is_that_of_central_differences(model):
    """Each parameter, state and quantity of the weather alone, over the seasons of a year in few steps."""
    cells = Cells(Problem(model, days=25, places=50, components=1, seed=2), seed=3)
    agree, explained, moved = [], [], []
    for name in ("parameters", "state", "forcing"):
        whole = cells.problem.direction(name, cells.random)
        for row, variable in enumerate(cells.problem.declared(name)):
            if variable.discrete:
                continue
            here = (slice(None), row) if name == "forcing" else row
            direction = np.zeros_like(whole)
            direction[here] = whole[here]
            found = cells.compare({name: direction}, least=2e-6)
            agree.append(found.agree)
            explained.append(found.explained)
            if np.any(getattr(cells.found, name)[here] != 0.0):
                moved.append(variable.name)
            assert found.agree.mean() >= 0.9, variable.name
    assert np.mean(agree) >= 0.98
    assert np.mean(explained) >= 0.999
    assert len(moved) >= 0.85 * len(agree), "most rows have to have a slope"


@every_searching_model
def test_gradients_over_a_year_are_those_of_central_differences(model):
    """All parameters, the state and the weather together: snow, melt, interception and dry soil follow each other."""
    problem = Problem(model, days=365 * model.steps_per_day, places=32, components=1, seed=4)
    cells = Cells(problem, seed=5)
    agree, explained = cells.shares(least=1e-6)
    assert agree >= 0.85, agree
    assert explained >= 0.98, explained


@every_searching_model
def test_gradient_over_a_year_passes_the_taylor_test(model):
    """What is left of a scalar after its first order falls with the square of the step, but in cells at a kink."""
    problem = Problem(model, days=365 * model.steps_per_day, places=32, components=1, seed=6)
    cells = Cells(problem, seed=7)
    direction = {"parameters": problem.direction("parameters", cells.random)}
    slope, base = (cells.found.parameters * direction["parameters"]).sum(0), cells.scalar({})
    steps = 1.6e-5 * 0.25 ** np.arange(4)
    changed = [{n: problem.arrays[n] + h * d for n, d in direction.items()} for h in steps]
    rest = np.abs([cells.scalar(c) - base - h * slope for h, c in zip(steps, changed, strict=True)])
    orders = 0.5 * np.log2(rest[:-1] / rest[1:])
    assert np.all(np.abs(np.median(orders, 1) - 2.0) < 0.05), np.median(orders, 1)
    assert np.all((orders > 1.8).mean(1) >= 0.6), "too many cells have a kink or a wrong slope"
