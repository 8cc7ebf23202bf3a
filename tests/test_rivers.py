"""Contracts over every registered router: exact gradients, the same bits for any cut, water kept."""

from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.route import route

from river_problem import ALL_ROUTERS, random_network, river_problem, scalar
from river_ranks import routed

DAY = 86400.0
each_router = pytest.mark.parametrize("chosen", ALL_ROUTERS, ids=lambda chosen: chosen.label)


def run(problem, **changed):
    given = {name: changed.get(name, getattr(problem, name)) for name in ("lateral", "parameters", "state")}
    mine = plan(problem.downstream)
    return route(problem.router, mine, **given, geometry=problem.geometry, substeps=problem.substeps)


@each_router
@pytest.mark.parametrize("ranks", [2, 3, 4, 7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
def test_rivers_have_the_same_bits_for_any_number_of_ranks(chosen, ranks, dtype):
    problem = river_problem(chosen, nodes=1500, dtype=dtype)
    for alone, together in zip(routed(problem), routed(problem, ranks), strict=True):
        np.testing.assert_array_equal(alone, together)


@each_router
@pytest.mark.parametrize("threads", [2, 3])
def test_rivers_have_the_same_bits_for_any_number_of_threads(chosen, threads):
    problem = river_problem(chosen, nodes=1500)
    for alone, together in zip(routed(problem), routed(problem, 1, threads), strict=True):
        np.testing.assert_array_equal(alone, together)
    for alone, together in zip(routed(problem), routed(problem, 2, threads), strict=True):
        np.testing.assert_array_equal(alone, together)


@each_router
def test_more_ranks_than_nodes_route_the_same(chosen):
    problem = river_problem(chosen, nodes=4)
    for alone, together in zip(routed(problem), routed(problem, 7), strict=True):
        np.testing.assert_array_equal(alone, together)


@each_router
def test_water_in_is_water_out_and_water_stored(chosen):
    problem = river_problem(chosen, nodes=300, steps=40)
    done = run(problem)
    ends = problem.downstream == np.arange(problem.nodes)
    entered = problem.lateral.sum() * DAY
    left = done.discharge[:, ends].sum() * DAY
    held = stored(chosen, done.state) - stored(chosen, problem.state)
    assert abs(entered - left - held) < 1e-12 * (entered + stored(chosen, problem.state))


def stored(chosen, state):
    return sum(state[row].sum() for row, variable in enumerate(chosen.states) if variable.unit == "m3")


@each_router
@pytest.mark.parametrize("name", ["lateral", "parameters", "state"])
def test_the_gradient_of_rivers_converges_as_taylor_says(chosen, name):
    problem = river_problem(chosen, seed=3)
    discharge, state, *gradients = routed(problem)
    gradient = dict(zip(("lateral", "parameters", "state"), gradients, strict=True))[name]
    base, given = scalar(problem, discharge, state), getattr(problem, name)
    direction = np.random.default_rng(1).normal(size=given.shape) * np.maximum(np.abs(given), 1e-3 * given.max())
    slope = float((gradient * direction).sum())
    errors = []
    for size in (1e-3, 5e-4, 2.5e-4):
        done = run(problem, **{name: given + size * direction})
        errors.append(abs(scalar(problem, done.discharge, done.state) - base - size * slope))
    linear = max(errors) < 1e-9 * abs(base) + 1e-9 * abs(slope)
    assert linear or all(3.6 < coarse / fine < 4.4 for coarse, fine in pairwise(errors)), errors


@each_router
def test_a_run_cut_in_two_routes_the_same(chosen):
    problem = river_problem(chosen)
    whole = run(problem)
    first = run(problem, lateral=problem.lateral[:11])
    second = run(problem, lateral=problem.lateral[11:], state=first.state)
    np.testing.assert_array_equal(whole.discharge, np.concatenate((first.discharge, second.discharge)))
    np.testing.assert_array_equal(whole.state, second.state)


@each_router
def test_float32_rivers_are_close_to_float64(chosen):
    double, single = river_problem(chosen), river_problem(chosen, dtype=np.float32)
    for exact, rounded in zip(routed(double), routed(single), strict=True):
        np.testing.assert_allclose(rounded, exact, rtol=0, atol=2e-5 * np.abs(exact).max())


def test_pieces_of_any_size_route_the_same(monkeypatch):
    problem = river_problem(ALL_ROUTERS[0], nodes=1500)
    whole = routed(problem, 2)
    monkeypatch.setattr("freshet.kernels.rivers.plan.PIECE", 64)
    assert len(plan(problem.downstream).pieces) > 20
    for one, other in zip(whole, routed(problem, 2, 2), strict=True):
        np.testing.assert_array_equal(one, other)


def test_planning_takes_time_in_proportion_to_the_network(monkeypatch):
    """With as many pieces as a network of tens of millions of nodes has."""
    monkeypatch.setattr("freshet.kernels.rivers.plan.PIECE", 100)

    def seconds(nodes):
        downstream = random_network(nodes, np.random.default_rng(0))
        before = process_time()
        assert len(plan(downstream).pieces) > nodes // 200
        return process_time() - before

    seconds(2_000)  # compiles
    assert seconds(160_000) < 24 * seconds(20_000)


@each_router
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
def test_no_river_anywhere_within_the_bounds_has_less_than_no_water(chosen, dtype):
    problem, rng = river_problem(chosen, nodes=700, steps=30, dtype=dtype, seed=8), np.random.default_rng(8)
    for rows, variables in ((problem.parameters, chosen.parameters), (problem.geometry, chosen.geometry)):
        for row, variable in zip(rows, variables, strict=True):
            whole = variable.name == "river_reservoirs"
            row[:] = anywhere(variable, rng, problem.nodes) if not whole else rng.integers(1, 6, problem.nodes)
    problem.lateral *= 10.0 ** rng.uniform(-6, 3, problem.nodes) * (rng.random(problem.nodes) < 0.3)
    problem.state *= rng.random(problem.state.shape) < 0.3
    done = run(problem)
    entered, left = problem.lateral.sum(dtype=float) * DAY, problem.downstream == np.arange(problem.nodes)
    kept = stored(chosen, done.state.astype(float)) - stored(chosen, problem.state.astype(float))
    assert done.discharge.min() >= 0.0
    assert done.state.min() >= 0.0
    missing = entered - done.discharge[:, left].sum(dtype=float) * DAY - kept
    assert abs(missing) < 10 * np.finfo(dtype).eps * (entered + stored(chosen, problem.state.astype(float)))


def anywhere(variable, rng, nodes):
    """Values within the bounds of a parameter, on them, or many decades apart."""
    spread = np.clip(10.0 ** rng.uniform(-6, 6, nodes), variable.low, variable.high)
    return np.where(rng.random(nodes) < 0.5, rng.uniform(variable.low, variable.high, nodes), spread)
