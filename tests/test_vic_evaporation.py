"""VIC's evaporation: vapour pressure, Penman-Monteith, stomata, water on leaves, transpiration, bare soil."""

from functools import cache

import netCDF4
import numpy as np
import pytest
from freshet.kernels.bind import bind
from freshet.kernels.vic.arno import bare_soil_share, bare_soil_share_adjoint, soil_evaporation
from freshet.kernels.vic.canopy_water import canopy_slopes, canopy_water, wetness, wetness_adjoint
from freshet.kernels.vic.jarvis import canopy_resistance, unstressed_resistance
from freshet.kernels.vic.penman import evaporative, penman
from freshet.kernels.vic.saturation import (
    emitted,
    latent_heat,
    latent_heat_of_sublimation,
    saturation_pressure,
    saturation_slope,
)
from freshet.kernels.vic.transpiration import transpiration, transpiration_by_dry, transpiration_terms
from numba import njit

from dual import Dual, dual
from problem import plain
from vic_evaporation import CANOPY, FROZEN, Form, draw, draw_layers, layered


# One cell, from rows of x to rows of y.
def cell_saturation(x, y, work, i):
    t = x[0, i]
    y[0, i], y[1, i] = saturation_pressure(t), saturation_slope(t)
    y[2, i], y[3, i], y[4, i] = latent_heat(t), latent_heat_of_sublimation(t), emitted(t)


def cell_penman(x, y, work, i):
    air = evaporative(x[0, i], x[1, i])
    y[0, i] = penman(air, x[2, i], x[3, i], x[4, i], x[5, i], x[6, i])


def cell_jarvis(x, y, work, i):
    y[0, i] = canopy_resistance(x[0, i], x[5, i], x[6, i], x[3, i], x[4, i], x[1, i], x[2, i])


def cell_canopy(x, y, work, i):
    """Rows: T, elevation, radiation, deficit, ra, W, Wmax, rain, dt, rarc."""
    dt = x[8, i]
    potential = penman(evaporative(x[0, i], x[1, i]), x[2, i], x[3, i], x[4, i], 0.0, x[9, i]) * dt / 86400.0
    wet = wetness(x[5, i], x[6, i])
    y[2, i], y[0, i], y[1, i], y[3, i] = canopy_water(x[5, i], x[7, i], x[6, i], wet, potential, dt)


def cell_transpiration(x, y, work, i):
    """Rows: T, elevation, radiation, deficit, shortwave, ra, dry, dt, LAI, RGL, rmin, rarc, then five of layers."""
    unstressed = unstressed_resistance(x[10, i], x[8, i], x[0, i], x[3, i], x[4, i], x[9, i])
    air = evaporative(x[0, i], x[1, i])
    transpiration_terms(x, 15, 18, x, 12, 21, 24, work, 0, i, air, x[3, i], x[5, i], x[11, i], unstressed, x[7, i])
    transpiration(work, 0, x[2, i], x[6, i], y, 0, i)


def cell_soil(x, y, work, i):
    """Rows: radiation, T, deficit, W, Wm, elevation, b, ra, dt, Wr."""
    potential = penman(evaporative(x[1, i], x[5, i]), x[0, i], x[2, i], x[7, i], 0.0, 100.0) * x[8, i] / 86400.0
    share = bare_soil_share(x[3, i], x[4, i], x[6, i])
    y[0, i] = soil_evaporation(potential, share, min(x[3, i], x[4, i]), x[9, i])


@cache
def over_cells(cell, precision="float64", model=FROZEN, rows=9):
    """A compiled loop of the cell function over the columns of its arrays."""
    compiled = bind(cell, model, precision)

    @njit(error_model="numpy")
    def loop(x, y, work):
        for i in range(x.shape[1]):
            compiled(x, y, work, i)

    def run(x, outputs):
        x = np.ascontiguousarray(x, precision)
        y = np.zeros((outputs, x.shape[1]), precision)
        loop(x, y, np.zeros((rows, x.shape[1]), precision))
        return y

    return run


TABLES = {
    "saturation": (cell_saturation, "T", "es slope Lv Ls lw_out"),
    "penman": (cell_penman, "T elev rad vpd ra rc rarc", "E"),
    "jarvis": (cell_jarvis, "rmin swnet RGL T vpd lai gsm", "rc"),
    "canopy": (cell_canopy, "T elev rad vpd ra W Wmax rain dt rarc", "Ec throughfall W dry_fraction"),
    "transp": (
        cell_transpiration,
        "T elev rad vpd swnet ra dry dt lai RGL rmin rarc root moist ice Wcr Wpwp",
        "Et",
    ),
    "arno": (cell_soil, "rad T vpd W Wm elev b ra dt Wr", "Es"),
}


@pytest.mark.parity
@pytest.mark.parametrize("table", TABLES, ids=[f"vic-{name}" for name in TABLES])
def test_evaporation_is_that_of_the_reference_tables(table, shared):
    cell, inputs, outputs = TABLES[table]
    with netCDF4.Dataset(shared / "reference" / "vic" / "functions.nc") as file:
        x = np.vstack([np.asarray(file[f"{table}_in_{name}"][:]).T for name in inputs.split()])
        expected = np.vstack([np.asarray(file[f"{table}_out_{name}"][:]).T for name in outputs.split()])
    np.testing.assert_allclose(over_cells(cell)(x, len(expected)), expected, rtol=1e-10, atol=1e-13)


def test_slopes_of_transpiration_and_wet_leaves_are_their_derivatives():
    """What Newton's method is told, against dual numbers, at limits and without them."""
    model = Form()
    terms, evaluate, by_dry = plain(layered, model), plain(transpiration, model), plain(transpiration_by_dry, model)
    leaves, slopes = plain(canopy_water, model), plain(canopy_slopes, model)
    rng = np.random.default_rng(13)
    limited = 0
    for _ in range(200):
        x, out, work = draw_layers(3, rng)[:, None], np.empty((3, 1), object), np.empty((9, 1))
        terms(x, np.empty((3, 1)), work, 0)
        radiation, dry = x[8, 0], x[9, 0]
        total, slope = evaluate(work, 0, Dual(radiation, 1.0), dry, out, 0, 0)
        assert dual(slope).value == pytest.approx(dual(total).tangent, rel=1e-12)
        total, _ = evaluate(work, 0, radiation, Dual(dry, 1.0), out, 0, 0)
        assert by_dry(work, 0, radiation, dry, 0) == pytest.approx(dual(total).tangent, rel=1e-12)
        water, rain, capacity, wet, potential = draw(CANOPY, rng)
        for dt in (10800.0, 86400.0):
            _, evaporation, _, share = leaves(water, rain, capacity, wet, Dual(potential, 1.0), dt)
            expected = dual(evaporation).tangent, dual(share).tangent
            assert slopes(water, rain, capacity, wet, potential, dt) == pytest.approx(expected, rel=1e-10, abs=1e-15)
        limited += expected[0] == 0.0
    assert 20 < limited < 180


def test_the_share_of_bare_soil_is_the_sum_of_thirty_terms():
    """The form that is computed against the one that is published."""
    share = plain(bare_soil_share, FROZEN)
    rng = np.random.default_rng(14)
    for x, b in zip(
        [0.0, 1e-6, 0.999999, 1.0, *rng.random(200)], [0.3, 0.2, 0.1, 0.4, *rng.random(200) * 2], strict=True
    ):
        s = (1.0 - x) ** (1.0 / (1.0 + b))
        a = 1.0 - s**b
        total = 1.0 + sum(b * s**n / (b + n) for n in range(1, 31))
        assert share(60.0 * x, 60.0, b) == pytest.approx(a + (1.0 - a) * (1.0 - s) * total, rel=1e-9, abs=1e-14)


def test_slopes_are_bounded_where_leaves_are_empty_and_finite_where_soil_is_saturated():
    by_water, _ = plain(wetness_adjoint, FROZEN)(0.0, 0.3, 1.0)
    assert by_water * 0.3 == pytest.approx(2.0 / 3.0 * 1e-6 ** (-1.0 / 3.0))
    assert plain(wetness_adjoint, FROZEN)(0.1, 0.0, 1.0) == (0.0, 0.0)
    by_liquid, by_capacity, by_b = plain(bare_soil_share_adjoint, FROZEN)(80.0, 80.0, 0.2, 1.0)
    assert (by_liquid * 80.0, by_capacity * 80.0, by_b) == pytest.approx((1.0 / 1.2, -1.0 / 1.2, 0.0))


def transpired(moisture, model):
    """Transpiration of three layers with equal roots, critical at 50 and wilting at 20 mm."""
    air, layers = [200.0, 2.45e6, 65.0, 1200.0, 1500.0, 60.0, 40.0, 150.0, 400.0, 1.0], np.full(3, 1.0)
    x = np.concatenate([air, moisture, 0 * layers, layers / 3, 50 * layers, 20 * layers])[:, None]
    y = np.empty((3, 1))
    plain(layered, model)(x, y, np.empty((9, 1)), 0)
    return y[:, 0]


def test_wet_layers_take_over_what_dry_ones_miss_and_what_vic_forgets_is_mended():
    wet = transpired([90.0, 90.0, 90.0], Form())
    one_dry = transpired([90.0, 30.0, 90.0], Form())
    assert one_dry.sum() == pytest.approx(wet.sum())
    assert one_dry[1] == pytest.approx(wet[1] / 3.0)
    # stress factors 1/3 and 1/6 beside a wet layer; VIC loses what the first of them misses
    two_dry = [30.0, 71.0, 25.0]
    original, mended = transpired(two_dry, Form(compat=True)), transpired(two_dry, Form(compat=False))
    assert original.sum() == pytest.approx(wet.sum() / 3.0 * (1.0 / 3.0 + 1.0 + 1.0 / 6.0 + 5.0 / 6.0))
    assert mended.sum() == pytest.approx(wet.sum())
