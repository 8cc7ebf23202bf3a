"""The loops of a GPU: through Numba's simulator, on a GPU where there is one, and compiled for one without it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from freshet.kernels.registry import model
from numba import cuda, types

from conftest import ROOT

CASES = ROOT / "tests" / "cuda_loops.py"


def run_cases(cases: Path, **environment: str) -> None:
    """Run a file of tests in a process of its own: the simulator is chosen when Numba is imported."""
    command = [sys.executable, "-m", "pytest", "-q", str(cases)]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, cwd=ROOT
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert re.search(r"\d+ passed", done.stdout), done.stdout
    assert "skipped" not in done.stdout


def test_loops_agree_with_the_cpu_in_the_simulator():
    pytest.importorskip("numba.cuda", reason="needs numba-cuda")
    run_cases(CASES, NUMBA_ENABLE_CUDASIM="1")


def test_loops_agree_with_the_cpu_on_a_gpu():
    if not cuda.is_available():
        pytest.skip("needs a GPU, none is available")
    run_cases(CASES, NUMBA_ENABLE_CUDASIM="0")


def test_the_benchmark_for_a_gpu_runs_in_the_simulator():
    script = [sys.executable, str(ROOT / "run" / "benchmark_cuda.py"), "--json", "--repeats", "1"]
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    done = subprocess.run(
        [*script, "--cases", "dynamic 2x2x5", "wb3h 1x1"], env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [json.loads(text) for text in done.stdout.splitlines()]
    both = ["forward", "gradient"]
    assert [line["what"] for line in lines] == both + [what + words for what in both for words in ("", " sorted")]
    assert all(line["share"] == pytest.approx(line["steps_per_s"] / line["limit"]) for line in lines)


def test_the_benchmark_refuses_where_there_is_no_gpu():
    if cuda.is_available():
        pytest.skip("there is a GPU")
    command = [sys.executable, str(ROOT / "run" / "benchmark_cuda.py"), "--cases", "wb3h 1x1"]
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "needs a GPU, and none is available\n"


@pytest.fixture
def without_gpu(monkeypatch):
    """What stands for the card when functions are compiled for one that is not there; skips without the compiler."""
    from numba.cuda import dispatcher

    monkeypatch.setattr(dispatcher, "get_current_device", lambda: SimpleNamespace(compute_capability=(9, 0)))
    try:
        ptx_of(lambda array: None, (types.Array(types.float32, 1, "C"),))
    except Exception as problem:
        text = str(problem).strip() or type(problem).__name__
        if re.search(r"nvvm|nvrtc|NVVM|NVRTC", text):
            pytest.skip(f"needs NVIDIA's compiler libraries (pip install 'numba-cuda[cu13]'): {text.splitlines()[0]}")
        raise


def ptx_of(function, signature) -> str:
    return cuda.compile_ptx(function, signature, cc=(9, 0))[0]


def arguments(names: str, precision: str) -> tuple:
    """Types by kind: a number is an array of so many dimensions, p the periods, o an order, i an integer, b a truth."""
    real = getattr(types, precision)
    orders, periods = (types.Array(whole, 1, "C") for whole in (types.int32, types.int64))
    fixed = {"o": orders, "p": periods, "i": types.int64, "b": types.boolean}
    return tuple(fixed[n] if n in fixed else types.Array(real, int(n), "C") for n in names.split())


FORWARD = "3 2 2 3 o 2 2 3 b i i i 3"
ADJOINT = "3 2 2 3 o 2 p 3 i i i 3 2 2 2 3 3 2 b b b 3"


@pytest.mark.usefixtures("without_gpu")
@pytest.mark.parametrize(
    ("name", "options", "precision"),
    [
        ("hbv", {"version": "2.0"}, "float32"),
        ("hbv", {"version": "2.0"}, "float64"),
        ("hydropy", {"melt": "both", "leakage": True}, "float32"),
    ],
)
def test_loops_compile_for_sm_90_with_cells_in_registers(name, options, precision):
    from freshet.kernels.loops import cuda_compiled

    form = model(name, **options)
    rows, dynamic = (14, len(form.fluxes)), (0, 2)
    for kernel, names in ((cuda_compiled.forward, FORWARD), (cuda_compiled.adjoint, ADJOINT)):
        code = ptx_of(kernel(form, precision, rows, dynamic).py_func, arguments(names, precision))
        assert ".target sm_90" in code
        assert not re.search(r"\.local|call", code), "rows of a cell lie in memory, or a function was not inlined"
        if precision == "float32":
            assert ".f64" not in code, "single precision is widened"
        assert len(re.findall(r"fma\.rn", code)) > 20


@pytest.mark.usefixtures("without_gpu")
def test_vic_compiles_for_sm_90_with_nothing_but_its_parameters_in_memory():
    from freshet.kernels.loops import cuda_compiled

    form = model("vic")
    rows = len(form.parameters) + len(form.derived)
    kernels = (cuda_compiled.forward, FORWARD, rows), (cuda_compiled.adjoint, ADJOINT, 2 * rows)
    for kernel, names, expected in kernels:
        code = ptx_of(kernel(form, "float32", (14, len(form.fluxes)), (), True).py_func, arguments(names, "float32"))
        # months choose among rows of parameters and of their gradients; everything else is taken apart by the compiler
        assert re.findall(r"\.local .*\[(\d+)\];", code) == [str(4 * expected)]
        assert ".f64" not in code, "single precision is widened"
        assert not re.search(r"\bcall", code), "a function was not inlined"


@pytest.mark.usefixtures("without_gpu")
def test_sorting_costs_one_read_of_memory_and_nothing_where_it_is_off():
    from freshet.kernels.loops import cuda_compiled

    reads = []
    for is_sorted in (False, True):
        kernel = cuda_compiled.forward(model("hbv"), "float32", (14,), (), is_sorted)
        reads.append(ptx_of(kernel.py_func, arguments(FORWARD, "float32")).count("ld.global"))
    assert reads[1] == reads[0] + 1


@pytest.mark.usefixtures("without_gpu")
def test_the_check_of_registers_sees_rows_that_are_chosen_at_run_time():
    def chosen(array, row):
        rows = cuda.local.array((8, 1), np.float32)
        for k in range(8):
            rows[k, 0] = array[k]
        array[0] = rows[row, 0]

    assert ".local" in ptx_of(chosen, (types.Array(types.float32, 1, "C"), types.int64))


@pytest.mark.usefixtures("without_gpu")
def test_kernels_of_the_unit_hydrograph_compile_for_sm_90():
    from freshet.kernels.loops.cuda_compiled import plain
    from freshet.kernels.routing import cuda as loops

    signatures = {
        loops.ordinates: "2 2",
        loops.ordinates_adjoint: "2 2 2 2",
        loops.route: "3 i 3 i 2 3",
        loops.remember: "3 i 3 i 3",
        loops.route_adjoint: "3 i i 2 3 3",
        loops.weights_adjoint: "3 p 3 3 2",
    }
    for template, names in signatures.items():
        assert ".target sm_90" in ptx_of(plain(template, "float64").py_func, arguments(names, "float64"))
