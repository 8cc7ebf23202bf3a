"""Rivers as a layer of a network: gradients that PyTorch's own check confirms, alone and behind a model."""

import numpy as np
import pytest
import torch
from freshet.kernels.rivers.plan import plan
from freshet.nn.river import River

from river_problem import ALL_ROUTERS, river_problem

each_router = pytest.mark.parametrize("chosen", ALL_ROUTERS, ids=lambda chosen: chosen.label)


def layer(problem, places):
    """A river whose places are every node but the first two."""
    place = np.arange(problem.nodes) - 2
    place[place < 0] = -1
    area = np.linspace(1e9, 3e9, places)
    return River(problem.router, plan(problem.downstream), area, place, problem.geometry, substeps=problem.substeps)


@each_router
def test_gradients_through_runoff_parameters_and_state_pass_gradcheck(chosen):
    problem = river_problem(chosen, nodes=9, steps=6)
    river = layer(problem, 7)
    runoff = torch.from_numpy(np.random.default_rng(0).gamma(1.0, 3.0, (6, 7))).requires_grad_()
    parameters = torch.from_numpy(problem.parameters).requires_grad_()
    # In m3 s-1 all arguments are of the order of the flow, so that one step size of gradcheck serves them.
    state = torch.from_numpy(problem.state / 86400.0).requires_grad_()

    def run(runoff, parameters, state):
        flow, final = river(runoff, parameters, state * 86400.0)
        return flow, final / 86400.0

    assert torch.autograd.gradcheck(run, (runoff, parameters, state), eps=1e-5, atol=1e-4, rtol=1e-5)


@each_router
def test_runoff_of_a_place_arrives_at_the_mouth_as_volume(chosen):
    problem = river_problem(chosen, nodes=9, steps=400)
    river = layer(problem, 7)
    runoff = torch.zeros((400, 7), dtype=torch.float64)
    runoff[0] = 10.0
    flow, left = river(runoff, torch.from_numpy(problem.parameters))
    ends = problem.downstream == np.arange(9)
    volume = flow[:, torch.from_numpy(ends)].sum().item() * 86400.0
    assert left.sum() < 1e-3 * volume  # a channel never runs quite dry
    volume += left.sum().item()
    assert volume == pytest.approx(10.0 * 1e-3 * np.linspace(1e9, 3e9, 7).sum(), rel=1e-6)


def test_nodes_that_name_no_place_are_refused():
    problem = river_problem(ALL_ROUTERS[0], nodes=5, steps=2)
    with pytest.raises(ValueError, match="place"):
        River(problem.router, plan(problem.downstream), np.ones(3), np.array([0, 1, 2, 3, 4]))
