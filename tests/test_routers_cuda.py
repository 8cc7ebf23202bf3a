"""Rivers on a GPU: through Numba's simulator, on a GPU where there is one, and compiled for one without it."""

import pytest
from numba import cuda, types

from conftest import ROOT
from river_problem import ALL_ROUTERS
from test_cuda import ptx_of, run_cases, without_gpu

__all__ = ["without_gpu"]
CASES = ROOT / "tests" / "cuda_rivers.py"


def test_rivers_agree_with_the_cpu_in_the_simulator():
    pytest.importorskip("numba.cuda", reason="needs numba-cuda")
    run_cases(CASES, NUMBA_ENABLE_CUDASIM="1")


def test_rivers_agree_with_the_cpu_on_a_gpu():
    if not cuda.is_available():
        pytest.skip("needs a GPU, none is available")
    run_cases(CASES, NUMBA_ENABLE_CUDASIM="0")


def argument(kind: str):
    """Type by kind: s stores, w water, o one row of numbers, u places of uint32, p places, e ends, i an integer."""
    real, one = types.float32, lambda of: types.Array(of, 1, "C")
    return {
        "s": types.Array(real, 3, "C"), "w": types.Array(real, 2, "C"), "u": one(types.uint32), "p": one(types.int64),
        "e": one(types.uint8), "i": types.int64,
    }[kind]  # fmt: skip


KERNELS = {
    "sweep": "s w w s w w s w i i",
    "arrive": "w u u p p e w w i",
    "sweep_level": "s w w s w w s w i u u p p i i",
    "depart": "u e w w w i",
    "sweep_adjoint": "s w w s s w w w s i",
    "sweep_level_adjoint": "s w w s s w w w s u w i i",
}


@pytest.mark.usefixtures("without_gpu")
@pytest.mark.parametrize("chosen", ALL_ROUTERS, ids=lambda chosen: chosen.label)
def test_the_sub_steps_compile_for_sm_90_in_single_precision(chosen):
    from freshet.kernels.rivers.device_work import kernel

    names = ("sweep", "arrive", "depart", "sweep_adjoint") if chosen.delayed else ("sweep_level", "sweep_level_adjoint")
    for name in names:
        code = ptx_of(kernel(chosen, "float32", name).py_func, tuple(map(argument, KERNELS[name].split())))
        assert ".target sm_90" in code
        assert ".f64" not in code, "single precision is widened"
        assert "call" not in code, "a function was not inlined"
        assert "atom" not in code
