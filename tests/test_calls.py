"""Calls of the kernels at their edges: periods, weights of some outputs, no days, and what does not fit."""

import numpy as np
import pytest
from freshet.kernels.registry import model
from freshet.kernels.routed import simulate_routed
from freshet.kernels.routing import unit_hydrograph as uh
from freshet.kernels.simulate import initial_state, simulate

from problem import Problem

HBV = model("hbv")
PERIOD = np.array([4, 4, 0, 0, 0, 2, 2, 2, 2, 4])  # with gaps, and not in order


def test_sums_over_periods_do_not_depend_on_threads_or_on_places_beside():
    problem = Problem(HBV, days=40, places=300, components=4, dtype=np.float32, outputs=("runoff", "soil_moisture"))
    period = np.repeat([0, 1], 20)
    whole = problem.run(period=period).outputs
    for threads in (2, 7):
        np.testing.assert_array_equal(problem.run(period=period, threads=threads).outputs, whole)
    daily = problem.run().outputs
    np.testing.assert_array_equal(np.add.accumulate(daily[20:])[-1], whole[1])


def test_gradients_through_sums_over_periods_are_those_of_the_days():
    problem = Problem(HBV, days=10, places=3, components=2, dynamic_names=("k0",))
    done = problem.run(period=PERIOD, checkpoints=True)
    assert done.outputs.shape[0] == 5
    assert not done.outputs[[1, 3]].any()
    rng = np.random.default_rng(1)
    d_outputs, d_state = rng.normal(size=done.outputs.shape), rng.normal(size=done.state.shape)
    found = problem.reverse(done, d_outputs, d_state, period=PERIOD)
    days = problem.reverse(problem.run(checkpoints=True), d_outputs[PERIOD], d_state)
    for name in ("parameters", "dynamic", "state", "forcing", "weights"):
        np.testing.assert_array_equal(getattr(found, name), getattr(days, name), err_msg=name)


def test_weights_act_on_the_outputs_asked_for_only_and_so_does_their_gradient():
    names = ("runoff", "soil_moisture", "evaporation", "soil_moisture")
    problem = Problem(HBV, days=30, places=3, components=4, outputs=names)
    given, mean = problem.run().outputs, problem.run(weights=None).outputs
    some = problem.run(weighted=("soil_moisture",), checkpoints=True)
    np.testing.assert_array_equal(some.outputs[:, [1, 3]], given[:, [1, 3]])
    np.testing.assert_array_equal(some.outputs[:, [0, 2]], mean[:, [0, 2]])
    d_outputs = np.random.default_rng(2).normal(size=some.outputs.shape)
    found = problem.reverse(some, d_outputs, np.zeros_like(some.state), weighted=("soil_moisture",)).weights
    # The outputs are linear in the weights: each unit weight gives a column of the derivative.
    for m in range(4):
        unit = np.zeros_like(problem.arrays["weights"])
        unit[m] = 1.0
        column = problem.run({"weights": unit}).outputs[:, [1, 3]]
        np.testing.assert_allclose(found[m], (column * d_outputs[:, [1, 3]]).sum((0, 1)), rtol=1e-12)
    none = problem.reverse(some, d_outputs, np.zeros_like(some.state), weighted=()).weights
    assert not none.any()


def test_nothing_that_was_given_is_changed_or_given_back():
    problem = Problem(HBV, days=12, places=3, components=2, dynamic_names=("k0",))
    before = {name: values.copy() for name, values in problem.arrays.items()}
    done = problem.run(checkpoints=True)
    d_outputs, d_state = np.ones_like(done.outputs), np.ones_like(done.state)
    gradient = problem.reverse(done, d_outputs, d_state)
    for name, values in before.items():
        np.testing.assert_array_equal(problem.arrays[name], values)
    assert (d_outputs == 1).all()
    assert (d_state == 1).all()
    made = (done.outputs, done.state, gradient.state, gradient.parameters, gradient.dynamic, gradient.forcing)
    for array in made:
        assert not any(np.shares_memory(array, given) for given in (*problem.arrays.values(), d_outputs, d_state))


def test_more_threads_than_places_and_no_days_at_all():
    problem = Problem(HBV, days=5, places=2, components=3)
    np.testing.assert_array_equal(problem.run(threads=16).outputs, problem.run().outputs)
    none = Problem(HBV, days=0, places=2, components=3)
    done = none.run(checkpoints=True)
    d_state = np.random.default_rng(0).normal(size=done.state.shape)
    gradient = none.reverse(done, np.zeros((0, len(none.outputs), 2)), d_state)
    np.testing.assert_array_equal(done.state, none.arrays["state"])
    np.testing.assert_array_equal(gradient.state, d_state)
    assert not gradient.parameters.any()


def test_the_state_of_one_cell_can_be_changed():
    state = initial_state(HBV, 1)
    state[0] = 5.0
    assert state.flags.c_contiguous


def refuses(told: str, problem: Problem, **changed):
    arrays = problem.arrays | changed
    options = {name: changed[name] for name in changed if name not in problem.arrays or name == "dynamic"}
    with pytest.raises(ValueError, match=told):
        simulate(HBV, arrays["forcing"], arrays["parameters"], arrays["state"], **options)


def test_calls_that_do_not_fit_are_refused_by_name():
    problem = Problem(HBV, days=10, places=3, components=2)
    arrays = problem.arrays
    twice = np.ones((10, 2, 6))
    refuses(r"expected \[time, row, place\] and \[row, cell\]", problem, forcing=arrays["forcing"][0])
    refuses(r"expected \[time, row, place\] and \[row, cell\]", problem, parameters=arrays["parameters"][0])
    refuses("0 cells are not a multiple of 3 places", problem, parameters=arrays["parameters"][:, :0].copy())
    refuses("forcing is >f8, expected float32 or float64", problem, forcing=arrays["forcing"].astype(">f8"))
    refuses("dynamic is missing: daily values of beta", problem, dynamic_names=("beta",))
    refuses("a daily parameter is named twice", problem, dynamic=twice, dynamic_names=("beta", "beta"))
    refuses("unknown variable 'runof'", problem, weighted=("runof",))
    refuses("period must number each of the 10 steps", problem, period=np.linspace(0.0, 2.0, 10))


def test_an_adjoint_refuses_the_run_of_another_call():
    short, long = (Problem(HBV, days=days, places=3, components=2) for days in (10, 200))
    done = long.run()
    with pytest.raises(ValueError, match="states kept by the run is"):
        long.reverse(short.run(checkpoints=True), np.zeros_like(done.outputs), np.zeros_like(done.state))


def test_routing_refuses_what_its_loops_would_read_beyond():
    flow, weights = np.ones((10, 1, 3)), uh.ordinates(np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match=r"days before is float64\[4, 1, 3\], expected float64\[14, 1, 3\]"):
        uh.route(flow, weights, np.zeros((4, 1, 3)))
    with pytest.raises(ValueError, match=r"hydrograph are float64\[15, 3\], expected float64\[lag, 5\]"):
        uh.route(np.ones((10, 1, 5)), weights)
    with pytest.raises(ValueError, match=r"gradient of routed flow is float64\[9, 1, 3\]"):
        uh.route_adjoint(flow, weights, flow[1:])


def test_routing_parameters_of_another_precision_and_routed_periods_are_refused():
    problem = Problem(HBV, days=10, places=3, components=1)
    args = problem.model, problem.arrays["forcing"], problem.arrays["parameters"]
    with pytest.raises(ValueError, match=r"routing is int64\[2, 3\], expected float64\[2, 3\]"):
        simulate_routed(*args, np.ones((2, 3), np.int64), problem.arrays["state"])
    with pytest.raises(ValueError, match="routed from step to step"):
        simulate_routed(*args, np.ones((2, 3)), problem.arrays["state"], period=PERIOD)
