"""The sweeps of all routers are vector code, forward and reversed, that is not held back by checks at run time."""

import platform

import pytest
from freshet.kernels.bind import bind, bind_sweep
from freshet.kernels.rivers import sweeps
from numba import types

from river_problem import ALL_ROUTERS
from test_vectorised import SHARE, arithmetic

pytestmark = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="needs an x86 processor: reads its machine code"
)
each_router = pytest.mark.parametrize("chosen", ALL_ROUTERS, ids=lambda chosen: chosen.label)
STORES, WATER = types.Array(types.float32, 3, "C"), types.Array(types.float32, 2, "C")


def assert_vector_code(dispatcher, *arrays):
    dispatcher.compile((*arrays, types.int64, types.int64, types.int64))
    count = arithmetic(dispatcher)
    assert not count["library"], count
    assert count["wide"] >= SHARE * count["scalar"], count
    code = next(iter(dispatcher.inspect_llvm().values()))
    assert "vector.body" in code
    assert "vector.memcheck" not in code
    assert "vector.scevcheck" not in code


@each_router
def test_a_sub_step_of_a_block_of_nodes_is_vector_code(chosen):
    reach = bind(chosen.reach, chosen, "float32", True)
    sweep = bind_sweep(sweeps.sweep, chosen, "float32", True, reach=reach)
    assert_vector_code(sweep, STORES, WATER, WATER, STORES, WATER)


@each_router
def test_a_reversed_sub_step_of_a_block_of_nodes_is_vector_code(chosen):
    reach = bind(chosen.reach_adjoint, chosen, "float32", True)
    sweep = bind_sweep(sweeps.sweep_adjoint, chosen, "float32", True, reach_adjoint=reach)
    assert_vector_code(sweep, STORES, WATER, WATER, STORES, STORES, WATER, WATER, WATER, STORES)
