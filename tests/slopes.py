"""Gradients of models whose steps search for roots, beside central differences of the compiled model, cell by cell."""

from collections.abc import Callable

import numpy as np

from problem import Problem

STEPS = (1e-6, 1e-7, 1e-5, 1e-8)
CLOSE = 1e-5  # of slopes, where both sides agree
ONE_SIDED = 1e-3
ROUNDING = 4e-15  # of a sum of rows scaled to 1
STAYING = 0.05  # of a change that the longest step makes and the shortest, of a thousandth, makes too


class Comparison:
    """Slopes of each place's own scalar along a direction beside those of central differences.

    agree, beside, jumps [place]: the gradient is that of central differences; that of one side; or there is none.
    """

    def __init__(self, scalar: Callable, slope: np.ndarray, arrays: dict, direction: dict, least: float):
        base = scalar({})
        self.agree, self.beside = np.zeros(len(slope), bool), np.zeros(len(slope), bool)
        changes = np.zeros((len(STEPS), len(slope)))
        for k, step in enumerate(STEPS):
            up, down = (scalar({n: arrays[n] + sign * step * d for n, d in direction.items()}) for sign in (1, -1))
            noise = least + ROUNDING * np.maximum(1.0, np.abs(base)) / step
            self.agree |= near((up - down) / (2 * step), slope, CLOSE, noise)
            self.beside |= near((up - base) / step, slope, ONE_SIDED, noise)
            self.beside |= near((base - down) / step, slope, ONE_SIDED, noise)
            changes[k] = np.maximum(np.abs(up - base), np.abs(down - base))
            if self.agree.all():
                break
        self.jumps = jumping(changes, slope, least + ROUNDING * np.maximum(1.0, np.abs(base)) / min(STEPS))

    @property
    def explained(self) -> np.ndarray:
        """Where the gradient is one of the three."""
        return self.agree | self.beside | self.jumps


def jumping(changes: np.ndarray, slope: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Where the changes of a scalar over STEPS are those of a jump: far too large for its slope, and the shortest step
    makes about as much of them as the longest, which would be a thousand times more of anything that has a slope."""
    shortest, longest = changes[np.argmin(STEPS)], changes[np.argmax(STEPS)]
    steep = shortest / min(STEPS) > 30.0 * np.maximum(np.abs(slope), least)
    return steep & (shortest > STAYING * longest)


def near(found: np.ndarray, slope: np.ndarray, relative: float, least: np.ndarray) -> np.ndarray:
    return np.abs(found - slope) <= relative * np.maximum(np.abs(found), np.abs(slope)) + least


class Cells:
    """A problem of places of one component, each with a scalar of its own: random sums over its outputs and states."""

    def __init__(self, problem: Problem, seed: int):
        self.problem, self.random = problem, np.random.default_rng(seed)
        done = problem.run(checkpoints=True)
        self.d_outputs, self.d_state = problem.cotangents(done, self.random)
        self.d_outputs /= np.sqrt(problem.days)
        self.found = problem.reverse(done, self.d_outputs, self.d_state)

    def scalar(self, changed: dict[str, np.ndarray]) -> np.ndarray:
        done = self.problem.run(changed)
        return (done.outputs * self.d_outputs).sum((0, 1)) + (done.state * self.d_state).sum(0)

    def compare(self, direction: dict[str, np.ndarray], least: float) -> Comparison:
        slopes = ((getattr(self.found, n) * d).sum(tuple(range(d.ndim - 1))) for n, d in direction.items())
        return Comparison(self.scalar, sum(slopes), self.problem.arrays, direction, least)

    def shares(self, least: float, directions: int = 3) -> tuple[float, float]:
        """Shares of places that agree, and that agree or are explained, in directions of all inputs together."""
        agree, explained = [], []
        for _ in range(directions):
            direction = {n: self.problem.direction(n, self.random) for n in ("parameters", "state", "forcing")}
            found = self.compare(direction, least)
            agree.append(found.agree)
            explained.append(found.explained)
        return float(np.mean(agree)), float(np.mean(explained))
