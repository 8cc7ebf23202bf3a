"""The river loops of a GPU against those of the CPU; test_routers_cuda.py runs them in the simulator and on a GPU."""

import numpy as np
import pytest
from freshet.kernels.rivers import device
from freshet.kernels.rivers.registry import router
from numba import cuda

from river_problem import ALL_ROUTERS, river_problem
from river_ranks import routed

TOLERANCE = {"float64": 1e-11, "float32": 1e-4}


def on_device(problem, **changed):
    """discharge, state and gradients, as river_ranks.routed has them."""
    names = ("lateral", "parameters", "state", "d_discharge", "d_state")
    arrays = {name: cuda.to_device(changed.get(name, getattr(problem, name))) for name in names}
    geometry = cuda.to_device(problem.geometry) if problem.router.geometry else None
    options = {"geometry": geometry, "substeps": problem.substeps}
    plan = device.device_plan(problem.downstream)
    given = arrays["lateral"], arrays["parameters"]
    run = device.route(problem.router, plan, *given, arrays["state"], checkpoints=True, **options)
    back = device.route_adjoint(
        problem.router, plan, run, *given, arrays["d_discharge"], arrays["d_state"], **options
    )  # fmt: skip
    found = run.discharge, run.state, back.lateral, back.parameters, back.state
    return [array.copy_to_host() for array in found]


SINGLE = ("muskingum_cunge",)
CASES = [(chosen, np.float64) for chosen in ALL_ROUTERS] + [(router(name), np.float32) for name in SINGLE]


@pytest.mark.parametrize(("chosen", "dtype"), CASES, ids=lambda value: getattr(value, "label", None) or value.__name__)
def test_discharge_state_and_gradients_agree_with_the_cpu(chosen, dtype):
    problem = river_problem(chosen, nodes=5, steps=4, dtype=dtype, substeps=2)
    for found, expected in zip(on_device(problem), routed(problem), strict=True):
        limit = TOLERANCE[dtype.__name__] * np.abs(expected).max()
        np.testing.assert_allclose(found, expected, rtol=0, atol=limit)


def test_arrays_that_do_not_fit_are_refused():
    problem = river_problem(router("muskingum_cunge"), nodes=5, steps=2)
    with pytest.raises(ValueError, match=r"state is float32\[1, 5\], expected C-contiguous float64\[1, 5\]"):
        on_device(problem, state=problem.state.astype(np.float32))
    problem.geometry = problem.geometry[:2]
    with pytest.raises(ValueError, match=r"geometry is float64\[2, 5\], expected C-contiguous float64\[3, 5\]"):
        on_device(problem)
