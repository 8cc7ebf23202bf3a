"""Frozen soil of VIC: against the function tables and reference runs, joint with the surface, its reverse, limits."""

import netCDF4
import numpy as np
import pytest
from freshet.kernels.bind import bind
from freshet.kernels.vic import node_rows, thermal, unfrozen
from freshet.kernels.vic.derived import DL
from freshet.kernels.vic.parameters import L
from numba import njit

from dual import Dual, dual
from frozen_case import Columns, form, random_columns
from problem import plain

SOIL = ("depth", "bulk_density", "soil_density", "quartz", "expt", "bubble")


@pytest.fixture(scope="module")
def table(shared):
    with netCDF4.Dataset(shared / "reference" / "vic" / "functions.nc") as file:
        file.set_auto_mask(False)
        return {name: variable[:] for name, variable in file.variables.items()}


@pytest.mark.parity
def test_vic_unfrozen_water_is_that_of_the_table(table):
    one = bind(unfrozen.unfrozen, None, "float64")

    @njit
    def run(temperature, most, bubble, n, liquid):
        for i in range(liquid.size):
            liquid[i] = one(temperature[i], most[i], bubble[i], n[i])

    expected = table["unfrozen_out_u"]
    found = np.zeros_like(expected)
    run(*(table[f"unfrozen_in_{name}"] for name in ("T", "m", "bubble", "n")), found)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def columns_of_table(table, **options) -> Columns:
    columns = Columns(form(**options), len(table["heat_in_Ts"]))
    columns.soil(4.0, depth=[0.1, 0.3, 1.5], bulk_density=[1569.1] * 3, soil_density=[2619.1] * 3, quartz=[0.69] * 3,
                 expt=[12.676] * 3, bubble=[22.0] * 3)  # fmt: skip
    columns.nodes(columns.state)[:] = table["heat_in_T_old"].T
    for k, node in enumerate((0, 2, 3)):
        columns.moisture[k] = table["heat_in_moist"][:, node] * 1000.0 * (0.1, 0.3, 1.5)[k]
    columns.surface[:] = table["heat_in_Ts"]
    columns.upper[:] = np.array([1.5, 1.2, 2e6, 1.0, 0.0])[:, None]
    columns.upper[4] = table["heat_in_dt"]
    return columns


@pytest.mark.parity
def test_vic_node_temperatures_are_those_of_the_table(table):
    columns = columns_of_table(table, brent=True).step(1)
    np.testing.assert_allclose(columns.block(node_rows.MOISTURE), table["heat_in_moist"].T, rtol=1e-10)
    np.testing.assert_allclose(columns.block(node_rows.ICE), table["heat_in_ice_old"].T, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(columns.nodes(columns.new_state), table["heat_out_T"].T, rtol=0, atol=1e-7)
    np.testing.assert_array_equal(columns.found[7], table["heat_out_explicit"])


@pytest.mark.parity
def test_vic_joint_solution_ends_where_the_table_does(table):
    columns = columns_of_table(table).step(6)
    # the table's Newton stops at a sum of 0.1 W m-3 of residuals, this one goes on
    left = np.full(len(columns.surface), 0.1 * 10800.0 / 1.5e6)
    assert np.all(np.abs(columns.nodes(columns.new_state) - table["heat_out_T"].T) <= left)
    assert columns.found[6].max() < 1e-9


def single_tiles(shared):
    """Cells of the reference runs with frozen soil that are one tile-band: what is written is its own state."""
    for path in sorted((shared / "reference" / "vic").glob("output_*_fs*h.nc")):
        with netCDF4.Dataset(path) as file, netCDF4.Dataset(path.with_name(f"input_{path.stem.split('_')[1]}.nc")) as i:
            file.set_auto_mask(False), i.set_auto_mask(False)
            whole = np.isclose(i["Cv"][:].clip(0).sum(1), 1.0) & (i["ntile"][:] == 1) | (i["ntile"][:] == 0)
            for cell in np.flatnonzero(whole & ((i["AreaFract"][:] > 0).sum(1) == 1)):
                out = {name: v[:, cell].astype(float) for name, v in file.variables.items() if name[:4] == "OUT_"
                       and v.dimensions[:2] == ("time", "cell")}  # fmt: skip
                yield out, {name: i[name][cell] for name in (*SOIL, "dp")}


@pytest.mark.parity
def test_vic_nodes_ice_and_heat_follow_the_reference_runs(shared):
    cells = list(single_tiles(shared))
    if not cells:
        pytest.skip("no reference run with frozen soil and cells of one tile")
    for out, soil in cells:
        nodes, moisture, ice = out["OUT_SOIL_TNODE"], out["OUT_SOIL_MOIST"], out["OUT_SOIL_ICE"]
        columns = Columns(form(brent=True, nodes=nodes.shape[1], layers=moisture.shape[1]), len(nodes) - 1)
        columns.soil(**soil)
        columns.nodes(columns.state)[:], columns.moisture[:] = nodes[:-1].T, moisture[:-1].T
        columns.surface[:] = nodes[1:, 0]
        columns.upper[:] = np.array([1.0, 1.0, 0.0, 1.0, 10800.0])[:, None]
        depth, porosity = columns.layer(L.depth)[0], columns.porosity[0]
        liquid = (moisture - ice)[:-1, 0] / (1000.0 * depth)
        columns.upper[2] = thermal.heat_capacity(liquid, ice[:-1, 0] / (1000.0 * depth), porosity)
        columns.step(1)
        # the files hold temperatures in single precision: 1e-7 of them, which ice just below freezing magnifies
        error = np.abs(columns.nodes(columns.new_state).T - nodes[1:])
        assert np.percentile(error, 99) < 3e-6
        # a sum of residuals just above or below 0.1 W m-3 costs or saves a turn of Newton's method
        assert error.max() < 5e-4
        assert np.percentile(np.abs(columns.ice(columns.new_state).T - ice[1:]), 99) < 5e-5
        assert np.abs(-columns.found[2] - out["OUT_DELTAH"][1:]).max() < 1e-4
        assert np.percentile(np.abs(-columns.found[4] - out["OUT_FUSION"][1:]), 99) < 5e-5


@pytest.mark.parametrize("name", ["freezing_point", "ice_at"])
def test_adjoint_of_unfrozen_water_is_the_transpose_of_its_tangent(name):
    bounds = {
        "freezing_point": ((0.01, 0.5), (0.3, 0.6), (1, 100), (0.07, 5)),
        "ice_at": ((-3, 0.1), (0.05, 0.5), (-2, -1e-3), (0.07, 5)),
    }[name]
    forward, backward = (plain(getattr(unfrozen, n), form()) for n in (name, f"{name}_adjoint"))
    rng = np.random.default_rng(3)
    for _ in range(400):
        x, direction = [rng.uniform(*b) for b in bounds], rng.normal(size=4)
        tangent = dual(forward(*(Dual(v, d) for v, d in zip(x, direction, strict=True)))).tangent
        assert np.dot(backward(*x, 1.0), direction) == pytest.approx(tangent, rel=1e-10, abs=1e-12)


def test_ice_is_what_the_moisture_has_above_the_unfrozen_water():
    liquid, point, power, ice = (
        plain(getattr(unfrozen, name), form()) for name in ("unfrozen", "freezing_point", "freezing_power", "ice_at")
    )
    rng = np.random.default_rng(5)
    for _ in range(400):
        warmth, most, bubble, n, share = (rng.uniform(*b) for b in ((-5, 1), (0.2, 0.6), (1, 100), (3.1, 30), (0.2, 1)))
        moisture = share * most
        below = point(moisture, most, bubble, power(n))
        expected = max(moisture - liquid(warmth, most, bubble, n), 0.0)
        assert ice(warmth, moisture, below, power(n)) == pytest.approx(expected, abs=1e-12)


def inputs(columns: Columns) -> list[tuple[str, int]]:
    """All that a step depends on: array and row."""
    rows, layers = columns.rows, range(columns.rows.layers)
    derived = (DL.porosity, DL.conductivity_dry, DL.conductivity_solids, DL.capacity)
    return [
        *(("state", rows.moisture(k)) for k in layers),
        *(("state", rows.temperature(n)) for n in range(rows.nodes)),
        *(("parameter", rows.layer(q, k)) for q in (L.depth, L.expt, L.bubble) for k in layers),
        *(("parameter", rows.derived(q, k)) for q in derived for k in layers),
        *(("parameter", rows.depth(n)) for n in range(1, rows.nodes)),
        ("parameter", rows.spacing),
        ("surface", 0),
        *(("upper", k) for k in range(4)),
    ]


@pytest.mark.parametrize(("compat", "lagged"), [(True, False), (True, True), (False, False)])
def test_adjoint_of_the_frozen_column_is_its_slope(compat, lagged):
    columns, rng = random_columns(form(compat=compat), 80), np.random.default_rng(1)
    rows, count = columns.rows, columns.count
    seed = np.zeros_like(columns.state)
    columns.nodes(seed)[:] = rng.normal(size=(rows.nodes, count))
    columns.ice(seed)[:] = 0.1 * rng.normal(size=(rows.layers, count))
    seed_layers, seed_out = rng.normal(size=(rows.layers, count)), 0.1 * rng.normal(size=(3, count))

    def measure():
        columns.step(14, lagged)
        layers = columns.flux[rows.layer_temperature : rows.layer_temperature + rows.layers]
        of_state = (columns.new_state * seed).sum(0) + (layers * seed_layers).sum(0)
        return of_state + (columns.found[[0, 2, 4]] * seed_out).sum(0), columns.found[7].copy()

    _, fallback = measure()
    assert fallback.all() if lagged else not fallback.any()
    frozen = (columns.block(node_rows.ICE) > 0).any(0)
    assert 0.3 < frozen.mean() < 1.0
    gradient = columns.reverse(seed, seed_layers, seed_out)
    np.testing.assert_allclose(gradient["seed"], gradient["surface"], rtol=1e-8, atol=1e-10)
    for name, row in inputs(columns):
        values = np.atleast_2d(getattr(columns, name))[row]
        before, slopes, kept = values.copy(), [], np.ones(count, bool)
        for relative in (1e-5, 3e-6):
            change, sides = relative * np.maximum(np.abs(before), 0.01), []
            for sign in (1.0, -1.0):
                values[:] = before + sign * change
                result, mode = measure()
                kept &= mode == fallback
                sides.append(result)
            slopes.append((sides[0] - sides[1]) / (2.0 * change))
        values[:] = before
        found = gradient[name] if gradient[name].ndim == 1 else gradient[name][row]
        scale = np.maximum(np.abs(found), np.abs(slopes[1])) + 1e-3 * np.abs(slopes[1]).mean() + 1e-9
        spread = np.abs(slopes[0] - slopes[1])
        smooth = kept & (spread < 1e-4 * scale)
        assert smooth.mean() > 0.85, (name, row)
        near = (np.abs(found - slopes[1]) < 2e-5 * scale + 4.0 * spread)[smooth]
        assert near.mean() >= 0.98, (name, row)  # a few lie where the search takes another turn


def test_surface_and_soil_together_end_where_one_inside_the_other_does():
    nested, joint = (random_columns(form(brent=brent), 1500, seed=4).step() for brent in (True, False))
    turns, balance, failed = joint.search
    assert failed.mean() < 3e-3
    assert np.mean(turns) < 5.2
    assert np.quantile(np.abs(balance[failed == 0]), 0.99) < 1e-6
    assert np.all(np.abs(balance[failed == 0]) < 1e-3)
    difference = np.abs(joint.nodes(joint.new_state) - nested.nodes(nested.new_state)).max(0)
    # with VIC's quirks the balance can have several roots; where soil freezes its Newton stops early
    assert np.median(difference) < 1e-6
    assert np.mean(difference > 1e-3) < 0.05


def test_soil_without_frost_is_solved_at_once():
    columns = random_columns(form(), 300, seed=6)
    columns.nodes(columns.state)[:] = np.abs(columns.nodes(columns.state)) + 0.5
    columns.surface[:] = np.abs(columns.surface) + 0.5
    once = columns.step(1).nodes(columns.new_state).copy()
    np.testing.assert_allclose(columns.step(5).nodes(columns.new_state), once, rtol=0, atol=1e-10)
    assert not columns.ice(columns.new_state).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_wild_columns_and_their_gradients_stay_numbers(dtype):
    columns = random_columns(form(), 60_000, dtype, seed=8, wild=True)
    rng = np.random.default_rng(0)
    for turns in (3, 0):
        columns.step(turns)
        assert all(np.isfinite(a).all() for a in (columns.new_state, columns.flux, columns.found, columns.surface))
        ice = columns.ice(columns.new_state)
        assert np.all(ice >= -1e-3)
        assert np.all(ice <= columns.moisture * (1.0 + 1e-5))
        gradient = columns.reverse(
            rng.normal(size=columns.state.shape).astype(dtype),
            rng.normal(size=(3, columns.count)).astype(dtype),
            rng.normal(size=(3, columns.count)).astype(dtype),
        )
        assert all(np.isfinite(g).all() for g in gradient.values())


def test_float32_is_near_float64():
    narrow, wide = (random_columns(form(), 4000, dtype, seed=9).step() for dtype in (np.float32, np.float64))
    difference = np.abs(narrow.nodes(narrow.new_state) - wide.nodes(wide.new_state)).max(0)
    assert np.percentile(difference, 98) < 5e-5  # in the rest it takes another of several roots
