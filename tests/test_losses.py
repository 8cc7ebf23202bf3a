"""Losses: parity with the published two-part RMSE, plain formulas, gaps, dry rivers, perfect fits."""

import netCDF4
import numpy as np
import pytest
import torch
from freshet.driver import metrics
from freshet.nn import losses

from conftest import shared_folder

TOLERANCE = 1e-12


def loss_files():
    """Every file of the reference folder that has the form of loss.nc, however it is called."""
    found = []
    for path in sorted((shared_folder() / "reference" / "hbv").glob("*.nc")):
        with netCDF4.Dataset(path) as data:
            if {"sim", "obs", "alpha", "loss", "dloss_dsim"} <= set(data.variables):
                found.append(path)
    return found or [None]


@pytest.fixture(params=loss_files(), ids=lambda path: f"hbv-{path.stem if path else 'missing'}")
def reference(request, shared):
    """Variables of one reference file as float64 arrays with NaN where values are missing."""
    assert request.param is not None, "the reference folder holds no file of the loss"
    with netCDF4.Dataset(request.param) as data:
        return {
            name: np.ma.filled(variable[...].astype(np.float64), np.nan) for name, variable in data.variables.items()
        }


@pytest.fixture
def flows():
    """Simulated and observed flow [time, place] in float64; place 1 without observations, place 2 dry, gaps in 0."""
    random = np.random.default_rng(3)
    observed = random.gamma(0.8, 2.0, (400, 5))
    simulated = 0.8 * observed * random.lognormal(0.0, 0.4, observed.shape) + 0.1
    observed[random.random(400) < 0.2, 0] = np.nan
    observed[:, 1] = np.nan
    observed[:, 2] = 0.0
    return torch.from_numpy(simulated), torch.from_numpy(observed)


def gradient(loss, simulated):
    simulated = simulated.clone().requires_grad_()
    value = loss(simulated)
    value.backward()
    return value.detach(), simulated.grad


@pytest.mark.parity
def test_two_part_loss_and_its_gradient_are_the_published_ones(reference):
    simulated, observed = (torch.from_numpy(reference[name]) for name in ("sim", "obs"))
    for k, alpha in enumerate(reference["alpha"]):
        value, found = gradient(lambda s, a=alpha: losses.two_part_rmse(s, observed, float(a)), simulated)
        assert abs(value.item() - reference["loss"][k]) <= TOLERANCE
        expected = torch.from_numpy(reference["dloss_dsim"][k])
        assert (found - expected).abs().max().item() <= TOLERANCE


def test_rmse_is_the_two_part_loss_without_logarithms(flows):
    assert losses.rmse(*flows) == losses.two_part_rmse(*flows, alpha=0.0)


def test_nse_without_offset_is_one_minus_nse_of_the_scores(flows):
    simulated, observed = flows
    expected = np.nanmean(1.0 - metrics.nse(simulated.numpy(), observed.numpy())[[0, 3, 4]])
    assert losses.nse(simulated, observed, offset=0.0).item() == pytest.approx(expected, rel=1e-12)


def test_nse_loss_divides_by_the_deviation_of_the_whole_period_and_the_offset():
    simulated = torch.tensor([[1.0, 5.0], [3.0, 5.0]])
    observed = torch.tensor([[2.0, torch.nan], [2.0, 4.0]])
    value = losses.nse(simulated, observed, torch.tensor([0.9, 0.4]), offset=0.1)
    assert value.item() == pytest.approx((1.0 / 1.0 + 1.0 / 0.25) / 2)


def test_kge_loss_is_one_minus_kge_of_the_scores(flows):
    simulated, observed = flows
    expected = np.mean(1.0 - metrics.kge_2009(simulated.numpy(), observed.numpy())[[0, 3, 4]])
    assert losses.kge(simulated, observed).item() == pytest.approx(expected, rel=1e-12)


def test_scores_of_the_validation_are_those_of_the_evaluation(flows):
    simulated, observed = flows
    expected = metrics.nse(simulated.numpy(), observed.numpy())
    np.testing.assert_allclose(losses.nse_by_place(simulated, observed).numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("name", losses.LOSSES)
@pytest.mark.parametrize("precision", [torch.float32, torch.float64])
def test_gradients_agree_with_finite_differences_and_skip_gaps(name, precision, flows):
    simulated, observed = flows
    loss = losses.named(name)
    deviation = torch.ones(5, dtype=torch.float64)
    _, found = gradient(lambda s: loss(s, observed.to(precision), deviation.to(precision)), simulated.to(precision))
    assert torch.isfinite(found).all()
    assert (found[torch.isnan(observed)] == 0).all()
    direction = torch.randn(simulated.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    step = 1e-6
    ahead, behind = (loss(simulated + sign * step * direction, observed, deviation) for sign in (1, -1))
    expected = (ahead - behind).item() / (2 * step)
    assert (found.double() * direction).sum().item() == pytest.approx(
        expected, rel=1e-4 if precision is torch.float32 else 1e-6
    )


@pytest.mark.parametrize("name", losses.LOSSES)
@pytest.mark.parametrize("case", ["perfect", "no observations", "dry", "simulated dry", "both dry", "constant"])
def test_gradients_are_finite_where_formulas_divide_by_nothing(name, case, flows):
    observed = torch.from_numpy(np.random.default_rng(5).gamma(0.8, 2.0, (50, 3))).float()
    zero = torch.zeros_like(observed)
    simulated, observed = {
        "perfect": (observed, observed),
        "no observations": (observed, torch.full_like(observed, torch.nan)),
        "dry": (observed, zero),
        "simulated dry": (zero, observed),
        "both dry": (zero, zero),
        "constant": (zero + 1.0, zero + 2.0),
    }[case]
    value, found = gradient(lambda s: losses.named(name)(s, observed, observed.std(0).nan_to_num()), simulated)
    assert torch.isfinite(value)
    assert torch.isfinite(found).all()
    if case in ("perfect", "no observations", "both dry"):
        assert value.item() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("name", losses.LOSSES)
def test_a_simulation_that_is_not_a_number_is_not_hidden(name, flows):
    simulated, observed = flows
    simulated[3, 4] = torch.nan
    assert torch.isnan(losses.named(name)(simulated, observed, torch.ones(5)))
    simulated[3, 4] = 1.0
    simulated[:, 1] = torch.nan  # where nothing was observed it does not matter
    assert torch.isfinite(losses.named(name)(simulated, observed, torch.ones(5)))


def test_unknown_losses_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="unknown loss 'mae', expected one of: rmse, nse, kge, two_part_rmse"):
        losses.named("mae")


def test_flows_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"\(5,\) and \(5, 2\)"):
        losses.rmse(torch.zeros(5), torch.zeros(5, 2))
