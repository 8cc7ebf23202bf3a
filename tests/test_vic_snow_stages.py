"""The stages of VIC's snow on the ground, one by one: each adjoint is the transpose of the exact tangent."""

import numpy as np
import pytest
from freshet.kernels.vic import snow_balance, snow_density, snow_drainage, snow_layers, snow_melt
from freshet.kernels.vic.snow_balance import Surface, Terms

from dual import Dual, dual
from problem import plain
from vic_snow import form

ICE = (0.0, 1e-4, 0.03, 0.124, 0.125, 0.126, 0.4, 2.0)  # m: ties and both sides of the surface layer
COLD = (-1e6, -1e3, 0.0)


def amount(rng: np.random.Generator, *special: float, most: float = 0.3) -> float:
    return float(rng.choice(special)) if special and rng.random() < 0.3 else rng.uniform(0.0, most)


def temperature(rng: np.random.Generator) -> float:
    return 0.0 if rng.random() < 0.2 else -rng.gamma(1.5, 4.0)


def draw_density(rng):
    water = amount(rng, 0.0, most=0.6)
    depth = 1000.0 * water / rng.uniform(60, 450)
    return amount(rng, 0.0, 60.0, most=20.0), water, depth, temperature(rng), rng.normal(0, 15), 3600.0


def draw_precipitation(rng):
    liquid, below = amount(rng, 0.0, most=0.004), amount(rng, 0.0, most=0.02)
    water = amount(rng, 1e-4, 0.03, 0.124, 0.126, 0.4, 2.0) + liquid + below
    if rng.random() < 0.1:  # ties: with liquid water a rounding error would decide
        water, liquid, below = float(rng.choice(ICE)), 0.0, 0.0
    fall = amount(rng, 0.0, 1e-5, 0.124, 0.4)
    return water, liquid, below, temperature(rng), temperature(rng), rng.normal(0, 6), amount(rng, 0.0), fall


def draw_settled(rng):
    known = float(rng.random() < 0.9)
    return amount(rng, *ICE), amount(rng, *ICE), temperature(rng), temperature(rng), rng.choice(COLD), known


def draw_melt(rng):
    ices = amount(rng, *ICE), amount(rng, *ICE)
    return (
        *ices,
        amount(rng, 0.0, most=0.005),
        amount(rng, 0.0, most=0.02),
        rng.normal(0, 3e-3),
        rng.normal(0, 3e3),
        1e4,
    )


def draw_freezing(rng):
    return amount(rng, *ICE), amount(rng, 0.0, most=0.005), rng.normal(0, 0.05)


def draw_drained(rng):
    ices, liquids = (amount(rng, *ICE), amount(rng, *ICE)), (amount(rng, 0.0, most=0.02), amount(rng, 0.0, most=0.02))
    return *ices, *liquids, float(rng.choice(COLD)) * rng.random() * 5.0, temperature(rng)


STAGES = {
    "snow_density": (snow_density, draw_density, 5),
    "add_precipitation": (snow_layers, draw_precipitation, 8),
    "settle": (snow_layers, draw_settled, 5),
    "melt_at_zero": (snow_melt, draw_melt, 6),
    "freeze_below": (snow_melt, draw_freezing, 3),
    "drain": (snow_drainage, draw_drained, 6),
}


@pytest.mark.parametrize("compat", [True, False], ids=["compat", "mended"])
@pytest.mark.parametrize("name", STAGES)
def test_adjoint_of_a_stage_is_the_transpose_of_its_tangent(name, compat):
    """The first arguments, as many as the stage says, have slopes; what is 0 stays 0, as that is a kink of most."""
    module, draw, sloped = STAGES[name]
    rng = np.random.default_rng(5)
    forward = plain(getattr(module, name), form(compat, False))
    backward = plain(getattr(module, f"{name}_adjoint"), form(compat, False))
    for _ in range(600):
        x = draw(rng)
        direction = np.concatenate([rng.normal(size=sloped), np.zeros(len(x) - sloped)]) * np.abs(x)
        duals = (Dual(value, d) for value, d in zip(x[:sloped], direction[:sloped], strict=True))
        found = forward(*duals, *x[sloped:])
        tangents = np.array([dual(t).tangent for t in (found if isinstance(found, tuple) else (found,))])
        cotangent = rng.normal(size=tangents.size)
        seeds = (type(found)(*cotangent),) if hasattr(found, "_fields") else cotangent
        transposed = np.atleast_1d(np.array(backward(*x, *seeds), float))[:sloped]
        parts = transposed * direction[:sloped]
        assert cotangent @ tangents == pytest.approx(parts.sum(), rel=1e-9, abs=1e-9 * np.abs(parts).sum() + 1e-12), x


TERMS = ("residual", "sensible", "vapour", "latent", "longwave", "storage", "advection", "refreeze", "factor")


@pytest.mark.parametrize("compat", [True, False], ids=["compat", "mended"])
def test_adjoint_and_slopes_of_the_balance_are_those_of_its_tangent(compat):
    rng = np.random.default_rng(6)
    balance = plain(snow_balance.snow_balance, form(compat, False))
    reverse = plain(snow_balance.snow_balance_adjoint, form(compat, False))
    for _ in range(600):
        trial = float(rng.choice([0.0, 2.0])) if rng.random() < 0.3 else -rng.gamma(1.5, 4.0)
        size = np.array([400, 3, 600, 0, 2.5e6, 20, 2e-7, 3, 2, 5, 0.5, 2, 20, 3, 20, 50])
        values = size * rng.uniform(0.3, 1.5, 16) * np.where(np.arange(16) == 1, rng.choice([-1, 1]), 1)
        values[3] = float(rng.random() < 0.8)
        values[[8, 11, 13]] = 2.0 + 0.1 * rng.random(), rng.normal(0, 5), -rng.gamma(1.5, 4.0)
        direction = size * rng.normal(size=16)
        at = Surface(*values)
        moved = balance(trial, Surface(*(Dual(v, d) for v, d in zip(values, direction, strict=True))))
        seeds = Terms(*(rng.normal() / max(abs(dual(t).value), 1.0) for t in moved))
        tangent = sum(getattr(seeds, name) * dual(getattr(moved, name)).tangent for name in TERMS)
        gradient = np.array(reverse(trial, at, balance(trial, at), seeds, seeds.residual))
        parts = gradient * direction
        assert tangent == pytest.approx(parts.sum(), rel=1e-9, abs=1e-9 * np.abs(parts).sum()), (trial, at)
        if trial != 0.0:
            by_trial = balance(Dual(trial, 1.0), at)
            for name in ("sensible", "vapour", "latent", "longwave", "storage", "factor"):
                slope = dual(getattr(by_trial, f"{name}_slope")).value
                assert dual(getattr(by_trial, name)).tangent == pytest.approx(slope, rel=1e-9, abs=1e-12), name
            assert by_trial.residual.tangent == pytest.approx(dual(by_trial.slope).value, rel=1e-9, abs=1e-9)


def test_mended_layers_share_their_ice_without_losing_cold_and_vic_loses_some():
    rng = np.random.default_rng(7)
    mended, faithful = (plain(snow_layers.settle, form(compat, False)) for compat in (False, True))
    lost = []
    for _ in range(300):
        surface, pack, upper, lower, cold, _ = draw_settled(rng)
        ice, before = surface + pack, surface * upper + pack * lower
        if ice <= snow_layers.SURFACE or surface > snow_layers.SURFACE:
            continue
        warm, below, content = mended(surface, pack, upper, lower, cold, 1.0)
        assert snow_layers.SURFACE * warm + (ice - snow_layers.SURFACE) * below == pytest.approx(before, rel=1e-12)
        assert content == pytest.approx(snow_layers.ICE_HEAT * snow_layers.SURFACE * warm, rel=1e-12)
        lost.append(faithful(surface, pack, upper, lower, cold, 1.0)[0] - warm)
    assert min(lost) >= -1e-12
    assert max(lost) > 0.1
