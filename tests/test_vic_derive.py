"""What follows from VIC's parameters and the month: values, gradients, limits."""

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.loops.cpu import WIDTH
from freshet.kernels.vic.derive import derive, derive_adjoint
from freshet.kernels.vic.roots import root_shares

from dual import Dual, dual
from vic_derived import Form, derive_block, forcing, reverse_block

FORM = Form()
# Switches, and what only the pass over a step asks for.
NO_GRADIENT = {
    "infilt", "Ds", "Dsmax", "Ws", "c", "avg_T", "temperature_offset", "precipitation_factor", "area", "vegetated",
    "overstory", "rarc", "rmin", "RGL",
}  # fmt: skip
NO_GRADIENT_LAYERED = ("Ksat", "expt", "bubble")


def one(month: float = 7.0, **changed: float) -> dict[str, float]:
    """Derived rows of one tile with some parameters changed from their defaults."""
    block = FORM.defaults()
    for name, value in changed.items():
        block[FORM.row(name)] = value
    block = derive_block(FORM, block, month)
    first = len(FORM.parameters)
    return {v.name: block[first + k, 0] for k, v in enumerate(FORM.derived)}


@pytest.mark.parity
def test_vic_roots_of_layers_are_those_of_the_table(shared):
    with xr.open_dataset(shared / "reference" / "vic" / "functions.nc") as table:
        depth, share = table["roots_in_root_depth"].values, table["roots_in_root_fract"].values
        layers, expected = table["roots_in_layer_depth"].values, table["roots_out_fraction"].values
    form = Form(layers=layers.shape[1], zones=depth.shape[1])
    block, cells = form.defaults(), len(depth)
    for k in range(layers.shape[1]):
        block[form.row(f"depth_{k + 1}"), :cells] = layers[:, k]
    for z in range(depth.shape[1]):
        block[form.row(f"root_depth_{z + 1}"), :cells] = depth[:, z]
        block[form.row(f"root_fract_{z + 1}"), :cells] = share[:, z]
    found = derive_block(form, block, 1.0)
    for k in range(layers.shape[1]):
        np.testing.assert_allclose(found[form.row(f"roots_{k + 1}"), :cells], expected[:, k], rtol=1e-10)


@pytest.mark.parity
def test_vic_node_depths_are_those_of_the_reference_states(shared):
    paths = sorted((shared / "reference" / "vic").glob("output_*_fs*.nc"))
    assert paths
    for path in paths:
        with (
            xr.open_dataset(path) as output,
            xr.open_dataset(path.parent / f"input_{path.stem.split('_')[1]}.nc") as given,
        ):
            expected, dp = output["state_node_depth"].values, given["dp"].values
        form = Form(nodes=expected.shape[1])
        block = form.defaults()
        block[form.row("dp"), : len(dp)] = dp
        first = form.row("node_depth_1")
        found = derive_block(form, block, 1.0)[first : first + expected.shape[1], : len(dp)]
        np.testing.assert_allclose(found.T, expected, rtol=0, atol=1e-12)


def test_adjoint_is_the_transpose_of_the_tangent():
    rng = np.random.default_rng(3)
    forward, backward = FORM.plain(derive), FORM.plain(derive_adjoint)
    first = len(FORM.parameters)
    blocks = FORM.random(rng, 150)
    near = FORM.defaults(150) * rng.uniform(0.9, 1.1, (first + len(FORM.derived), 150))
    near[FORM.row("vegetated")], near[FORM.row("overstory")] = 1.0, rng.random(150) < 0.5
    for block in np.concatenate((blocks, near), 1).T:
        month = float(rng.integers(1, 13))
        clock, direction = forcing(month, 1), rng.normal(size=first)
        parameter = np.array(
            [[Dual(x, t)] for x, t in zip(block, [*direction, *np.zeros(len(block) - first)], strict=True)]
        )
        for name in ("vegetated", "overstory"):
            parameter[FORM.row(name), 0] = block[FORM.row(name)]
        forward(parameter, clock, None, 0, 0)
        tangent = np.array([dual(x).tangent for x in parameter[first:, 0]])
        values = np.array([[dual(x).value] for x in parameter[:, 0]])
        gradient = np.zeros((len(block), 1))
        gradient[first:, 0] = cotangent = rng.normal(size=len(tangent))
        backward(values, clock, None, gradient, 0, 0)
        for name in ("vegetated", "overstory"):
            assert gradient[FORM.row(name), 0] == 0.0
        assert not gradient[first:].any()
        terms = np.concatenate((cotangent * tangent, -gradient[:first, 0] * direction))
        assert abs(terms.sum()) <= 1e-10 * np.abs(terms).max()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_derived_rows_and_gradients_are_finite_within_bounds(precision):
    rng = np.random.default_rng(4)
    for _ in range(200):
        month = float(rng.integers(1, 13))
        block = derive_block(FORM, FORM.random(rng), month, precision)
        assert np.isfinite(block).all()
        d_block = np.zeros_like(block)
        d_block[len(FORM.parameters) :] = rng.normal(size=(len(FORM.derived), WIDTH))
        assert np.isfinite(reverse_block(FORM, block, month, d_block)).all()


def test_float32_is_near_float64():
    rng = np.random.default_rng(5)
    first = len(FORM.parameters)
    for _ in range(40):
        block = FORM.random(rng).astype("float32")
        narrow = derive_block(FORM, block, 3.0, "float32")[first:]
        wide = derive_block(FORM, block, 3.0, "float64")[first:]
        error = np.abs(narrow - wide) / np.maximum(np.abs(wide), 1e-3)
        assert np.quantile(error, 0.999) <= 1e-5
        assert error.max() <= 2e-2


def test_gradients_reach_every_parameter_but_switches():
    rng = np.random.default_rng(6)
    block = FORM.defaults()
    block[FORM.row("overstory"), ::2] = 1.0
    for month in range(1, 13):
        block[FORM.row(f"displacement_{month}")] = rng.uniform(1.0, 15.0, WIDTH)
    block[FORM.row("wind_h")], block[FORM.row("vegetated"), ::5] = 20.0, 0.0
    block[FORM.row("root_depth_1")] = 0.3  # zones and layers that do not end at the same depths
    total = np.zeros(len(block))
    for month in range(1, 13):
        done = derive_block(FORM, block, float(month))
        d_block = np.zeros_like(done)
        d_block[len(FORM.parameters) :] = rng.normal(size=(len(FORM.derived), WIDTH))
        total += np.abs(reverse_block(FORM, done, float(month), d_block)).sum(1)
    without = {v.name for v, size in zip(FORM.parameters, total, strict=False) if size == 0.0}
    layered = {v.name for v in FORM.parameters if v.name.rpartition("_")[0] in NO_GRADIENT_LAYERED}
    assert without == NO_GRADIENT | layered


def test_a_bare_tile_has_no_leaves_no_roots_and_its_own_heights():
    bare = one(vegetated=0.0, overstory=1.0, rough=0.004)
    assert bare["canopy_fraction"] == bare["leaf_area_index"] == bare["canopy_capacity"] == 0.0
    assert bare["transmission"] == 1.0
    assert bare["albedo"] == 0.2
    assert bare["roots_1"] == bare["roots_2"] == bare["roots_3"] == 0.0
    displacement = 0.004 * 0.667 / 0.123
    assert bare["stability_height"] == pytest.approx(10.0 - displacement, rel=1e-12)
    assert bare["stability_log"] == pytest.approx(np.log((10.0 - displacement) / 0.004), rel=1e-12)
    assert bare["wind_canopy"] == pytest.approx(np.log(2.004 / 0.004) / bare["stability_log"], rel=1e-12)


def test_the_month_chooses_the_row():
    changed = {"leaf_area_index_1": 1.0, "leaf_area_index_12": 4.0, "albedo_12": 0.3, "displacement_12": 2.0}
    january, december = one(1.0, **changed), one(12.0, **changed)
    assert (january["leaf_area_index"], january["albedo"], january["canopy_capacity"]) == (1.0, 0.18, 0.1)
    assert (december["leaf_area_index"], december["albedo"], december["stability_height"]) == (4.0, 0.3, 8.0)
    assert december["transmission"] == pytest.approx(np.exp(-2.0), rel=1e-14)


def test_vegetation_without_leaves_covers_nothing():
    leafless = one(leaf_area_index_7=0.0, albedo_7=0.25)
    assert leafless["canopy_fraction"] == 0.0
    assert leafless["transmission"] == 1.0
    assert leafless["albedo"] == 0.25
    assert sum(leafless[f"roots_{k}"] for k in (1, 2, 3)) == pytest.approx(1.0)


def test_vegetation_without_roughness_takes_that_of_the_soil():
    given = one(roughness_7=0.0, rough=0.002)
    assert given["stability_log"] == pytest.approx(np.log(9.5 / 0.002), rel=1e-12)


def test_the_wind_of_a_high_canopy_is_known_above_it():
    assert one(displacement_7=12.0, roughness_7=2.0)["stability_height"] == pytest.approx(12.0)
    assert one(displacement_7=12.0, roughness_7=2.0, overstory=1.0)["stability_height"] == 2.0


def test_moistures_of_layers_follow_from_shares():
    soil = one(depth_2=0.8, bulk_density_2=1400.0, soil_density_2=2600.0, Wcr_FRACT_2=0.6, resid_moist_2=0.05)
    porosity = 1.0 - 1400.0 / 2600.0
    assert soil["capacity_2"] == pytest.approx(800.0 * porosity)
    assert soil["critical_2"] == pytest.approx(480.0 * porosity)
    assert soil["wilting_2"] == pytest.approx(200.0 * porosity)
    assert soil["residual_2"] == pytest.approx(40.0)


def test_layer_temperatures_are_means_of_the_profile():
    soil = one(depth_1=0.15, depth_2=0.4, depth_3=1.7, dp=3.0)
    for k, (top, bottom) in ((2, (0.15, 0.55)), (3, (0.55, 2.25))):
        z = top + (bottom - top) * (np.arange(4000) + 0.5) / 4000
        assert soil[f"temperature_share_{k}"] == pytest.approx(np.exp(-(z - 0.15) / 3.0).mean(), rel=1e-7)


@pytest.mark.parametrize("form", [Form(2, 1, 3, False), Form(3, 3, 3, False), Form(5, 4, 12)], ids=lambda f: f.label)
def test_roots_are_overlaps_of_zones_and_layers(form):
    rng = np.random.default_rng(7)
    layers, zones = form.options["layers"], form.options["zones"]
    block = form.random(rng)
    block[form.row("vegetated")] = 1.0
    thickness = np.array([block[form.row(f"root_depth_{z + 1}")] for z in range(zones)]).clip(1e-3)
    density = np.array([block[form.row(f"root_fract_{z + 1}")] for z in range(zones)]) / thickness
    end = np.cumsum(thickness, 0)
    bottom = np.cumsum([block[form.row(f"depth_{k + 1}")] for k in range(layers)], 0)
    bottom[-1] = 1e9
    top = np.concatenate((np.zeros((1, WIDTH)), bottom[:-1]))
    overlap = np.minimum(end, bottom[:, None]) - np.maximum(end - thickness, top[:, None])
    share = (overlap.clip(0.0) * density).sum(1)
    share[share < 1e-4] = 0.0
    expected = share / np.maximum(share.sum(0), 1e-4)
    found, spread = block.copy(), form.plain(root_shares)
    for i in range(WIDTH):
        spread(found, i)
    first = form.row("roots_1")
    np.testing.assert_allclose(found[first : first + layers], expected, rtol=1e-9, atol=1e-12)
