"""What every registered model promises: adjoint, water balance, restart, threads, precision, ties."""

import numpy as np
import pytest
from freshet.kernels.simulate import simulate

from dual import Dual, dual
from problem import ALL_FORMS, Problem, is_searching, name_of, plain, ranges, two_parameters

every_model = pytest.mark.parametrize("model", ALL_FORMS, ids=name_of)
# Models that search for roots have tests of their own: test_contracts_searches.py.
every_explicit_model = pytest.mark.parametrize("model", [f for f in ALL_FORMS if not is_searching(f)], ids=name_of)
every_searching_model = pytest.mark.parametrize("model", [f for f in ALL_FORMS if is_searching(f)], ids=name_of)


def tangent(problem: Problem, direction: dict[str, np.ndarray], d_outputs, d_state) -> float:
    """Exact derivative along a direction: the column in dual numbers, looped in plain Python."""
    model, arrays = problem.model, problem.arrays
    column = plain(model.column, model)
    boxed = {
        name: np.vectorize(Dual, otypes=[object])(values, direction.get(name, np.zeros_like(values)))
        for name, values in arrays.items()
        if values.size
    }
    rows = [[v.name for v in model.outputs].index(name) for name in problem.outputs]
    names = [v.name for v in model.parameters]
    total = Dual(0.0)
    for cell in range(problem.places * problem.components):
        m, place = divmod(cell, problem.places)
        state = boxed["state"][:, cell : cell + 1]
        parameter = boxed["parameters"][:, cell : cell + 1].copy()
        for t in range(problem.days):
            for d, name in enumerate(problem.dynamic_names):
                parameter[names.index(name), 0] = boxed["dynamic"][t, d, cell]
            new_state = np.empty_like(state)
            flux = np.empty((len(model.fluxes), 1), object)
            column(state, boxed["forcing"][t], arrays["geometry"], parameter, new_state, flux, 0, place)
            everything = np.concatenate((flux, new_state))
            for k, row in enumerate(rows):
                total = total + boxed["weights"][m, place] * dual(everything[row, 0]) * float(d_outputs[t, k, place])
            state = new_state
        for row in range(len(model.states)):
            total = total + dual(state[row, 0]) * float(d_state[row, cell])
    return total.tangent


@every_explicit_model
def test_adjoint_of_a_whole_run_is_the_transpose_of_its_tangent(model):
    problem = Problem(model, days=25, places=2, components=2, dynamic_names=two_parameters(model))
    rng = np.random.default_rng(3)
    done = problem.run()
    d_outputs, d_state = rng.normal(size=done.outputs.shape), rng.normal(size=done.state.shape)
    gradients = problem.gradients(d_outputs, d_state)
    for name, gradient in gradients.items():
        direction = rng.normal(size=gradient.shape)
        expected = tangent(problem, {name: direction}, d_outputs, d_state)
        assert float((gradient * direction).sum()) == pytest.approx(expected, rel=1e-9), name


@every_explicit_model
def test_gradient_passes_the_taylor_test(model):
    problem = Problem(model, days=120, places=4, components=3, seed=7)
    rng = np.random.default_rng(1)
    base = problem.run()
    d_outputs, d_state = rng.normal(size=base.outputs.shape), rng.normal(size=base.state.shape)
    gradient = problem.gradients(d_outputs, d_state)["parameters"]
    bounds = ranges(model)
    spread = np.array([[bounds[v.name][1] - bounds[v.name][0]] for v in model.parameters])
    direction = spread * rng.normal(size=gradient.shape)

    def scalar(step: float) -> float:
        done = problem.run({"parameters": problem.arrays["parameters"] + step * direction})
        return float((done.outputs * d_outputs).sum() + (done.state * d_state).sum())

    slope = float((gradient * direction).sum())
    steps = 1e-6 * 0.5 ** np.arange(3)
    rest = [abs(scalar(h) - scalar(0.0) - h * slope) for h in steps]
    assert max(rest) < 1e-4 * abs(slope) * steps[0], "the first-order term is not removed"
    orders = np.log2(np.array(rest[:-1]) / np.array(rest[1:]))
    assert np.all(orders > 1.8), orders


@every_model
def test_water_balance_closes_in_every_cell_and_step(model):
    problem = Problem(model, days=400, places=5, components=1)
    done = problem.run(weights=None)
    names = list(problem.outputs)
    signed = sum(v.balance * done.outputs[:, names.index(v.name)] for v in model.fluxes if v.balance)
    stored = [(names.index(model.states[row].name), row, size) for row, size in model.storages]
    storage = sum(size * done.outputs[:, k] for k, _, size in stored)
    before = sum(size * problem.arrays["state"][row] for _, row, size in stored)
    assert np.abs(signed - np.diff(storage, axis=0, prepend=before[None])).max() <= 1e-9


@every_model
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_run_cut_anywhere_and_continued_equals_the_uncut_run_to_the_bit(model, dtype):
    problem = Problem(model, days=50, places=7, components=3, dtype=dtype, dynamic_names=two_parameters(model)[:1])
    whole = problem.run()
    arrays = problem.arrays
    for cut in (1, 17, 49):
        first = problem.run({"forcing": arrays["forcing"][:cut]}, dynamic=arrays["dynamic"][:cut])
        rest = {"forcing": arrays["forcing"][cut:], "state": first.state}
        second = problem.run(rest, dynamic=np.ascontiguousarray(arrays["dynamic"][cut:]))
        np.testing.assert_array_equal(np.concatenate((first.outputs, second.outputs)), whole.outputs)
        np.testing.assert_array_equal(second.state, whole.state)


@every_model
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_places_alone_threads_and_blocks_do_not_change_a_bit(model, dtype):
    problem = Problem(model, days=30, places=515, components=2, dtype=dtype)
    done = problem.run(checkpoints=True)
    rng = np.random.default_rng(2)
    d_outputs = rng.normal(size=done.outputs.shape).astype(dtype)
    d_state = rng.normal(size=done.state.shape).astype(dtype)
    gradient = problem.reverse(done, d_outputs, d_state)
    for threads in (2, 3, 7):
        again = problem.run(checkpoints=True, threads=threads)
        np.testing.assert_array_equal(again.outputs, done.outputs)
        reverse = problem.reverse(again, d_outputs, d_state, threads=threads)
        for name in ("parameters", "state", "forcing", "weights"):
            np.testing.assert_array_equal(getattr(reverse, name), getattr(gradient, name))
    for part in (slice(0, 1), slice(1, 18), slice(18, 275), slice(275, 515)):
        piece = subset(problem, part)
        np.testing.assert_array_equal(piece.run().outputs, done.outputs[:, :, part])
        own = piece.reverse(
            piece.run(checkpoints=True),
            np.ascontiguousarray(d_outputs[:, :, part]),
            np.ascontiguousarray(d_state.reshape(len(model.states), 2, -1)[:, :, part]).reshape(len(model.states), -1),
        )
        rows = gradient.parameters.reshape(len(model.parameters), 2, -1)[:, :, part]
        np.testing.assert_array_equal(own.parameters, rows.reshape(len(model.parameters), -1))


def subset(problem: Problem, part: slice) -> Problem:
    """The same problem for some of its places."""
    places = part.stop - part.start
    piece = Problem(problem.model, problem.days, places, problem.components, problem.dtype)
    for name, values in problem.arrays.items():
        last = values.shape[-1]
        if last == problem.places:
            cut = values[..., part]
        else:
            cut = values.reshape(*values.shape[:-1], problem.components, problem.places)[..., part]
            cut = cut.reshape(*values.shape[:-1], -1)
        piece.arrays[name] = np.ascontiguousarray(cut)
    return piece


@every_explicit_model
def test_float32_stays_near_float64(model):
    names = ("runoff", "evaporation", model.states[0].name, model.states[2].name)
    double = Problem(model, days=730, places=6, components=4, outputs=names)
    single = Problem(model, days=730, places=6, components=4, outputs=names, dtype=np.float32)
    exact, near = double.run().outputs, single.run().outputs
    assert near.dtype == np.float32
    for k, name in enumerate(names):
        scale = max(1.0, float(np.abs(exact[:, k]).max()))
        assert np.abs(near[:, k] - exact[:, k]).max() <= 2e-5 * scale, name


@every_searching_model
def test_float32_stays_near_float64_but_for_steps_in_which_rounding_decides(model):
    """A root within rounding of a threshold (snow or none, ice or water) sends a cell another way for a while."""
    names = ("runoff", "evaporation", *(model.states[row].name for row, _ in model.storages))
    double = Problem(model, days=2920, places=6, components=4, outputs=names)
    single = Problem(model, days=2920, places=6, components=4, outputs=names, dtype=np.float32)
    exact, near = double.run().outputs, single.run().outputs
    assert near.dtype == np.float32
    for k, name in enumerate(names):
        scale = max(1e-3, float(np.abs(exact[:, k]).max()))
        difference = np.abs(near[:, k] - exact[:, k]) / scale
        assert np.median(difference) <= 2e-5, name
        assert np.quantile(difference, 0.98) <= 2e-3, name
    total = np.abs(exact[:, :2].sum(0))
    assert (np.abs(near[:, :2].sum(0, dtype=np.float64) - exact[:, :2].sum(0)) <= 1e-3 * total + 0.1).all()


def at_bounds(problem: Problem, rng: np.random.Generator) -> None:
    """Set all numbers to bounds, the middle or where a limit lies, and switches to 0 or 1; the clock stays."""
    model, arrays = problem.model, problem.arrays
    days, places = problem.days, problem.places
    for row, variable in enumerate(model.parameters):
        middle = [] if variable.discrete else [0.5 * (variable.low + variable.high)]
        arrays["parameters"][row] = rng.choice([variable.low, variable.high, *middle], places)
    for row, variable in enumerate(model.states):
        ends = [end for end in (variable.low, variable.high) if np.isfinite(end)]
        values = np.clip([0.0, 1e-5, 0.001, 50.0, 2000.0, *ends], variable.low, variable.high)
        arrays["state"][row] = rng.choice(ends if variable.discrete and len(ends) > 1 else values, places)
    for row, variable in enumerate(model.forcings):
        values = [0.0, variable.low, min(variable.high, 300.0), 2.5, -2.5 if variable.low < 0 else 1e-6]
        if problem.fits:
            values = np.clip([*values, variable.high], variable.low, variable.high)
        if not variable.discrete:
            arrays["forcing"][:, row] = rng.choice(values, (days, places))


@every_model
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_but_finite_numbers_leaves_at_bounds_and_ties(model, dtype):
    problem = Problem(model, days=12, places=4000, components=1, dtype=dtype)
    at_bounds(problem, np.random.default_rng(11))
    done = problem.run(checkpoints=True)
    assert np.isfinite(done.outputs).all()
    assert np.isfinite(done.state).all()
    for values, variable in zip(done.state, model.states, strict=True):
        assert values.min() >= 0.0 or variable.low < 0.0, variable.name
    gradient = problem.reverse(done, np.ones_like(done.outputs), np.ones_like(done.state))
    for name in ("parameters", "state", "forcing"):
        assert np.isfinite(getattr(gradient, name)).all(), name


@every_model
def test_period_sums_equal_the_sums_of_days(model):
    problem = Problem(model, days=45, places=3, components=2)
    daily = problem.run().outputs
    period = np.repeat([0, 1, 2], 15)
    sums = problem.run(period=period).outputs
    np.testing.assert_allclose(sums, daily.reshape(3, 15, *daily.shape[1:]).sum(1), rtol=1e-12, atol=1e-12)


@every_model
def test_wrong_shapes_and_precisions_are_refused_by_name(model):
    problem = Problem(model)
    arrays = problem.arrays
    with pytest.raises(ValueError, match=r"parameters is float64\[1, "):
        simulate(model, arrays["forcing"], arrays["parameters"][:1], arrays["state"])
    with pytest.raises(ValueError, match="state is float32"):
        problem.run({"state": arrays["state"].astype(np.float32)})
    with pytest.raises(ValueError, match="unknown variable 'discharge'"):
        problem.run(outputs=("discharge",))
