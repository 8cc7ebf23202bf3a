"""The loops of a GPU against those of the CPU. Run by test_cuda.py: in Numba's simulator, and on a GPU where one is."""

import numpy as np
import pytest
import torch
from freshet.kernels import device, device_routed, routed
from freshet.kernels.device_order import Order
from freshet.kernels.loops.cuda_compiled import simulated
from freshet.kernels.registry import model
from freshet.nn.physics import Physics
from numba import cuda

from by_hand import ByHand
from cuda_problems import small, vic
from problem import ALL_FORMS, Problem, name_of

every_model = pytest.mark.parametrize("form", ALL_FORMS, ids=name_of)
TOLERANCE = {np.float64: 1e-12, np.float32: 2e-5}


def up(value):
    """To the device, where it is an array."""
    return cuda.to_device(value) if isinstance(value, np.ndarray) else value


def agree(found, expected: np.ndarray, name: str = "") -> None:
    """Equal but for rounding, relative to the largest number."""
    if expected is None:
        assert found is None, name
        return
    limit = TOLERANCE[expected.dtype.type] * max(1.0, float(np.abs(expected).max(initial=0)))
    np.testing.assert_allclose(found.copy_to_host(), expected, rtol=0, atol=limit, err_msg=name)


def both(problem: Problem, **options):
    """Outputs and gradients of all arrays: on the device, and on the CPU."""
    arrays, rng = problem.arrays, np.random.default_rng(5)
    asked = {**problem.options(), **options}
    here = problem.run(checkpoints=True, **options)
    d_outputs = rng.normal(size=here.outputs.shape).astype(problem.dtype)
    d_state = rng.normal(size=here.state.shape).astype(problem.dtype)
    expected = problem.reverse(here, d_outputs, d_state, **options)
    there_options = {name: value if name == "period" else up(value) for name, value in asked.items()}
    inputs = [up(arrays[name]) for name in ("forcing", "parameters", "state")]
    there = device.simulate(problem.model, *inputs, checkpoints=True, **there_options)
    found = device.simulate_adjoint(
        problem.model, there, *inputs[:2], up(d_outputs), up(d_state),
        want_forcing=True, want_weights=True, **there_options,
    )  # fmt: skip
    return (there, found), (here, expected)


def assert_same(device_side, host_side, dynamic: bool = False) -> None:
    agree(device_side[0].outputs, host_side[0].outputs, "outputs")
    agree(device_side[0].state, host_side[0].state, "state")
    for name in ("parameters", "state", "forcing", "weights", *(("dynamic",) if dynamic else ())):
        agree(getattr(device_side[1], name), getattr(host_side[1], name), f"gradient of {name}")


def problem_of(form) -> Problem:
    """A few days of a form."""
    return vic(form, places=2) if form.name == "vic" else Problem(form, days=11, places=2, components=2)


@every_model
def test_outputs_and_all_gradients_agree_with_the_cpu(form):
    assert_same(*both(problem_of(form)))


OTHER_FORMS = (
    {"step": 86400, "substeps": 4},
    {"energy": True, "compat": False, "brent": True},
    {"energy": True, "frozen": True},
)


def test_the_days_of_vic_hold_all_that_has_branches():
    """Were it not so, the tests of VIC below would compare nothing."""
    for options in ({}, *OTHER_FORMS):
        problem = vic(model("vic", **options), places=2)
        outputs, _ = ByHand(problem).run()
        values = {name: outputs[:, k] for k, name in enumerate(problem.outputs)}
        for name in ("snowfall", "rainfall", "snowmelt", "snow_sublimation", "canopy_snow", "canopy_sublimation",
                     "canopy_water", "canopy_evaporation", "transpiration", "bare_soil_evaporation", "surface_runoff",
                     "baseflow", "melt_heat", "refreeze_heat", "advected_heat"):  # fmt: skip
            assert (values[name] != 0.0).any(), f"{problem.model.label}: no {name}"
        if problem.model.options["frozen"]:
            assert (values["soil_ice_1"] > 1.0).any()
            assert np.abs(values["fusion_heat"]).max() > 1.0
        assert (values["snow_cover"][0] > 0.0).all()
        assert (values["snow_cover"][-1] < 1.0).all()


@pytest.mark.parametrize("options", OTHER_FORMS, ids="-".join)
def test_other_forms_of_vic_agree_with_plain_python(options):
    problem = vic(model("vic", **options), places=2)
    hand, (run, gradient) = ByHand(problem), on_device(problem, 0)
    outputs, state = hand.run()
    d_outputs = np.random.default_rng(2).normal(size=outputs.shape)
    near(run.outputs, outputs, "outputs")
    near(run.state, state, "state")
    for name, expected in hand.reverse(d_outputs, problem.arrays["state"]).items():
        near(getattr(gradient, name), expected, f"gradient of {name}")


def near(found, expected: np.ndarray, name: str) -> None:
    """Row by row equal; a GPU fuses operations, after which a search may end a turn earlier or later."""
    limit = 1e-12 if simulated() else 1e-5
    axes = (0, 2) if expected.ndim == 3 else (1,)
    size = np.maximum(1e-3, np.abs(expected).max(axes, keepdims=True))
    worst = np.abs(found.copy_to_host() - expected) / size
    assert worst.max() < limit, f"{name}: {np.argwhere(worst >= limit)[:5]}"


def test_passes_derived_rows_and_scratch_agree_with_the_cpu():
    assert_same(*both(small()))
    assert_same(*both(small(dynamic_names=("depth",))), dynamic=True)


def bits(results) -> dict[str, np.ndarray]:
    """Every array of a run and its gradient on the device."""
    run, gradient = results
    found = {name: getattr(run, name) for name in ("outputs", "state")}
    found |= {f"gradient of {n}": getattr(gradient, n) for n in ("parameters", "state", "forcing", "weights")}
    return {name: array.copy_to_host() for name, array in found.items()}


def assert_same_bits(results, expected) -> None:
    for name, values in bits(expected).items():
        np.testing.assert_array_equal(bits(results)[name], values, err_msg=name)


def on_device(problem: Problem, sort_every: int, **options):
    """A run and its gradient on the device."""
    inputs = [up(problem.arrays[name]) for name in ("forcing", "parameters", "state")]
    asked = {name: up(value) for name, value in problem.options().items()} | {"sort_every": sort_every} | options
    run = device.simulate(problem.model, *inputs, checkpoints=True, **asked)
    d_outputs = np.random.default_rng(2).normal(size=run.outputs.shape).astype(problem.dtype)
    gradient = device.simulate_adjoint(
        problem.model, run, *inputs[:2], up(d_outputs), up(problem.arrays["state"]), want_forcing=True,
        want_weights=True, **asked,
    )  # fmt: skip
    return run, gradient


def test_sorted_cells_give_the_same_bits():
    problem = small(cells=20)
    plain = on_device(problem, 0)
    for every in (1, 8):
        assert_same_bits(on_device(problem, every), plain)


def test_cells_of_vic_sorted_by_snow_give_the_same_bits():
    problem = vic(model("vic"), places=2)
    assert_same_bits(on_device(problem, 3), on_device(problem, 0))


def test_cells_above_zero_come_first_and_neighbours_stay_neighbours():
    from freshet.kernels.device_call import DeviceCall

    problem = small(cells=600)  # more than two chunks
    state = problem.arrays["state"]
    nothing = {name: None for name in ("dynamic", "weights", "weighted", "period")}
    call = DeviceCall(
        problem.model, up(problem.arrays["forcing"]), up(problem.arrays["parameters"]), dynamic_names=(),
        geometry=up(problem.arrays["geometry"]), outputs=("outflow",), empty=device.empty_array, stream=0, **nothing,
    )  # fmt: skip
    for snow in (state[0], np.zeros(600), np.ones(600)):
        found = Order(call, 1).at(up(np.stack([snow, state[1]]))).copy_to_host()
        np.testing.assert_array_equal(found, np.concatenate([np.flatnonzero(snow > 0), np.flatnonzero(snow == 0)]))


def test_cells_that_cannot_be_sorted_are_refused():
    with pytest.raises(ValueError, match=r"cells of hbv-1\.0 cannot be sorted: the model declares no state to sort by"):
        on_device(Problem(model("hbv"), days=3, places=2, components=2), 8)
    with pytest.raises(ValueError, match="sort_every is -1, expected a number of steps, or 0"):
        on_device(small(), -1)


def test_parameters_that_vary_by_the_day_agree_with_the_cpu():
    problem = Problem(model("hbv", version="2.0"), days=11, places=2, components=2, dynamic_names=("betaet", "k0"))
    assert_same(*both(problem), dynamic=True)


def test_single_precision_agrees_with_the_cpu():
    problem = Problem(model("hbv", version="2.0"), days=11, places=2, components=2, dtype=np.float32)
    assert_same(*both(problem))


def test_sums_over_periods_and_chosen_outputs_agree_with_the_cpu():
    problem = Problem(model("hbv"), days=11, places=2, components=3, outputs=("snowpack", "runoff"))
    assert_same(*both(problem, period=np.arange(11) // 4, weighted=("runoff",)))


def test_days_cut_into_several_launches_give_the_same_bits(monkeypatch):
    problem = Problem(model("hbv"), days=11, places=2, components=2, outputs=("runoff", "snowpack"))
    whole = both(problem)[0]
    monkeypatch.setattr("freshet.kernels.device_call.SCRATCH", 1)
    cut = both(problem)[0]
    for name in ("outputs", "state"):
        np.testing.assert_array_equal(getattr(cut[0], name).copy_to_host(), getattr(whole[0], name).copy_to_host())
    for name in ("parameters", "state", "forcing", "weights"):
        np.testing.assert_array_equal(getattr(cut[1], name).copy_to_host(), getattr(whole[1], name).copy_to_host())


@pytest.mark.parametrize("with_history", [False, True])
def test_routed_flow_and_its_gradients_agree_with_the_cpu(with_history):
    form, rng = model("hbv"), np.random.default_rng(8)
    outputs = ("streamflow", "evaporation", "streamflow_baseflow")
    problem = Problem(form, days=20, places=2, components=2)
    routing = np.array([[1.2, 0.0], [2.5, -1.0]])
    history = rng.uniform(0, 5, (14, 2, 2)) if with_history else None
    options = {**problem.options(), "outputs": outputs}
    inputs = [problem.arrays[name] for name in ("forcing", "parameters")] + [routing]
    state = problem.arrays["state"]
    here = routed.simulate_routed(form, *inputs, state, checkpoints=True, history=history, **options)
    there_options = {name: up(value) for name, value in options.items()}
    there_inputs = [up(array) for array in inputs]
    there = device_routed.simulate_routed(
        form, *there_inputs, up(state), checkpoints=True, history=up(history), **there_options
    )
    for name in ("outputs", "state", "history", "ordinates"):
        agree(getattr(there, name), getattr(here, name), name)
    d_outputs, d_state = rng.normal(size=here.outputs.shape), rng.normal(size=here.state.shape)
    expected = routed.simulate_routed_adjoint(form, here, *inputs, d_outputs, d_state, history=history, **options)
    found = device_routed.simulate_routed_adjoint(
        form, there, *there_inputs, up(d_outputs), up(d_state), history=up(history), **there_options
    )
    agree(found.routing, expected.routing, "gradient of routing")
    agree(found.history, expected.history, "gradient of history")
    agree(found.model.parameters, expected.model.parameters, "gradient of parameters")


def test_the_layer_for_torch_agrees_with_the_cpu():
    problem = Problem(model("hbv"), days=20, places=2, components=2)
    where = "cuda" if torch.cuda.is_available() else "cpu"
    forcing, parameters, state, weights = (
        torch.tensor(problem.arrays[name].reshape(shape), device=where, requires_grad=True)
        for name, shape in (
            ("forcing", (20, 3, 2)), ("parameters", (-1, 2, 2)), ("state", (-1, 2, 2)), ("weights", (2, 2)),
        )
    )  # fmt: skip
    routing = torch.tensor([[1.2, 0.4], [2.5, 1.0]], dtype=torch.float64, device=where, requires_grad=True)
    flow, final = Physics(problem.model, 2)(forcing, parameters, routing, state=state, weights=weights)
    rng = np.random.default_rng(1)
    d_flow, d_state = rng.normal(size=flow.shape), rng.normal(size=(5, 4))
    (flow * torch.tensor(d_flow, device=where)).sum().backward(retain_graph=True)
    (final.reshape(5, 4) * torch.tensor(d_state, device=where)).sum().backward()
    arrays = problem.arrays
    inputs = (arrays["forcing"], arrays["parameters"], routing.detach().cpu().numpy())
    options = {"weights": arrays["weights"]}
    here = routed.simulate_routed(problem.model, *inputs, arrays["state"], checkpoints=True, **options)
    np.testing.assert_allclose(flow.detach().cpu().numpy(), here.outputs, rtol=0, atol=1e-12)
    expected = routed.simulate_routed_adjoint(
        problem.model, here, *inputs, d_flow, d_state, want_forcing=True, want_weights=True, **options
    )
    by_name = {
        "forcing": (forcing, expected.model.forcing), "parameters": (parameters, expected.model.parameters),
        "state": (state, expected.model.state), "weights": (weights, expected.model.weights),
        "routing": (routing, expected.routing),
    }  # fmt: skip
    for name, (tensor, gradient) in by_name.items():
        limit = 1e-11 * np.abs(gradient).max()
        found = tensor.grad.cpu().numpy().reshape(gradient.shape)
        np.testing.assert_allclose(found, gradient, rtol=0, atol=limit, err_msg=name)


def test_arrays_that_do_not_fit_are_refused():
    problem = Problem(model("hbv"), days=3, places=2, components=2)
    inputs = {name: up(problem.arrays[name]) for name in ("forcing", "parameters", "state")}
    with pytest.raises(ValueError, match=r"state is float32\[5, 4\], expected C-contiguous float64\[5, 4\]"):
        device.simulate(problem.model, *list(inputs.values())[:2], up(np.ones((5, 4), np.float32)))
    with pytest.raises(ValueError, match=r"weights is float64\[2, 3\], expected C-contiguous float64\[2, 2\]"):
        device.simulate(problem.model, *inputs.values(), weights=up(np.ones((2, 3))))
    with pytest.raises(ValueError, match=r"geometry is missing, expected float64\[2, 2\]"):
        device.simulate(model("hbv", version="2.0"), inputs["forcing"], up(np.ones((16, 4))), inputs["state"])
    run = device.simulate(problem.model, *inputs.values())
    with pytest.raises(ValueError, match="kept no states"):
        device.simulate_adjoint(
            problem.model, run, inputs["forcing"], inputs["parameters"], run.outputs, inputs["state"]
        )  # fmt: skip
