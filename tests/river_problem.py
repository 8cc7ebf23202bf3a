"""Random but plausible runs of any registered router on a branching network."""

from types import SimpleNamespace

import numpy as np
from freshet.kernels.network.order import canonical_order, reordered
from freshet.kernels.rivers.registry import ROUTERS, router

ALL_ROUTERS = [router(name) for name in ROUTERS]


def random_network(nodes: int, rng: np.random.Generator, outlets: int = 3) -> np.ndarray:
    """Downstream indices [node] in canonical order of a network with several basins and long branches."""
    down = np.arange(nodes)
    for node in range(outlets, nodes):
        down[node] = rng.integers(max(0, node - 12), node)
    return reordered(down, canonical_order(down))


def river_problem(chosen, nodes=60, steps=25, dtype=np.float64, seed=0, substeps=0) -> SimpleNamespace:
    """Arguments of route and route_adjoint, everything random from one seed."""
    rng = np.random.default_rng(seed)
    parameters = [_between(v, rng, nodes) for v in chosen.parameters]
    geometry = [_between(v, rng, nodes, whole=v.name == "river_reservoirs") for v in chosen.geometry]
    arrays = {
        "lateral": rng.gamma(0.5, 40.0, (steps, nodes)) * (rng.random((steps, nodes)) < 0.7),
        "parameters": np.reshape(parameters, (len(parameters), nodes)),
        "geometry": np.reshape(geometry, (len(geometry), nodes)),
        "state": rng.uniform(0, 3e6, (len(chosen.states), nodes)),
        "d_discharge": rng.normal(size=(steps, nodes)),
        "d_state": rng.normal(size=(len(chosen.states), nodes)) * 1e-5,
    }
    arrays = {name: np.ascontiguousarray(array, dtype=dtype) for name, array in arrays.items()}
    return SimpleNamespace(
        router=chosen, downstream=random_network(nodes, rng), substeps=substeps, steps=steps, nodes=nodes, **arrays
    )


def _between(variable, rng, nodes, whole=False):
    """Values around the default, within the bounds."""
    if whole:
        return rng.integers(int(variable.low), int(variable.high) + 1, nodes)
    low = max(variable.low, variable.default * 0.3)
    return rng.uniform(low, min(variable.high, variable.default * 3.0), nodes)


def scalar(problem, discharge, state) -> float:
    """What the gradients are those of."""
    return float((discharge * problem.d_discharge).sum() + (state * problem.d_state).sum())
