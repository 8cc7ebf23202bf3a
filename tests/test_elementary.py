"""The polynomial exp and log of the kernels against libm, in both precisions, compiled and in plain Python."""

import numpy as np
import pytest
from freshet.kernels import elementary
from freshet.kernels.bind import bind
from numba import njit


def compiled(function, precision):
    inner = bind(function, None, precision)

    @njit
    def over(x, out):
        for i in range(x.size):
            out[i] = inner(x[i])

    def apply(x):
        out = np.empty_like(x)
        over(x, out)
        return out

    return apply


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 3e-7), ("float64", 1e-15)])
def test_logarithm_is_that_of_libm(precision, tolerance):
    rng = np.random.default_rng(0)
    x = np.concatenate((10.0 ** rng.uniform(-30, 30, 20000), rng.uniform(0.5, 2.0, 20000), [1.0])).astype(precision)
    ours = compiled(getattr(elementary, f"log_{precision}"), precision)(x).astype(np.float64)
    exact = np.log(x.astype(np.float64))
    assert np.abs(ours - exact).max() <= 2 * tolerance * np.abs(exact).max()
    near = np.abs(exact) < 1.0
    assert np.abs(ours - exact)[near].max() <= tolerance
    assert ours[-1] == 0.0


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 3e-7), ("float64", 2e-15)])
def test_exponential_is_that_of_libm(precision, tolerance):
    limit = 85.0 if precision == "float32" else 700.0
    x = np.concatenate((np.random.default_rng(1).uniform(-limit, limit, 40000), [0.0])).astype(precision)
    ours = compiled(getattr(elementary, f"exp_{precision}"), precision)(x).astype(np.float64)
    exact = np.exp(x.astype(np.float64))
    assert np.abs(ours / exact - 1.0).max() <= tolerance
    assert ours[-1] == 1.0


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_exponential_stays_finite_and_positive_far_outside(precision):
    x = np.array([-1e30, -1000.0, 1000.0, 1e30], precision)
    ours = compiled(getattr(elementary, f"exp_{precision}"), precision)(x)
    assert np.isfinite(ours).all()
    assert (ours > 0).all()


def test_plain_python_gives_the_same_numbers():
    for value in (1e-10, 0.3, 1.0, 7.0, 1e5):
        assert elementary.log_float64(np.float64(value)) == pytest.approx(np.log(value), rel=1e-15, abs=1e-15)
        assert elementary.power(value, 0.5) == pytest.approx(value**0.5, rel=1e-14)
