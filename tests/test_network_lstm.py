"""Networks that read the weather: what they compute, and a learned correction of precipitation."""

import math

import pytest
import torch
from freshet.kernels.registry import model
from freshet.nn import losses
from freshet.nn.batches import Sampler, Series
from freshet.nn.correction import Corrected, added, corrected, factor
from freshet.nn.network import build
from freshet.nn.network_flow import FlowNetwork, Passed
from freshet.nn.network_lstm import DailyNetwork
from freshet.nn.network_split import SplitNetwork
from freshet.nn.physics import Physics
from freshet.nn.prediction import predict
from freshet.nn.trainer import Plan, Trainer
from freshet.nn.weather import Weather

HBV = model("hbv", version="1.0")
DAYS, PLACES, ATTRIBUTES, COMPONENTS = 60, 5, 4, 3
SHAPE = {"hidden": (12, 10), "dropout": 0.0, "seed": 1, "spread": 0.5}


@pytest.fixture
def forcing():
    draw = torch.Generator().manual_seed(2)
    rain = 20.0 * torch.rand(DAYS, 1, PLACES, generator=draw) ** 3
    return torch.cat([rain, 10.0 * torch.randn(DAYS, 2, PLACES, generator=draw).abs()], 1)


@pytest.fixture
def attributes():
    return torch.randn(PLACES, ATTRIBUTES, generator=torch.Generator().manual_seed(3))


def network(kind=DailyNetwork, **more):
    return kind(HBV.parameters, COMPONENTS, ATTRIBUTES, **(SHAPE | more))


def test_weather_is_normalised_over_days_and_places_rain_by_its_own_transform(forcing):
    layer = Weather(3)
    layer.fit(forcing)
    seen = layer(forcing)
    assert seen.shape == (DAYS, PLACES, 3)
    assert seen.mean((0, 1)).abs().max() < 1e-5
    torch.testing.assert_close(seen.std((0, 1), correction=0), torch.ones(3))
    rain = torch.log10(forcing[:, 0].sqrt() + 0.1)
    torch.testing.assert_close(seen[..., 0], (rain - rain.mean()) / rain.std(correction=0), rtol=1e-4, atol=1e-5)
    gap = forcing.clone()
    gap[3, 1, 2] = torch.nan
    assert layer(gap)[3, 2, 1] == 0


def test_the_daily_network_is_linear_relu_lstm_linear_of_weather_beside_attributes(forcing, attributes):
    """The product with the attributes is computed once, and is that of every day."""
    ours = network(dynamic=("beta",))
    peer = torch.nn.LSTM(12, 10)
    peer.load_state_dict(ours.layers.lstm.state_dict())
    inputs = torch.cat([ours.layers.weather(forcing), attributes.expand(DAYS, -1, -1)], -1)
    raw = ours.last(peer(torch.relu(ours.layers.first(inputs)))[0])
    found = ours(attributes, None, forcing)
    expected = ours.ranges(raw[-1].T)
    torch.testing.assert_close(found.static, expected.static)
    torch.testing.assert_close(found.routing, expected.routing)
    daily = torch.stack([ours.ranges(day.T).static[[v.name for v in HBV.parameters].index("beta")] for day in raw])
    torch.testing.assert_close(found.dynamic["beta"], daily)


@pytest.mark.parametrize("kind", [DailyNetwork, SplitNetwork])
def test_the_warm_up_changes_no_value_and_gives_its_last_day_too(forcing, attributes, kind):
    net = network(kind, dynamic=("beta", "k0"))
    whole, late = net(attributes, torch.arange(PLACES), forcing), net(attributes, torch.arange(PLACES), forcing, 20)
    for name in ("beta", "k0"):
        assert late.dynamic[name].shape == (DAYS - 20 + 1, COMPONENTS, PLACES)
        torch.testing.assert_close(late.dynamic[name], whole.dynamic[name][19:])
    torch.testing.assert_close(late.static, whole.static)
    flow = [
        Physics(HBV, COMPONENTS)(forcing, found.static, found.routing, dynamic=found.dynamic, warmup=20)[0]
        for found in (whole, late)
    ]
    torch.testing.assert_close(*flow)


def test_dynamic_dropout_keeps_some_basins_as_on_the_last_day(forcing):
    net = network(dynamic=("beta", "k0"), dynamic_dropout=0.5)
    many, weather = torch.randn(200, ATTRIBUTES), forcing[:, :, :1].expand(-1, -1, 200)
    found = net(many, None, weather)
    for name in net.names:
        same = (found.dynamic[name] == found.static[net.number[name]]).all(0).all(0)
        assert 0.35 < same.float().mean() < 0.65
    both = [(found.dynamic[name][0] == found.static[net.number[name]]).all(0) for name in net.names]
    assert (both[0] != both[1]).any()  # each parameter for itself
    net.eval()
    assert (net(many, None, weather).dynamic["beta"][0] != found.static[net.number["beta"]]).any(0).all()


def test_in_use_places_in_turns_give_the_flow_of_all_together(forcing, attributes, monkeypatch):
    net = network(dynamic=("beta",)).eval()
    series = Series(forcing, forcing[:, 0], attributes, torch.empty(0, PLACES), known=40)
    physics = Physics(HBV, COMPONENTS)
    together = predict(net, physics, series, 30, DAYS)
    monkeypatch.setattr("freshet.nn.prediction.NUMBERS", 2 * COMPONENTS * DAYS)
    torch.testing.assert_close(predict(net, physics, series, 30, DAYS), together)
    monkeypatch.setattr("freshet.nn.network_lstm.YEAR", 7)  # and days in turns
    torch.testing.assert_close(predict(net, physics, series, 30, DAYS), together)
    with torch.no_grad():
        found = net(attributes, None, forcing, 20)
    torch.testing.assert_close(found.dynamic["beta"], net(attributes, None, forcing, 20).dynamic["beta"])


def test_the_benchmark_gives_flow_that_is_never_negative_and_passes_it_on(forcing, attributes):
    net = FlowNetwork(ATTRIBUTES, hidden=(12, 10), dropout=0.0, seed=1)
    net.fit(3.0 * forcing[:, 0])
    found = net(attributes, None, forcing, 20)
    flow, _ = Passed()(forcing, found.static, found.routing, dynamic=found.dynamic, warmup=20)
    assert flow.shape == (DAYS - 20, 1, PLACES)
    assert (flow > 0).all()
    torch.testing.assert_close(net.scale, (3.0 * forcing[:, 0]).std(correction=0))


@pytest.mark.parametrize("kind", ["basin", "season"])
def test_a_correction_begins_at_one_and_never_leaves_its_bounds(forcing, attributes, kind):
    phase = torch.linspace(0, 6.283, DAYS)
    net = Corrected(build("attributes", HBV, 1, inputs=ATTRIBUTES), kind, 1.5, inputs=ATTRIBUTES)
    found = net(attributes, torch.arange(PLACES))
    assert torch.equal(corrected(forcing, found.correction, phase), forcing)
    for sign in (1.0, -1.0):
        with torch.no_grad():
            net.layers[-1].bias.fill_(30.0 * sign)
        log = torch.log(factor(net(attributes, torch.arange(PLACES)).correction, phase))
        assert float((sign * log).detach().max()) == pytest.approx(math.log(1.5), rel=2e-3)
        assert log.abs().max() <= math.log(1.5) * (1 + 1e-6)


@pytest.mark.parametrize("kind", ["basin", "season"])
def test_a_correction_finds_the_rain_that_a_forcing_lacks(kind):
    """In a world where the parameters are known: rain is a fifth too low, or in winter only."""
    days = 1200
    draw = torch.Generator().manual_seed(4)
    phase = 6.283 * torch.arange(days) / 365.0
    rain = 30.0 * torch.rand(days, 1, PLACES, generator=draw) ** 4
    warm = torch.full((days, 1, PLACES), 9.0)
    truth = torch.cat([rain, warm, 0.0 * warm + 1.0], 1)
    missing = 1.25 * torch.ones(days) if kind == "basin" else torch.exp(0.15 * torch.cos(phase))
    told = torch.cat([rain / missing[:, None, None], truth[:, 1:]], 1)
    table = build("single", HBV, 1, spread=0.0)
    known = table(None, torch.arange(PLACES))
    flow, _ = Physics(HBV, 1)(truth, known.static, known.routing)
    series = Series(told, flow[:, 0].detach(), torch.zeros(PLACES, 0), torch.empty(0, PLACES), phase=phase)
    net = Corrected(table, kind, 2.0)
    table.raw.requires_grad_(False)
    sampler = Sampler(series, 100, days, window=200, warmup=100, batch=5, seed=1)
    plan = Plan(8, steps=20, learning_rate=0.05, schedule="cosine")
    Trainer(net, Physics(HBV, 1), sampler, losses.named("rmse"), plan, deviation=torch.ones(PLACES)).run(
        lambda found: None, lambda state: None
    )
    found = factor(net(series.attributes, torch.arange(PLACES)).correction, phase)[:, 0]
    assert (found.expand(days) - missing).abs().max() < 0.05
    expected = (rain[:, 0] / (rain[:, 0] / missing[:, None]).sum(0)).sum(0) - 1.0
    given = added(net(series.attributes, torch.arange(PLACES)).correction, series, 0, days)
    assert (given.detach() - expected).abs().max() < 0.05
