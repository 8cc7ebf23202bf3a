"""Networks: bounds and start from the declarations; normalisation of attributes."""

import numpy as np
import pytest
import torch
from freshet.kernels.registry import forms, model
from freshet.kernels.routing.unit_hydrograph import PARAMETERS as ROUTING
from freshet.nn import network, normalisation

HBV = model("hbv", version="1.0")
EVERY_FORM = pytest.mark.parametrize("form", forms("hbv"), ids=lambda form: form.label)


def attributes(places=7, inputs=5, seed=2):
    return torch.randn(places, inputs, generator=torch.Generator().manual_seed(seed))


def build(kind="attributes", form=HBV, components=3, **options):
    options = {"inputs": 5, "places": 7, "hidden": (16,), "seed": 1} | options
    return network.build(kind, form, components, **options)


@EVERY_FORM
@pytest.mark.parametrize("kind", network.KINDS)
def test_parameters_keep_their_declared_bounds_however_wild_the_network(kind, form):
    net = build(kind, form)
    with torch.no_grad():
        for weight in net.parameters():
            weight.mul_(1000.0)
    found = net(attributes(), torch.arange(7))
    assert found.static.shape == (len(form.parameters), 3, 7)
    assert found.routing.shape == (2, 7)
    for variable, values in zip((*form.parameters, *ROUTING), (*found.static, *found.routing), strict=True):
        slack = 1e-6 * (variable.high - variable.low)
        assert values.min().item() >= variable.low - slack
        assert values.max().item() <= variable.high + slack


@EVERY_FORM
@pytest.mark.parametrize("kind", network.KINDS)
def test_the_start_is_near_the_declared_defaults(kind, form):
    found = build(kind, form, components=1, spread=0.0)(attributes(), torch.arange(7))
    for variable, values in zip((*form.parameters, *ROUTING), (*found.static, *found.routing), strict=True):
        assert (values - variable.default).abs().max().item() < 0.06 * (variable.high - variable.low)


@pytest.mark.parametrize("kind", network.KINDS)
def test_components_start_apart_and_seeds_decide_the_start(kind):
    one, same, other = (build(kind, seed=seed)(attributes(), torch.arange(7)).static for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert (one[:, 0] - one[:, 1]).abs().min().item() > 0


def test_the_start_does_not_depend_on_random_numbers_drawn_before():
    one = build()(attributes(), torch.arange(7)).static
    torch.rand(100)
    assert torch.equal(one, build()(attributes(), torch.arange(7)).static)


def test_one_set_is_the_same_everywhere_and_basin_sets_are_chosen_by_number():
    assert (build("single")(attributes(), torch.arange(7)).static.std(-1) == 0).all()
    net = build("basin")
    with torch.no_grad():
        net.raw += torch.arange(7)
    everywhere = net(attributes(), torch.arange(7)).static
    some = net(attributes(2), torch.tensor([5, 3])).static
    assert torch.equal(some, everywhere[:, :, [5, 3]])


def test_arrays_are_contiguous_and_rows_belong_to_their_parameters():
    net = build(components=2)
    found = net(attributes(), torch.arange(7))
    assert found.static.is_contiguous()
    assert found.routing.is_contiguous()
    raw = torch.zeros(net.ranges.rows, 7)
    raw[2 * 2 + 1] = 50.0  # the third parameter, second component
    found = net.ranges(raw)
    assert (found.static[2, 1] == HBV.parameters[2].high).all()
    assert (found.static[2, 0] < HBV.parameters[2].high).all()


def test_dropout_acts_only_while_training():
    net = build(dropout=0.5)
    net.train()
    assert not torch.equal(net(attributes(), None).static, net(attributes(), None).static)
    net.eval()
    assert torch.equal(net(attributes(), None).static, net(attributes(), None).static)


def test_unknown_kinds_and_networks_without_attributes_are_refused():
    with pytest.raises(ValueError, match="unknown kind of network 'lstm', expected one of: attributes, single, basin"):
        build("lstm")
    with pytest.raises(ValueError, match="at least one basin attribute"):
        build(inputs=0)
    with pytest.raises(ValueError, match="unknown activation 'relo'"):
        build(activation="relo")


@pytest.fixture
def values():
    return {
        "height": np.array([100.0, 300.0, np.nan, 500.0]),
        "flat": np.array([2.0, 2.0, 2.0, 2.0]),
        "class": np.array(["forest", "crops", "forest", ""]),
    }


def test_numbers_become_scores_of_the_training_basins_and_classes_zeros_and_ones(values):
    fitted = normalisation.fit(values, ["height", "flat", "class"])
    found = fitted.apply(values, 4)
    assert found.dtype == np.float32
    deviation = np.std([100.0, 300.0, 500.0])
    np.testing.assert_allclose(found[:, 0], [-200 / deviation, 0, 0, 200 / deviation], rtol=1e-6)
    assert (found[:, 1] == 0).all()
    np.testing.assert_array_equal(found[:, 2:], [[0, 1], [1, 0], [0, 1], [0, 0]])  # crops, forest


def test_new_basins_are_normalised_by_the_training_basins(values):
    fitted = normalisation.fit(values, ["height", "class"])
    new = {"height": np.array([300.0]), "class": np.array(["desert"])}
    np.testing.assert_array_equal(fitted.apply(new, 1), [[0.0, 0.0, 0.0]])


def test_skewed_positive_attributes_are_seen_as_logarithms_on_request():
    area = {"area": np.exp(np.random.default_rng(1).normal(5.0, 1.5, 300))}
    found = normalisation.fit(area, ["area"], logarithm=True).apply(area, 300)[:, 0]
    assert abs(float((found**3).mean())) < 0.3
    plain = normalisation.fit(area, ["area"]).apply(area, 300)[:, 0]
    assert float((plain**3).mean()) > 2.0


def test_normalisation_survives_the_checkpoint(values):
    fitted = normalisation.fit(values, ["height", "flat", "class"], logarithm=True)
    again = normalisation.from_dict(fitted.to_dict())
    assert again == fitted


def test_attributes_that_are_missing_or_of_another_kind_are_named(values):
    fitted = normalisation.fit(values, ["height", "class"])
    with pytest.raises(ValueError, match="attributes that the data lack: class"):
        fitted.apply({"height": values["height"]}, 4)
    with pytest.raises(ValueError, match="'height' is text here, the network was trained with numbers"):
        fitted.apply({"height": values["class"], "class": values["class"]}, 4)
    with pytest.raises(ValueError, match="no attribute named slope"):
        normalisation.fit(values, ["slope"])


def test_attributes_far_from_the_training_basins_are_taken_for_another_unit(values):
    fitted = normalisation.fit(values, ["height"])
    with pytest.raises(ValueError, match="'height' has a median of 250000 here and had a mean of 300 in training"):
        fitted.apply({"height": np.array([200000.0, 300000.0])}, 2)
