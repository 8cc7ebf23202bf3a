"""Muskingum-Cunge against exact solutions, a published example, a plain implementation, and reaches at the limits."""

import inspect
from itertools import pairwise

import numpy as np
import pytest
from freshet.kernels.rivers import muskingum_cunge
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.registry import router
from freshet.kernels.rivers.route import route, route_adjoint

from dual import Dual, dual
from river_problem import random_network

ROUTER = router("muskingum_cunge")
SLOPE, ROUGHNESS, WIDTH = 1e-3, 0.035, 100.0


def routed(
    downstream, lateral, length, *, slope=SLOPE, roughness=ROUGHNESS, width=WIDTH, hours=1.0, state=None, substeps=1,
    dtype=np.float64,
):  # fmt: skip
    """Discharge [time, node] and storage [node]; all of a channel may be given by node."""
    nodes = len(downstream)
    geometry = np.stack([np.broadcast_to(values, nodes) for values in (length, slope, 1.0)])
    parameters = np.stack([np.broadcast_to(values, nodes) for values in (roughness, width, 0.3)])
    start = np.zeros(nodes) if state is None else state
    arrays = [np.ascontiguousarray(a, dtype) for a in (lateral, parameters, start[None], geometry)]
    run = route(
        ROUTER, plan(downstream), *arrays[:3], geometry=arrays[3], step_seconds=hours * 3600.0, substeps=substeps
    )
    return run.discharge, run.state[0]


def chain(nodes):
    return np.minimum(np.arange(nodes) + 1, nodes - 1)


def steady(flow, length, slope=SLOPE, roughness=ROUGHNESS, width=WIDTH):
    """Storage and velocity of a steady flow by Manning's equation."""
    depth = (flow * roughness / (width * np.sqrt(slope))) ** 0.6
    return length * width * depth, flow / (width * depth)


def wave_on_a_steady_flow(flow, wave, lengths, hours, size=1e-6, **channel):
    """What becomes of a small wave that enters a chain of reaches, in units of the wave; the first has no length."""
    nodes = len(lengths) + 1
    lateral = np.zeros((len(wave), nodes))
    lateral[:, 0] = flow + size * wave
    state = np.concatenate(([0.0], steady(flow, np.asarray(lengths), **channel)[0]))
    discharge, _ = routed(chain(nodes), lateral, np.concatenate(([0.0], lengths)), hours=hours, state=state, **channel)
    return (discharge - flow) / size


def test_the_published_example_is_met():
    # V. M. Ponce, Engineering Hydrology, exercise on chapter 9: 1110 m3 s-1 in 440 m2, 115 m wide, slope 0.001,
    # c = 1.58 v, 14 km, 1 h; the flood rises from 60 to 1110 m3 s-1 in 7 h and falls for 14 h. His solution: 1093.39
    # at 8 h. Its coefficients are constant: here it is a small wave on the flow that they are made for.
    celerity = 1.58 * 1110 / 440
    unit_flow, velocity = 1110 / 115, 0.6 * celerity
    depth = unit_flow / velocity
    time = np.arange(30.0)
    flood = 1050 * np.clip(np.minimum(time / 7, (21 - time) / 14), 0, None)
    channel = {"slope": 0.001, "width": 115.0, "roughness": np.sqrt(0.001) * depth ** (2 / 3) / velocity}
    outflow = 60 + wave_on_a_steady_flow(1110.0, flood, [14e3], 1.0, **channel)[:, 1]
    assert outflow.max() == pytest.approx(1093.39, abs=0.01)
    assert outflow.argmax() == 8
    courant, reynolds = celerity * 3600 / 14e3, unit_flow / (0.001 * celerity * 14e3)
    c0, c1, c2 = np.array([courant + reynolds - 1, 1 + courant - reynolds, 1 - courant + reynolds]) / (
        1 + courant + reynolds
    )
    expected = [60.0]
    for before, now in pairwise(60 + flood):
        expected.append(c0 * now + c1 * before + c2 * expected[-1])
    np.testing.assert_allclose(outflow, expected, rtol=0, atol=1e-2)


def test_a_steady_flow_is_mannings():
    lateral = np.zeros((900, 12))
    lateral[:, 0] = 250.0
    discharge, storage = routed(chain(12), lateral, 2e4, hours=2.0)
    np.testing.assert_allclose(discharge[-1], 250.0, rtol=1e-9)
    np.testing.assert_allclose(storage[1:], steady(250.0, 2e4)[0], rtol=1e-9)


@pytest.mark.parametrize("hours", [0.25, 1.0, 6.0])
@pytest.mark.parametrize("length", [2e3, 1e4, 5e4])
def test_flood_waves_travel_at_five_thirds_of_the_velocity_of_water(length, hours):
    flow, wave = 300.0, np.zeros(int(900 / hours))
    wave[0] = 1.0
    reaches = np.full(8, length)
    response = wave_on_a_steady_flow(flow, wave, reaches, hours, size=1e-2)[:, -1]
    arrival = (response * np.arange(len(wave))).sum() * hours * 3600 / response.sum()
    assert response.sum() == pytest.approx(1.0, rel=1e-5)
    assert arrival == pytest.approx(reaches.sum() / (5 / 3 * steady(flow, 1.0)[1]), rel=1e-4)


@pytest.mark.parametrize(("slope", "length"), [(1e-3, 6e3), (3e-4, 1e4), (1e-4, 4e3)])
def test_flood_waves_flatten_as_diffusion_says(slope, length):
    flow, wave = 300.0, np.zeros(600)
    wave[0] = 1.0
    celerity, reaches = 5 / 3 * steady(flow, 1.0, slope=slope)[1], np.full(20, length)
    hours = length / celerity / 3600  # Courant number 1: only then is a kinematic wave without any diffusion
    response = wave_on_a_steady_flow(flow, wave, reaches, hours, size=1e-2, slope=slope)[:, -1]
    time = np.arange(len(wave)) * hours * 3600
    spread = (response * time**2).sum() - (response * time).sum() ** 2
    diffusivity = flow / (2 * WIDTH * slope)
    assert spread == pytest.approx(2 * diffusivity * reaches.sum() / celerity**3, rel=1e-3)


def test_days_of_half_degree_cells_agree_with_much_finer_channels():
    rng, cells, fine = np.random.default_rng(4), 10, 25
    days = (0.5 + 8 * rng.gamma(0.3, 1.0, (60, 1)) * (rng.random((60, 1)) < 0.3)) * np.full((1, cells), 58.0)
    width = np.linspace(40.0, 90.0, cells)
    coarse, _ = routed(chain(cells), days, 5e4, width=width, hours=24, substeps=ROUTER.substeps)
    finer, _ = routed(
        chain(cells * fine), np.repeat(days / fine, fine, axis=1), 5e4 / fine, width=np.repeat(width, fine),
        hours=24, substeps=96,
    )  # fmt: skip
    expected = finer[20:, fine - 1 :: fine]
    error = ((coarse[20:] - expected) ** 2).mean(axis=0) / expected.var(axis=0)
    assert error[-1] < 0.002
    assert error.max() < 0.02


def by_hand(downstream, lateral, length, slope, roughness, width, storage, seconds):
    """The equations of the module, node by node in SI units."""
    discharge, storage = np.zeros_like(lateral), storage.copy()
    for t in range(len(lateral)):
        inflow = np.zeros(len(downstream))
        for i, below in enumerate(downstream):
            water = inflow[i] + lateral[t, i]
            factor = width[i] * np.sqrt(slope[i]) / roughness[i]
            start = min(0.5 * water * seconds, steady(inflow[i] + lateral[t, i] / 2, length[i], slope[i], roughness[i],
                                                      width[i])[0])  # fmt: skip
            reference = max(storage[i], start)
            depth = max(reference / (width[i] * length[i]), 1e-3)
            celerity = 5 / 3 * factor * depth ** (5 / 3) / (width[i] * depth)
            k = length[i] / celerity
            x = 0.5 * (1 - factor * depth ** (5 / 3) / (width[i] * slope[i] * celerity * length[i]))
            lead = (reference - storage[i]) / (water * seconds) if water > 0 else 0.0
            kx = min(k * x, (0.5 - 0.4 * lead) * seconds)
            weight = max(0.5, 1 - (k - kx) / seconds)
            source = inflow[i] if kx > 0 else water
            right = storage[i] - 0.4 * reference + weight * seconds * water - kx * source
            outflow = right / (k - kx + weight * seconds)
            storage[i] += seconds * (water - outflow)
            discharge[t, i] = outflow
            if below != i:
                inflow[below] += outflow
    return discharge, storage


def test_a_plain_implementation_gives_the_same_flows():
    rng, nodes = np.random.default_rng(8), 40
    downstream = random_network(nodes, rng)
    lateral = rng.gamma(0.5, 40.0, (60, nodes)) * (rng.random((60, nodes)) < 0.7) + 0.01
    length, slope = 10 ** rng.uniform(2.5, 5, nodes), 10 ** rng.uniform(-4.9, -2, nodes)
    roughness, width = rng.uniform(0.02, 0.1, nodes), rng.uniform(10, 400, nodes)
    storage = rng.uniform(0, 50, nodes) * length
    found = routed(
        downstream, lateral, length, slope=slope, roughness=roughness, width=width, hours=2.0, state=storage
    )  # fmt: skip
    expected = by_hand(downstream, lateral, length, slope, roughness, width, storage, 7200.0)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-9, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_is_negative_or_not_a_number_in_any_reach(dtype):
    rng, nodes = np.random.default_rng(3), 400
    downstream = random_network(nodes, rng)
    lateral = 10 ** rng.uniform(-6, 3, (80, nodes)) * (rng.random((80, nodes)) < 0.5)
    length = 10 ** rng.uniform(-2, 6, nodes) * (rng.random(nodes) < 0.9)
    slope = 10 ** rng.uniform(-7, -0.5, nodes) * (rng.random(nodes) < 0.9)
    storage = 10 ** rng.uniform(-6, 3, nodes) * length
    discharge, left = routed(
        downstream, lateral, length, slope=slope, width=10 ** rng.uniform(0, 3, nodes), state=storage, dtype=dtype
    )  # fmt: skip
    assert np.isfinite(discharge).all()
    assert np.isfinite(left).all()
    assert discharge.min() >= 0
    assert left.min() >= 0


def test_water_passes_straight_through_nodes_without_length():
    downstream = np.array([2, 2, 3, 3])
    lateral = np.random.default_rng(0).gamma(1.0, 50.0, (20, 4))
    geometry = np.array([[0.0] * 4, [np.nan, 0.0, 1e-3, np.nan], [np.nan, 0.0, 1.0, np.nan]])
    parameters = np.full((3, 4), 0.3)
    options = {"geometry": geometry, "substeps": 1}
    run = route(ROUTER, plan(downstream), lateral, parameters, np.zeros((1, 4)), checkpoints=True, **options)
    own, two = lateral, lateral[:, 0] + lateral[:, 1] + lateral[:, 2]
    np.testing.assert_allclose(
        run.discharge, np.stack((own[:, 0], own[:, 1], two, two + own[:, 3]), axis=1), rtol=1e-14
    )
    assert not run.state.any()
    back = route_adjoint(
        ROUTER, plan(downstream), run, lateral, parameters, np.ones_like(lateral), np.zeros((1, 4)), **options
    )
    np.testing.assert_allclose(back.lateral, [[3.0, 3.0, 2.0, 1.0]] * 20, rtol=1e-14)
    assert not back.parameters.any()


def test_dry_channels_without_water_have_finite_gradients():
    downstream, lateral = chain(5), np.zeros((6, 5))
    geometry = np.array([[5e4, 5e4, 1.0, 1e-3, 0.0], [1e-3, 0.0, 1e-5, 0.0, 0.0], [100.0, 0.0, 1.0, 1e7, 0.0]])
    parameters = np.repeat([[0.035], [2.44], [0.34]], 5, axis=1)
    options = {"geometry": geometry}
    run = route(ROUTER, plan(downstream), lateral, parameters, np.zeros((1, 5)), checkpoints=True, **options)
    back = route_adjoint(
        ROUTER, plan(downstream), run, lateral, parameters, np.ones_like(lateral), np.ones((1, 5)), **options
    )
    assert not run.discharge.any()
    assert all(np.isfinite(part).all() for part in (back.lateral, back.parameters, back.state))
    assert (back.lateral > 0).all()


@pytest.mark.parametrize("hours", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("length", [1e3, 9e3, 2e4])
def test_a_flood_in_a_dry_channel_does_not_overshoot(length, hours):
    lateral = np.zeros((int(300 / hours), 40))
    lateral[:, 0] = 50.0
    discharge, _ = routed(chain(40), lateral, length, slope=3e-3, width=14.0, hours=hours)
    assert discharge.max() < 1.3 * 50
    np.testing.assert_allclose(discharge[-1, :10], 50.0, rtol=1e-3)


def test_gradients_are_exact_through_short_reaches_too():
    rng, nodes = np.random.default_rng(11), 50
    downstream = random_network(nodes, rng)
    geometry = np.stack(
        (10 ** rng.uniform(1, 4.5, nodes), 10 ** rng.uniform(-5, -2, nodes), rng.uniform(10, 1e4, nodes))
    )
    given = {
        "lateral": rng.gamma(0.5, 40.0, (20, nodes)) * (rng.random((20, nodes)) < 0.7),
        "parameters": np.stack((rng.uniform(0.02, 0.1, nodes), rng.uniform(1, 8, nodes), rng.uniform(0.2, 0.5, nodes))),
        "state": rng.uniform(0, 50, (1, nodes)) * geometry[0],
    }
    mine, d_discharge, d_state = plan(downstream), rng.normal(size=(20, nodes)), rng.normal(size=(1, nodes)) * 1e-4
    run = route(ROUTER, mine, **given, geometry=geometry, checkpoints=True)
    back = route_adjoint(
        ROUTER, mine, run, given["lateral"], given["parameters"], d_discharge, d_state, geometry=geometry
    )
    for name, values in given.items():
        step = 1e-6 * values * rng.normal(size=values.shape)
        ends = [route(ROUTER, mine, **{**given, name: values + sign * step}, geometry=geometry) for sign in (1, -1)]
        up, down = (float((end.discharge * d_discharge).sum() + (end.state * d_state).sum()) for end in ends)
        assert float((getattr(back, name) * step).sum()) == pytest.approx((up - down) / 2, rel=1e-5), name


RANGES = {"storage": (1, 7), "inflow": (-4, 6), "lateral": (-4, 6), "content": (0, 4), "reference": (1, 7)}
RANGES |= {"kx": (-3, 0), "depth": (-8, -4), "time": (-2, 2), "spread": (-3, 1), "k": (-3, 2), "limit": (-0.6, -0.3)}


@pytest.mark.parametrize("name", ["reference_storage", "travel", "outflow"])
def test_adjoints_of_the_reach_are_transposes_of_the_tangents(name):
    function, reverse = getattr(muskingum_cunge, name), getattr(muskingum_cunge, f"{name}_adjoint")
    names, rng = list(inspect.signature(function).parameters), np.random.default_rng(2)
    for _ in range(400):
        drawn = {n: 10 ** rng.uniform(*RANGES[n]) for n in names}
        if name == "outflow":  # within the limit, and X of both signs
            lead = 0.5 * rng.random()
            drawn["reference"] = drawn["storage"] + lead * (drawn["inflow"] + drawn["lateral"])
            drawn["kx"] = rng.choice((-10 * drawn["kx"], min(drawn["kx"], 0.5 - 0.4 * lead)))
        x = list(drawn.values())
        direction = rng.normal(size=len(x)) * x
        found = function(*(Dual(value, d) for value, d in zip(x, direction, strict=True)))
        tangents = [dual(value).tangent for value in (found if isinstance(found, tuple) else (found,))]
        cotangent = rng.normal(size=len(tangents))
        terms = np.atleast_1d(reverse(*x, *cotangent)) * direction
        size = np.abs(terms).max() + np.abs(cotangent * tangents).max()
        assert float(cotangent @ tangents) == pytest.approx(float(terms.sum()), abs=1e-10 * size), x
