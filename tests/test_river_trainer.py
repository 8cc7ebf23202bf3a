"""Learning through rivers: it begins with the cells' own values, gets better, and has the same bits on any ranks."""

import numpy as np
import pytest
import torch
from freshet.nn.losses import named
from freshet.nn.river_trainer import RiverTrainer
from freshet.nn.shift_network import Shifts
from freshet.nn.trainer import Plan

from basin_problem import DAYS, assert_the_same_on_ranks, basin

PERIODS = {"training": (150, DAYS - 60), "validation": (DAYS - 60, DAYS)}


def trainer(epochs=3, **options):
    network, basins = basin(**options)
    return RiverTrainer(network, basins, named("nse"), Plan(epochs, learning_rate=0.05), PERIODS, warmup=120)


def trained(**options):
    """Losses by epoch and final weights."""
    found, made = [], trainer(**options)
    made.run(lambda epoch: found.append((epoch["loss"], epoch["validation_nse"])), lambda state: None)
    return found, {name: weight.clone() for name, weight in made.network.state_dict().items()}


def test_a_network_begins_with_the_values_of_the_cells():
    network, _ = basin()
    network = Shifts(network.variables, 0.5 * (network.low + network.low + network.width).expand(-1, 4), "basin")
    values = network(torch.empty(4, 0))
    for variable, row in zip(network.variables, values, strict=True):
        assert ((row > variable.low) & (row < variable.high)).all()


@pytest.mark.parametrize("kind", ["single", "basin"])
def test_start_values_within_bounds_come_back_unchanged(kind):
    network, _ = basin()
    wide = torch.stack([torch.linspace(v.low + 0.1 * (v.high - v.low), v.high * 0.8, 5) for v in network.variables])
    again = Shifts(network.variables, wide.double(), kind)(torch.empty(5, 0))
    np.testing.assert_allclose(again.detach(), wide, rtol=1e-5)


def test_training_through_rivers_lowers_the_loss():
    found, _ = trained(epochs=12)
    assert found[-1][0] < 0.97 * found[0][0]


@pytest.mark.parametrize("ranks", [2, 3])
def test_training_has_the_same_bits_for_any_number_of_ranks(ranks):
    assert_the_same_on_ranks(trained, ranks)


def test_the_gradient_through_model_and_rivers_converges_as_taylor_says():
    made = trainer()
    leaf = made.network(made.basins.domain.inputs).detach().requires_grad_()
    weight = torch.from_numpy(np.random.default_rng(0).normal(size=(DAYS - 210, 2)))

    # Without a warm-up, which has no gradient.
    base = (made.basins(leaf, (0, 200), 0) * weight[:200]).sum()
    base.backward()
    direction = torch.from_numpy(np.random.default_rng(1).normal(size=leaf.shape)) * leaf.detach().abs()
    slope, errors = float((leaf.grad * direction).sum()), []
    with torch.no_grad():
        for size in (1e-5, 5e-6):
            done = (made.basins(leaf + size * direction, (0, 200), 0) * weight[:200]).sum()
            errors.append(abs(float(done - base) - size * slope))
    assert 3.0 < errors[0] / errors[1] < 5.0 or errors[0] < 1e-9 * abs(float(base))
