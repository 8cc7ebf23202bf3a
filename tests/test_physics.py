"""The autograd layer: gradients of everything at once, no copies, warm-up, mixed static and daily parameters."""

import warnings

import numpy as np
import pytest
import torch
from freshet.kernels.registry import model
from freshet.kernels.routed import simulate_routed, simulate_routed_adjoint
from freshet.nn.physics import Physics

from problem import ALL_FORMS, Problem, is_searching, name_of

every_explicit_model = pytest.mark.parametrize("form", [f for f in ALL_FORMS if not is_searching(f)], ids=name_of)
every_searching_model = pytest.mark.parametrize("form", [f for f in ALL_FORMS if is_searching(f)], ids=name_of)


def tensors(problem: Problem) -> dict[str, torch.Tensor]:
    """Arguments of Physics for a random problem."""
    arrays = problem.arrays
    shape = (problem.components, problem.places)
    rng = np.random.default_rng(4)
    found = {
        "forcing": arrays["forcing"],
        "parameters": arrays["parameters"].reshape(-1, *shape),
        "routing": rng.uniform([[0.5], [0.5]], [[2.5], [5.0]], (2, problem.places)).astype(problem.dtype),
        "state": arrays["state"].reshape(-1, *shape),
        "weights": arrays["weights"],
    }
    for row, name in enumerate(problem.dynamic_names):
        found[name] = arrays["dynamic"][:, row].reshape(-1, *shape)
    return {name: torch.tensor(values) for name, values in found.items()}


def geometry(problem: Problem) -> torch.Tensor | None:
    return torch.tensor(problem.arrays["geometry"]) if problem.model.geometry else None


@every_explicit_model
def test_gradients_of_all_inputs_pass_torchs_gradcheck(form):
    name = form.parameters[0].name
    problem = Problem(form, days=9, places=2, components=2, dynamic_names=(name,), seed=21)
    names = list(inputs := tensors(problem))
    inputs["forcing"][:, 0] += 0.05  # no precipitation is a kink: less than none counts as none
    layer = Physics(form, 2, outputs=("streamflow", "evaporation", form.states[0].name))

    def function(*values):
        given = dict(zip(names, values, strict=True))
        daily = {name: given.pop(name)}
        forcing, parameters, routing = (given.pop(n) for n in ("forcing", "parameters", "routing"))
        return layer(forcing, parameters, routing, dynamic=daily, geometry=geometry(problem), **given)

    values = [value.requires_grad_() for value in inputs.values()]
    assert torch.autograd.gradcheck(function, values, eps=1e-7, atol=2e-5, rtol=2e-5, nondet_tol=0.0)


@every_searching_model
def test_gradients_of_all_inputs_are_those_of_the_kernels(form):
    """Differences of torch's gradcheck are lost in roundings of numbers from 1e-4 to 1e5, and at switches."""
    name = form.parameters[0].name
    problem = Problem(form, days=9, places=2, components=2, dynamic_names=(name,), seed=21)
    inputs = {name: value.requires_grad_() for name, value in tensors(problem).items()}
    names = ("streamflow", "evaporation", form.states[0].name)
    given = dict(inputs)
    forcing, parameters, routing = (given.pop(n) for n in ("forcing", "parameters", "routing"))
    layer = Physics(form, 2, outputs=names)
    flow, final = layer(
        forcing, parameters, routing, dynamic={name: given.pop(name)}, geometry=geometry(problem), **given
    )  # fmt: skip
    rng = np.random.default_rng(6)
    d_flow, d_final = rng.normal(size=flow.shape), rng.normal(size=final.shape)
    torch.autograd.backward((flow, final), (torch.tensor(d_flow), torch.tensor(d_final)))
    arrays, options = problem.arrays, problem.options() | {"outputs": names}
    numbers = (arrays["forcing"], arrays["parameters"], routing.detach().numpy())
    done = simulate_routed(form, *numbers, arrays["state"], checkpoints=True, **options)
    expected = simulate_routed_adjoint(
        form, done, *numbers, d_flow, d_final.reshape(len(form.states), -1), want_forcing=True, want_weights=True,
        **options,
    )  # fmt: skip
    found = {n: value.grad.numpy() for n, value in inputs.items()}
    np.testing.assert_array_equal(found["routing"], expected.routing)
    np.testing.assert_array_equal(found[name].reshape(9, -1), expected.model.dynamic[:, 0])
    for n in ("forcing", "parameters", "state", "weights"):
        gradient = getattr(expected.model, n)
        assert np.any(gradient != 0.0)
        np.testing.assert_array_equal(found[n].reshape(gradient.shape), gradient, err_msg=n)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_kernels_read_and_write_the_memory_of_the_tensors(dtype, monkeypatch):
    problem = Problem(model("hbv"), days=20, places=3, components=2, dtype=np.dtype(str(dtype)[6:]))
    given = tensors(problem)
    seen = {}

    def spy(model, forcing, parameters, *rest, **options):
        seen["forcing"], seen["parameters"] = forcing.ctypes.data, parameters.ctypes.data
        done = simulate_routed(model, forcing, parameters, *rest, **options)
        seen["outputs"] = done.outputs.ctypes.data
        return done

    monkeypatch.setattr("freshet.kernels.routed.simulate_routed", spy)
    flow, _ = Physics(problem.model, 2)(given["forcing"], given["parameters"], given["routing"])
    assert flow.dtype == dtype
    assert seen["forcing"] == given["forcing"].data_ptr()
    assert seen["parameters"] == given["parameters"].data_ptr()
    assert seen["outputs"] == flow.data_ptr()


def test_a_warm_up_runs_without_gradient_and_with_the_parameters_of_its_last_day():
    problem = Problem(model("hbv"), days=30, places=3, components=2, dynamic_names=("k0",))
    given = tensors(problem)
    layer = Physics(problem.model, 2)
    forcing = given["forcing"].requires_grad_()
    daily = given["k0"].requires_grad_()
    args = (forcing, given["parameters"], given["routing"])
    flow, _ = layer(*args, dynamic={"k0": daily}, warmup=12)
    assert flow.shape == (18, 1, 3)
    flow.sum().backward()
    assert not forcing.grad[:12].any()
    assert not daily.grad[:12].any()
    assert forcing.grad[12:].any()
    fixed = given["parameters"].clone()
    fixed[[v.name for v in problem.model.parameters].index("k0")] = daily.detach()[11]
    with torch.no_grad():
        _, start = layer(forcing[:12], fixed, given["routing"])
        again, _ = layer(forcing[12:], given["parameters"], given["routing"], dynamic={"k0": daily[12:]}, state=start)
    torch.testing.assert_close(again, flow.detach(), rtol=0, atol=0)


def test_a_daily_parameter_that_does_not_vary_gives_the_gradient_of_a_static_one():
    problem = Problem(model("hbv"), days=60, places=3, components=2)
    given = tensors(problem)
    row = [v.name for v in problem.model.parameters].index("fc")
    layer = Physics(problem.model, 2)
    static = given["parameters"].clone().requires_grad_()
    layer(given["forcing"], static, given["routing"])[0].square().sum().backward()
    daily = given["parameters"][row].expand(60, -1, -1).contiguous().requires_grad_()
    other = given["parameters"].clone().requires_grad_()
    layer(given["forcing"], other, given["routing"], dynamic={"fc": daily})[0].square().sum().backward()
    torch.testing.assert_close(daily.grad.sum(0), static.grad[row], rtol=1e-10, atol=1e-12)
    assert not other.grad[row].any()


def test_states_for_the_adjoint_are_kept_only_where_a_gradient_is_wanted(monkeypatch):
    problem = Problem(model("hbv"), days=20, places=3, components=2)
    given = tensors(problem)
    kept = []

    def spy(*args, **options):
        kept.append(options["checkpoints"])
        return simulate_routed(*args, **options)

    monkeypatch.setattr("freshet.kernels.routed.simulate_routed", spy)
    layer = Physics(problem.model, 2)
    parameters = given["parameters"].requires_grad_()
    with torch.no_grad():
        layer(given["forcing"], parameters, given["routing"])
    layer(given["forcing"], parameters, given["routing"], warmup=5)
    assert kept == [False, False, True]


def test_wrong_components_are_refused():
    problem = Problem(model("hbv"), days=5, places=3, components=2)
    given = tensors(problem)
    with pytest.raises(ValueError, match="2 components, expected 16"):
        Physics(problem.model, 16)(given["forcing"], given["parameters"], given["routing"])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("parameters", lambda given: given.repeat(1, 1, 2)),
        ("parameters", lambda given: given[:, 0]),
        ("state", lambda given: given.transpose(1, 2)),
        ("dynamic", lambda given: given.transpose(1, 2)),
        ("dynamic", lambda given: given[1:]),
        ("routing", lambda given: given.float()),
        ("forcing", lambda given: given[0]),
        ("forcing", lambda given: given.bfloat16()),
    ],
)
def test_axes_and_precisions_that_do_not_fit_are_refused_by_name(name, change):
    """Most of these have as many numbers as are needed: taken as they come, they would give a flow, and a wrong one."""
    problem = Problem(model("hbv"), days=9, places=3, components=2, dynamic_names=("k0",))
    given = tensors(problem)
    parts = {**given, "dynamic": given["k0"]}
    parts[name] = change(parts[name])
    with pytest.raises(ValueError, match=rf"^{name}.* is \w+\[[\d, ]+\] on cpu, expected"):
        Physics(problem.model, 2)(
            parts["forcing"], parts["parameters"], parts["routing"], dynamic={"k0": parts["dynamic"]},
            state=parts["state"],
        )  # fmt: skip


def test_names_and_warm_ups_that_do_not_fit_are_refused():
    problem = Problem(model("hbv"), days=9, places=3, components=2, dynamic_names=("k0",))
    given = tensors(problem)
    args = (given["forcing"], given["parameters"], given["routing"])
    layer = Physics(problem.model, 2)
    with pytest.raises(ValueError, match="unknown variable 'ko', expected one of: beta, fc, k0"):
        layer(*args, dynamic={"ko": given["k0"]}, warmup=3)
    for days in (10, -1):
        with pytest.raises(ValueError, match=f"a warm-up of {days} days does not fit into the 9 days"):
            layer(*args, warmup=days)


def test_one_cell_and_one_day_and_none():
    """The smallest runs: nothing warns, and the gradient of a state that nothing happened to is that of the end."""
    problem = Problem(model("hbv"), days=1, places=1, components=1)
    given = tensors(problem)
    layer = Physics(problem.model, 1)
    parameters = given["parameters"].requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flow, _ = layer(given["forcing"], parameters, given["routing"])
    flow.sum().backward()
    assert flow.shape == (1, 1, 1)
    assert torch.isfinite(parameters.grad).all()
    state = given["state"].requires_grad_()
    flow, final = layer(given["forcing"][:0], parameters, given["routing"], state=state)
    final.square().sum().backward()
    assert flow.shape == (0, 1, 1)
    assert torch.equal(state.grad, 2 * state)


def test_strides_of_the_inputs_and_changes_of_the_outputs_do_not_change_the_gradients():
    problem = Problem(model("hbv"), days=20, places=3, components=2)
    given = {name: value.requires_grad_() for name, value in tensors(problem).items()}
    layer = Physics(problem.model, 2, outputs=("runoff", "streamflow", "snowpack", "streamflow", "snowpack"))

    def gradients(strided: bool, spoil: bool) -> list[torch.Tensor]:
        turned = {k: v.transpose(0, -1).contiguous().transpose(0, -1) if strided else v for k, v in given.items()}
        forcing, parameters, routing = (turned.pop(name) for name in ("forcing", "parameters", "routing"))
        outputs, final = layer(forcing, parameters, routing, **turned)
        scalar = (3.0 * outputs).sum() + final.sum()
        if spoil:
            with torch.no_grad():
                outputs.zero_()
                final.zero_()
        return torch.autograd.grad(scalar, list(given.values()))

    plain = gradients(strided=False, spoil=False)
    for strided, spoil in ((True, False), (False, True)):
        assert all(map(torch.equal, plain, gradients(strided, spoil)))


def test_a_layer_without_components_or_with_unknown_outputs_is_refused_when_made():
    with pytest.raises(ValueError, match="components is 0"):
        Physics(model("hbv"), 0)
    with pytest.raises(ValueError, match="unknown variable 'discharge'"):
        Physics(model("hbv"), outputs=("discharge",))
