"""The weather generator: physical bounds of its climates, and numbers that do not depend on how they are asked for."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from freshet.driver.catchments.source import Source
from freshet.driver.errors import ConfigurationError
from freshet.driver.generator import generate
from freshet.driver.generator.climates import CLIMATES
from freshet.driver.timeaxis import TimeAxis
from freshet.kernels.registry import model
from freshet.kernels.routing import unit_hydrograph
from freshet.kernels.routing.unit_hydrograph import PARAMETERS as ROUTING
from freshet.kernels.simulate import initial_state, simulate

PRECIPITATION, TEMPERATURE, EVAPORATION = range(3)
SEASONS = ("boreal", "maritime", "continental", "mediterranean", "semi_arid", "alpine", "monsoon")
# Precipitation and potential evaporation mm a-1, share of wet days, mean temperature degC, share of snow.
# Evaporation of semi-arid basins: from the 5th percentile of CAMELS' basins with an aridity above 1.6 (475 mm a-1) on.
BOUNDS = {
    "boreal": ((350, 800), (200, 500), (0.33, 0.50), (-6, 4), (0.25, 0.6)),
    "maritime": ((600, 1400), (400, 720), (0.42, 0.60), (5, 13), (0.0, 0.22)),
    "continental": ((450, 1000), (450, 800), (0.25, 0.37), (2, 11), (0.1, 0.4)),
    "mediterranean": ((400, 950), (650, 1200), (0.15, 0.26), (10, 20), (0.0, 0.15)),
    "semi_arid": ((120, 400), (475, 1350), (0.09, 0.17), (8, 22), (0.0, 0.15)),
    "tropical": ((1500, 3200), (1350, 1900), (0.52, 0.68), (22, 29), (0.0, 0.0)),
    "alpine": ((700, 1700), (150, 700), (0.35, 0.48), (-5, 8), (0.1, 0.7)),
    "monsoon": ((800, 2000), (1100, 1850), (0.22, 0.36), (18, 30), (0.0, 0.001)),
}


@pytest.fixture(scope="module")
def source():
    return generate(64, seed=3, years=12)


@pytest.fixture(scope="module")
def weather(source):
    return source.forcing(0, source.axis.count)


def _of(source, name):
    return source.attributes["climate"] == name


@pytest.mark.parametrize("climate", sorted(BOUNDS))
def test_each_climate_lies_within_physical_bounds(source, weather, climate):
    rain, warm, thirst = (weather[:, row, _of(source, climate)] for row in range(3))
    snow = np.where(warm < 0, rain, 0).sum(axis=0) / rain.sum(axis=0)
    found = (365.25 * rain.mean(axis=0), 365.25 * thirst.mean(axis=0), (rain > 0).mean(axis=0), warm.mean(axis=0), snow)
    for values, (low, high) in zip(found, BOUNDS[climate], strict=True):
        assert low <= values.min()
        assert values.max() <= high


def test_every_climate_is_bounded_here():
    assert sorted(BOUNDS) == sorted(climate.name for climate in CLIMATES)


def test_no_day_is_beyond_what_the_earth_has_seen(weather):
    assert np.isfinite(weather).all()
    assert weather[:, PRECIPITATION].min() == 0.0
    assert weather[:, PRECIPITATION].max() < 600.0
    assert -60.0 < weather[:, TEMPERATURE].min() < -25.0
    assert 35.0 < weather[:, TEMPERATURE].max() < 46.0
    assert weather[:, EVAPORATION].min() == 0.0
    assert 5.0 < weather[:, EVAPORATION].max() < 13.0


def test_summer_is_in_july_in_the_north_and_in_january_in_the_south(source, weather):
    month = source.axis.months() % 12
    seasonal = np.isin(source.attributes["climate"], [name for name in SEASONS if name != "monsoon"])
    warmer = weather[month == 6, TEMPERATURE].mean(axis=0) - weather[month == 0, TEMPERATURE].mean(axis=0)
    north = source.attributes["latitude"] > 0
    assert (~north & seasonal).any()
    assert (warmer[north & seasonal] > 8.0).all()
    assert (warmer[~north & seasonal] < -8.0).all()


def test_mediterranean_rain_falls_in_winter_and_monsoon_rain_in_summer(source, weather):
    month = source.axis.months() % 12
    north = source.attributes["latitude"] > 0
    rain = weather[:, PRECIPITATION]
    june_to_september = rain[(month >= 5) & (month <= 8)].sum(axis=0) / rain.sum(axis=0)
    assert (june_to_september[_of(source, "monsoon") & north] > 0.7).all()
    assert (june_to_september[_of(source, "mediterranean") & north] < 0.2).all()
    assert (june_to_september[_of(source, "mediterranean") & ~north] > 0.4).all()


def test_wet_days_come_in_spells_and_are_cooler(source, weather):
    wet = weather[:, PRECIPITATION] > 0
    after_wet = (wet[1:] & wet[:-1]).sum(axis=0) / wet[:-1].sum(axis=0)
    after_dry = (wet[1:] & ~wet[:-1]).sum(axis=0) / (~wet[:-1]).sum(axis=0)
    assert (after_wet - after_dry > 0.2).all()
    tropical = _of(source, "tropical")  # elsewhere the season hides it
    warm, rainy = weather[:, TEMPERATURE, tropical], wet[:, tropical]
    assert (
        (warm * rainy).sum(axis=0) / rainy.sum(axis=0) + 1.0 < (warm * ~rainy).sum(axis=0) / (~rainy).sum(axis=0)
    ).all()


def test_temperature_persists_from_day_to_day(source, weather):
    doy = source.axis.day_of_year()
    normal = np.array([weather[np.abs(doy - day) <= 10, TEMPERATURE].mean(axis=0) for day in range(1, 367)])
    anomaly = weather[:, TEMPERATURE] - normal[doy - 1]
    lagged = (anomaly[1:] * anomaly[:-1]).mean(axis=0) / (anomaly**2).mean(axis=0)
    assert (lagged > 0.4).all()
    assert (lagged < 0.9).all()


def test_heights_are_colder_than_lowlands_of_their_climate(source, weather):
    alpine = _of(source, "alpine")
    slope = np.polyfit(source.attributes["elevation"][alpine], weather[:, TEMPERATURE, alpine].mean(axis=0), 1)[0]
    assert -0.009 < slope < -0.003


def test_attributes_are_those_of_the_weather(source, weather):
    rain, warm = weather[:, PRECIPITATION], weather[:, TEMPERATURE]
    given = source.attributes
    heavy, little = rain >= 5 * rain.mean(axis=0), rain < 1.0
    assert np.mean(rain.mean(axis=0) / given["p_mean"]) == pytest.approx(1.0, abs=0.03)
    thirst = weather[:, EVAPORATION].mean(axis=0) / given["pet_mean"]  # in 12 years: 1.000 +- 0.015
    assert thirst.mean() == pytest.approx(1.0, abs=0.01)
    assert thirst == pytest.approx(np.ones(64), abs=0.075)
    assert warm.mean(axis=0) == pytest.approx(given["t_mean"], abs=0.8)
    snow = np.where(warm < 0, rain, 0).sum(axis=0) / rain.sum(axis=0)
    assert snow == pytest.approx(given["frac_snow"], abs=0.07)
    assert np.mean(365.25 * heavy.mean(axis=0) / given["high_prec_freq"]) == pytest.approx(1.0, abs=0.04)
    assert np.mean(365.25 * little.mean(axis=0) / given["low_prec_freq"]) == pytest.approx(1.0, abs=0.02)
    assert np.mean(_spell(heavy) / given["high_prec_dur"]) == pytest.approx(1.0, abs=0.03)
    assert np.mean(_spell(little) / given["low_prec_dur"]) == pytest.approx(1.0, abs=0.03)
    assert given["aridity"] == pytest.approx(given["pet_mean"] / given["p_mean"])


def _spell(days):
    """Mean length of spells, [place]."""
    return days.sum(axis=0) / (days[:-1] & ~days[1:]).sum(axis=0)


def test_attributes_are_complete_and_possible(source):
    assert isinstance(source, Source)
    for name, values in source.attributes.items():
        assert len(values) == len(source.ids)
        assert values.dtype.kind == "U" or np.isfinite(values).all(), name
    texture = sum(source.attributes[f"{part}_frac"] for part in ("sand", "silt", "clay"))
    assert texture == pytest.approx(np.full(len(source.ids), 100.0))
    assert min(source.attributes[f"{part}_frac"].min() for part in ("sand", "silt", "clay")) > 0
    assert len(set(source.ids)) == len(source.ids)


def test_statistics_are_stable_between_seeds(source, weather):
    other = generate(64, seed=4, years=12)
    again = other.forcing(0, other.axis.count)
    assert not np.array_equal(again, weather)
    for climate in CLIMATES:
        ours, theirs = (series[:, :, _of(source, climate.name)].mean(axis=(0, 2)) for series in (weather, again))
        assert theirs[PRECIPITATION] == pytest.approx(ours[PRECIPITATION], rel=0.2)
        assert theirs[TEMPERATURE] == pytest.approx(ours[TEMPERATURE], abs=2.5)


def test_the_same_seed_gives_the_same_bits():
    first, second = generate(8, seed=5, years=3), generate(8, seed=5, years=3)
    assert np.array_equal(first.forcing(0, 900), second.forcing(0, 900))
    assert np.array_equal(first.discharge(0, 900), second.discharge(0, 900), equal_nan=True)


@pytest.mark.parametrize("cut", [1, 37, 365, 366])
def test_blocks_of_any_length_give_the_same_bits(cut):
    whole, parts = generate(9, seed=2, start="1991-11-15", years=3), generate(9, seed=2, start="1991-11-15", years=3)
    count = whole.axis.count if cut > 1 else 60
    edges = [*range(0, count, cut), count]
    for read in ("forcing", "discharge"):
        blocks = [getattr(parts, read)(a, b) for a, b in pairwise(edges)]
        assert np.array_equal(np.concatenate(blocks), getattr(whole, read)(0, count), equal_nan=True)


def test_reading_back_gives_the_same_bits():
    source = generate(5, seed=2, years=6)
    first, last = source.discharge(0, 400), source.discharge(1800, 2100)
    assert np.array_equal(source.discharge(0, 400), first, equal_nan=True)
    assert np.array_equal(source.discharge(1800, 2100), last, equal_nan=True)


def test_a_basin_does_not_depend_on_the_others():
    many, few = generate(150, seed=6, years=2), generate(11, seed=6, years=2)
    chosen = few.select([few.ids[7], few.ids[2]])
    flow, flow_of_few, flow_of_chosen = (source.discharge(0, 700) for source in (many, few, chosen))
    assert np.array_equal(many.forcing(0, 700)[:, :, :11], few.forcing(0, 700))
    assert np.array_equal(many.forcing(0, 700)[:, :, [7, 2]], chosen.forcing(0, 700))
    assert np.array_equal(flow[:, :11], flow_of_few, equal_nan=True)
    assert np.array_equal(flow[:, [7, 2]], flow_of_chosen, equal_nan=True)
    for name, values in chosen.attributes.items():
        assert np.array_equal(values, many.attributes[name][[7, 2]])


def test_weather_of_a_date_does_not_depend_on_the_axis():
    long, late = generate(8, seed=1, start="1980-06-01", years=12), generate(8, seed=1, start="1990-03-01", years=1)
    start = long.axis.index("1990-03-01")
    assert np.array_equal(long.forcing(start, start + 300), late.forcing(0, 300))
    ours, theirs = long.true_discharge(start, start + 300), late.true_discharge(0, 300)
    assert theirs == pytest.approx(ours, abs=0.02)  # what is left of the spin-up


def test_the_year_continues_that_before():
    source = generate(64, seed=9, start="1990-01-01", years=12)
    series = source.forcing(0, source.axis.count)
    steps, rain = np.abs(np.diff(series[:, TEMPERATURE], axis=0)), series[:, PRECIPITATION] > 0
    new_year = np.flatnonzero(source.axis.day_of_year()[1:] == 1)
    around = np.concatenate([new_year + shift for shift in range(-8, 9) if shift])
    assert steps[new_year].mean() == pytest.approx(steps[around].mean(), rel=0.08)
    same = rain[1:] == rain[:-1]
    assert same[new_year].mean() == pytest.approx(same[around].mean(), abs=0.05)


@pytest.mark.parametrize(
    ("calendar", "days"),
    [("standard", 1461), ("proleptic_gregorian", 1461), ("julian", 1461), ("noleap", 1460), ("360_day", 1440)],
)
def test_every_calendar_has_its_years(calendar, days):
    source = generate(8, years=4, calendar=calendar)
    assert source.axis.count == days
    assert source.axis.calendar == calendar
    assert np.isfinite(source.forcing(0, days)).all()
    assert source.discharge(0, days).shape == (days, 8)


@pytest.mark.parametrize(("start", "years"), [("0001-01-01", 2), ("1582-01-01", 2), ("9998-01-01", 2)])
def test_the_ends_of_time_and_the_gregorian_reform_have_weather(start, years):
    source = generate(3, start=start, years=years)
    assert np.isfinite(source.forcing(0, source.axis.count)).all()
    assert np.nanmin(source.discharge(0, source.axis.count)) >= 0


def test_years_from_a_leap_day_end_with_february():
    source = generate(1, start="1992-02-29", years=1)
    assert source.axis.text(source.axis.count - 1) == "1993-02-28"


def test_an_axis_may_be_given():
    axis = TimeAxis.parse("2001-05-05", 77, "noleap")
    source = generate(2, axis=axis)
    assert source.axis == axis
    assert source.forcing(70, 77).shape == (7, 3, 2)


def test_what_cannot_be_is_refused_in_one_line():
    with pytest.raises(ConfigurationError, match="ends after the year 9999: give at most 9 years"):
        generate(2, start="9991-01-01", years=10)
    with pytest.raises(ConfigurationError, match="expected at least 1"):
        generate(0)
    with pytest.raises(ConfigurationError, match="boreal_0009"):
        generate(4).select(["boreal_0009"])


def test_memory_does_not_grow_with_the_centuries():
    source = generate(4, start="0500-01-01", years=900)
    source.forcing(0, 365)
    peaks = []
    for first in (365, 365 * 60):
        tracemalloc.start()
        for start in range(first, first + 365 * 12, 365):
            source.forcing(start, start + 365)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
    assert peaks[1] < 2e6


def test_hidden_parameters_lie_within_the_bounds_of_the_model(source):
    hbv = model("hbv", version="1.0")
    parameters, routing = source.true_parameters()
    for values, variable in zip((*parameters, *routing), (*hbv.parameters, *ROUTING), strict=True):
        assert variable.low < values.min() < values.max() < variable.high, variable.name
        assert values.std() > 0.05 * (values.max() - values.min())
    assert np.array_equal(source.true_parameter("fc"), parameters[1])


def test_a_perfect_model_finds_the_true_discharge_and_the_default_one_does_not(source):
    hbv = model("hbv", version="1.0")
    defaults = [np.array([[v.default] * 64 for v in table]) for table in (hbv.parameters, ROUTING)]
    early = generate(64, seed=3, start="1986-01-01", years=16)  # the spin-up begins four years before the first
    spun, weather = early.axis.index("1990-01-01"), early.forcing(0, early.axis.count)
    true, seen = (getattr(source, name)(0, source.axis.count) for name in ("true_discharge", "discharge"))
    found = _hbv(hbv, weather, *source.true_parameters())[spun:]
    assert found == pytest.approx(true, rel=1e-4, abs=1e-4)
    assert np.median(_nse(found, seen)) > 0.97
    assert np.median(_nse(_hbv(hbv, weather, *defaults)[spun:], seen)) < 0.85


def _hbv(hbv, weather, parameters, routing):
    runoff = simulate(hbv, weather, parameters, initial_state(hbv, 64, np.float64)).outputs
    return unit_hydrograph.route(runoff, unit_hydrograph.ordinates(*routing))[0][:, 0]


def _nse(flow, seen):
    return 1.0 - np.nanmean((flow - seen) ** 2, axis=0) / np.nanvar(seen, axis=0)


def test_discharge_is_what_climate_leaves(source, weather):
    flow, rain = source.true_discharge(0, source.axis.count), weather[:, PRECIPITATION]
    ratio = flow.mean(axis=0) / rain.mean(axis=0)
    assert (flow >= 0).all()
    assert (ratio < 1.0).all()
    assert ratio[_of(source, "alpine")].min() > 0.3
    assert ratio[_of(source, "semi_arid")].max() < 0.2
    assert np.corrcoef(ratio, np.exp(-source.attributes["aridity"]))[0, 1] > 0.7


def test_a_gauge_has_small_errors_and_gaps(source):
    true, seen = (getattr(source, name)(0, source.axis.count) for name in ("true_discharge", "discharge"))
    gaps = np.isnan(seen)
    assert 0.005 < gaps.mean() < 0.06
    wet = ~gaps & (true > 1e-3)
    error = seen[wet] / true[wet] - 1.0
    assert abs(error.mean()) < 0.002
    assert 0.07 < error.std() < 0.09
