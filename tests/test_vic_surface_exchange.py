"""VIC's aerodynamics, stability, thermal properties and quick flux: tables, adjoints, limits."""

import inspect
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.bind import bind
from freshet.kernels.vic.aerodynamics import (
    Aerodynamics,
    bare_soil,
    bare_soil_adjoint,
    scaled,
    scaled_adjoint,
    short_canopy,
    short_canopy_adjoint,
)
from freshet.kernels.vic.quick_flux import (
    damping,
    damping_adjoint,
    deep_node,
    deep_node_adjoint,
    layer_share,
    layer_share_adjoint,
    layer_temperature,
    layer_temperature_adjoint,
    quick_flux,
    quick_flux_adjoint,
    quick_flux_line,
)
from freshet.kernels.vic.stability import (
    snow_log,
    snow_log_adjoint,
    stability_factor,
    stability_factor_adjoint,
    stability_factor_slope,
    stability_log,
    stability_log_adjoint,
)
from freshet.kernels.vic.tall_canopy import tall_canopy, tall_canopy_adjoint
from freshet.kernels.vic.thermal import (
    conductivity,
    conductivity_adjoint,
    conductivity_with_ice,
    conductivity_with_ice_adjoint,
    dry_conductivity,
    dry_conductivity_adjoint,
    heat_capacity,
    heat_capacity_adjoint,
    porosity,
    porosity_adjoint,
    saturated_conductivity,
    saturated_conductivity_adjoint,
    solids_conductivity,
    solids_conductivity_adjoint,
)
from numba import njit
from numba.np.unsafe.ndarray import to_fixed_tuple

from dual import Dual, dual
from problem import plain


# Bundles are many arguments here, so that one test serves all pairs.
def short_reverse(reference, displacement, roughness, snow, a, b, c, d, e, f):
    return short_canopy_adjoint(reference, displacement, roughness, snow, Aerodynamics(a, b, c, d, e, f))


def tall_reverse(reference, displacement, roughness, snow, attenuation, trunk, a, b, c, d, e, f):
    seed = Aerodynamics(a, b, c, d, e, f)
    return tall_canopy_adjoint(reference, displacement, roughness, snow, attenuation, trunk, seed)


def at_wind(u0, u1, u2, ra0, ra1, ra2, wind):
    return scaled(Aerodynamics(u0, u1, u2, ra0, ra1, ra2), wind)


def at_wind_reverse(u0, u1, u2, ra0, ra1, ra2, wind, a, b, c, d, e, f):
    unit, d_wind = scaled_adjoint(Aerodynamics(u0, u1, u2, ra0, ra1, ra2), wind, Aerodynamics(a, b, c, d, e, f))
    return (
        unit.wind_surface, unit.wind_canopy, unit.wind_snow,
        unit.resistance_surface, unit.resistance_canopy, unit.resistance_snow, d_wind,
    )  # fmt: skip


def flux(old_surface, old_interface, deep, k1, k2, c1, c2, depth, damping_depth, damped, factor, surface):
    line = quick_flux_line(
        old_surface, old_interface, deep, k1, k2, c1, c2, depth, damping_depth, damped, factor, 10800.0
    )
    return quick_flux(line, surface)


def flux_reverse(
    old_surface, old_interface, deep, k1, k2, c1, c2, depth, damping_depth, damped, factor, surface, a, b, c
):  # fmt: skip
    return quick_flux_adjoint(
        old_surface,
        old_interface,
        deep,
        k1,
        k2,
        c1,
        c2,
        depth,
        damping_depth,
        damped,
        factor,
        10800.0,
        surface,
        a,
        b,
        c,
    )


def capacity_reverse(liquid, ice, pores, d_capacity):
    return heat_capacity_adjoint(d_capacity)


CANOPY = ((12.0, 60.0), (0.0, 11.0), (1e-5, 5.0), (1e-5, 0.1))
TEMPERATURE, SHARE, CONDUCTIVITY, CAPACITY = (-40.0, 50.0), (0.05, 0.95), (0.1, 4.0), (1e6, 4e6)
DENSITY = ((100.0, 2500.0), (1000.0, 3500.0))
DEPTH, DAMPING = (0.01, 5.0), (0.5, 50.0)
PAIRS: dict[str, tuple[Callable, Callable, tuple]] = {
    "short_canopy": (short_canopy, short_reverse, CANOPY),
    "tall_canopy": (tall_canopy, tall_reverse, (*CANOPY, (0.01, 5.0), (0.01, 0.9))),
    "bare_soil": (bare_soil, bare_soil_adjoint, ((1e-5, 0.1),)),
    "scaled": (at_wind, at_wind_reverse, (*[(0.0, 3.0)] * 3, *[(1.0, 2000.0)] * 3, (0.01, 30.0))),
    "stability_log": (stability_log, stability_log_adjoint, ((2.0, 50.0), (0.0, 1.9), (1e-5, 5.0))),
    "snow_log": (snow_log, snow_log_adjoint, ((1e-5, 0.1),)),
    "stability_factor": (
        stability_factor, stability_factor_adjoint, ((1.0, 50.0), (0.1, 10.0), (-20.0, 20.0), (-20.0, 20.0), (0.0, 6.0))
    ),
    "porosity": (porosity, porosity_adjoint, DENSITY),
    "dry_conductivity": (dry_conductivity, dry_conductivity_adjoint, DENSITY),
    "solids_conductivity": (solids_conductivity, solids_conductivity_adjoint, ((0.0, 1.0), SHARE)),
    "saturated_conductivity": (saturated_conductivity, saturated_conductivity_adjoint, ((1.0, 7.7), SHARE)),
    "conductivity": (conductivity, conductivity_adjoint, ((0.0, 1.0), CONDUCTIVITY, CONDUCTIVITY)),
    "conductivity_with_ice": (
        conductivity_with_ice, conductivity_with_ice_adjoint,
        ((0.0, 1.0), (0.0, 0.6), (0.0, 0.4), SHARE, CONDUCTIVITY, (1.0, 7.7)),
    ),
    "heat_capacity": (heat_capacity, capacity_reverse, (SHARE, SHARE, SHARE)),
    "quick_flux": (
        flux, flux_reverse,
        (TEMPERATURE, TEMPERATURE, TEMPERATURE, CONDUCTIVITY, CONDUCTIVITY, CAPACITY, CAPACITY, DEPTH, DAMPING,
         (0.001, 0.9999), (0.0, 1.0), TEMPERATURE),
    ),
    "damping": (damping, damping_adjoint, (DEPTH, DAMPING)),
    "deep_node": (deep_node, deep_node_adjoint, (TEMPERATURE, TEMPERATURE, (0.0, 1.0))),
    "layer_share": (layer_share, layer_share_adjoint, (DEPTH, DEPTH, DEPTH, DAMPING)),
    "layer_temperature": (layer_temperature, layer_temperature_adjoint, (TEMPERATURE, TEMPERATURE, (0.0, 1.0))),
}  # fmt: skip


def draw(bounds: tuple, count: int, rng: np.random.Generator) -> np.ndarray:
    """Arguments between their bounds, more of them near the lower ones, one in twenty at a bound."""
    low, high = np.array(bounds).T[:, :, None]
    share = rng.random((len(bounds), count)) ** rng.choice([1.0, 4.0], (len(bounds), count))
    return low + np.where(rng.random(share.shape) < 0.05, np.round(share), share) * (high - low)


def values(result) -> tuple:
    return result if isinstance(result, tuple) else (result,)


def table(shared, function: str) -> tuple[dict, dict]:
    """Arguments and results of one function of the table."""
    with xr.open_dataset(shared / "reference" / "vic" / "functions.nc") as data:
        found = {name: data[name].values for name in data if name.startswith(f"{function}_")}
    sides = (
        {name.removeprefix(f"{function}_{side}_"): a for name, a in found.items() if f"_{side}_" in name}
        for side in ("in", "out")
    )
    return tuple(sides)  # type: ignore[return-value]


def over(function: Callable, arguments: list[np.ndarray], count: int, precision: str = "float64") -> np.ndarray:
    """The compiled function's `count` results [result, case] for arguments of one dimension."""
    process, width = bind(function, None, precision), len(arguments)

    @njit
    def loop(given, found):
        for i in range(given.shape[0]):
            results = process(*to_fixed_tuple(given[i], width))
            for k in range(len(results)):
                found[i, k] = results[k]

    given = np.ascontiguousarray(np.array(arguments).T, precision)
    found = np.empty((len(given), count), precision)
    loop(given, found)
    return found.T


def canopy(overstory, reference, displacement, roughness, snow, attenuation, trunk, wind):
    short = short_canopy(reference, displacement, roughness, snow)
    tall = tall_canopy(reference, displacement, roughness, snow, attenuation, max(trunk, 0.01))
    return scaled(tall if overstory > 0.0 else short, wind)


def factors(reference, displacement, roughness, surface, air_temperature, wind):
    height, profile = reference - displacement, stability_log(reference, displacement, roughness)
    factor, _ = stability_factor_slope(height, profile, surface, air_temperature, wind)
    return stability_factor(height, profile, surface, air_temperature, wind), factor


def heat_of_soil(moisture, liquid, soil_density, bulk_density, quartz):
    pores = porosity(bulk_density, soil_density)
    solids, dry = solids_conductivity(quartz, pores), dry_conductivity(bulk_density, soil_density)
    thawed = conductivity(moisture / pores, dry, saturated_conductivity(solids, pores))
    return (
        conductivity_with_ice(moisture / pores, liquid, moisture - liquid, pores, dry, solids),
        heat_capacity(liquid, moisture - liquid, pores),
        thawed,
    )


def flux_of_table(surface, old_surface, old_interface, deep, depth, k1, k2, c1, c2, damping_depth, seconds, factor):
    damped = damping(depth, damping_depth)
    line = quick_flux_line(
        old_surface, old_interface, deep, k1, k2, c1, c2, depth, damping_depth, damped, factor, seconds
    )
    return quick_flux(line, surface)


@pytest.mark.parity
def test_vic_aerodynamics_are_those_of_the_table(shared):
    given, expected = table(shared, "aero")
    names = ("overstory", "ref_height", "displacement", "roughness", "snow_rough", "wind_atten", "trunk_ratio", "wind")
    found = over(canopy, [given[name] for name in names], 6)
    np.testing.assert_allclose(found[:3].T, expected["U"], rtol=1e-10)
    np.testing.assert_allclose(found[3:].T, expected["ra"], rtol=1e-10)


@pytest.mark.parity
def test_vic_stability_is_that_of_the_table(shared):
    given, expected = table(shared, "stability")
    found = over(factors, [given[name] for name in ("Z", "d", "z0", "Ts", "Ta", "U")], 2)
    np.testing.assert_allclose(found, [expected["factor"]] * 2, rtol=1e-10)


@pytest.mark.parity
def test_vic_thermal_properties_are_those_of_the_table(shared):
    given, expected = table(shared, "soil_thermal")
    names = ("moist", "liquid", "soil_density", "bulk_density", "quartz")
    found = over(heat_of_soil, [given[name] for name in names], 3)
    np.testing.assert_allclose(found[:2], [expected["kappa"], expected["Cs"]], rtol=1e-10)
    thawed = given["moist"] == given["liquid"]
    assert thawed.any()
    np.testing.assert_allclose(found[2, thawed], expected["kappa"][thawed], rtol=1e-10)


@pytest.mark.parity
def test_vic_quick_flux_is_that_of_the_table(shared):
    given, expected = table(shared, "quickflux")
    names = ("Ts", "T0_old", "T1_old", "T2", "D1", "k1", "k2", "Cs1", "Cs2", "dp", "dt", "fac")
    found = over(flux_of_table, [given[name] for name in names], 3)
    for k, name in enumerate(("T1", "G", "dH")):
        np.testing.assert_allclose(found[k], expected[name], rtol=1e-10, atol=1e-10 * np.abs(expected[name]).mean())


@pytest.mark.parametrize("name", PAIRS)
def test_adjoint_is_the_transpose_of_the_tangent(name):
    function, reverse, bounds = PAIRS[name]
    rng = np.random.default_rng(11)
    forward, backward = plain(function, None), plain(reverse, None)
    assert len(inspect.signature(function).parameters) == len(bounds)
    for x in draw(bounds, 300, rng).T:
        direction = rng.normal(size=len(x)) * np.ptp(bounds, axis=1)
        tangents = values(forward(*map(Dual, x, direction)))
        cotangent = rng.normal(size=len(tangents))
        terms = [c * dual(t).tangent for c, t in zip(cotangent, tangents, strict=True)]
        terms += [-g * d for g, d in zip(values(backward(*x, *cotangent)), direction, strict=True)]
        assert abs(sum(terms)) <= 1e-10 * max(map(abs, terms), default=0.0), x


def all_forward(
    reference, displacement, roughness, snow, attenuation, trunk, wind, surface, temperature, saturation, liquid, ice,
    pores, dry, solids, old, deep, capacity, depth, damping_depth, share,
):  # fmt: skip
    tall = scaled(tall_canopy(reference, displacement, roughness, snow, attenuation, trunk), wind)
    low = scaled(short_canopy(reference, displacement, roughness, snow), wind)
    profile = stability_log(reference, displacement, roughness)
    factor, slope = stability_factor_slope(reference - displacement, profile, surface, temperature, wind)
    thawed = conductivity(saturation, dry, solids)
    frozen = conductivity_with_ice(saturation, liquid, ice, pores, dry, solids)
    damped = damping(depth, damping_depth)
    line = quick_flux_line(
        old, surface, deep, thawed, frozen, capacity, capacity, depth, damping_depth, damped, share, 10800.0
    )
    interface, downward, stored = quick_flux(line, temperature)
    return (
        tall.wind_surface, tall.wind_canopy, tall.wind_snow,
        tall.resistance_surface, tall.resistance_canopy, tall.resistance_snow,
        low.wind_canopy, low.wind_snow, low.resistance_canopy, low.resistance_snow,
        factor, slope, thawed, frozen, interface, downward, stored, line.flux_slope, line.storage_slope,
        deep_node(interface, deep, damped),
        layer_temperature(interface, deep, layer_share(depth, depth, depth, damping_depth)),
    )  # fmt: skip


def all_backward(
    reference, displacement, roughness, snow, attenuation, trunk, wind, surface, temperature, saturation, liquid, ice,
    pores, dry, solids, old, deep, capacity, depth, damping_depth, share,
):  # fmt: skip
    unit = tall_canopy(reference, displacement, roughness, snow, attenuation, trunk)
    d_unit, d_wind = scaled_adjoint(unit, wind, Aerodynamics(1.0, 1.0, 1.0, 1.0, 1.0, 1.0))
    profile = stability_log(reference, displacement, roughness)
    thawed = conductivity(saturation, dry, solids)
    frozen = conductivity_with_ice(saturation, liquid, ice, pores, dry, solids)
    damped = damping(depth, damping_depth)
    return (
        d_wind,
        *tall_canopy_adjoint(reference, displacement, roughness, snow, attenuation, trunk, d_unit),
        *short_canopy_adjoint(reference, displacement, roughness, snow, d_unit),
        *stability_log_adjoint(reference, displacement, roughness, 1.0),
        *stability_factor_adjoint(reference - displacement, profile, surface, temperature, wind, 1.0),
        *conductivity_adjoint(saturation, dry, solids, 1.0),
        *conductivity_with_ice_adjoint(saturation, liquid, ice, pores, dry, solids, 1.0),
        *quick_flux_adjoint(
            old, surface, deep, thawed, frozen, capacity, capacity, depth, damping_depth, damped, share, 10800.0,
            temperature, 1.0, 1.0, 1.0,
        ),
        *layer_share_adjoint(depth, depth, depth, damping_depth, 1.0),
        *deep_node_adjoint(surface, deep, damped, 1.0),
    )  # fmt: skip


ALL = (
    *PAIRS["tall_canopy"][2], (0.0, 30.0), TEMPERATURE, TEMPERATURE, (0.0, 1.0), (0.0, 0.95), (0.0, 0.95), SHARE,
    CONDUCTIVITY, CONDUCTIVITY, TEMPERATURE, TEMPERATURE, CAPACITY, (0.01, 20.0), DAMPING, (0.0, 1.0),
)  # fmt: skip


FLUX = 15  # row of the ground heat flux in all_forward's results


def extremes(count: int) -> np.ndarray:
    """Arguments of all processes, calm air and equal temperatures among them."""
    given = draw(ALL, count, np.random.default_rng(12))
    given[6, ::7] = 10.0 ** np.linspace(-30, 0, len(given[6, ::7]))
    given[6, ::77] = 0.0
    given[8, ::5] = given[7, ::5]
    return given


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_results_and_gradients_are_finite_within_bounds(precision):
    given = list(extremes(200_000))
    results, gradients = over(all_forward, given, 21, precision), over(all_backward, given, 47, precision)
    assert np.isfinite(results).all()
    assert np.isfinite(gradients).all()


def test_float32_is_near_float64():
    given = extremes(50_000).astype("float32")
    narrow, wide = (over(all_forward, list(given), 21, precision) for precision in ("float32", "float64"))
    scale = np.abs(wide) + np.median(np.abs(wide), axis=1)[:, None]
    scale[FLUX] = 10.0  # a small difference of temperatures: 1e-3 W m-2 is what energy has to close to
    error = np.abs(narrow - wide) / scale
    assert np.quantile(error, 0.999, axis=1).max() <= 1e-4


def test_the_slope_of_stability_is_its_tangent():
    forward, sloped = plain(stability_factor, None), plain(stability_factor_slope, None)
    for height, profile, surface, temperature, wind in draw(
        PAIRS["stability_factor"][2], 400, np.random.default_rng(13)
    ).T:
        tangent = dual(forward(height, profile, Dual(surface, 1.0), temperature, wind)).tangent
        factor, slope = sloped(height, profile, surface, temperature, wind)
        assert factor == pytest.approx(forward(height, profile, surface, temperature, wind), rel=1e-12)
        assert slope == pytest.approx(tangent, rel=1e-10, abs=1e-15)


def test_calm_air_is_as_stable_or_unstable_as_it_gets():
    factor = plain(stability_factor, None)
    assert factor(9.0, 4.0, 5.0, 5.0, 0.0) == 1.0
    assert factor(9.0, 4.0, 15.0, 5.0, 0.0) == pytest.approx(3.0)
    mean = 278.15 / 273.15
    assert factor(9.0, 4.0, -5.0, 5.0, 0.0) == pytest.approx((1.0 - 5.0 * mean / 9.0) ** 2)


def test_soil_of_one_temperature_exchanges_no_heat():
    interface, downward, stored = plain(flux, None)(7.0, 7.0, 7.0, 1.2, 0.8, 2e6, 3e6, 0.1, 4.0, 0.02, 1.0, 7.0)
    assert interface == pytest.approx(7.0, rel=1e-14)
    assert downward == pytest.approx(0.0, abs=1e-12)
    assert stored == pytest.approx(0.0, abs=1e-12)
