"""HydroPy's fields and options: cover, lags, permafrost, and what the smooth form changes."""

import numpy as np
import pytest
from freshet.kernels.hydropy import cover, derive, lags
from freshet.kernels.registry import model

from problem import Problem

ORIGINAL, SMOOTH = model("hydropy"), model("hydropy", smooth=True)
NAMES = [variable.name for variable in ORIGINAL.parameters]


def problem(form, **changed: float) -> Problem:
    made = Problem(form, days=300, places=40, components=1, seed=4)
    for name, value in changed.items():
        made.arrays["parameters"][NAMES.index(name)] = value
    return made


def gradient(made: Problem, name: str) -> np.ndarray:
    done = made.run()
    d_outputs = np.zeros_like(done.outputs)
    d_outputs[:, made.outputs.index("runoff")] = 1.0
    return made.gradients(d_outputs, np.zeros_like(done.state))["parameters"][NAMES.index(name)]


@pytest.mark.parametrize("name", ["t_refreeze", "qsb_low"])
def test_only_the_smooth_form_has_a_gradient_of_the_switches(name):
    assert not gradient(problem(ORIGINAL), name).any()
    assert (gradient(problem(SMOOTH), name) != 0).mean() > 0.8


def test_far_from_its_switches_the_smooth_form_is_the_original():
    """No frost, no dry soil, and capacities whose distribution holds what the soil holds."""
    held = {"wcap": 300.0, "wmin": 20.0, "beta_oro": 0.6, "wmax": 20.0 + 280.0 * 1.6, "qsb_low": -1.0}
    original, smooth = problem(ORIGINAL, **held), problem(SMOOTH, **held)
    for made in (original, smooth):
        made.arrays["forcing"][:, 1] = 25.0
    np.testing.assert_allclose(smooth.run().outputs, original.run().outputs, rtol=0, atol=1e-9)


def test_surface_runoff_of_the_smooth_form_has_no_jump_where_the_soil_fills_up():
    from freshet.kernels.hydropy.runoff import surface_runoff

    def largest_step(size: float) -> float:
        water = np.linspace(0.0, 300.0, 3001)
        runoff = [surface_runoff(150.0, amount, 0.0, size, 250.0, 20.0, 400.0, 0.9) for amount in water]
        return float(np.abs(np.diff(runoff)).max())

    assert largest_step((400.0 - 20.0) / 1.9) > 1.0
    assert largest_step(250.0 - 20.0) < 0.11


def test_frozen_ground_lets_all_water_run_off_and_nothing_drain():
    made = problem(ORIGINAL)
    made.arrays["forcing"][:, 1] = -0.5  # rain still falls, up to rainf_lower below freezing
    made.arrays["parameters"][NAMES.index("rainf_lower")] = -2.0
    outputs = dict(zip(made.outputs, np.moveaxis(made.run().outputs, 1, 0), strict=True))
    assert outputs["throughfall"].max() > 1.0
    assert not outputs["drainage"].any()
    np.testing.assert_allclose(outputs["surface_runoff"], outputs["throughfall"], rtol=0, atol=1e-12)


def test_days_have_no_length_in_the_polar_night_and_half_at_the_equator():
    found = cover.day_length(np.array([85.0, 0.0, -85.0]), np.array([355, 81]), np.array([365, 365]))
    np.testing.assert_allclose(found[0], [0.0, 0.5, 1.0], atol=1e-12)
    np.testing.assert_allclose(found[1, 1], 0.5, atol=1e-12)


@pytest.mark.parametrize(("year_length", "days"), [(365, [75, 75]), (366, [76, 76]), (360, [75, 76])])
def test_monthly_fields_pass_through_their_values_at_the_middle_of_the_months(year_length, days):
    monthly = np.arange(12.0)[:, None] * [1.0, -2.0]
    daily = cover.daily_values(monthly, np.arange(1, year_length + 1), np.full(year_length, year_length))
    assert daily.shape == (year_length, 2)
    march = (daily[days[0] - 1] + daily[days[1] - 1]) / 2.0
    np.testing.assert_allclose(march, monthly[2], atol=1e-12)
    assert 5.0 < daily[0, 0] < 6.0
    assert abs(daily[0, 0] - daily[-1, 0]) < 0.5, "December goes over into January"


def test_monthly_fields_of_other_calendars_are_refused():
    with pytest.raises(ValueError, match="a year of 354 days, expected 360, 365 or 366"):
        cover.daily_values(np.ones((12, 1)), np.array([1]), np.array([354]))
    with pytest.raises(ValueError, match="has 10 values, expected 12"):
        cover.daily_values(np.ones((10, 1)), np.array([1]), np.array([365]))


def test_permafrost_leaves_at_most_its_depth_and_no_soil_divides_by_nothing():
    fields = {name: np.array([400.0, 30.0, 0.0]) for name in ("wcap", "wava", "wmin", "wmax")}
    fields |= {"beta": np.full(3, 0.2), "topo_std": np.array([0.0, 110.0, 600.0]), "perm": np.ones(3)}
    with np.errstate(all="raise"):
        rows = derive.soil_parameters(fields)
    np.testing.assert_allclose(rows["wcap"], [50.0, 30.0, 0.0])
    np.testing.assert_allclose(derive.soil_parameters(fields, permafrost=False)["wcap"], fields["wcap"])
    np.testing.assert_allclose(rows["beta_oro"], [0.2, 0.2, 0.2 + 500.0 / 1600.0])


def test_rivers_over_the_date_line_take_the_shorter_way_where_the_grid_closes():
    row, column, downstream = np.array([3, 3, 3]), np.array([71, 0, 1]), np.array([1, 2, 2])
    sizes = np.full(3, 500e3), np.full(3, 400e3), downstream, np.full(3, np.pi * 1e10)
    np.testing.assert_allclose(lags.river_length(row, column, *sizes, columns=72), [500e3, 500e3, 2e5])
    np.testing.assert_allclose(lags.river_length(row, column, *sizes), [71 * 500e3, 500e3, 2e5])


def test_a_lake_is_one_reservoir_and_slower_than_a_river():
    ones = np.ones(2)
    found = lags.lags(
        50e3 * ones, 1e-3 * ones, 2.5e9 * ones, 1e-2 * ones, 50.0 * ones, np.array([0.0, 0.99]), 0.0 * ones
    )
    assert found.river_reservoirs.tolist() == [5, 1]
    assert found.lag_river[1] > 20 * found.lag_river[0]
    assert found.lag_land[1] > found.lag_land[0]


def test_without_water_the_gradient_of_surface_runoff_is_that_of_the_first_drop():
    """Also where the smooth form lets more into the soil than the distribution does."""
    from freshet.kernels.hydropy.runoff import surface_runoff, surface_runoff_adjoint

    rng, drop = np.random.default_rng(3), 1e-9
    for _ in range(300):
        wcap, wmin, beta = rng.uniform(100.0, 400.0), rng.uniform(0.0, 60.0), rng.uniform(0.05, 2.0)
        wmax = rng.uniform(100.0, 900.0)
        moisture = rng.uniform(0.0, wcap - 1.0)
        size = wcap - wmin if rng.random() < 0.5 else (wmax - wmin) / (1.0 + beta)
        soil = (0.0, size, wcap, wmin, wmax, beta)
        slope = surface_runoff_adjoint(moisture, 0.0, *soil, 1.0)[1]
        assert slope == pytest.approx(surface_runoff(moisture, drop, *soil) / drop, abs=1e-3)


def test_leakage_under_a_full_soil_has_the_slope_of_one_with_room():
    from freshet.kernels.hydropy.reservoirs import leaking_lake, leaking_lake_adjoint

    def leaked(moisture: float) -> float:
        return leaking_lake(20.0, 3.0, 1.0, 2.0, 1.0, 0.5, moisture, 300.0)[2]

    found = leaking_lake_adjoint(20.0, 3.0, 1.0, 2.0, 1.0, 0.5, 300.0, 300.0, 0.0, 0.0, 1.0)
    assert found[6] == pytest.approx((leaked(300.0) - leaked(299.0)) / 1.0)
    assert found[7] == pytest.approx(-found[6])


def test_a_change_from_snow_to_rain_at_one_temperature_has_no_slope():
    made = problem(ORIGINAL, rainf_lower=1.0, snowf_upper=1.0)
    made.arrays["forcing"][::3, 1] = 1.0
    for name in ("rainf_lower", "snowf_upper"):
        assert not gradient(made, name).any()
