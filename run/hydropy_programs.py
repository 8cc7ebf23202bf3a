"""What the HydroPy benchmark times: our kernels, and the same equations in plain numpy and PyTorch."""

from types import SimpleNamespace

import numpy as np
from freshet.kernels.rivers.plan import plan
from freshet.kernels.rivers.route import initial_river, route, route_adjoint
from freshet.kernels.simulate import simulate, simulate_adjoint

from array_hydropy import library
from array_hydropy import simulate as simulate_arrays
from hydropy_case import DAY, Case

TRAINED = ("rm_crit", "qsb_min", "qsb_max", "lag_land", "lag_base")


class Kernels:
    """Vertical physics, then routing; the gradient is that of sum(discharge weight) with respect to everything."""

    def __init__(self, case: Case, threads: int = 1):
        self.case, self.threads = case, threads
        self.plan = plan(case.downstream, threads=threads)
        self.factor = case.cast(case.area * 1e-3 / DAY)
        self.river = initial_river(case.router, case.cells, case.precision)

    def _vertical(self, keep: bool):
        case = self.case
        return simulate(
            case.model, case.forcing, case.parameters, case.state, geometry=case.geometry, threads=self.threads,
            checkpoints=keep,
        )  # fmt: skip

    def forward(self, keep: bool = False):
        """Discharge [time, cell]."""
        case, run = self.case, self._vertical(keep)
        lateral = run.outputs[:, 0] * self.factor
        done = route(
            case.router, self.plan, lateral, case.lag, self.river, geometry=case.reservoirs, checkpoints=keep
        )  # fmt: skip
        return (run, lateral, done) if keep else done.discharge

    def gradient(self):
        """Discharge, and gradients of parameters, of the river's lag and of the states."""
        case = self.case
        run, lateral, done = self.forward(True)
        river = route_adjoint(
            case.router, self.plan, done, lateral, case.lag, case.weight, np.zeros_like(self.river),
            geometry=case.reservoirs,
        )  # fmt: skip
        land = simulate_adjoint(
            case.model, run, case.forcing, case.parameters, (river.lateral * self.factor)[:, None],
            np.zeros_like(case.state), geometry=case.geometry, threads=self.threads,
        )  # fmt: skip
        rows = [v.name for v in case.model.parameters]
        return done.discharge, [land.parameters[rows.index(name)] for name in TRAINED] + [river.parameters[0]]


class Arrays:
    """The equations on whole arrays, in numpy (forward) or PyTorch (forward and gradient)."""

    def __init__(self, case: Case, name: str):
        self.case, self.x, self.name = case, library(name), name
        make = np.asarray
        if name == "torch":
            import torch

            make = torch.as_tensor
        nodes = np.arange(case.cells)
        h = 0.25
        self.arrays = SimpleNamespace(
            forcing=make(case.forcing),
            parameters={v.name: make(row) for v, row in zip(case.model.parameters, case.parameters, strict=True)},
            water=make(case.geometry[0]),
            state=list(map(make, case.state)),
            river=[make(np.zeros(case.cells, case.precision)) for _ in range(6)],
            factor=make(case.cast(case.area * 1e-3 / 4)),
            share=make(case.cast(h / (case.lag[0] + h))),
            down=make(case.downstream),
            ends=make(case.downstream == nodes),
        )

    def forward(self):
        """Discharge [time, cell]."""
        if self.name == "torch":
            import torch

            with torch.no_grad():
                return simulate_arrays(self.x, self.arrays).numpy()
        return simulate_arrays(self.x, self.arrays)

    def gradient(self):
        """As Kernels.gradient; PyTorch only."""
        import torch

        wanted = {name: self.arrays.parameters[name].clone().requires_grad_() for name in TRAINED}
        lag = torch.from_numpy(self.case.lag[0]).requires_grad_()
        changed = SimpleNamespace(**vars(self.arrays))
        changed.parameters = self.arrays.parameters | wanted
        changed.share = 0.25 / (lag + 0.25)
        flow = simulate_arrays(self.x, changed)
        (flow * torch.from_numpy(self.case.weight)).sum().backward()
        return flow.detach().numpy(), [tensor.grad.numpy() for tensor in (*wanted.values(), lag)]
