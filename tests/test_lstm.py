"""The LSTM layer and its own loop over days: equal to PyTorch's, in values and gradients."""

import pytest
import torch
from freshet.nn import lstm
from freshet.nn.lstm import LSTM, over_days

DAYS, PLACES, INPUTS, SIZE = 70, 13, 9, 24  # more days than are worked on at once, sizes that fill no vector


def given(dtype=torch.float64, days=DAYS):
    """Inputs, weights, states before the first day, and gradients of what comes out."""
    draw = torch.Generator().manual_seed(1)
    names = {"weight_ih_l0": (4 * SIZE, INPUTS), "weight_hh_l0": (4 * SIZE, SIZE), "bias_ih_l0": (4 * SIZE,)}
    shapes = [(days, PLACES, INPUTS), *names.values(), (4 * SIZE,), (PLACES, SIZE), (PLACES, SIZE)]
    scale = [1.5, 0.4, 0.4, 0.4, 0.4, 0.7, 0.7]
    leaves = [
        (factor * torch.randn(shape, generator=draw, dtype=torch.float64)).to(dtype).requires_grad_()
        for factor, shape in zip(scale, shapes, strict=True)
    ]
    upstream = [torch.randn(s, generator=draw).to(dtype) for s in ((days, PLACES, SIZE), *2 * [(PLACES, SIZE)])]
    return leaves, upstream


def peer(inputs, weights, state):
    """torch.nn.LSTM with these weights."""
    layer = torch.nn.LSTM(INPUTS, SIZE, dtype=inputs.dtype)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    states = tuple(part[None] for part in state)
    found = torch.func.functional_call(layer, dict(zip(names, weights, strict=True)), (inputs, states))
    return found[0], (found[1][0][0], found[1][1][0])


def values_and_gradients(layer, dtype=torch.float64, days=DAYS):
    (inputs, *rest), upstream = given(dtype, days)
    hidden, (last, cell) = layer(inputs, rest[:4], tuple(rest[4:]))
    outputs = [hidden, last, cell]
    gradients = torch.autograd.grad(
        outputs, [inputs, *rest], [u.to(o.dtype) for u, o in zip(upstream, outputs, strict=True)]
    )
    return [o.detach() for o in outputs], gradients


def relative(found, expected):
    return float((found.double() - expected.double()).norm() / expected.double().norm())


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 3e-6)])
@pytest.mark.parametrize("days", [1, 32, DAYS])
def test_values_and_gradients_are_those_of_torch(dtype, tolerance, days):
    ours, d_ours = values_and_gradients(over_days, dtype, days)
    theirs, d_theirs = values_and_gradients(peer, dtype, days)
    for found, expected in zip([*ours, *d_ours], [*theirs, *d_theirs], strict=True):
        assert relative(found, expected) < tolerance


def test_without_gradient_the_values_are_the_same_and_little_is_kept():
    (inputs, *rest), _ = given(torch.float32)
    kept = over_days(inputs, rest[:4], tuple(rest[4:]))
    with torch.no_grad():
        bare = over_days(inputs, rest[:4], tuple(rest[4:]))
    for one, other in zip((kept[0], *kept[1]), (bare[0], *bare[1]), strict=True):
        assert torch.equal(one, other)


def test_a_series_cut_in_two_is_the_whole():
    (inputs, *rest), _ = given(torch.float64)
    whole, (_, cell) = over_days(inputs, rest[:4], tuple(rest[4:]))
    first, state = over_days(inputs[:45], rest[:4], tuple(rest[4:]))
    second, (_, later) = over_days(inputs[45:], rest[:4], state)
    torch.testing.assert_close(torch.cat([first, second]), whole, rtol=0, atol=1e-14)
    torch.testing.assert_close(later, cell, rtol=0, atol=1e-14)


def test_products_in_bfloat16_stay_within_its_rounding():
    """Its numbers have 8 bits: 0.4 %; sums are longer."""
    lowered, d_lowered = values_and_gradients(lambda *args: over_days(*args, lower=True), torch.float32)
    exact, d_exact = values_and_gradients(over_days, torch.float32)
    assert lowered[0].dtype == torch.bfloat16
    for found, expected in zip([*lowered, *d_lowered], [*exact, *d_exact], strict=True):
        assert 1e-4 < relative(found, expected) < 0.015


def test_it_is_not_reversed_twice_over_its_own_gradient():
    (inputs, *rest), _ = given()
    hidden, _ = over_days(inputs, rest[:4], tuple(rest[4:]))
    hidden.sum().backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="reversed already"):
        hidden.sum().backward()


def test_dropout_leaves_out_weights_for_all_days_and_scales_the_others():
    layer = LSTM(INPUTS, SIZE, torch.Generator().manual_seed(1), dropout=0.5)
    dropped = layer.weights()
    for found, whole in zip(dropped[:2], (layer.weight_ih_l0, layer.weight_hh_l0), strict=True):
        gone = found == 0
        assert 0.4 < gone.float().mean() < 0.6
        torch.testing.assert_close(found[~gone], 2.0 * whole[~gone])
    assert dropped[2] is layer.bias_ih_l0
    assert dropped[3] is layer.bias_hh_l0
    layer.eval()
    assert layer.weights()[0] is layer.weight_ih_l0


@pytest.mark.parametrize("days", [5, DAYS])
def test_weather_through_a_first_layer_gives_the_gradients_of_the_two_layers_apart(days):
    """What varies times its weights, and an offset that does not vary, through ReLU; made anew in the reverse."""
    draw = torch.Generator().manual_seed(2)
    (_, *rest), upstream = given(torch.float64, days)
    weather = torch.randn(days, PLACES, 3, generator=draw, dtype=torch.float64)
    leaves = [torch.randn(s, generator=draw, dtype=torch.float64) for s in ((INPUTS, 3), (PLACES, INPUTS))]
    weights, offset = (leaf.requires_grad_() for leaf in leaves)
    fused = over_days((weather, weights, offset), rest[:4], tuple(rest[4:]))
    apart = peer(torch.relu(weather @ weights.T + offset), rest[:4], tuple(rest[4:]))
    for found, expected in zip((fused[0], *fused[1]), (apart[0], *apart[1]), strict=True):
        assert relative(found.detach(), expected.detach()) < 1e-12
    wanted = [weights, offset, *rest]
    ours, theirs = (torch.autograd.grad([one[0], *one[1]], wanted, upstream) for one in (fused, apart))
    for found, expected in zip(ours, theirs, strict=True):
        assert relative(found, expected) < 1e-12
    last = [torch.autograd.grad(layer[1][0].sum(), wanted) for layer in (rerun(weather, weights, offset, rest))]
    for found, expected in zip(*last, strict=True):
        assert relative(found, expected) < 1e-12


def rerun(weather, weights, offset, rest):
    """Both again, for the gradient of the last day alone."""
    yield over_days((weather, weights, offset), rest[:4], tuple(rest[4:]))
    yield peer(torch.relu(weather @ weights.T + offset), rest[:4], tuple(rest[4:]))


def test_memory_is_used_again_by_the_next_minibatch_and_by_nobody_before():
    (inputs, *rest), upstream = given()
    expected = values_and_gradients(peer)[1][0]
    two = [over_days(inputs, rest[:4], tuple(rest[4:])) for _ in range(2)]  # both wait to be reversed
    for hidden, (last, cell) in two:
        (found,) = torch.autograd.grad([hidden, last, cell], [inputs], upstream)
        assert relative(found, expected) < 1e-12
    again = values_and_gradients(over_days)[1][0]
    assert relative(again, expected) < 1e-12


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_what_needs_no_gradient_gives_its_memory_back(dtype, monkeypatch):
    returned = []
    monkeypatch.setattr(lstm.SPARE, "give_back", lambda *tensors: returned.extend(tensors))
    (inputs, *rest), _ = given(dtype)
    with torch.no_grad():
        over_days(inputs, rest[:4], tuple(rest[4:]))
    assert [len(tensor) for tensor in returned] == [lstm.DAYS, lstm.DAYS + 1]
