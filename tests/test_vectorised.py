"""The loops over cells are vector code: read from the machine code, since a lost factor of ten breaks no other test."""

import platform
import re
from collections import Counter

import numpy as np
import pytest
from freshet.kernels.bind import bind, bind_sweep
from freshet.kernels.loops import compiled, cpu
from freshet.kernels.registry import MODELS, forms, model
from freshet.kernels.simulate import initial_state, simulate
from numba import njit, types

pytestmark = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="needs an x86 processor: reads its machine code"
)

# Arithmetic on floats: vmulps, vfmadd213pd, vmaxss, divss ... and its registers.
ARITHMETIC = re.compile(r"^\s+v?(?:add|sub|mul|div|min|max|sqrt|fn?m(?:add|sub)\d*)([ps])[sd]\s+(.*)$", re.MULTILINE)
# Functions of the mathematical library, which take one number at a time.
LIBRARY = re.compile(r"\b(?:pow|exp|exp2|expm1|log|log2|log10|log1p|sin|cos|tan|tanh|floor)f?\b")
SHARE = 0.9


def arithmetic(dispatcher) -> Counter:
    """Float instructions by kind: 'wide' on 256 bits or more, 'narrow' on 128, 'scalar' on one number, 'library'."""
    code = dispatcher.inspect_asm(dispatcher.signatures[0])
    found = Counter(library=len(LIBRARY.findall(code)))
    for packed, registers in ARITHMETIC.findall(code):
        wide = "%ymm" in registers or "%zmm" in registers
        found["scalar" if packed == "s" else "wide" if wide else "narrow"] += 1
    return found


def is_vectorised(count: Counter) -> bool:
    """Nearly every scalar instruction (those of the cells left over) has a wide one beside it, and none is called."""
    return count["library"] == 0 and count["wide"] >= 10 and count["wide"] >= SHARE * count["scalar"]


def compile_sweep(dispatcher, precision: str):
    """Compiled for 2-D arrays of one precision and a count, with as many arrays as it takes."""
    array = types.Array(getattr(types, precision), 2, "C")
    arrays = dispatcher.py_func.__code__.co_argcount - 1
    dispatcher.compile((array,) * arrays + (types.int64,))
    return dispatcher


# Models that declare a state by which their cells branch are scalar there; their passes of vector code have own tests.
CASES = [
    pytest.param(form, precision, id=f"{form.label}-{precision}")
    for name in MODELS
    for form in forms(name)
    if not form.branches
    for precision in ("float32", "float64")
]


@pytest.mark.parametrize(("form", "precision"), CASES)
def test_a_day_of_a_block_of_cells_is_vector_code(form, precision):
    count = arithmetic(compile_sweep(compiled.sweep(form, precision), precision))
    assert is_vectorised(count), count


@pytest.mark.parametrize(("form", "precision"), CASES)
def test_a_reversed_day_of_a_block_of_cells_is_vector_code(form, precision):
    count = arithmetic(compile_sweep(compiled.sweep_adjoint(form, precision), precision))
    assert is_vectorised(count), count


@pytest.fixture
def uncached(monkeypatch):
    """Loops compiled anew: code that was read from the cache cannot be inspected."""
    monkeypatch.setenv("FRESHET_CACHE", "off")
    compiled.forward.cache_clear()
    yield
    compiled.forward.cache_clear()


@pytest.mark.usefixtures("uncached")
def test_the_loop_over_days_holds_the_vector_code_of_the_day():
    form = model("hbv")
    day = arithmetic(compile_sweep(compiled.sweep(form, "float32"), "float32"))
    forcing, parameters = np.ones((2, len(form.forcings), 3)), np.ones((len(form.parameters), 6))
    simulate(form, np.float32(forcing), np.float32(parameters), initial_state(form, 6))
    assert arithmetic(compiled.forward(form, "float32"))["wide"] >= day["wide"] > 0


# Columns that must not pass the check: were it blind, it would pass them too.
def independent(state, forcing, geometry, parameter, new_state, flux, i, j):
    water = state[0, i]
    for _ in range(20):
        water = water * parameter[0, i] + forcing[0, j]
    new_state[0, i] = water


def chained(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Each cell needs the one before it."""
    water = new_state[0, i - 1]
    for _ in range(20):
        water = water * parameter[0, i] + forcing[0, j]
    new_state[0, i] = water


def library(state, forcing, geometry, parameter, new_state, flux, i, j):
    """A power from the mathematical library, one cell at a time."""
    water = state[0, i]
    for _ in range(20):
        water = water * parameter[0, i] + forcing[0, j]
    new_state[0, i] = water ** parameter[1, i]


@pytest.mark.parametrize(("column", "expected"), [(independent, True), (chained, False), (library, False)])
def test_the_check_tells_vector_code_from_scalar_code(column, expected):
    form = model("hbv")
    sweep = bind_sweep(cpu.sweep, form, "float32", column=bind(column, form, "float32"))
    assert is_vectorised(arithmetic(compile_sweep(sweep, "float32"))) is expected


def test_the_sweeps_that_were_inspected_are_those_that_run():
    """A block as wide as the loops use, by hand and through the inspected code."""
    form = model("hbv")
    sweep = compile_sweep(compiled.sweep(form, "float32"), "float32")
    random = np.random.default_rng(3)
    parameters = np.stack([random.uniform(v.low, v.high, cpu.WIDTH) for v in form.parameters]).astype(np.float32)
    state = random.uniform(0, 90, (len(form.states), cpu.WIDTH)).astype(np.float32)
    forcing = random.uniform(0, 9, (len(form.forcings), cpu.WIDTH)).astype(np.float32)
    new, flux = np.zeros_like(state), np.zeros((len(form.fluxes), cpu.WIDTH), np.float32)

    @njit
    def day(state, forcing, geometry, parameter, new_state, flux, count):
        sweep(state, forcing, geometry, parameter, new_state, flux, count)

    day(state, forcing, np.empty((0, cpu.WIDTH), np.float32), parameters, new, flux, cpu.WIDTH)
    expected = np.zeros_like(state, np.float64), np.zeros_like(flux, np.float64)
    arrays = (np.float64(array) for array in (state, forcing, np.empty((0, cpu.WIDTH)), parameters))
    arrays = (*arrays, *expected)
    for i in range(cpu.WIDTH):
        form.column(*arrays, i, i)
    np.testing.assert_allclose(new, expected[0], rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(flux, expected[1], rtol=2e-5, atol=2e-5)
