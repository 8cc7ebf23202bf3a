"""Models with passes stepped by plain Python, cell after cell in arrays of all cells: what compiles nothing."""

import types

import numpy as np
from freshet.kernels.bind import rebuild
from freshet.kernels.model import Model

from problem import Problem


def uncompiled(function: types.FunctionType, model: Model) -> types.FunctionType:
    """The function of one form with the polynomials that the compiled ones have, as plain Python."""
    return rebuild(function, model, "float64", lambda callee: uncompiled(callee, model), {})


class ByHand:
    """A run and its reverse with the outputs of a problem; arrays as those of simulate and simulate_adjoint."""

    def __init__(self, problem: Problem):
        self.model, self.arrays, self.names = problem.model, problem.arrays, problem.outputs
        passes = ((self.model.column, self.model.column_adjoint), *self.model.later)
        self.passes = [tuple(uncompiled(part, self.model) for part in each) for each in passes]
        self.derive, self.derive_adjoint = (
            uncompiled(part, self.model) for part in (self.model.derive, self.model.derive_adjoint)
        )
        self.cells = self.arrays["parameters"].shape[1]
        self.components = self.cells // self.arrays["forcing"].shape[2]
        self.forcing = np.tile(self.arrays["forcing"], (1, 1, self.components))
        self.geometry = np.tile(self.arrays["geometry"], (1, self.components))
        self.weights = self.arrays["weights"].reshape(-1)
        self.rows = [[variable.name for variable in self.model.outputs].index(name) for name in self.names]
        self.kept: list[tuple[np.ndarray, ...]] = []

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        """Outputs [time, output, place] and the state at the end."""
        model, old = self.model, self.arrays["state"]
        outputs = np.zeros((len(self.forcing), len(self.names), self.arrays["forcing"].shape[2]))
        for t, today in enumerate(self.forcing):
            given = np.vstack([self.arrays["parameters"], np.zeros((len(model.derived), self.cells))])
            new, flux = np.zeros_like(old), np.zeros((len(model.fluxes) + model.work, self.cells))
            for i in range(self.cells):
                self.derive(given, today, self.geometry, i, i)
                for column, _ in self.passes:
                    column(old, today, self.geometry, given, new, flux, i, i)
            self.kept.append((old, given, new, flux))
            shown = np.vstack([flux[: len(model.fluxes)], new])[self.rows] * self.weights
            outputs[t] = shown.reshape(len(self.rows), self.components, -1).sum(1)
            old = new
        return outputs, old

    def reverse(self, d_outputs: np.ndarray, d_state: np.ndarray) -> dict[str, np.ndarray]:
        """Gradients of parameters, initial state and forcing, after run."""
        model, d_new = self.model, d_state.copy()
        d_parameters, d_forcing = np.zeros_like(self.arrays["parameters"]), np.zeros_like(self.forcing)
        for t in range(len(self.forcing) - 1, -1, -1):
            old, given, new, flux = self.kept[t]
            d_flux, d_old, d_given = np.zeros_like(flux), np.zeros_like(old), np.zeros_like(given)
            for k, row in enumerate(self.rows):
                share = self.weights * np.tile(d_outputs[t, k], self.components)
                target = (d_flux, row) if row < len(model.fluxes) else (d_new, row - len(model.fluxes))
                target[0][target[1]] += share
            for i in range(self.cells):
                for _, column_adjoint in reversed(self.passes):
                    column_adjoint(
                        old, self.forcing[t], self.geometry, given, new, flux, d_new, d_flux, d_old, d_forcing[t],
                        d_given, i, i,
                    )  # fmt: skip
                self.derive_adjoint(given, self.forcing[t], self.geometry, d_given, i, i)
            d_parameters += d_given[: len(d_parameters)]
            d_new = d_old
        shares = d_forcing.reshape(*d_forcing.shape[:2], self.components, -1).sum(2)
        return {"parameters": d_parameters, "state": d_new, "forcing": shares}
