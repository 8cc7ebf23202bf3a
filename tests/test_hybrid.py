"""The network that corrects potential evaporation: bounded, blind outside the mask, the same in chunks and on ranks."""

import numpy as np
import pytest
import torch
from freshet.nn.grid_network import Correction, Neighbourhood, Ranks
from freshet.nn.losses import named
from freshet.nn.river_trainer import RiverTrainer
from freshet.nn.trainer import Plan

from basin_problem import DAYS, assert_the_same_on_ranks, basin

PLACES, SHAPE, ROWS = 23, (5, 6), 6


def where(wraps=False):
    cell = np.random.default_rng(2).permutation(SHAPE[0] * SHAPE[1])[:PLACES]
    return Neighbourhood(torch.from_numpy(cell // SHAPE[1]), torch.from_numpy(cell % SHAPE[1]), SHAPE, wraps)


def weather(days=40):
    made = np.random.default_rng(3).gamma(1.5, 2.0, (days, ROWS, PLACES))
    made[:, 2] = np.where(made[:, 2] > 1.0, made[:, 2], 0.0)
    return torch.from_numpy(made)


def correction(chunk=64, strength=1.0, ranks=None, seen=None, **options):
    attributes = torch.from_numpy(np.random.default_rng(4).normal(size=(PLACES, 4)))
    seen = weather() if seen is None else seen
    made = Correction(seen, attributes, where(), (0, 30), hidden=5, chunk=chunk, ranks=ranks, **options)
    with torch.no_grad():
        made.last *= strength
    return made


def test_potential_evaporation_begins_as_it_is_and_never_falls_below_0():
    before = weather()[:, 2]
    gentle, wild = (made(0, 40).detach() for made in (correction(), correction(strength=1e4, limit=3.0)))
    assert float((gentle - before).abs().max()) < 0.3
    assert float(wild.min()) >= 0.0
    assert float((wild - before).abs().max()) <= 3.0 + 1e-9
    assert float((wild - before).max()) > 2.9
    assert (wild[(before > 0) & (before < 3.0)] == 0).any()


def test_the_convolution_is_that_of_the_cells_around_and_the_days_beside():
    made, seen = correction(strength=5.0), weather()
    normal = (seen - made.mean) / made.deviation
    row, column = where().row.tolist(), where().column.tolist()
    day, place = 7, 11
    inner = made.bias.detach().clone()
    for other in range(PLACES):
        y, x = row[other] - row[place] + 1, column[other] - column[place] + 1
        if 0 <= y < 3 and 0 <= x < 3:
            for lag in range(3):
                inner += made.of_weather.detach()[:, :, lag, y, x] @ normal[day + lag - 1, :, other]
            inner += made.of_attributes.detach()[:, :, y, x] @ made.attributes[other]
    raw = torch.tanh((made.last.detach() * torch.tanh(inner)).sum() + made.last_bias.detach())
    pet = seen[day, 2, place]
    expected = pet + raw * (2.0 if raw > 0 else min(2.0, float(pet)))
    assert float(made(0, 40)[day, place].detach()) == pytest.approx(float(expected), rel=1e-9)


def test_a_grid_around_the_earth_has_neighbours_across_its_edge():
    for wraps in (False, True):
        places = where(wraps)
        near = places.near().reshape(3, 3, PLACES)
        by_cell = {(int(y), int(x)): k for k, (y, x) in enumerate(zip(places.row, places.column, strict=True))}
        for (y, x), k in by_cell.items():
            for a, b in np.ndindex(3, 3):
                column = (x + b - 1) % SHAPE[1] if wraps else x + b - 1
                assert near[a, b, k] == by_cell.get((y + a - 1, column), PLACES)


@pytest.mark.parametrize("chunk", [7, 64])
def test_gradients_do_not_depend_on_chunks_and_are_slopes(chunk):
    made, weight = correction(chunk, 5.0), torch.from_numpy(np.random.default_rng(5).normal(size=(25, PLACES)))
    (made(10, 35) * weight).sum().backward()
    found = {name: parameter.grad.clone() for name, parameter in made.named_parameters()}
    made.zero_grad()
    (made.chunk(10, 35) * weight).sum().backward()
    for name, parameter in made.named_parameters():
        assert torch.allclose(found[name], parameter.grad, rtol=1e-9, atol=1e-12), name
    leaves = tuple(parameter for parameter in made.parameters())
    assert torch.autograd.gradcheck(lambda *_: made(12, 15)[:, :4], leaves, fast_mode=True)


def test_memory_of_the_network_does_not_grow_with_the_days():
    held = []
    made = correction(5)
    forward = made.chunk
    made.chunk = lambda a, b: held.append(b - a) or forward(a, b)
    made(0, 40).sum().backward()
    assert max(held) == 5
    assert len(held) == 16


def trainer(rank=0, ranks=1, meeting=None, exchange=None):
    network, basins = basin(rank, ranks, meeting, exchange)
    whole = basin()[1].domain.forcing
    gather = meeting.gather(rank) if meeting else None
    correct = correction(32, 3.0, Ranks(rank, ranks, gather), whole)
    periods = {"training": (150, DAYS - 60), "validation": (DAYS - 60, DAYS)}
    return RiverTrainer(network, basins, named("nse"), Plan(2, learning_rate=0.02), periods, 120, correct)


def trained(**options):
    found, made = [], trainer(**options)
    begin = {name: weight.clone() for name, weight in made.network.state_dict().items()}
    made.run(lambda epoch: found.append((epoch["loss"], epoch["validation_nse"])), lambda state: None)
    weights = {name: weight.clone() for name, weight in made.network.state_dict().items()}
    assert not torch.equal(weights["1.of_weather"], begin["1.of_weather"])
    return found, weights


@pytest.mark.parametrize("ranks", [2, 3])
def test_parameters_and_correction_are_learned_to_the_same_bits_on_any_number_of_ranks(ranks):
    assert_the_same_on_ranks(trained, ranks)


def test_a_wrong_potential_evaporation_is_put_right_from_discharge():
    made = trainer()
    made.plan = Plan(40, learning_rate=0.02)
    made.optimiser.param_groups[0]["lr"] = 0.02
    truth = made.basins.domain.forcing.clone()
    low = truth.clone()
    low[:, 2] = 0.6 * truth[:, 2]
    with torch.no_grad():
        made.basins.domain.observed[:] = made.basins(None, (0, DAYS), 0)
        made.basins.domain.forcing[:] = low
    made.correction.weather = low
    losses = []
    made.run(lambda epoch: losses.append(epoch["loss"]), lambda state: None)
    with torch.no_grad():
        better = made.correction(150, DAYS - 60)
    error = (better - truth[150 : DAYS - 60, 2]).abs().mean()
    assert losses[-1] < 0.3 * losses[0]
    assert float(error) < 0.8 * float((low - truth)[150 : DAYS - 60, 2].abs().mean())
