"""VIC's soil water: the reference's tables, the water balance, the adjoint, and what the machine code looks like."""

import platform
from functools import cache

import numpy as np
import pytest
from freshet.kernels.bind import bind
from freshet.kernels.loops import compiled, cpu
from freshet.kernels.vic.baseflow import baseflow, baseflow_adjoint
from freshet.kernels.vic.drainage import drainage, drainage_adjoint
from freshet.kernels.vic.infiltration import (
    infiltration,
    infiltration_adjoint,
    saturated_fraction,
    saturated_fraction_adjoint,
)
from freshet.kernels.vic.soil_water import soil_pass
from freshet.kernels.vic.soil_water_adjoint import soil_pass_adjoint
from numba import njit
from numba.np.unsafe.ndarray import to_fixed_tuple

from dual import Dual, dual
from problem import plain
from soil_problem import Soil, random_soil, soil_form
from test_vectorised import arithmetic, compile_sweep, is_vectorised

FORMS = [
    pytest.param({"frozen": True}, id="frozen"),
    pytest.param({"frozen": True, "compat": False}, id="frozen-mended"),
    pytest.param({"layers": 4, "step": 86400}, id="4-layers-daily"),
]


@cache
def over_cells(function, form, precision: str):
    """A pass over all cells, in one precision."""
    inner = bind(function, form, precision)

    @njit(error_model="numpy")
    def over(arrays):
        for i in range(arrays[0].shape[1]):
            inner(*arrays, i, i)

    return over


def run(soil: Soil, function=soil_pass, *gradients: np.ndarray) -> None:
    """The pass over all cells, in the precision of the arrays."""
    over_cells(function, soil.form, soil.state.dtype.name)((*soil.arrays, *gradients))


def gradients(soil: Soil, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Random gradients of what the pass gives, and zero ones of what it takes."""
    d_new_state, d_flux = np.zeros_like(soil.new_state), np.zeros_like(soil.flux)
    for array, rows in ((d_new_state, soil.results["new_state"]), (d_flux, soil.results["flux"])):
        array[rows] = rng.normal(size=array[rows].shape)
    return d_new_state, d_flux, np.zeros_like(soil.state), np.zeros_like(soil.forcing), np.zeros_like(soil.parameter)


def imbalance(soil: Soil) -> np.ndarray:
    """Water that each cell has gained from nowhere in a step (mm)."""
    flux, single = soil.flux.astype(np.float64), soil.rows("fluxes", "surface_runoff", "baseflow")
    before, after = (a[soil.moisture].astype(np.float64).sum(0) for a in (soil.state, soil.new_state))
    left = flux[single].sum(0) + flux[soil.taken].sum(0)
    return after - before + left - flux[soil.rows("fluxes", "inflow")][0]


# --- the reference's tables


@pytest.fixture(scope="module")
def table(shared):
    netcdf = pytest.importorskip("netCDF4")
    with netcdf.Dataset(shared / "reference" / "vic" / "functions.nc") as file:
        return {name: np.asarray(variable[:]) for name, variable in file.variables.items()}


def columns(table, function, *names):
    return [table[f"{function}_{name}"] for name in names]


def over_cases(function, *arguments):
    inner, count = bind(function, None, "float64"), len(arguments)

    @njit
    def over(cases, out):
        for q in range(out.size):
            out[q] = inner(*to_fixed_tuple(cases[q], count))

    out = np.empty(len(arguments[0]))
    over(np.stack(arguments, 1), out)
    return out


# The tables' own differences of large numbers leave errors of 1e-14 of these: mm that are no part of a result.
NOISE = 1e-12


@pytest.mark.parity
def test_vic_infiltration_is_that_of_the_table(table):
    w1, w2, m1, m2, b, water = columns(
        table, "infiltration", *(f"in_{n}" for n in ("W1", "W2", "Wm1", "Wm2", "b", "P"))
    )
    runoff = over_cases(infiltration, w1 + w2, m1 + m2, water, b)
    np.testing.assert_allclose(runoff, table["infiltration_out_Q"], rtol=1e-10, atol=NOISE)
    saturated = over_cases(saturated_fraction, w1 + w2, m1 + m2, b)
    np.testing.assert_allclose(saturated, table["infiltration_out_A"], rtol=1e-10)


@pytest.mark.parity
def test_vic_drainage_is_that_of_the_table(table):
    conductivity, water, residual, capacity, n = columns(table, "drainage", "in_Ks", "in_W", "in_Wr", "in_Wm", "in_n")
    drained = over_cases(drainage, np.maximum(water - residual, 0.0), capacity - residual, conductivity, n)
    np.testing.assert_allclose(drained, table["drainage_out_Q12"], rtol=1e-10, atol=NOISE)


@pytest.mark.parity
def test_vic_baseflow_is_that_of_the_table(table):
    out = over_cases(baseflow, *columns(table, "baseflow", "in_w", "in_Dsm", "in_Ds", "in_Ws", "in_c"))
    np.testing.assert_allclose(out, table["baseflow_out_B"], rtol=1e-10)


@pytest.mark.parity
def test_vic_runoff_is_that_of_the_table(table):
    """One model step of each case, in the forms with as many sub-steps as the table asks for."""
    given = {name.removeprefix("runoff_in_"): table[name] for name in table if name.startswith("runoff_in_")}
    for steps in np.unique(given["n_substeps"]).astype(int):
        chosen = given["n_substeps"] == steps
        case = {name: values[chosen] for name, values in given.items()}
        form = soil_form(frozen=True, runoff_steps=int(steps), step=int(steps * 3600))
        soil = random_soil(form, int(chosen.sum()), 0)
        soil.state[soil.moisture], soil.new_state[soil.ice] = case["moist"].T, case["ice"].T
        soil.parameter[soil.capacity], soil.parameter[soil.residual] = case["Wm"].T, case["Wr"].T
        soil.flux[soil.asked], soil.flux[soil.rows("fluxes", "inflow")] = case["evap"].T, case["P"]
        names = {"infilt": "b", "Ksat": "Ksat", "expt": "expt", "Ds": "Ds", "Dsmax": "Dsmax", "Ws": "Ws", "c": "c"}
        for name, symbol in names.items():
            soil.parameter[soil.rows("parameters", name)] = case[symbol]
        run(soil)
        for name, row in {"runoff": "surface_runoff", "baseflow": "baseflow", "asat": "saturated_fraction"}.items():
            expected = table[f"runoff_out_{name}"][chosen]
            np.testing.assert_allclose(soil.flux[soil.rows("fluxes", row)][0], expected, rtol=1e-10, atol=NOISE)
        for found, name in ((soil.new_state[soil.moisture], "moist"), (soil.flux[soil.taken], "evap")):
            np.testing.assert_allclose(found, table[f"runoff_out_{name}"][chosen].T, rtol=1e-10)


# --- water balance and limits


PRECISE = [pytest.param(*form.values, "float64", 1e-9, id=f"{form.id}-float64") for form in FORMS]


@pytest.mark.parametrize(
    ("options", "precision", "allowed"),
    [*PRECISE, pytest.param({"frozen": True}, "float32", 1e-3, id="frozen-float32")],
)
def test_soil_conserves_water_and_stays_within_its_capacity(options, precision, allowed):
    soil = random_soil(soil_form(**options), 200_000, 1, limits=True, precision=precision)
    run(soil)
    assert np.abs(imbalance(soil)).max() <= allowed
    results = np.concatenate((soil.new_state[soil.moisture], soil.flux[: len(soil.form.fluxes)]))
    assert np.isfinite(results).all()
    rounding = 1e-3 if precision == "float32" else 1e-9
    total, capacity = soil.new_state[soil.moisture], soil.parameter[soil.capacity]
    assert (total <= capacity + rounding).all()
    assert (total >= soil.parameter[soil.residual] - rounding).all()
    assert (soil.flux[soil.rows("fluxes", "surface_runoff", "baseflow")] >= 0.0).all()
    if not soil.form.options["compat"]:
        assert (total - (soil.new_state[soil.ice] if soil.ice else 0.0) >= -rounding).all()


def test_soil_in_float32_is_near_that_in_float64():
    for seed, limits in ((2, False), (3, True)):
        wide = random_soil(soil_form(frozen=True), 100_000, seed, limits)
        narrow = random_soil(wide.form, 100_000, seed, limits, "float32")
        run(wide)
        run(narrow)
        error = np.abs(narrow.new_state[wide.moisture] - wide.new_state[wide.moisture]) / wide.parameter[wide.capacity]
        assert error.max() <= 1e-5
        single = wide.rows("fluxes", "surface_runoff", "baseflow")
        np.testing.assert_allclose(narrow.flux[single], wide.flux[single], rtol=2e-4, atol=2e-3)


def test_water_that_the_first_layer_cannot_hold_goes_down_in_vic_and_runs_off_when_mended():
    runoff = {}
    for compat in (True, False):
        soil = random_soil(soil_form(frozen=True, compat=compat), 1, 4)
        soil.state[soil.moisture] = soil.parameter[soil.capacity] * 0.3
        soil.state[soil.moisture[0]] = soil.parameter[soil.capacity[0]] * 0.999
        soil.parameter[soil.rows("parameters", "infilt")], soil.new_state[soil.ice] = 0.02, 0.0
        soil.parameter[soil.rows("parameters", "Ksat")] = 0.1
        soil.flux[soil.asked], soil.flux[soil.rows("fluxes", "inflow")] = 0.0, 20.0
        run(soil)
        runoff[compat] = float(soil.flux[soil.rows("fluxes", "surface_runoff")][0, 0])
        full = soil.parameter[soil.capacity[0], 0]
        assert 0.99 * full < soil.new_state[soil.moisture[0], 0] <= full
    assert runoff[True] < 2.0
    assert runoff[False] > 18.0


# --- adjoint


def draw_infiltration(rng):
    capacity = rng.uniform(50.0, 400.0)
    water = rng.choice((0.0, 1e-6, 1.0, 30.0, 300.0)) * rng.uniform()
    return capacity * rng.uniform(0.0, 0.999), capacity, water, rng.uniform(0.01, 3.0)


def draw_saturated(rng):
    capacity = rng.uniform(50.0, 400.0)
    return capacity * rng.uniform(0.0, 0.999), capacity, rng.uniform(0.01, 3.0)


def draw_drainage(rng):
    span = rng.uniform(20.0, 500.0)
    return span * rng.choice((1e-6, 0.2, 1.0)) * rng.uniform(), span, 10.0 ** rng.uniform(-2, 3), rng.uniform(3.1, 40.0)


def draw_baseflow(rng):
    return (
        rng.uniform(-0.05, 1.0),
        rng.uniform(0.1, 10.0),
        rng.uniform(0.0, 0.9),
        rng.uniform(0.1, 0.99),
        rng.uniform(1.0, 3.0),
    )


PAIRS = [
    pytest.param(infiltration, infiltration_adjoint, draw_infiltration, id="infiltration"),
    pytest.param(saturated_fraction, saturated_fraction_adjoint, draw_saturated, id="saturated_fraction"),
    pytest.param(drainage, drainage_adjoint, draw_drainage, id="drainage"),
    pytest.param(baseflow, baseflow_adjoint, draw_baseflow, id="baseflow"),
]


@pytest.mark.parametrize(("function", "reverse", "draw"), PAIRS)
def test_adjoint_of_a_soil_process_is_the_transpose_of_its_tangent(function, reverse, draw):
    rng = np.random.default_rng(5)
    forward, backward = plain(function, None), plain(reverse, None)
    for _ in range(500):
        x = draw(rng)
        direction = rng.normal(size=len(x))
        tangent = dual(forward(*map(Dual, x, direction))).tangent
        transposed = float(np.dot(backward(*x, 1.0), direction))
        assert transposed == pytest.approx(tangent, rel=1e-9, abs=1e-9), x


@pytest.mark.parametrize("options", FORMS)
def test_adjoint_of_the_soil_is_the_transpose_of_its_tangent(options):
    rng = np.random.default_rng(6)
    soil = random_soil(soil_form(**options), 60, 7, limits=True)
    # away from ties, of which a tangent takes one side and the adjoint perhaps the other
    soil.state[soil.moisture] += 1e-3 * rng.normal(size=soil.state[soil.moisture].shape)
    soil.state[soil.moisture] = np.clip(soil.state[soil.moisture], 0.0, soil.parameter[soil.capacity] * (1.0 - 1e-9))
    direction = {name: rng.normal(size=(len(rows), 60)) for name, rows in soil.inputs.items()}
    duals = {}
    for name in ("state", "forcing", "geometry", "parameter", "new_state", "flux"):
        values = duals[name] = getattr(soil, name).astype(object)
        for r, row in enumerate(soil.inputs.get(name, ())):
            values[row] = [Dual(*pair) for pair in zip(getattr(soil, name)[row], direction[name][r], strict=True)]
    forward = plain(soil_pass, soil.form)
    for i in range(60):
        forward(*duals.values(), i, i)
    run(soil)
    d_new_state, d_flux, d_state, d_forcing, d_parameter = gradients(soil, rng)
    tangents = 0.0
    for name, d_array in (("new_state", d_new_state), ("flux", d_flux)):
        for row in soil.results[name]:
            tangents = tangents + d_array[row] * np.array([dual(x).tangent for x in duals[name][row]])
    asked = d_flux[soil.inputs["flux"]].copy()
    run(soil, soil_pass_adjoint, d_new_state, d_flux, d_state, d_forcing, d_parameter)
    assert not asked.any()
    found = {"state": d_state, "parameter": d_parameter, "new_state": d_new_state, "flux": d_flux}
    transposed = sum((found[name][rows] * direction[name]).sum(0) for name, rows in soil.inputs.items())
    np.testing.assert_allclose(transposed, tangents, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("options", FORMS[:1])
def test_gradients_of_the_soil_are_finite_at_its_limits(options, precision):
    soil = random_soil(soil_form(**options), 200_000, 8, limits=True, precision=precision)
    run(soil)
    given = gradients(soil, np.random.default_rng(9))
    run(soil, soil_pass_adjoint, *given)
    for array in given:
        assert np.isfinite(array).all()
        assert np.abs(array).max() < 1e8


def test_gradients_of_the_soil_are_added_to_those_that_are_there():
    soil = random_soil(soil_form(frozen=True), 50, 10)
    run(soil)
    first, second = (gradients(soil, np.random.default_rng(11)) for _ in range(2))
    rows = soil.inputs
    for array, name in ((second[2], "state"), (second[4], "parameter"), (second[0], "new_state"), (second[1], "flux")):
        array[rows[name]] += 3.0
    for given in (first, second):
        run(soil, soil_pass_adjoint, *given)
    for k, name in ((2, "state"), (4, "parameter"), (0, "new_state"), (1, "flux")):
        np.testing.assert_allclose(second[k][rows[name]], first[k][rows[name]] + 3.0, rtol=1e-9, atol=1e-9)


# --- the loops over blocks of cells


@cache
def sweeps(precision: str):
    """A daily form, and its soil water over a block as the loops compile it: a step, and a step reversed."""
    form = soil_form(frozen=True, step=86400)
    reverse = compiled.reverse_of(form, precision, soil_pass, soil_pass_adjoint)
    return form, compiled.sweep_of(form, precision, soil_pass), reverse


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="reads the machine code of an x86 processor")
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_soil_water_of_a_block_is_vector_code_with_24_sub_steps(precision):
    for sweep in sweeps(precision)[1:]:
        count = arithmetic(compile_sweep(sweep, precision))
        assert is_vectorised(count), count


def test_soil_water_of_a_block_is_that_of_its_cells():
    form, sweep, reverse = sweeps("float64")
    block, cells = (random_soil(form, cpu.WIDTH, 12) for _ in range(2))
    given, expected = (gradients(soil, np.random.default_rng(13)) for soil in (block, cells))

    @njit
    def day(arrays, given):
        sweep(*arrays, cpu.WIDTH)
        reverse(*arrays, *given, cpu.WIDTH)

    day(block.arrays, given)
    run(cells)
    run(cells, soil_pass_adjoint, *expected)
    rounding = 1e-9
    for name, rows in block.results.items():
        np.testing.assert_allclose(getattr(block, name)[rows], getattr(cells, name)[rows], rtol=rounding, atol=rounding)
    for k, name in ((2, "state"), (4, "parameter"), (0, "new_state"), (1, "flux")):
        rows = block.inputs[name]
        scale = np.abs(expected[k][rows]).max(1, keepdims=True)
        assert (np.abs(given[k][rows] - expected[k][rows]) <= rounding * scale).all()
