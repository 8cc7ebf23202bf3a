"""Observation operators and objectives: exact transposes, sums by hand, the same bits for any number of ranks."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from freshet.nn import losses
from freshet.nn.objective import DISCHARGE, RIVER_WATER, Objective, Term, daily
from freshet.nn.observation import Regions, Steps, anomalies, cells, labelled, river_water, storage_change
from freshet.nn.physics import Physics
from freshet.nn.river_trainer import RiverTrainer
from freshet.nn.trainer import Plan

from basin_problem import DAYS, assert_the_same_on_ranks, basin

PERIODS = {"training": (150, DAYS - 60), "validation": (DAYS - 60, DAYS)}
MONTHS = Steps(torch.arange(0, 390, 30), torch.arange(30, 420, 30))
DOWN = torch.tensor([3, 2, 3, 4, 4])


def drawn(*shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


KNOWN = drawn(13, 6, seed=5) > -0.5
OPERATORS = {
    "means of months": (lambda x: MONTHS.means(x, 0, slice(0, 13)), (400, 6)),
    "means of some months, from a later day": (lambda x: MONTHS.means(x, 60, slice(3, 9)), (250, 6)),
    "single days": (lambda x: daily(50).means(x, 0, slice(5, 40)), (50, 3)),
    "block means": (lambda x: labelled([0, 1, 0, -1, 1, 2], drawn(6).abs()).means(x), (13, 6)),
    "overlapping basins": (lambda x: Regions(torch.tensor([0, 1, 1]), torch.tensor([0, 0, 1]),
                                             torch.tensor([2.0, 3.0, 5.0]), 3).means(x), (4, 2)),
    "cells": (lambda x: cells(3).means(x), (4, 3)),
    "anomalies": (lambda x: anomalies(x, KNOWN, slice(2, 9)), (13, 6)),
    "water in rivers": (lambda x: river_water(*storage_change(x, 0.5 * x), DOWN), (7, 5)),
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_has_its_transpose_as_gradient(name):
    operator, shape = OPERATORS[name]
    x = drawn(*shape, seed=1).requires_grad_()
    y = operator(x)
    weight = drawn(*y.shape, seed=2)
    (transposed,) = torch.autograd.grad(y, x, weight)
    other = drawn(*shape, seed=3)
    assert float((operator(other) * weight).sum()) == pytest.approx(float((other * transposed).sum()), rel=1e-12)


@pytest.mark.parametrize("name", [name for name in OPERATORS if OPERATORS[name][1][0] < 60])
def test_gradients_of_operators_are_slopes(name):
    operator, shape = OPERATORS[name]
    assert torch.autograd.gradcheck(operator, drawn(*shape).requires_grad_())


def test_means_are_those_by_hand():
    field = drawn(400, 6)
    months = MONTHS.means(field, 0, MONTHS.within((25, 130)))
    assert torch.allclose(months, torch.stack([field[30:60].mean(0), field[60:90].mean(0), field[90:120].mean(0)]))
    area = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).double()
    blocks = labelled([0, 1, 0, -1, 1, 2], area).means(field)
    assert torch.allclose(blocks[:, 1], (2 * field[:, 1] + 5 * field[:, 4]) / 7)
    assert torch.allclose(blocks[:, 2], field[:, 5])


def test_anomalies_count_only_months_that_are_known():
    values = torch.tensor([[1.0], [5.0], [9.0], [30.0]])
    known = torch.tensor([[True], [False], [True], [True]])
    assert anomalies(values, known, slice(0, 3)).ravel().tolist() == [-4.0, 0.0, 4.0, 25.0]


def test_a_target_unknown_in_the_baseline_is_not_compared():
    observed = torch.full((13, 2), 3.0).double()
    observed[4:9, 1] = torch.nan
    term = Term("storage", ("x",), MONTHS, cells(2), observed, losses.named("mse"), baseline=(120, 270))
    simulated, seen = term.pair(drawn(13, 2), slice(0, 13), (0, 390))
    assert torch.isfinite(seen[:, 0]).all()
    assert torch.isnan(seen[:, 1]).all()
    assert torch.isfinite(simulated).all()


def test_water_in_rivers_is_what_the_reservoirs_hold():
    _, basins = basin()
    lateral = torch.rand((40, basins.river.plan.count), generator=torch.Generator().manual_seed(1)).double() * 50.0
    runoff = lateral[:, basins.river.nodes] / basins.river.factor
    flow, state = basins.river(runoff, basins.domain.river_base)
    kept, left = storage_change(basins.river.lateral(runoff), flow)
    down = torch.from_numpy(np.asarray(downstream()))
    water = river_water(kept, left, down)[-1]
    assert float(water.sum()) == pytest.approx(float(state.sum()), rel=1e-9)
    assert (water > 0).sum() > 5


def downstream():
    """Of the small basin."""
    from basin_problem import NODES
    from river_problem import random_network

    return random_network(NODES, np.random.default_rng(0))


def full_objective(basins, held_out=False):
    """Discharge, storage of the land and rivers as anomalies of three regions, runoff and soil moisture of cells."""
    places = basins.domain.base.shape[1]
    rng = np.random.default_rng(4)
    noise = torch.from_numpy(rng.normal(size=(13, 3)) * 20.0)
    noise[2, 1] = torch.nan
    label = np.arange(places) % 4 - 1
    learned = torch.tensor([True, False]) if held_out else None
    return Objective((
        Term(DISCHARGE, (DISCHARGE,), daily(DAYS), None, basins.domain.observed, losses.named("nse", offset=0.0), 0.5,
             learned),
        Term("storage", ("land_water_storage", RIVER_WATER), MONTHS, labelled(label, rng.uniform(1, 2, places)), noise,
             losses.named("nse", offset=0.0), 0.5, baseline=(150, 360)),
        Term("soil", ("root_zone_moisture", "skin_storage"), MONTHS, cells(places),
             torch.from_numpy(rng.uniform(50, 200, (13, places))), losses.named("mse"), 1e-4),
        Term("runoff", ("runoff",), daily(DAYS), cells(places), torch.from_numpy(rng.gamma(1.0, 1.0, (DAYS, places))),
             losses.named("kge"), 0.1),
    ))  # fmt: skip


def trainer(held_out=False, **options):
    network, basins = basin(**options)
    basins.physics = Physics(
        basins.physics.model, outputs=("runoff", "land_water_storage", "root_zone_moisture", "skin_storage")
    )
    places = basins.domain.base.shape[1]
    area = torch.from_numpy(np.random.default_rng(9).uniform(1e9, 3e9, places))
    basins.domain = replace(basins.domain, downstream=torch.from_numpy(downstream()), land_area=area)
    objective = full_objective(basins, held_out)
    return RiverTrainer(network, basins, objective, Plan(2, learning_rate=0.05), PERIODS, warmup=120)


def trained(**options):
    found, made = [], trainer(**options)
    made.run(lambda epoch: found.append((epoch["loss"], epoch["validation_nse"])), lambda state: None)
    return found, {name: weight.clone() for name, weight in made.network.state_dict().items()}


def test_an_objective_is_the_weighted_sum_of_its_terms():
    made = trainer()
    with torch.no_grad():
        span = made.objective.span(PERIODS["training"])
        assert span == (150, 360)
        simulated = made.simulate(span)
        pairs = made.basins.compared(made.objective, simulated, PERIODS["training"])
        values = made.objective.values(pairs)
    assert [tuple(pair[0].shape) for pair in pairs] == [(210, 2), (7, 3), (7, 23), (210, 23)]
    expected = 0.5 * values[0] + 0.5 * values[1] + 1e-4 * values[2] + 0.1 * values[3]
    assert float(made.objective(pairs)) == pytest.approx(float(expected), rel=1e-12)
    storage = pairs[1]
    skill = losses.nse_by_place(*storage)
    assert float(values[1]) == pytest.approx(float((1 - skill).mean()), rel=1e-6)
    for side in storage:
        known = torch.isfinite(storage[1])
        assert torch.allclose(torch.where(known, side, 0.0).sum(0), torch.zeros(3).double(), atol=1e-9)


def test_what_is_held_out_is_not_learned_from():
    one, other = trainer(held_out=True), trainer(held_out=True)
    term = other.objective.terms[0]
    changed = term.observed.clone()
    changed[:, 1] *= 7.0
    other.objective = Objective((replace(term, observed=changed), *other.objective.terms[1:]))
    for made in (one, other):
        made.run(lambda epoch: None, lambda state: None)
    assert one.progress.best == other.progress.best
    for name, weight in one.network.state_dict().items():
        assert torch.equal(weight, other.network.state_dict()[name])


@pytest.mark.parametrize("ranks", [2, 3])
def test_all_terms_together_have_the_same_bits_for_any_number_of_ranks(ranks):
    assert_the_same_on_ranks(trained, ranks)


def test_the_gradient_of_an_objective_converges_as_taylor_says():
    made = trainer()
    leaf = made.values(made.basins.domain.inputs).detach().requires_grad_()

    def total(values):
        simulated = made.basins.simulate(values, (0, 360), 0, rivers=True)
        return made.objective(made.basins.compared(made.objective, simulated, (0, 360)))

    base = total(leaf)
    base.backward()
    direction = torch.from_numpy(np.random.default_rng(1).normal(size=leaf.shape)) * leaf.detach().abs()
    slope, errors = float((leaf.grad * direction).sum()), []
    with torch.no_grad():
        for size in (1e-5, 5e-6):
            errors.append(abs(float(total(leaf + size * direction) - base) - size * slope))
    assert 3.0 < errors[0] / errors[1] < 5.0 or errors[0] < 1e-9 * abs(float(base))
