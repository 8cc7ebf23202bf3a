"""The gridded unit hydrograph against the exact inverse Gaussian, a plain convolution, and links at the limits."""

import numpy as np
import pytest
from freshet.kernels.rivers.gridded_unit_hydrograph_ordinates import LAGS, LEAST, prepare, prepare_adjoint
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.registry import router
from freshet.kernels.rivers.route import route
from scipy.integrate import quad
from scipy.stats import invgauss

from river_problem import random_network

ROUTER = router("gridded_unit_hydrograph")
STEP = 86400.0 / ROUTER.substeps


def ordinates(velocity, diffusivity, length, seconds=STEP, dtype=np.float64):
    parameters = np.array([np.atleast_1d(velocity), np.atleast_1d(diffusivity)], dtype)
    return prepare(parameters, np.atleast_1d(length).astype(dtype)[None], seconds)


def travel_time(velocity, diffusivity, length):
    """Exact distribution of the linearised Saint-Venant equation."""
    mean, shape = length / velocity, length**2 / (2 * diffusivity)
    return invgauss(mean / shape, scale=shape)


def impulse(lengths, velocity, diffusivity, steps=400):
    """Response by sub-steps of a chain of cells to water that enters the first in one sub-step."""
    nodes = len(lengths)
    lateral = np.zeros((steps, nodes))
    lateral[0, 0] = 1.0
    parameters = np.repeat([[velocity], [diffusivity]], nodes, axis=1)
    mine, state = plan(np.minimum(np.arange(nodes) + 1, nodes - 1)), np.zeros((LAGS - 1, nodes))
    run = route(ROUTER, mine, lateral, parameters, state, geometry=lengths[None], step_seconds=STEP, substeps=1)
    return run.discharge[:, -1]


@pytest.mark.parametrize(("velocity", "diffusivity", "length"), [(1.5, 3000, 5e4), (0.6, 800, 6e4), (1.0, 20000, 2e4)])
def test_ordinates_are_the_exact_response_to_water_of_a_sub_step(velocity, diffusivity, length):
    lowered = diffusivity - STEP**2 * velocity**3 / (12 * length)
    assert lowered > LEAST * diffusivity
    exact = travel_time(velocity, lowered, length)
    t = 0.7 * length / velocity
    bell = np.exp(-((velocity * t - length) ** 2) / (4 * lowered * t))
    assert exact.pdf(t) == pytest.approx(length / (2 * t * np.sqrt(np.pi * t * lowered)) * bell, rel=1e-10)
    found = ordinates(velocity, diffusivity, length)[:, 0]

    def left(t):  # of water that entered evenly from 0 to STEP
        return quad(lambda s: exact.cdf(t - s), 0, min(t, STEP), epsabs=1e-9 * STEP, limit=200)[0] / STEP

    expected = np.diff([left(j * STEP) for j in range(LAGS)])
    np.testing.assert_allclose(found[:-1], expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize(("velocity", "diffusivity"), [(1.5, 800), (1.0, 2000), (0.6, 800)])
def test_a_chain_of_cells_has_the_travel_times_of_its_whole_length(velocity, diffusivity):
    lengths = np.random.default_rng(0).uniform(3e4, 8e4, 20)
    response, exact = impulse(lengths, velocity, diffusivity), travel_time(velocity, diffusivity, lengths.sum())
    steps = np.arange(len(response))
    mean = (response * steps).sum() * STEP
    spread = ((response * steps**2).sum() * STEP**2 - mean**2) ** 0.5
    assert response.sum() == pytest.approx(1.0, abs=1e-12)
    assert mean == pytest.approx(exact.mean(), rel=1e-3)
    assert spread == pytest.approx(exact.std(), rel=0.02)
    # Water that entered in a sub-step, half a one ago in the mean, has left by the end of this.
    assert np.abs(np.cumsum(response) - exact.cdf((steps + 0.5) * STEP)).max() < 0.01


def test_a_link_without_length_passes_water_at_once():
    found = ordinates([1.5, 1.5], [800.0, 800.0], [0.0, np.nan])
    np.testing.assert_array_equal(found[0], 1.0)
    np.testing.assert_array_equal(found[1:], 0.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ordinates_of_any_link_sum_to_one_and_none_is_negative(dtype):
    rng = np.random.default_rng(2)
    velocity, diffusivity = 10 ** rng.uniform(-1.3, 1, 3000), 10 ** rng.uniform(-1, 5, 3000)
    found = ordinates(velocity, diffusivity, 10 ** rng.uniform(-1, 6, 3000), dtype=dtype)
    assert found.min() >= 0
    total = np.zeros(3000, dtype)
    for part in found:
        total += part
    np.testing.assert_array_equal(total, 1.0)


def test_the_gradient_of_ordinates_is_that_of_finite_differences():
    rng, count = np.random.default_rng(5), 500
    parameters = np.stack((10 ** rng.uniform(-0.7, 0.6, count), 10 ** rng.uniform(1, 4.3, count)))
    geometry, cotangent = 10 ** rng.uniform(3, 5.1, (1, count)), rng.normal(size=(LAGS, count))
    added = STEP**2 * parameters[0] ** 3 / (12 * geometry[0])
    smooth = np.abs(added / parameters[1] - (1 - LEAST)) > 1e-3  # off the kink
    found = prepare_adjoint(parameters, geometry, STEP, cotangent)
    for row in range(2):
        step = np.zeros_like(parameters)
        step[row] = 1e-5 * parameters[row]
        change = (prepare(parameters + step, geometry, STEP) - prepare(parameters - step, geometry, STEP)) * cotangent
        expected = change.sum(axis=0) / (2 * step[row])
        limit = 1e-6 / parameters[row] + 1e-5 * np.abs(expected)
        assert (np.abs(found[row] - expected) < limit)[smooth].all()


def test_flow_is_the_convolution_along_the_network():
    rng, nodes, steps = np.random.default_rng(6), 30, 70
    downstream, length = random_network(nodes, rng), rng.uniform(0, 9e4, nodes)
    lateral = rng.gamma(0.5, 40.0, (steps, nodes))
    parameters = np.stack((rng.uniform(0.5, 2, nodes), rng.uniform(300, 3000, nodes)))
    state = np.zeros((LAGS - 1, nodes))
    run = route(
        ROUTER, plan(downstream), lateral, parameters, state, geometry=length[None], step_seconds=STEP, substeps=1
    )
    weights, water = ordinates(*parameters, length), lateral.copy()
    expected = np.zeros_like(lateral)
    for node, below in enumerate(downstream):
        expected[:, node] = np.convolve(water[:, node], weights[:, node])[:steps]
        if below != node:
            water[:, below] += expected[:, node]
    np.testing.assert_allclose(run.discharge, expected, rtol=1e-11)
    # What is under way after the last sub-step leaves in the next ones.
    rest = route(
        ROUTER, plan(downstream), np.zeros_like(lateral), parameters, run.state, geometry=length[None],
        step_seconds=STEP, substeps=1,
    )  # fmt: skip
    ends = downstream == np.arange(nodes)
    left = (run.discharge + rest.discharge)[:, ends].sum() * STEP + rest.state.sum()
    assert left == pytest.approx(lateral.sum() * STEP, rel=1e-12)
