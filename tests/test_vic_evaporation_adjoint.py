"""Adjoints of VIC's evaporation: transposes of the exact tangents, finite within bounds, and vector code."""

import platform
from functools import cache

import numpy as np
import pytest
from freshet.kernels.bind import bind, bind_sweep
from freshet.kernels.vic.arno import (
    bare_soil_share,
    bare_soil_share_adjoint,
    soil_evaporation,
    soil_evaporation_adjoint,
)
from freshet.kernels.vic.canopy_water import canopy_water, canopy_water_adjoint, wetness, wetness_adjoint
from freshet.kernels.vic.jarvis import unstressed_resistance, unstressed_resistance_adjoint
from freshet.kernels.vic.penman import (
    Evaporative,
    evaporative,
    evaporative_adjoint,
    penman,
    penman_adjoint,
    penman_line,
    penman_line_adjoint,
)
from freshet.kernels.vic.saturation import (
    emitted,
    emitted_adjoint,
    latent_heat,
    latent_heat_adjoint,
    latent_heat_of_sublimation,
    latent_heat_of_sublimation_adjoint,
    saturation_pressure,
    saturation_pressure_adjoint,
    saturation_slope,
    saturation_slope_adjoint,
)
from numba import njit, types

from dual import Dual, dual
from problem import plain
from test_vectorised import arithmetic, is_vectorised
from vic_evaporation import (
    AIR,
    CANOPY,
    FROZEN,
    Form,
    chain,
    chain_adjoint,
    chain_cells,
    draw,
    draw_layers,
    layered,
    layered_adjoint,
)


def flat_line(slope, latent, psychrometric, heat, deficit, ra, rc, rarc):
    return penman_line(Evaporative(slope, latent, psychrometric, heat), deficit, ra, rc, rarc)


def flat_line_adjoint(slope, latent, psychrometric, heat, deficit, ra, rc, rarc, d_factor, d_offset):
    air = Evaporative(slope, latent, psychrometric, heat)
    d_air, d_deficit, d_ra, d_rc, d_rarc = penman_line_adjoint(air, deficit, ra, rc, rarc, d_factor, d_offset)
    return d_air.slope, d_air.latent, d_air.psychrometric, d_air.heat, d_deficit, d_ra, d_rc, d_rarc


def flat_penman(temperature, elevation, radiation, deficit, ra, rc, rarc):
    return penman(evaporative(temperature, elevation), radiation, deficit, ra, rc, rarc)


def flat_penman_adjoint(temperature, elevation, radiation, deficit, ra, rc, rarc, d_rate):
    air = evaporative(temperature, elevation)
    d_air, d_radiation, d_deficit, d_ra, d_rc, d_rarc = penman_adjoint(air, radiation, deficit, ra, rc, rarc, d_rate)
    d_temperature, d_elevation = evaporative_adjoint(temperature, elevation, d_air)
    return d_temperature, d_elevation, d_radiation, d_deficit, d_ra, d_rc, d_rarc


def day_canopy(water, rain, capacity, wet, potential):
    return canopy_water(water, rain, capacity, wet, potential, 86400.0)


def day_canopy_adjoint(water, rain, capacity, wet, potential, d_left, d_evaporation, d_throughfall, d_dry):
    return canopy_water_adjoint(
        water, rain, capacity, wet, potential, 86400.0, d_left, d_evaporation, d_throughfall, d_dry
    )


def hours_canopy(water, rain, capacity, wet, potential):
    return canopy_water(water, rain, capacity, wet, potential, 10800.0)


def hours_canopy_adjoint(water, rain, capacity, wet, potential, d_left, d_evaporation, d_throughfall, d_dry):
    return canopy_water_adjoint(
        water, rain, capacity, wet, potential, 10800.0, d_left, d_evaporation, d_throughfall, d_dry
    )


WEATHER = {"temperature": (-40, 45), "elevation": (-100, 5000), "radiation": (-100, 900), "deficit": (0, 4500)}
RESISTANCES = {"ra": (1, 900), "rc": (0, 5000), "rarc": (0, 100)}
STOMATA = {"minimum": (1, 300), "leaf_area": (0, 6), "temperature": (-5, 55), "deficit": (0, 4500)}
STOMATA |= {"shortwave": (0, 900), "limit": (1, 500)}
TOPSOIL = {"liquid": (0, 110), "capacity": (50, 100), "b": (0, 2)}
PAIRS = {
    "saturation_pressure": (saturation_pressure, saturation_pressure_adjoint, {"temperature": (-60, 60)}),
    "saturation_slope": (saturation_slope, saturation_slope_adjoint, {"temperature": (-60, 60)}),
    "latent_heat": (latent_heat, latent_heat_adjoint, {"temperature": (-60, 60)}),
    "sublimation": (latent_heat_of_sublimation, latent_heat_of_sublimation_adjoint, {"temperature": (-60, 60)}),
    "emitted": (emitted, emitted_adjoint, {"temperature": (-60, 60)}),
    "penman_line": (flat_line, flat_line_adjoint, AIR | {"deficit": (0, 4500)} | RESISTANCES),
    "penman": (flat_penman, flat_penman_adjoint, WEATHER | RESISTANCES),
    "jarvis": (unstressed_resistance, unstressed_resistance_adjoint, STOMATA),
    "wetness": (wetness, wetness_adjoint, {"water": (1e-3, 0.8), "capacity": (0, 0.6)}),
    "canopy_water_day": (day_canopy, day_canopy_adjoint, CANOPY),
    "canopy_water_hours": (hours_canopy, hours_canopy_adjoint, CANOPY),
    "bare_soil_share": (bare_soil_share, bare_soil_share_adjoint, TOPSOIL),
    "soil_evaporation": (
        soil_evaporation,
        soil_evaporation_adjoint,
        {"potential": (0, 3), "share": (0, 1), "liquid": (0, 4), "residual": (0, 2)},
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_adjoint_is_the_transpose_of_the_tangent(name):
    function, reverse, ranges = PAIRS[name]
    forward, backward = plain(function, FROZEN), plain(reverse, FROZEN)
    rng = np.random.default_rng(11)
    moved = 0
    for _ in range(400):
        x = draw(ranges, rng)
        direction = rng.normal(size=len(x)) * [high - low for low, high in ranges.values()]
        found = forward(*(Dual(value, d) for value, d in zip(x, direction, strict=True)))
        found = [dual(t) for t in (found if isinstance(found, tuple) else (found,))]
        tangents, values = np.array([t.tangent for t in found]), np.array([t.value for t in found])
        cotangent = rng.normal(size=len(tangents))
        transposed = np.atleast_1d(np.array(backward(*x, *cotangent), float))
        left, right = float(cotangent @ tangents), float(transposed @ direction)
        scale = np.abs(cotangent * tangents).sum() + np.abs(transposed * direction).sum()
        rounding = 1e-13 * np.abs(cotangent * values).sum()
        assert left == pytest.approx(right, abs=1e-10 * scale + rounding), dict(zip(ranges, x, strict=True))
        moved += left != 0.0
    assert moved > 100


LAYERED = [
    pytest.param(Form(frozen, compat, layers), id=f"{'frozen' if frozen else 'liquid'}-{layers}-{compat}")
    for frozen, compat, layers in (
        (False, True, 3),
        (True, True, 3),
        (True, False, 3),
        (False, True, 1),
        (False, False, 5),
    )
]


@pytest.mark.parametrize("model", LAYERED)
def test_adjoint_of_transpiration_is_the_transpose_of_the_tangent(model):
    n = model.options["layers"]
    forward, backward = plain(layered, model), plain(layered_adjoint, model)
    rng = np.random.default_rng(12)
    moved = 0
    for _ in range(400):
        x = draw_layers(n, rng)
        direction = rng.normal(size=x.size) * x
        duals = np.array([Dual(a, b) for a, b in zip(x, direction, strict=True)], object)[:, None]
        y, work = np.empty((n, 1), object), np.empty((3 * n, 1), object)
        forward(duals, y, work, 0)
        tangents = np.array([dual(value).tangent for value in y[:, 0]])
        cotangent = rng.normal(size=(n, 1))
        d_x, d_work = np.zeros((x.size, 1)), np.full((3 * n, 1), np.nan)
        values = np.array([[dual(value).value] for value in work[:, 0]])
        backward(x[:, None], cotangent, values, d_work, d_x, 0)
        left, right = float(cotangent[:, 0] @ tangents), float(d_x[:, 0] @ direction)
        scale = np.abs(cotangent[:, 0] * tangents).sum() + np.abs(d_x[:, 0] * direction).sum()
        assert left == pytest.approx(right, abs=1e-10 * scale)
        moved += left != 0.0
    assert moved > 100


# The chain over blocks of cells, as the loops of the model run it.
WIDTH = 256


def forward(x, y, work, i):
    """Stands for the chain."""


def backward(x, d_y, work, d_work, d_x, i):
    """Stands for the adjoint of the chain."""


def sweep(x, y, d_y, work, d_work, d_x, count):
    if y.shape[1] == WIDTH and work.shape[1] == WIDTH:
        for i in range(count):
            forward(x, y, work, i)


def sweep_adjoint(x, y, d_y, work, d_work, d_x, count):
    if d_x.shape[1] == WIDTH and work.shape[1] == WIDTH and d_work.shape[1] == WIDTH:
        for i in range(count):
            backward(x, d_y, work, d_work, d_x, i)


@cache
def sweeps(precision):
    """The chain and its adjoint, compiled for blocks."""
    compiled = (
        bind_sweep(sweep, FROZEN, precision, forward=bind(chain, FROZEN, precision)),
        bind_sweep(sweep_adjoint, FROZEN, precision, backward=bind(chain_adjoint, FROZEN, precision)),
    )
    for one in compiled:
        one.compile((types.Array(getattr(types, precision), 2, "C"),) * 6 + (types.int64,))
    return compiled


def both_ways(precision, x, d_y):
    """Results of the chain, and gradients, of a whole number of blocks."""
    there, back = sweeps(precision)

    @njit
    def run(x, y, d_y, work, d_work, d_x):
        for block in range(x.shape[0]):
            there(x[block], y[block], d_y[block], work, d_work, d_x[block], WIDTH)
            back(x[block], y[block], d_y[block], work, d_work, d_x[block], WIDTH)

    x, d_y = (np.array(a.reshape(len(a), -1, WIDTH).transpose(1, 0, 2), precision, order="C") for a in (x, d_y))
    work, y, d_x = np.zeros((9, WIDTH), precision), np.zeros_like(d_y), np.zeros_like(x)
    run(x, y, d_y, work, work.copy(), d_x)
    return tuple(a.transpose(1, 0, 2).reshape(a.shape[1], -1) for a in (y, d_x))


def test_everything_is_finite_within_bounds_and_float32_is_near_float64():
    x, d_y = chain_cells(4096 * WIDTH)
    exact, d_exact = both_ways("float64", x, d_y)
    near, d_near = both_ways("float32", x, d_y)
    for values in (exact, d_exact, near, d_near):
        assert np.isfinite(values).all()
    # at a threshold that rounding passes the two may take different sides
    far = np.abs(near - exact) > 1e-5 * np.maximum(np.abs(exact), 1.0)
    assert far.mean() < 1e-6
    size = np.abs(d_exact).mean(1, keepdims=True)
    assert (np.abs(d_near - d_exact) > 1e-3 * np.maximum(np.abs(d_exact), size)).mean() < 1e-5
    assert (exact[3:] > 0.0).any(1).all()
    assert (d_exact != 0.0).any(1).all()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="needs an x86 processor: reads its code")
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_evaporation_of_a_block_of_cells_is_vector_code(precision):
    for compiled in sweeps(precision):
        count = arithmetic(compiled)
        assert is_vectorised(count), count
