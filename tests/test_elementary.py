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


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 3e-7), ("float64", 6e-16)])
def test_logarithm_near_one_is_that_of_libm(precision, tolerance):
    rng = np.random.default_rng(2)
    tiny, large = (-37, 37) if precision == "float32" else (-300, 300)
    x = np.concatenate((10.0 ** rng.uniform(tiny, large, 20000), -(10.0 ** rng.uniform(tiny, 0, 20000)), [0.0]))
    x = x.astype(precision)
    x[x <= -1.0] = np.nextafter(np.array(-1.0, precision), np.array(0.0, precision))
    ours = compiled(getattr(elementary, f"log1p_{precision}"), precision)(x)
    exact = np.log1p(x.astype(np.float64))
    near = exact != 0.0
    assert np.abs(ours[near] / exact[near] - 1.0).max() <= tolerance
    assert (ours[~near] == 0.0).all()


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 3e-7), ("float64", 2e-15)])
def test_exponential_less_one_is_that_of_libm(precision, tolerance):
    rng = np.random.default_rng(3)
    limit, tiny = (85.0, -37) if precision == "float32" else (700.0, -300)
    small = 10.0 ** rng.uniform(tiny, 0, 20000) * rng.choice((-1.0, 1.0), 20000)
    x = np.concatenate((rng.uniform(-limit, limit, 20000), small, [0.0])).astype(precision)
    ours = compiled(getattr(elementary, f"expm1_{precision}"), precision)(x)
    exact = np.expm1(x.astype(np.float64))
    assert np.abs(ours[:-1] / exact[:-1] - 1.0).max() <= tolerance
    assert ours[-1] == 0.0


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_forms_near_one_stay_finite_far_outside(precision):
    largest = np.finfo(precision).max
    x = np.array([1000.0, 1e30, largest], precision)
    assert np.isfinite(compiled(getattr(elementary, f"log1p_{precision}"), precision)(x)).all()
    assert np.isfinite(compiled(getattr(elementary, f"expm1_{precision}"), precision)(np.concatenate((-x, x)))).all()


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
        assert elementary.log1p_float64(np.float64(value)) == pytest.approx(elementary.log1p(value), rel=1e-15)
        assert elementary.expm1_float64(np.float64(min(value, 9.0))) == pytest.approx(
            elementary.expm1(min(value, 9.0)), rel=1e-15
        )
