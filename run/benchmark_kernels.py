"""What the benchmark times of ours: the kernels as they are, without torch."""

import numpy as np
from freshet.kernels.routed import simulate_routed, simulate_routed_adjoint

from benchmark_case import Case


class Kernels:
    """kernels.routed: the loops, the unit hydrograph and their adjoints, on numpy arrays."""

    def __init__(self, case: Case, threads: int):
        self.case = case
        self.inputs = (case.forcing, case.parameters, case.routing)
        self.options = {
            "dynamic": case.dynamic, "dynamic_names": case.dynamic_names, "geometry": case.geometry, "threads": threads,
        }  # fmt: skip
        self.no_d_state = np.zeros_like(case.state)

    def forward(self) -> np.ndarray:
        return simulate_routed(self.case.model, *self.inputs, self.case.state, **self.options).outputs

    def gradient(self) -> tuple[np.ndarray, list[np.ndarray]]:
        case = self.case
        done = simulate_routed(case.model, *self.inputs, case.state, checkpoints=True, **self.options)
        found = simulate_routed_adjoint(
            case.model, done, *self.inputs, case.d_flow, self.no_d_state, **self.options
        )  # fmt: skip
        daily = [found.model.dynamic] if case.dynamic_names else []
        return done.outputs, [found.model.parameters, found.routing, *daily]
