"""Expected gradients: they add up, agree with other programs, and find what a parameter depends on."""

import importlib.util

import numpy as np
import pytest
import torch
from freshet.kernels.registry import model
from freshet.nn import attribution, network
from freshet.nn.attribution_network import ParametersOf, ShiftsOf, by_attribute
from freshet.nn.normalisation import fit
from freshet.nn.shift_network import Shifts

HBV = model("hbv", version="1.0")
ROWS = [0, 5, len(HBV.parameters)]


@pytest.fixture(scope="module")
def case():
    """A network of three components, twelve places and a background of thirty, in float64."""
    generator = torch.Generator().manual_seed(1)
    made = network.build("attributes", HBV, 3, inputs=7, hidden=(16, 16), activation="tanh", seed=2).double()
    with torch.no_grad():
        made.layers[-1].weight.mul_(20.0)
    normal = torch.randn(42, 7, generator=generator, dtype=torch.float64)
    return made, normal[:12], normal[12:]


def explained(case, count=3000, seed=3, **how):
    made, inputs, background = case
    samples = attribution.draws(len(background), count, seed)
    return attribution.expected_gradients(ParametersOf(made, ROWS), inputs, background, samples, **how)


def test_attributions_add_up_to_what_makes_a_place_differ(case):
    found = explained(case)
    spread = found.value.amax(1) - found.value.amin(1)
    assert (found.gap.abs().amax(1) < 0.01 * spread).all()
    assert (found.phi.abs().sum(-1).amax(1) > 0.3 * spread).all()


def test_more_draws_leave_a_smaller_gap(case):
    few, many = (explained(case, count).gap.abs().mean() for count in (30, 3000))
    assert many < 0.2 * few


def test_values_are_means_over_components(case):
    made, inputs, background = case
    found = explained(case, 30)
    parameters = made(inputs, torch.arange(12))
    torch.testing.assert_close(found.value[0], parameters.static[0].mean(0))
    torch.testing.assert_close(found.value[2], parameters.routing[0])
    typical = made(background, torch.arange(30)).static[5].mean()
    torch.testing.assert_close(found.expected[1], typical.expand(12))


def test_components_each_add_to_those_of_their_mean(case):
    made, inputs, background = case
    samples = attribution.draws(len(background), 60, 1)
    each = attribution.expected_gradients(ParametersOf(made, [5], each=True), inputs, background, samples)
    mean = attribution.expected_gradients(ParametersOf(made, [5]), inputs, background, samples)
    assert each.phi.shape == (3, 12, 7)
    torch.testing.assert_close(each.phi.mean(0), mean.phi[0])


def test_the_seed_decides_and_the_chunk_does_not(case):
    one, two = explained(case, 100), explained(case, 100)
    assert torch.equal(one.phi, two.phi)
    assert not torch.equal(one.phi, explained(case, 100, seed=4).phi)
    for chunk in (37, 250):
        torch.testing.assert_close(explained(case, 100, chunk=chunk).phi, one.phi, rtol=1e-10, atol=1e-12)


def test_every_row_of_the_background_is_drawn_equally_often_on_all_parts_of_the_way():
    found = attribution.draws(30, 100, 1)
    assert torch.bincount(found.row, minlength=30).tolist() == [4] * 30
    assert torch.equal((found.share * 120).long().sort().values, torch.arange(120))
    for row in range(30):
        assert (found.share[found.row == row] * 4).long().sort().values.tolist() == [0, 1, 2, 3]
    few = attribution.draws(30, 20, 1)
    assert len(set(few.row.tolist())) == 20
    assert torch.equal((few.share * 20).long().sort().values, torch.arange(20))


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="got 0 rows and 5 draws"):
        attribution.draws(0, 5, 1)


def test_a_linear_function_is_attributed_exactly():
    weight = torch.tensor([[2.0, 0.0, -1.0]], dtype=torch.float64)
    inputs = torch.tensor([[1.0, 5.0, 2.0]], dtype=torch.float64)
    background = torch.zeros(4, 3, dtype=torch.float64)
    found = attribution.expected_gradients(lambda x, _: x @ weight.T, inputs, background, attribution.draws(4, 8, 1))
    torch.testing.assert_close(found.phi[0], torch.tensor([[2.0, 0.0, -2.0]], dtype=torch.float64))


def test_cells_of_a_grid_keep_their_own_values_under_every_input():
    generator = torch.Generator().manual_seed(5)
    variables = HBV.parameters[:3]
    start = torch.stack([torch.linspace(v.low, v.high, 9, dtype=torch.float64)[1:-1] for v in variables])
    shifts = Shifts(variables, start, "attributes", inputs=4, hidden=(8,), seed=1)
    with torch.no_grad():
        shifts.layers[-1].weight.mul_(30.0)
    inputs = torch.randn(7, 4, generator=generator, dtype=torch.float64)
    samples = attribution.draws(7, 1400, 2)
    found = attribution.expected_gradients(ShiftsOf(shifts, [0, 2]), inputs, inputs, samples)
    torch.testing.assert_close(found.value, shifts(inputs)[[0, 2]])
    cell = shifts(inputs, torch.full((7,), 4))[0].mean()
    torch.testing.assert_close(found.expected[0, 4], cell)
    assert found.gap.abs().max() < 0.01 * (found.value - found.expected).abs().max()


def test_classes_are_summed_to_their_attribute():
    values = {"height": np.array([1.0, 2.0, 4.0]), "cover": np.array(["forest", "crops", "bare"])}
    fitted = fit(values, ["height", "cover"])
    phi = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    assert by_attribute(phi, fitted).tolist() == [[1.0, 9.0]]


@pytest.mark.skipif(importlib.util.find_spec("captum") is None, reason="needs captum (pip install freshet[test])")
def test_captum_finds_the_same(case):
    """Integrated gradients of captum from every row of the background, averaged: what the draws estimate."""
    from captum.attr import IntegratedGradients

    made, inputs, background = case
    function = ParametersOf(made, ROWS)
    ours = explained(case, 6000)
    for output in (0, 2):
        integrated = IntegratedGradients(lambda x, output=output: function(x, torch.arange(len(x)))[:, output])
        theirs = sum(
            integrated.attribute(inputs, row.expand_as(inputs), n_steps=32, method="gausslegendre")
            for row in background
        ) / len(background)
        size = theirs.abs().mean()
        assert (ours.phi[output] - theirs).abs().mean() < 0.01 * size
        assert (ours.phi[output] - theirs).abs().max() < 0.1 * size


@pytest.mark.skipif(importlib.util.find_spec("captum") is None, reason="needs captum (pip install freshet[test])")
def test_the_very_samples_of_captum_give_the_very_numbers_of_captum(case):
    """GradientShap draws by itself; one draw of ours is its integrated gradient with a single step at that share."""
    from captum.attr import InputXGradient

    made, inputs, background = case
    function = ParametersOf(made, ROWS)
    samples = attribution.draws(len(background), 5, 7)
    ours = attribution.expected_gradients(function, inputs, background, samples)
    slopes = InputXGradient(lambda x: function(x, torch.arange(len(x)))[:, 1])
    total = torch.zeros_like(inputs)
    for row, share in zip(samples.row, samples.share, strict=True):
        point = (background[row] + share * (inputs - background[row])).requires_grad_()
        total += slopes.attribute(point).detach() / point.detach() * (inputs - background[row])
    torch.testing.assert_close(ours.phi[1], total / 5)
