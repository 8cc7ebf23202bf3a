"""VIC's snow on the ground: its function tables, balances of water and energy, search, gradients and limits."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest
from freshet.kernels.bind import bind
from freshet.kernels.vic.snow_albedo import snow_albedo
from freshet.kernels.vic.snow_density import new_snow_density, snow_density
from numba import njit

from vic_snow import RESULTS, ROWS, forward, random_cases, reverse

FUSION = 3.337e8


@pytest.fixture(scope="module")
def tables(shared) -> dict[str, np.ndarray]:
    paths = sorted(Path(shared).glob("reference/vic/functions.nc"))
    if not paths:
        pytest.skip("no function tables of VIC")
    with netCDF4.Dataset(paths[0]) as data:
        return {name: np.array(variable[:]) for name, variable in data.variables.items() if name.find("snow_") >= 0}


@pytest.mark.parity
@pytest.mark.parametrize(
    ("name", "function", "arguments", "result"),
    [
        ("new_snow_density", new_snow_density, ("Ta",), "density"),
        ("snow_density", snow_density, ("new_snow", "swe_old", "depth_old", "Ts", "Ta", "dt"), "density"),
        ("snow_albedo", snow_albedo, ("snow_to_ground", "coldcontent", "melting", "age", "dt"), "albedo"),
    ],
    ids=lambda value: f"vic-{value}" if isinstance(value, str) else "",
)
def test_function_is_that_of_the_table(tables, name, function, arguments, result):
    kernel = bind(function, None, "float64")
    call = njit(lambda case: kernel(*case))
    cases = zip(*(tables[f"{name}_in_{argument}"] for argument in arguments), strict=True)
    assert [call(case) for case in cases] == pytest.approx(list(tables[f"{name}_out_{result}"]), rel=1e-10)


# Names of the tables, of results and of what the tables call them; factors from the results' units to the tables'.
INPUTS = {
    "swq": "water", "Ts": "surface_temperature", "Tp": "pack_temperature", "ws": "surface_liquid", "wp": "pack_liquid",
    "rho": "density", "depth": "depth", "Ta": "air_temperature", "Tgrnd": "ground_temperature", "ra2": "resistance",
    "snow_rough": "snow_rough", "dt": "dt", "density_air": "air_density", "LWin": "longwave_in", "U2": "wind",
    "pressure": "air_pressure", "rain": "rain", "snow": "snowfall", "vp": "air_vapour_pressure", "vpd": "air_deficit",
}  # fmt: skip
OUTPUTS = {
    "swq": ("water", 1e-9), "Ts": ("surface_temperature", 1e-6), "Tp": ("pack_temperature", 1e-6),
    "ws": ("surface_liquid", 1e-9), "wp": ("pack_liquid", 1e-9), "cc": ("cold_content", 1e-3), "melt": ("melt", 1e-6),
    "sublimation": ("vapour", 1e-9), "advection": ("advection", 1e-5), "deltaCC": ("cold_content_change", 1e-5),
    "latent": ("latent", 1e-5), "latent_sub": ("latent_sublimation", 1e-5), "LWnet": ("longwave_net", 1e-5),
    "refreeze": ("refreeze", 1e-5), "sensible": ("sensible", 1e-5), "ra_used": ("resistance", 1e-4),
}  # fmt: skip


@pytest.fixture(scope="module")
def snow_pack_of_the_table(tables) -> np.ndarray:
    """Results of ground_snow on the cases of the table: under new snow, so that the albedo is known."""
    count = tables["snow_pack_in_swq"].size
    cases = np.zeros((len(ROWS), count))
    for theirs, ours in INPUTS.items():
        cases[ROWS[ours]] = tables[f"snow_pack_in_{theirs}"]
    cases[ROWS["shortwave_in"]] = tables["snow_pack_in_SWnet"] / 0.15
    cases[ROWS["sky_snowfall"]] = 1.0
    cases[ROWS["resistance"], cases[ROWS["wind"]] == 0.0] = 1e20  # as in 4.3
    return forward(True, True, "float64")(cases)


@pytest.mark.parity
@pytest.mark.parametrize("name", OUTPUTS, ids=lambda name: f"vic-snow_pack-{name}")
def test_pack_is_that_of_the_table(tables, snow_pack_of_the_table, name):
    ours, tolerance = OUTPUTS[name]
    found, expected = snow_pack_of_the_table[RESULTS[ours]], tables[f"snow_pack_out_{name}"]
    thin = snow_pack_of_the_table[RESULTS["thin"]] == 1.0
    if name == "Ts":
        assert np.array_equal(thin, expected == 999.0)
        found, expected = found[~thin], expected[~thin]
    if name == "cc":  # what has vanished has none afterwards
        lies = tables["snow_pack_out_swq"] > 0.0
        found, expected = found[lies], expected[lies]
    if name == "ra_used":  # without wind VIC does not divide
        windy = expected < 1e20
        found, expected = found[windy], expected[windy]
    sign = -1.0 if name == "sublimation" else 1.0
    assert sign * found == pytest.approx(expected, abs=tolerance, rel=1e-9)


def total(cases: np.ndarray, results: np.ndarray) -> np.ndarray:
    """Water that is there after the sub-step less what was and came (mm); thin snow has given no vapour yet."""
    row = dict(zip(RESULTS, results.astype(np.float64), strict=True))
    cases = cases.astype(np.float64)
    vapour = np.where(row["thin"] == 1.0, 0.0, row["vapour"])
    came = cases[ROWS["rain"]] + cases[ROWS["snowfall"]] - row["melt"]
    return 1000.0 * (row["water"] - cases[ROWS["water"]] - vapour) - came


@pytest.mark.parametrize(("compat", "precision"), [(True, "float64"), (False, "float64"), (True, "float32")])
def test_snow_conserves_water(compat, precision):
    cases = random_cases(20000, 1).astype(precision)
    off = np.abs(total(cases, forward(compat, False, precision)(cases)))
    handled = 1.0 + 1000.0 * cases[ROWS["water"]] + cases[ROWS["snowfall"]] + cases[ROWS["rain"]]
    assert (off <= (1e-14 if precision == "float64" else 1e-6) * handled).all()


def test_energy_of_the_surface_closes_and_the_ground_counts_once_when_mended():
    cases = random_cases(20000, 2)
    row = dict(zip(RESULTS, forward(False, False, "float64")(cases), strict=True))
    sums = sum(row[name] for name in ("shortwave_net", "longwave_net", "sensible", "latent", "latent_sublimation"))
    residual = sums + row["advection"] - row["cold_content_change"] + row["refreeze"]
    # where all snow melts, the ground gets what is left; at a jump of the balance the surface stays just below 0 degC
    jump = (row["surface_temperature"] < 0.0) & (row["surface_temperature"] >= -2e-7)
    closed = (row["thin"] == 0.0) & (row["coverage"] == 1.0) & (row["failed"] == 0.0) & ~jump
    kept = row["surface_liquid"] + row["pack_liquid"] < row["water"]  # not all ice became water
    assert (closed & kept).sum() > 15000
    assert np.abs(residual[closed & kept]).max() < 1e-3


def test_newton_finds_what_brent_finds():
    cases = random_cases(20000, 1)
    brent = dict(zip(RESULTS, forward(True, True, "float64")(cases), strict=True))
    newton = dict(zip(RESULTS, forward(True, False, "float64")(cases), strict=True))
    away = np.abs(brent["surface_temperature"] - newton["surface_temperature"])
    assert newton["failed"].sum() == 0.0
    assert (away > 2e-7).mean() < 2e-4  # a balance may have several roots
    assert np.array_equal(brent["thin"], newton["thin"])
    assert np.array_equal(brent["surface_temperature"] == 0.0, newton["surface_temperature"] == 0.0)


def test_float32_is_near_float64():
    cases = random_cases(20000, 4).astype(np.float32)
    double = dict(zip(RESULTS, forward(True, False, "float64")(cases), strict=True))
    single = dict(zip(RESULTS, forward(True, False, "float32")(cases), strict=True))
    for name, close in {"surface_temperature": 1e-4, "water": 1e-6, "melt": 1e-3, "density": 0.01}.items():
        assert np.percentile(np.abs(double[name] - single[name]), 99.9) < close, name


# What the gradients are tried with: typical sizes of changes of the inputs (a share of themselves, or in units) ...
SHARES = ("water", "surface_liquid", "pack_liquid", "depth", "resistance", "wind", "snow_rough")
CHANGES = {
    "surface_temperature": 1, "pack_temperature": 1, "density": 10, "air_temperature": 1, "air_pressure": 1e3,
    "air_vapour_pressure": 20, "air_density": 0.05, "shortwave_in": 20, "longwave_in": 20, "ground_temperature": 1,
}  # fmt: skip
# ... and sizes of the results, 50 where nothing is said.
SIZES = {
    "water": 0.05, "surface_liquid": 1e-3, "pack_liquid": 1e-3, "surface_temperature": 1, "pack_temperature": 1,
    "cold_content": 1e5, "depth": 0.2, "melt": 1, "vapour": 1e-3, "depth_before": 0.2, "albedo": np.inf, "age": np.inf,
    "melting": np.inf, "coverage": np.inf, "coverage_lost": np.inf, "thin": np.inf, "failed": np.inf,
}  # fmt: skip


def directions(cases: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Changes of all inputs that have a slope; snow at 0 degC stays there, as it would be a kink."""
    changes = np.zeros_like(cases)
    for name in (*SHARES, "rain", "snowfall"):
        changes[ROWS[name]] = 0.1 * cases[ROWS[name]] * rng.normal(size=cases.shape[1])
    for name, size in CHANGES.items():
        changes[ROWS[name]] = size * rng.normal(size=cases.shape[1])
    for name in ("surface_temperature", "pack_temperature"):
        changes[ROWS[name]] *= cases[ROWS[name]] < 0.0
    return changes


@pytest.mark.parametrize("compat", [True, False], ids=["compat", "mended"])
def test_adjoint_is_the_slope_of_the_forward(compat):
    rng = np.random.default_rng(9)
    cases = random_cases(4000, 3)
    run, changes = forward(compat, False, "float64"), directions(cases, rng)
    seeds = rng.normal(size=(len(RESULTS), cases.shape[1]))
    seeds /= np.array([SIZES.get(name, 50.0) for name in RESULTS])[:, None]

    def slope(h: float) -> np.ndarray:
        """Of fourth order."""
        differences = [(run(cases + m * h * changes) - run(cases - m * h * changes)) * w for m, w in STENCIL]
        return (seeds * sum(differences)).sum(0) / h

    coarse, fine = slope(1e-4), slope(5e-5)
    parts = reverse(compat, False, "float64")(cases, seeds) * changes
    size = np.abs(parts).sum(0)
    smooth = np.abs(coarse - fine) <= 1e-7 * size + 1e-9  # elsewhere a kink lies within the differences
    assert smooth.mean() > 0.995
    assert (np.abs(fine - parts.sum(0)) <= 1e-5 * size + 1e-9)[smooth].all()


STENCIL = ((1.0, 2.0 / 3.0), (2.0, -1.0 / 12.0))


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("compat", [True, False], ids=["compat", "mended"])
def test_no_snow_within_bounds_gives_nan_or_infinity(compat, precision):
    cases = random_cases(200000, 7, edges=True)
    seeds = np.random.default_rng(1).normal(size=(len(RESULTS), cases.shape[1]))
    results = forward(compat, False, precision)(cases)
    gradients = reverse(compat, False, precision)(cases, seeds)
    for name, values in (("results", results), ("gradients", gradients)):
        wrong = ~np.isfinite(values).all(0)
        assert not wrong.any(), (name, dict(zip(ROWS, cases[:, wrong][:, :1].ravel(), strict=True)))
    assert (results[RESULTS["water"]] >= 0.0).all()
    assert (results[RESULTS["density"]] >= 0.0).all()
