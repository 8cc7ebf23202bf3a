"""What the benchmark times in torch: our layer, and plain torch, eager and compiled.

Each offers forward() -> flow, and gradient() -> (flow, gradients of the parameters and of the routing), both computed
anew at each call.
"""

from collections.abc import Callable

import numpy as np
import torch
from freshet.nn.physics import Physics

import torch_hbv
from benchmark_case import Case

Found = tuple[np.ndarray, list[np.ndarray]]


class Layer:
    """nn.Physics: the same loops, called by autograd."""

    def __init__(self, case: Case, threads: int):
        torch.set_num_threads(threads)
        self.case = case
        self.physics = Physics(case.model, case.components, threads=threads)
        block = (case.components, case.places)
        self.forcing = torch.from_numpy(case.forcing)
        self.parameters = leaf(case.parameters.reshape(-1, *block))
        self.routing = leaf(case.routing)
        self.state = torch.from_numpy(case.state.reshape(-1, *block))
        self.geometry = None if case.geometry is None else torch.from_numpy(case.geometry)
        self.daily = {}
        for row, name in enumerate(case.dynamic_names):
            self.daily[name] = leaf(case.dynamic[:, row].reshape(-1, *block))
        self.leaves = [self.parameters, self.routing, *self.daily.values()]

    def run(self) -> torch.Tensor:
        return self.physics(
            self.forcing, self.parameters, self.routing, dynamic=self.daily, state=self.state, geometry=self.geometry
        )[0]

    @torch.no_grad()
    def forward(self) -> np.ndarray:
        return self.run().numpy()

    def gradient(self) -> Found:
        return differentiated(self.run(), self.case, self.leaves)


class Eager:
    """run/torch_hbv.py as it is."""

    def __init__(self, case: Case, threads: int, through: Callable = torch_hbv.days):
        torch.set_num_threads(threads)
        self.case, self.through = case, through
        rows = [leaf(by_place(row, case)) for row in case.parameters]
        self.parameters = {v.name: row for v, row in zip(case.model.parameters, rows, strict=True)}
        for row, name in enumerate(case.dynamic_names):
            self.parameters[name] = leaf(by_place(case.dynamic[:, row], case))
        self.forcing, self.routing = torch.from_numpy(case.forcing), leaf(case.routing)
        self.state = tuple(torch.from_numpy(by_place(row, case)) for row in case.state)
        self.geometry = () if case.geometry is None else tuple(torch.from_numpy(case.geometry))
        self.leaves = [*self.parameters.values(), self.routing]

    def run(self) -> torch.Tensor:
        return torch_hbv.simulate(
            self.forcing, self.parameters, self.state, self.routing, geometry=self.geometry, through=self.through
        )[0]

    @torch.no_grad()
    def forward(self) -> np.ndarray:
        return self.run().numpy()

    def gradient(self) -> Found:
        return differentiated(self.run(), self.case, self.leaves)


class Compiled(Eager):
    """run/torch_hbv.py through torch.compile."""

    def __init__(self, case: Case, threads: int):
        super().__init__(case, threads, torch_hbv.compiled_days())


def differentiated(flow: torch.Tensor, case: Case, leaves: list[torch.Tensor]) -> Found:
    """Flow, and the gradients by autograd, not added to earlier ones."""
    found = torch.autograd.grad(flow, leaves, torch.from_numpy(case.d_flow), allow_unused=True)
    return flow.detach().numpy(), [tensor.numpy() for tensor in found if tensor is not None]


def leaf(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).requires_grad_()


def by_place(values: np.ndarray, case: Case) -> np.ndarray:
    """[..., cell] to [..., place, component], the order in which torch reduces over components fastest."""
    return np.ascontiguousarray(values.reshape(*values.shape[:-1], case.components, case.places).swapaxes(-1, -2))
